"""Notices that a platform sends by mail about a report: noted on its case, never a complaint of their own.

They are believed only where our own mail server found them to come from the platform's domain, and the
sender's address lies in that domain too: anybody can write `From: noreply@lapor.go.id`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from channels.types import Arrival, Machine, Message
from ingest.identity import identity
from ingest.office import Office
from store import Store
from store.types import Intake, NoticeKind, NoticeRequest

PATTERNS = (
    r"#\s?([0-9]{5,12})\b",
    r"(?i)\b(?:tracking\s*id|id\s+laporan|no(?:mor)?\.?\s+(?:laporan|lacak|tracking))\b\W{0,5}([0-9]{5,12})\b",
)
_SEARCHED = 20_000  # characters
# A bounce, an automatic reply or a mail of our own is what it is, whoever sent it.
_POSSIBLE = (None, Machine.NOTIFICATION, Machine.LIST)


@dataclass(frozen=True, slots=True)
class PlatformMail:
    """What a platform's notices in one inbox look like: its domains, and where the tracking ID stands.

    ``patterns`` are regular expressions with one group, tried in order on the subject, then on the text.
    """

    domains: tuple[str, ...]
    patterns: tuple[str, ...] = PATTERNS

    def wrote(self, message: Message) -> bool:
        """Whether this mail is the platform's own."""
        sender = message.sender.email.rpartition("@")[2]
        return message.machine in _POSSIBLE and any(
            _within(sender, domain) and any(_within(one, domain) for one in message.authenticated)
            for domain in self.domains
        )

    def tracking_id(self, message: Message) -> str:
        """Return the ID of the report the mail is about, empty where it names none."""
        return next(self._found(message), "")

    def _found(self, message: Message) -> Iterator[str]:
        for text in (message.subject, message.text[:_SEARCHED]):
            for pattern in self.patterns:
                if found := re.search(pattern, text):
                    yield found[1] or ""


def _within(domain: str, of: str) -> bool:
    return f".{domain.casefold()}".endswith(f".{of.casefold()}")


class PlatformNotices:
    """Decides on such mails. ``inboxes`` are the channels they come by.

    ``tells``: the team hears of every notice; not where a feed brings the changes themselves.
    """

    def __init__(
        self, store: Store, office: Office, inboxes: Mapping[str, PlatformMail], *, tells: bool
    ) -> None:
        self._store = store
        self._office = office
        self._inboxes = inboxes
        self._tells = tells

    def intake(
        self, arrival: Arrival, message: Message, *, who: str, silent: bool
    ) -> Intake | None:
        """Return what to store, None where the mail is no platform's."""
        inbox = self._inboxes.get(arrival.channel)
        if inbox is None or not inbox.wrote(message):
            return None
        external_id = inbox.tracking_id(message)
        case = self._store.platforms.case_of(external_id) if external_id else None
        kept = Intake(
            arrival, replace(message, machine=Machine.NOTIFICATION), silent=silent, who=who
        )
        if case is None:
            return replace(kept, notices=self._of_unknown(arrival, message, external_id))
        office = self._office
        readers = office.examiners() if case.restricted else office.members(case.team)
        key = f"platform:{case.number}:{identity(message, arrival)}"
        notices = (NoticeRequest(NoticeKind.TEAM_UPDATE, reader, key) for reader in readers)
        return replace(kept, joins=case.number, notices=tuple(notices) if self._tells else ())

    def _of_unknown(
        self, arrival: Arrival, message: Message, external_id: str
    ) -> tuple[NoticeRequest, ...]:
        """A report we do not have: the team is told once for each, to look for it on the platform.

        A mail that names no report is told of by itself, unless it is sent to many.
        """
        if not external_id and message.machine is Machine.LIST:
            return ()
        details = {
            "channel": arrival.channel,
            "external_id": external_id or "-",
            "sender": message.sender.email,
            "subject": message.subject,
        }
        key = f"platform:{external_id or identity(message, arrival)}"
        members = self._office.members(self._office.default_team)
        return tuple(
            NoticeRequest(NoticeKind.PLATFORM_UNKNOWN, member, key, details) for member in members
        )
