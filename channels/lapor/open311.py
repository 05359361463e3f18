"""The `open311` dialect: GeoReport v2.

The interface filters by the time a request was *made*, 90 days at most in a call, so the walk goes
through windows of time, oldest first, that overlap a little. A change of an old request is found by the
whole walk, or at once where the server knows the extension ``updated_after``.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from channels.lapor.answer import rows
from channels.lapor.dates import parse_date
from channels.lapor.dialect import Item, canonical, evidence, key_of, oldest_first
from channels.lapor.http import Http, HttpSettings
from channels.lapor.kept import Answer
from channels.lapor.mapped_report import report_from
from channels.lapor.mapping import as_text, first
from channels.lapor.paging import Pages
from channels.lapor.profile import Call, Dates, Login, Paging, Profile, StatusRule
from channels.lapor.report import RemoteFile, Report
from channels.lapor.status import ReportStatus
from channels.lapor.walks import Walks
from channels.types import FollowUp

_PATH = "requests.json"
_OVERLAP = timedelta(hours=2)
_NO_LOGIN = Login()


@dataclass(frozen=True, slots=True)
class Open311Settings:
    """An Open311 server. Requests made since the day ``since`` are taken.

    ``window_days`` is the longest time span in one call, ``recent_days`` how far a short walk looks
    back. ``page_size`` and ``updated_after`` are extensions that not every server knows.
    """

    http: HttpSettings
    since: date
    login: Login = _NO_LOGIN
    params: dict[str, str] = field(default_factory=dict)
    zone: ZoneInfo = ZoneInfo("Asia/Makassar")  # noqa: RUF009 - zones are cached and never change
    window_days: int = 90
    recent_days: int = 30
    page_size: int = 0
    updated_after: bool = False
    whole_every: float = 24 * 3600.0


class Open311:
    """Dialect `open311`. Raises ValueError for settings that cannot work."""

    place = _PATH

    def __init__(self, settings: Open311Settings) -> None:
        self._settings = settings
        self._profile = _profile(settings)
        self._http = Http(settings.http, settings.login)
        self._walks = Walks(settings.whole_every)
        self._walked_at: datetime | None = None

    def walk(self, known: Container[str]) -> Iterator[Item]:
        """Yield new and changed requests, by the time they were made."""
        began = datetime.now(UTC)
        whole = self._walks.begin(known)
        for params in self._questions(began, whole=whole):
            for item in self._window(params, known):
                self._walks.hand_over(item.key)
                yield item
        self._walks.end(whole=whole)
        self._walked_at = began

    def keys(self, known: Container[str]) -> Iterator[tuple[str, datetime | None]]:  # noqa: ARG002 - Dialect's signature
        """Yield the key of every request since the start. Raises Temporary or Permanent."""
        for params in self._questions(datetime.now(UTC), whole=True):
            for page in self._pages(params):
                for row in page:
                    changed = first(row, self._profile.fields["updated_at"])
                    yield self._key(row), parse_date(changed, self._profile.dates)

    def report(self, raw: bytes) -> Report:
        """Read a request. Raises Unreadable. Its status notes are the follow-up it has."""
        row = evidence(raw)
        report = report_from({"item": row}, self._profile)
        note, media = as_text(row.get("status_notes")), as_text(row.get("media_url"))
        said = FollowUp(report.updated_at, as_text(row.get("agency_responsible")), note)
        file = RemoteFile(name=media.partition("?")[0].rpartition("/")[2], url=media)
        return replace(report, followups=(said,) if note else (), files=(file,) if media else ())

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _questions(self, now: datetime, *, whole: bool) -> Iterator[dict[str, str]]:
        """The parameters of each window; a short walk has one, of the newest or of what changed."""
        if self._settings.updated_after and self._walked_at is not None and not whole:
            yield {"updated_after": _written(self._walked_at - _OVERLAP)}
            return
        first_day = datetime.combine(self._settings.since, time(), self._settings.zone)
        recent = now - timedelta(days=self._settings.recent_days)
        start = first_day if whole else max(first_day, recent)
        while start < now:
            end = start + timedelta(days=self._settings.window_days)
            yield {"start_date": _written(start), "end_date": _written(min(end, now + _OVERLAP))}
            start = end - _OVERLAP

    def _window(self, params: dict[str, str], known: Container[str]) -> list[Item]:
        found: dict[str, Item] = {}
        for page in self._pages(params):
            for row in page:
                if (key := self._key(row)) not in known:
                    made = first(row, self._profile.fields["reported_at"])
                    found[key] = Item(key, canonical(row), parse_date(made, self._profile.dates))
        return oldest_first(found.values())

    def _key(self, row: Any) -> str:
        return key_of(first(row, self._profile.fields["external_id"]), row)

    def _pages(self, params: dict[str, str]) -> Pages:
        def ask(page: dict[str, str]) -> Answer:
            return self._http.call(self._profile.list, params | page)

        return Pages(self._profile, ask, self._http.follow, self._rows)

    def _rows(self, value: Any) -> list[Any]:
        """A bare list, or one under ``service_requests``."""
        wrapped = isinstance(value, dict) and "service_requests" in value
        items = "service_requests" if wrapped else ""
        return rows(value, items, self._profile.error, self._http.host)


def _profile(settings: Open311Settings) -> Profile:
    size = {"page_size": str(settings.page_size)} if settings.page_size else {}
    return Profile(
        name="open311",
        list=Call(_PATH, settings.params | size),
        fields={
            "external_id": ("service_request_id",),
            "title": ("service_name", "service_code"),
            "body": ("description",),
            "category": ("service_name",),
            "reported_at": ("requested_datetime",),
            "updated_at": ("updated_datetime",),
            "location": ("address", "lat long"),
            "status": ("status",),
            "name": ("first_name last_name",),
            "email": ("email",),
            "phone": ("phone",),
        },
        dates=Dates(("iso",), settings.zone),
        login=settings.login,
        paging=Paging("page", "page", first="1") if size else Paging(),
        status=(
            StatusRule({"status": "open"}, ReportStatus.PROSES),
            StatusRule({"status": "closed"}, ReportStatus.SELESAI),
        ),
    )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
