"""Taking answers back at the command line."""

from datetime import datetime

from ingest.staff_mail.telling import Teller
from store import Store


def cancel_all(store: Store, number: str, *, who: str, why: str, now: datetime) -> int:
    """Cancel the answers of a case that were not sent yet, and tell their authors; return how many."""
    mails, teller = store.staff_mails, Teller(store)
    with mails.together(via=""):
        cancelled = [one for one in mails.answers(number) if mails.cancel(one.id, who, now, why)]
        for one in cancelled:
            told = {"say": "cancelled_by", "by": who, "staff_mail": str(one.id)}
            teller.tell(one, told, now)
    return len(cancelled)
