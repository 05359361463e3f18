"""The parts that do what staff ask for by mail."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from config.channels import ImapSource
from config.settings import Settings
from ingest.office import Office, Words
from ingest.staff_mail.answering import Answering
from ingest.staff_mail.patience import Patience
from ingest.staff_mail.work import StaffWork
from store import Store
from wiring.channels import posting_channel


def marks_of(words: Words) -> tuple[str, ...]:
    """The beginnings of lines by which our notices to staff are known."""
    return tuple(filter(None, map(str.strip, words("staff_mail.marks").splitlines())))


def staff_work_of(
    settings: Settings,
    words: Words,
    store: Store,
    office: Office,
    *,
    clock: Callable[[], datetime],
    patience: Patience,
) -> StaffWork:
    """What works off the requests of staff."""
    answering = Answering(
        store,
        office,
        clock=clock,
        patience=patience,
        through=partial(posting_channel, settings),
    )
    return StaffWork(store, office, words=words, clock=clock, answering=answering)


def patience_of(settings: Settings) -> Patience:
    """Counts the time to cancel; the mailboxes that are read have to be read in it."""
    mailboxes = (one for one in settings.channels if isinstance(one, ImapSource) and one.enabled)
    return Patience([one.name for one in mailboxes])
