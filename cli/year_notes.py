"""The warning that a deadline may still move: it reaches a year whose cuti bersama nobody knows yet."""

from collections import Counter
from collections.abc import Iterator, Mapping

from classify.calendar import Calendar
from classify.deadline import incomplete_years
from config.texts import Texts
from store import Store
from store.types import Ticket


def crossing(store: Store, calendar: Calendar) -> dict[int, int]:
    """Return the years without cuti bersama that open deadlines reach, and how many do."""
    spans = store.examination().open_deadlines()
    reached = Counter(year for span in spans for year in incomplete_years(*span, calendar))
    return dict(sorted(reached.items()))


def crossing_notes(words: Texts, crossed: Mapping[int, int]) -> Iterator[str]:
    """Yield a sentence for each of these years."""
    for year, count in crossed.items():
        yield words("calendar.crossing", year=year, count=count)


def case_notes(words: Texts, ticket: Ticket, calendar: Calendar) -> Iterator[str]:
    """Yield the warning about one case, while it owes an answer."""
    if ticket.due_at is None or not ticket.status.open:
        return
    for year in incomplete_years(ticket.clock_starts_at, ticket.due_at, calendar):
        yield words("calendar.case_crossing", year=year)
