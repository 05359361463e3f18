"""A case's log in words: what happened, and its details as a person would tell them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from babel.dates import format_date

from cli.errors import stored_sentence
from cli.output import shortened
from config.texts import Texts
from store.types import Event

DETAIL_LENGTH = 300
_HIDDEN = frozenset({"item", "rules", "calendar", "certain", "limit", "remains"})
"""Kept for programs and audits; people see what follows from them."""
_ORDER = (
    "medium", "channel", "was", "suggested", "tier", "kind", "recipient", "team", "was_due", "due_at",
)  # fmt: skip


def details(words: Texts, event: Event) -> str:
    """Return an event's details, such as: tier 2, team Kesra, deadline Wednesday 14.00."""
    given = {name: value for name, value in event.details.items() if value and name not in _HIDDEN}
    if given.get("channel") == given.get("medium"):
        given.pop("channel", None)  # a typed-in entry: the way is told already
    names = sorted(given, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    return "; ".join(_told(words, name, given[name], event.what) for name in names)


def _told(words: Texts, name: str, value: str, what: str) -> str:
    labels = words.part("history")
    reader = _READERS.get((what, name)) or _READERS.get(("", name))
    shown = reader(words, value) if reader else shortened(value, DETAIL_LENGTH)
    return labels.get(name, "{value}").format(value=shown)


def _named(part: str) -> Callable[[Texts, str], str]:
    """A reader of codes that have a word in a part of the texts; others are shown as they are."""

    def read(words: Texts, code: str) -> str:
        return words.part(part).get(code, code)

    return read


def _moment(words: Texts, value: str) -> str:
    return words.short_moment(datetime.fromisoformat(value))


def _days(words: Texts, value: str) -> str:
    days = map(date.fromisoformat, value.split(", "))
    return ", ".join(format_date(day, "EEE d MMM y", locale=words.language) for day in days)


def _fields(words: Texts, value: str) -> str:
    labels = words.part("contact")
    return ", ".join(labels.get(name, name) for name in value.split(", "))


def _ticked(words: Texts, value: str) -> str:
    return words.part("requirements").get(f"is_{value}", value)


def _cause(words: Texts, value: str) -> str:
    return words.part("calendar").get(f"cause_{value}", value)


def _held(words: Texts, code: str) -> str:
    return words.part("staff_mail").get(f"held_{code}", code)


_READERS: Mapping[tuple[str, str], Callable[[Texts, str], str]] = {
    ("", "medium"): _named("mediums"),
    ("", "kind"): _named("kinds"),
    ("", "tier"): _named("tiers"),
    ("", "suggested"): _named("tiers"),
    ("", "was"): _named("tiers"),
    ("", "way"): _named("ways"),
    ("", "via"): _named("ways"),
    ("answer.held", "reason"): _held,
    ("staff_mail.refused", "error"): stored_sentence,
    ("", "due_at"): _moment,
    ("", "next_at"): _moment,
    ("", "was_way"): _named("ways"),
    ("", "how"): _named("hows"),
    ("", "reached"): _named("reached"),
    ("", "language"): _named("languages"),
    ("", "was_due"): _moment,
    ("requirement.checked", "state"): _ticked,
    ("complainant.corrected", "corrected"): _fields,
    ("deadline.moved", "days"): _days,
    ("deadline.moved", "cause"): _cause,
    ("case.reopened", "status"): _named("statuses"),
    ("case.taken", "status"): _named("statuses"),
    ("case.closed", "status"): _named("statuses"),
    ("case.split", "status"): _named("statuses"),
    ("case.unsplit", "status"): _named("statuses"),
    ("notice.sent", "kind"): _named("notices"),
    ("notice.failed", "kind"): _named("notices"),
    ("notice.undelivered", "kind"): _named("notices"),
}
