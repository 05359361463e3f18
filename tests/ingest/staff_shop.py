"""An office whose mail server says who a mail is from, and whose staff work by mail."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from channels.mail import read_mail
from channels.memory import MemoryChannel
from channels.types import Arrival, Message
from store.types import Notice, StaffMail, Ticket
from testing.daemon import EXAMINER, OWN, TEAM
from testing.smtp_sink import Received, SmtpSink
from tests.ingest.workshop import Workshop, body

SERVER = "mx.kantor.test"
COLLEAGUE = "rekan@kantor.test"  # of the same team
OTHER = "umum@kantor.test"  # of another team
HEAD = "kabag@kantor.test"  # on the staff list, in no team
STAFF = f"""
[[staff]]
name = "I Made Sutama"
email = "{TEAM}"

[[staff]]
name = "Ni Luh Ayu"
email = "{COLLEAGUE}"

[[staff]]
name = "Kepala Bagian"
email = "{HEAD}"

[[teams]]
name = "umum"
label = "Tim Umum"
members = ["{OTHER}"]
"""


class Steady:
    """The clock by which the time to cancel is counted; it passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def read(arrival: Arrival, *, server: str = SERVER) -> Message:
    own = frozenset({OWN})
    return read_mail(
        arrival.raw, received_at=arrival.received_at, own_addresses=own, authserv_id=server
    )


class StaffShop(Workshop):
    """``settings`` are lines of [staff_mail]; ``server`` is empty where it says nothing."""

    def __init__(
        self, folder: Path, sink: SmtpSink, *, settings: str = "", server: str = SERVER
    ) -> None:
        self.server = server
        self.steady = Steady()
        super().__init__(folder, sink)
        self.site.extra = f"[staff_mail]\n{settings}\n{STAFF}"
        self.site.imap("gmail", ("localhost", 1), OWN, "x", authserv_id=server)
        self.team(TEAM, COLLEAGUE)

    def team(self, *members: str) -> None:
        """Who is in the team, from now on."""
        quoted = ", ".join(f'"{one}"' for one in members)
        self.members = f"members = [{quoted}]"
        self.reopen()

    def reopen(self) -> None:
        self.site.write()
        if hasattr(self, "members"):
            text = self.site.config.read_text("utf-8")
            self.site.config.write_text(
                text.replace(f'members = ["{TEAM}"]', self.members), "utf-8"
            )
        write = self.site.write
        self.site.write = lambda: None  # type: ignore[method-assign]
        try:
            super().reopen()
        finally:
            self.site.write = write  # type: ignore[method-assign]

    def channel(self, name: str) -> MemoryChannel:
        return MemoryChannel(name, reader=partial(read, server=self.server))

    # Writing to us

    def notice(self, ticket: Ticket, to: str = TEAM) -> Notice:
        """The last notice about a case that somebody got."""
        return [one for one in self.store.notices(ticket.number) if one.recipient == to][-1]

    def reply(
        self,
        ticket: Ticket,
        text: str,
        sender: str = TEAM,
        *,
        parent: Notice | None = None,
        said: str = "",
        more: Mapping[str, str] | None = None,
        **headers: str,
    ) -> bytes:
        """A reply to the last notice somebody got, with what our server says about its sender."""
        notice = parent or self.notice(ticket, sender)
        domain = sender.rpartition("@")[2]
        passed = f"{SERVER}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
        head = {
            "From": f"<{sender}>",
            "Subject": f"Re: [{ticket.number}] Pengaduan baru",
            "In_Reply_To": notice.message_id,
            "References": notice.message_id,
            "Authentication_Results": said or passed,
            **headers,
            **(more or {}),
        }
        headers |= more or {}
        return self.mail(
            text, sender, **{n: value for n, value in head.items() if value or n in headers}
        )

    def hear(self, raw: bytes) -> None:
        """A mail comes in, and what it asks for is done as far as it can be now."""
        self.receive(raw)
        self.work()

    # Time

    def wait(self, **amount: float) -> None:
        """Time passes by both clocks, and the mailbox is read to its end after that."""
        self.clock.pass_(**amount)
        self.steady.now += sum(
            value * {"seconds": 1, "minutes": 60, "hours": 3600}[unit]
            for unit, value in amount.items()
        )
        self.polled()

    def polled(self) -> None:
        """The mailbox is read to its end."""
        self.parts.patience.polled("gmail", self.steady.now)

    def settle(self) -> list[Received]:
        """Mails go out, the time to cancel passes, and what follows goes out too; what was sent."""
        self.send()
        self.work()
        self.wait(minutes=6)
        self.work()
        return self.send()

    # Looking

    def answers(self, ticket: Ticket) -> list[str]:
        """What was recorded as an answer."""
        return [
            event.details["text"]
            for event in self.ticket(ticket.number).events
            if event.what == "answer.recorded"
        ]

    def waiting_answers(self, ticket: Ticket) -> list[StaffMail]:
        return self.store.staff_mails.answers(ticket.number)

    def told(self, to: str = TEAM) -> str:
        """The last mail somebody got."""
        return plain(body(self.last(to).message))

    def last(self, to: str = TEAM) -> Received:
        return [one for one in self.sink.received if one.recipients == (to,)][-1]


def plain(text: str) -> str:
    """A text with the line ends that people's programs show."""
    return text.replace("\r\n", "\n")


__all__ = ["COLLEAGUE", "EXAMINER", "HEAD", "OTHER", "SERVER", "TEAM", "StaffShop", "plain"]
