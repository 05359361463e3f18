"""To the team: what happened to a channel. And a channel's mail to itself."""

from ingest.letters.envelope import Desk, Letter
from store.types import Notice


def write(desk: Desk, notice: Notice) -> Letter:
    """What happened to which channel, and what to do; or what a mail is for that tests the way here."""
    values = notice.details | {"at": desk.words.moment(notice.created_at)}
    subject = desk.words(f"letters.{notice.kind}_subject", **values)
    return Letter(subject, desk.words(f"letters.{notice.kind}_body", **values))
