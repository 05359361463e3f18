"""The office's terms, from the configuration."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from config.settings import Settings
from ingest.retention import MonthlyPurge
from store import Store
from store.types.retention import Held


def years_of(settings: Settings) -> Mapping[Held, int]:
    """How many years of each sort; what has no term is not there."""
    written = settings.retention
    terms = {
        Held.CASES: written.case_years,
        Held.EXAMINED: written.examined_years,
        Held.RAW: written.raw_years,
        Held.OTHER_MAIL: written.other_mail_years,
        Held.GUESTS: written.guest_years,
    }
    return {held: years for held, years in terms.items() if years}


def purge_of(
    settings: Settings, store: Store, clock: Callable[[], datetime]
) -> MonthlyPurge | None:
    """What removes by itself, None where that is not wanted."""
    years = years_of(settings)
    if not (years and settings.retention.automatic):
        return None
    return MonthlyPurge(store, years, ZoneInfo(settings.general.timezone), clock)
