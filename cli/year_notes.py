"""The warning that a deadline may still move: it reaches a year whose cuti bersama nobody knows yet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from classify.calendar import Calendar
from classify.deadline import incomplete_years
from config.settings import Settings
from config.texts import Texts
from store import Store
from store.types import Ticket
from wiring.clock import now
from wiring.office import calendar_of


def crossing(store: Store, settings: Settings) -> dict[int, int]:
    """Return the years without cuti bersama that open deadlines reach, and how many do."""
    spans = store.examination().open_deadlines()
    calendar = _in_force(store, settings)
    reached = Counter(year for span in spans for year in incomplete_years(*span, calendar))
    return dict(sorted(reached.items()))


def crossing_notes(words: Texts, crossed: Mapping[int, int]) -> Iterator[str]:
    """Yield a sentence for each of these years."""
    for year, count in crossed.items():
        yield words("calendar.crossing", year=year, count=count)


def case_years(store: Store, settings: Settings, ticket: Ticket) -> tuple[int, ...]:
    """Return the years without cuti bersama that a case's deadline reaches, while it owes an answer."""
    if ticket.due_at is None or not ticket.status.open:
        return ()
    return incomplete_years(ticket.clock_starts_at, ticket.due_at, _in_force(store, settings))


def case_notes(words: Texts, years: Iterable[int]) -> list[tuple[str, str]]:
    """Return the warning about one case, with its label."""
    label = words("calendar.label_crossing")
    return [(label, words("calendar.case_crossing", year=year)) for year in years]


def _in_force(store: Store, settings: Settings) -> Calendar:
    _, decided = store.office_days.decided()
    return calendar_of(settings, now(), decided)
