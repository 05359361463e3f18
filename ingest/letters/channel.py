"""To the team: a channel went down, or is back."""

from ingest.letters.envelope import Desk, Letter
from store.types import Notice


def write(desk: Desk, notice: Notice) -> Letter:
    """What happened to which channel, and what to do."""
    values = notice.details | {"at": desk.words.moment(notice.created_at)}
    subject = desk.words(f"letters.{notice.kind}_subject", **values)
    return Letter(subject, desk.words(f"letters.{notice.kind}_body", **values))
