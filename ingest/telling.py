"""Who of the office is told of a new case."""

from collections.abc import Iterator

from ingest.office import Office
from store.types import NoticeKind, NoticeRequest


def team_notices(office: Office, team: str, *, restricted: bool) -> Iterator[NoticeRequest]:
    """Yield the notices of a new case: of a restricted one all but the examiners learn that it is there."""
    readers = office.examiners() if restricted else office.members(team)
    for reader in readers:
        yield NoticeRequest(NoticeKind.TEAM_NEW, reader)
    for other in office.bystanders(team) if restricted else ():
        yield NoticeRequest(NoticeKind.TEAM_RESTRICTED, other)
