"""How late a case is or was answered: it stays visible for ever, also when the answer is long given."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from classify.calendar import Calendar
from classify.stages import lateness
from cli.output import Cell
from cli.tickets import due_cell, is_late
from config.settings import Settings
from config.texts import Texts
from ingest.late import late
from store import Store
from store.types import Journey, Status, Ticket


@dataclass(frozen=True, slots=True)
class Lateness:
    """Which cases are late or were, and by what calendar that is counted; None where none is."""

    calendar: Calendar | None
    now: datetime

    def cell(self, words: Texts, ticket: Ticket, way: Journey) -> Cell:
        """The deadline for a list; of what is late, or was when it was answered, how late that is."""
        by = self.by(words, ticket, way)
        if not by:
            return due_cell(words, ticket, self.now)
        if ticket.status.open:
            return Cell(words("cli.late_mark", due=by), "bold red")
        return Cell(words("reminders.was_late", by=by), "red")

    def by(self, words: Texts, ticket: Ticket, way: Journey) -> str:
        """How late in words; empty where it is in time."""
        ended = _ended(ticket, way, self.now)
        if self.calendar is None or ticket.due_at is None or ended is None:
            return ""
        return late(words, ticket.due_at, ended, self.calendar)

    def facts(self, words: Texts, ticket: Ticket, way: Journey) -> list[tuple[str, str]]:
        """A line about one case, with its label; none while there is nothing to say."""
        if ticket.due_at is None or ticket.status.stood_for:
            return []
        by, label = self.by(words, ticket, way), words("reminders.label")
        if ticket.status.open:
            return [(label, words("reminders.late", by=by))] if by else []
        how = "answered" if way.answered_at else "closed"
        code = f"reminders.{how}_{'late' if by else 'in_time'}"
        return [(label, words(code, by=by))]

    def as_json(self, ticket: Ticket, way: Journey) -> dict[str, Any] | None:
        """The same for programs: working days, and minutes on the deadline's own day."""
        ended = _ended(ticket, way, self.now)
        if self.calendar is None or ticket.due_at is None or ended is None:
            return None
        by = lateness(ticket.due_at, ended, self.calendar)
        return asdict(by) if by else None


def lateness_of(
    settings: Settings,
    store: Store,
    tickets: Iterable[Ticket],
    ways: Mapping[str, Journey],
    now: datetime,
) -> Lateness:
    """Look whether one of these cases is late or was. The calendar is only made where it is needed."""
    if not any(_is_or_was_late(one, ways[one.number], now) for one in tickets):
        return Lateness(None, now)
    from wiring.office import calendar_of  # noqa: PLC0415 - a list without late cases need not wait for it

    _, decided = store.office_days.decided()
    return Lateness(calendar_of(settings, now, decided), now)


def _is_or_was_late(ticket: Ticket, way: Journey, now: datetime) -> bool:
    ended = _ended(ticket, way, now)
    over = ticket.due_at is not None and ended is not None and ended > ticket.due_at
    return over or is_late(ticket, now)


def _ended(ticket: Ticket, way: Journey, now: datetime) -> datetime | None:
    """When the clock stopped: with the answer, or with the end where there is none; now while it runs."""
    if ticket.status.open:
        return now
    if ticket.status in (Status.ANSWERED, Status.CLOSED):
        return way.answered_at or way.closed_at
    return None
