"""The `mapped-json` dialect: a JSON feed that a profile describes.

How nothing is lost without walking the whole history each time:

* The ledger holds ``id:content hash``, so what is new or changed shows by itself, whatever the order.
* A *short* walk, for lists ordered newest first, goes from the newest back and stops after two pages in
  a row that hold nothing new. A *whole* walk goes back to ``since``, or to the end.
* When a walk must be whole is decided in ``walks.py``.
* Long walks are handed over in stretches, each oldest first, so that a first import survives a break.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import structlog

from channels.errors import ChannelError, Permanent
from channels.lapor.answer import check_accepted, rows
from channels.lapor.dates import parse_date
from channels.lapor.dialect import Item, canonical, evidence, key_of
from channels.lapor.http import Http, HttpSettings
from channels.lapor.mapped_report import report_from
from channels.lapor.mapping import as_text, dig, first, holds
from channels.lapor.paging import Pages
from channels.lapor.profile import Call, Flag, Profile
from channels.lapor.report import Report
from channels.lapor.walks import Walks

_QUIET_PAGES = 2
_STRETCH = 5  # pages: between two stretches the daemon can be stopped
_PARTIAL = ":partial"
# The server is there and answers other questions: this one report must not hold up the others.
_ITS_OWN_TROUBLE = frozenset(
    {
        *("lapor_server_error", "lapor_html", "lapor_bad_json", "lapor_not_found", "lapor_error"),
        *("lapor_error_later", "lapor_unexpected", "lapor_too_big", "lapor_login_refused"),
    }
)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MappedSettings:
    """A feed and its profile. Reports without activity since the day ``since`` are left alone."""

    http: HttpSettings
    profile: Profile
    since: date | None = None
    whole_every: float = 24 * 3600.0


class MappedJson:
    """Dialect `mapped-json`. Raises ValueError for settings that cannot work."""

    def __init__(self, settings: MappedSettings) -> None:
        self._settings = settings
        self._profile = settings.profile
        self._http = Http(settings.http, settings.profile.login)
        self._walks = Walks(settings.whole_every)
        self.place = settings.profile.list.path

    def walk(self, known: Container[str]) -> Iterator[Item]:
        """Yield new and changed reports, each stretch oldest first."""
        whole = self._walks.begin(known) or not self._profile.newest_first
        for stretch in self._stretches(known, whole=whole):
            for key, row in stretch:
                if (item := self._complete(key, row, known)) is not None:
                    self._walks.hand_over(item.key)
                    yield item
        self._walks.end(whole=whole)

    def keys(self, known: Container[str]) -> Iterator[tuple[str, datetime | None]]:
        """Yield the key and last activity of every row since the start. Raises Temporary or Permanent."""
        for page in self._pages():
            for row in page:
                if not self._is_before_start(row):
                    yield self._key_in(known, row), self._activity(row)
            if self._before_start(page):
                return

    def report(self, raw: bytes) -> Report:
        """Read an item by the profile. Raises Unreadable."""
        return report_from(evidence(raw), self._profile)

    def post(self, external_id: str, text: str) -> None:
        """Add an answer to a report; see channels.base.Answering."""
        call = self._profile.answer
        if call is None:
            raise Permanent("lapor_no_answers", profile=self._profile.name)
        values = {"{external_id}": external_id, "{text}": text}
        path = call.path.replace("{external_id}", quote(external_id, safe=""))
        params = {name: _filled(value, values) for name, value in call.params.items()}
        value = self._http.send_once(replace(call, path=path, params=params))
        check_accepted(value, self._profile.error, self._http.host)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _stretches(self, known: Container[str], *, whole: bool) -> Iterator[list[tuple[str, Any]]]:
        """Keys and rows the ledger does not hold. What was found before trouble is handed over first."""
        found: dict[str, Any] = {}
        quiet = 0
        try:
            for count, page in enumerate(self._pages(), 1):
                fresh = self._unknown(page, known)
                found |= fresh
                quiet = 0 if fresh else quiet + 1
                if self._before_start(page) or (quiet >= _QUIET_PAGES and not whole):
                    break
                if count % _STRETCH == 0:
                    yield self._oldest_first(found)
                    found = {}
        except ChannelError:
            yield self._oldest_first(found)
            raise
        yield self._oldest_first(found)

    def _pages(self) -> Pages:
        profile = self._profile
        return Pages(
            profile,
            ask=lambda params: self._http.call(profile.list, params),
            follow=self._http.follow,
            rows=lambda value: rows(value, profile.list.items, profile.error, self._http.host),
        )

    def _unknown(self, page: list[Any], known: Container[str]) -> dict[str, Any]:
        return {
            key: row
            for row in page
            if (key := self._key(row)) not in known and not self._is_before_start(row)
        }

    def _key(self, row: Any) -> str:
        external_id = first(row, self._profile.fields["external_id"])
        return key_of(external_id, row, self._profile.volatile)

    def _key_in(self, known: Container[str], row: Any) -> str:
        """The row's key; the one for a row without its details where that is what the ledger holds."""
        key = self._key(row)
        return key + _PARTIAL if key not in known and key + _PARTIAL in known else key

    def _activity(self, row: Any) -> datetime | None:
        fields = self._profile.fields
        names = fields.get("updated_at", ()) + fields.get("reported_at", ())
        return parse_date(first(row, names), self._profile.dates)

    def _is_before_start(self, row: Any) -> bool:
        since, activity = self._settings.since, self._activity(row)
        if since is None or activity is None:
            return False
        return activity.astimezone(self._profile.dates.zone).date() < since

    def _before_start(self, page: list[Any]) -> bool:
        return self._profile.newest_first and all(self._is_before_start(row) for row in page)

    def _oldest_first(self, found: dict[str, Any]) -> list[tuple[str, Any]]:
        never = datetime.min.replace(tzinfo=UTC)
        newest_last = reversed(list(found.items())) if self._profile.newest_first else found.items()
        return sorted(newest_last, key=lambda one: self._activity(one[1]) or never)

    def _complete(self, key: str, row: Any, known: Container[str]) -> Item | None:
        """Add what other calls know about a row.

        Where they cannot tell for now, the row comes without, under a key of its own, and is asked
        about again at the next walk.
        """
        whole: dict[str, Any] = {"item": row}
        try:
            self._add_followups(whole)
            self._add_detail(whole)
        except ChannelError as error:
            if error.code not in _ITS_OWN_TROUBLE:
                raise
            _log.warning("report.incomplete", item=key, error=str(error))
            key += _PARTIAL
            if key in known:
                return None
        reported = first(row, self._profile.fields.get("reported_at", ()))
        return Item(key, canonical(whole), parse_date(reported, self._profile.dates))

    def _add_followups(self, whole: dict[str, Any]) -> None:
        followups = self._profile.followups
        if followups is None or followups.call is None:
            return
        count = as_text(dig(whole["item"], followups.count)) if followups.count else "1"
        if count not in ("", "0"):
            whole["followups"] = self._ask_about(whole["item"], followups.call)

    def _add_detail(self, whole: dict[str, Any]) -> None:
        detail = self._profile.detail
        if detail and holds(whole["item"], Flag(detail.when, ("1", "true", "ya"))):
            answer = self._ask_about(whole["item"], detail.call)
            whole["detail"] = answer[0] if answer else {}

    def _ask_about(self, row: Any, call: Call) -> list[Any]:
        external_id = first(row, self._profile.fields["external_id"])
        asked = {
            name: value.replace("{external_id}", external_id) for name, value in call.params.items()
        }
        value = self._http.call(call, asked).value
        if isinstance(value, dict) and first(value, self._profile.fields["external_id"]):
            return [value]
        return rows(value, call.items, self._profile.error, self._http.host)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Fill in all at once: what a text says between braces stays as it is."""
    pattern = "|".join(map(re.escape, values))
    return re.sub(pattern, lambda found: values[found[0]], template)
