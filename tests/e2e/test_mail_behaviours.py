"""Mail as it really arrives, from a real Dovecot into the store: what the list of 18 in docs/reliability.md asks.

Every part is wired as in the daemon; only the scheduler is missing, so a turn is made when a test says so.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import cast

import pytest

from channels.errors import Permanent
from channels.imap import ImapChannel
from classify.engine import RuleSet
from config.settings import load
from config.texts import Texts
from ingest.desk import Desk
from ingest.poll import Poller
from ingest.turn import Turn
from store.types import Fate, NoticeState, Outcome, Ticket, TicketFilter
from testing.daemon import TEAM, Daemon, Site
from testing.smtp_sink import Received, SmtpSink
from tests.conftest import Mailbox
from tests.ingest.test_poll import CrashingRules
from tests.ingest.test_replies import bounce
from tests.ingest.workshop import CITIZEN, PLAIN, body, mail
from wiring.parts import build

MB = 1 << 20


class Office:
    """An office with two mailboxes. ``reopen`` is a restart."""

    def __init__(self, folder: Path, sink: SmtpSink, mailbox: Mailbox, second: Mailbox) -> None:
        self.sink, self.mailbox, self.second = sink, mailbox, second
        self.site, self.stop = Site(folder, sink.port), Event()
        self.connect("gmail", mailbox)
        self.connect("webmail", second)
        self.open()
        self.store.upgrade()

    def connect(self, name: str, mailbox: Mailbox, **keys: object) -> None:
        address = (mailbox.server.host, mailbox.server.port)
        self.site.imap(name, address, mailbox.user, mailbox.password, **keys)

    def open(self) -> None:
        self.site.write()
        (self.site.folder / "data").mkdir(exist_ok=True)
        self.parts = build(load(self.site.config), Texts("id"))
        self.store = self.parts.store

    def close(self) -> None:
        for turn in self.parts.turns:
            turn.channel.close()
        self.store.close()

    def reopen(self) -> None:
        self.close()
        self.open()

    def turn(self, name: str = "gmail") -> Turn:
        return next(turn for turn in self.parts.turns if turn.channel.name == name)

    def poll(self, name: str = "gmail") -> list[Outcome]:
        return self.parts.poller.poll(self.turn(name).channel, self.stop)

    def look(self, at: datetime) -> None:
        """What the daemon does with every channel, as if it were that moment."""
        for turn in self.parts.turns:
            turn.run(lambda: at, self.stop)
        self.parts.rounds.make(at)

    def receive(self, *raws: bytes) -> list[Outcome]:
        self.mailbox.deliver(*raws)
        return self.poll()

    def send(self) -> list[Received]:
        before = len(self.sink.received)
        self.parts.outbox.send_due(self.stop)
        return self.sink.received[before:]

    def cases(self) -> list[Ticket]:
        return self.store.tickets(TicketFilter(limit=1000))

    def acknowledged(self) -> tuple[Ticket, str]:
        """A case by CITIZEN whose acknowledgement went out, and that one's Message-ID."""
        (outcome,) = self.receive(mail(Message_ID="<pertama@warga.test>"))
        (letter,) = (one for one in self.send() if one.recipients == (CITIZEN,))
        ticket = self.store.ticket(outcome.number)
        assert ticket is not None
        return ticket, str(letter.message["Message-ID"])


@pytest.fixture
def office(tmp_path: Path, mailbox: Mailbox, another_mailbox: Mailbox) -> Iterator[Office]:
    with SmtpSink() as sink:
        made = Office(tmp_path, sink, mailbox, another_mailbox)
        yield made
        made.close()


def test_1_a_crash_between_storing_and_flagging_leaves_one_case(office: Office) -> None:
    channel = cast(ImapChannel, office.turn().channel)
    (uid,) = office.mailbox.deliver(mail())
    (arrival,) = channel.fetch(office.store.seen("gmail"))
    office.store.commit(
        office.parts.poller.decide(channel, [arrival], "muara"), cursor=None, now=datetime.now(UTC)
    )
    assert "\\Seen" not in office.mailbox.server.flags(office.mailbox.user, uid)
    office.reopen()
    assert office.poll() == []
    assert len(office.cases()) == 1


def test_2_mail_a_colleague_has_read_first_is_a_case(office: Office) -> None:
    uids = office.mailbox.deliver(mail())
    office.mailbox.server.flag(office.mailbox.user, uids, "\\Seen")
    assert [one.fate for one in office.poll()] == [Fate.CASE]


def test_5_the_same_mail_in_both_inboxes_is_one_case_with_two_arrivals(office: Office) -> None:
    raw = mail(Message_ID="<sama@warga.test>")
    office.mailbox.deliver(raw)
    office.second.deliver(raw)
    (first,), (other,) = office.poll(), office.poll("webmail")
    assert (first.fate, other.fate, other.number) == (Fate.CASE, Fate.MERGED, first.number)
    (case,) = office.cases()
    assert case.arrivals == 2


def test_6_two_mails_under_one_message_id_are_two_cases(office: Office) -> None:
    identity = "<sama@warga.test>"
    outcomes = office.receive(mail(Message_ID=identity), mail("Jalan rusak.", Message_ID=identity))
    assert [one.fate for one in outcomes] == [Fate.CASE, Fate.CASE]
    assert len({one.number for one in outcomes}) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: Pengaduan\r\n\r\nLampu jalan mati.\r\n",
        b"From: wayan@warga.test\r\n\r\n",
        b"\r\n",
        (
            b"From: wayan@warga.test\r\nContent-Type: application/pdf; name=surat.pdf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQ=\r\n"
        ),
    ],
    ids=["no From, Date, Message-ID", "empty body", "nothing at all", "only a file"],
)
def test_7_what_lacks_nearly_everything_is_still_a_case(office: Office, raw: bytes) -> None:
    assert [one.fate for one in office.receive(raw)] == [Fate.CASE]


def test_8_a_mail_that_makes_a_rule_crash_is_quarantined_and_the_next_goes_on(
    office: Office,
) -> None:
    rules = CrashingRules(office.parts.rules.current())
    desk = Desk(office.parts.office, lambda: cast(RuleSet, rules), office.store)
    office.mailbox.deliver(bad := mail("meledak"), mail())
    poller = Poller(office.store, desk, office.parts.clock)
    outcomes = poller.poll(office.turn().channel, office.stop)
    assert [one.fate for one in outcomes] == [Fate.QUARANTINED, Fate.CASE]
    (kept,) = office.store.quarantine()
    arrival = office.store.quarantined(kept.id)
    assert arrival is not None
    assert arrival.raw == bad


def test_9_mail_expunged_between_listing_and_fetching_costs_only_itself(office: Office) -> None:
    server, user = office.mailbox.server, office.mailbox.user
    uids = office.mailbox.deliver(*(mail(f"Lampu {n} mati.") for n in range(150)))
    fetched = office.turn().channel.fetch(office.store.seen("gmail"))
    next(fetched)
    server.expunge(user, uids[-1:])
    rest = list(fetched)
    assert [one.position.item for one in rest] == [str(uid) for uid in uids[1:-1]]
    assert len(office.poll()) == 149


def test_10_a_first_look_at_old_mail_sends_nothing(office: Office) -> None:
    office.connect("gmail", office.mailbox, since=None)
    office.reopen()
    old = datetime.now(UTC) - timedelta(days=400)
    raws = [mail(f"Lampu {n} mati.") for n in range(60)]
    office.mailbox.server.deliver_all(office.mailbox.user, raws, received_at=old)
    office.turn().run(office.parts.clock, office.stop)
    assert len(office.cases()) == 60
    assert office.send() == []


def test_11_a_bounce_of_our_notice_opens_no_case_and_sends_nothing(office: Office) -> None:
    case, message_id = office.acknowledged()
    assert [one.fate for one in office.receive(bounce(message_id))] == [Fate.MACHINE]
    states = {one.recipient: one.state for one in office.store.notices(case.number)}
    assert states[CITIZEN] is NoticeState.UNDELIVERED
    assert (len(office.cases()), office.send()) == (1, [])


@pytest.mark.parametrize(
    "mark",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<warga.lists.test>"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
    ],
    ids=str,
)
def test_12_machines_are_not_answered(office: Office, mark: dict[str, str]) -> None:
    office.receive(mail(**mark))
    assert [one for one in office.send() if one.recipients == (CITIZEN,)] == []


def test_12_a_program_that_answers_like_a_person_is_answered_three_times_an_hour(
    office: Office,
) -> None:
    answers, count = [mail(PLAIN)], 0
    for turn in range(8):
        office.receive(*answers)
        letters = [one for one in office.send() if one.recipients == (CITIZEN,)]
        count += len(letters)
        answers = [mail(f"Balasan {turn} atas {one.message['Message-ID']}") for one in letters]
    assert count == 3


def test_13_a_stranger_who_quotes_number_and_message_id_stays_outside(office: Office) -> None:
    case, message_id = office.acknowledged()
    stolen = mail(
        "Tutup saja.", "asing@lain.test", Subject=f"Re: [{case.number}]", In_Reply_To=message_id
    )
    (outside,) = office.receive(stolen)
    assert (outside.fate, outside.number != case.number) == (Fate.CASE, True)
    (inside,) = office.receive(mail("Ada kabar?", In_Reply_To=message_id))
    assert (inside.fate, inside.number) == (Fate.REPLIED, case.number)


def test_14_a_dead_password_delays_no_other_channel_and_is_told_once(office: Office) -> None:
    office.connect("webmail", replace(office.second, password="salah"))
    office.reopen()
    office.mailbox.deliver(mail())
    for _ in range(3):
        office.turn("webmail").run(office.parts.clock, office.stop)
    office.turn().run(office.parts.clock, office.stop)
    assert len(office.cases()) == 1
    kinds = [str(one.message["X-Muara"]) for one in office.send() if one.recipients == (TEAM,)]
    assert kinds.count("channel_down") == 1
    with pytest.raises(Permanent):
        office.poll("webmail")


def test_14_a_mailbox_silent_for_too_long_is_told_of_once(office: Office) -> None:
    office.connect("gmail", office.mailbox, silence_hours=72)
    office.reopen()
    office.mailbox.deliver(mail())
    now = datetime.now(UTC)
    for hours in (0, 71, 73, 74):
        office.look(now + timedelta(hours=hours))
    kinds = [row.kind.value for row in office.store.due_notices(now + timedelta(days=9))]
    assert kinds.count("channel_silent") == 1


def test_16_of_oversize_mail_the_beginning_is_a_case_that_says_so(office: Office) -> None:
    office.connect("gmail", office.mailbox, size_limit_mb=1)
    office.reopen()
    raw = mail(PLAIN + "\r\n" + ("." * 76 + "\r\n") * 40_000)
    (outcome,) = office.receive(raw)
    case = office.store.ticket(outcome.number)
    assert case is not None
    assert (case.truncated, PLAIN in case.text) == (True, True)
    letters = [body(one.message) for one in office.send() if one.recipients != (CITIZEN,)]
    assert any("sisanya masih ada di kotak surat" in letter for letter in letters)
    assert len(office.store.raw(case.number)[0]) <= 1 << 20
    assert office.mailbox.server.uids(office.mailbox.user) == [1]


def test_17_machine_mail_is_kept_and_found(office: Office) -> None:
    raw = mail("Saya sedang cuti.", Subject="Cuti bersama", Auto_Submitted="auto-replied")
    assert [one.fate for one in office.receive(raw)] == [Fate.MACHINE]
    (kept,) = office.store.machine_mail(words="cuti bersama")
    assert (kept.sender, kept.why) == (CITIZEN, "auto_reply")


def test_18_the_quoted_mail_is_left_out_of_the_reply_and_kept_in_the_text(office: Office) -> None:
    quoted = (
        "Pada Sel, 24 Nov 2026 pukul 10.15 Kesra <kesra@kantor.test> menulis:\r\n\r\n> Surat lama."
    )
    (outcome,) = office.receive(mail(f"{PLAIN}\r\n\r\n{quoted}\r\n"))
    case = office.store.ticket(outcome.number)
    assert case is not None
    assert case.reply_text.strip() == PLAIN
    assert "Surat lama." in case.text


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads memory from /proc")
@pytest.mark.timeout(180)
def test_16_a_mail_of_60_megabytes_costs_the_daemon_at_most_24(office: Office) -> None:
    small, large = mail(), mail(PLAIN + "\r\n" + ("." * 76 + "\r\n") * (60 * MB // 78))
    office.close()
    with office.site.start() as daemon:
        office.mailbox.deliver(small)
        daemon.hear("arrival.stored", timeout=60)
        daemon.hear("notice.sent")
        resting = megabytes(daemon, "VmRSS")
        Path(f"/proc/{daemon.process.pid}/clear_refs").write_text("5", "ascii")  # forgets the peak
        office.mailbox.deliver(large)
        daemon.hear("arrival.stored", count=2, timeout=60)
        cost = megabytes(daemon, "VmHWM") - resting
    office.open()
    assert cost <= 24


def megabytes(daemon: Daemon, field: str) -> int:
    """A line of the daemon's /proc status that is given in kB."""
    status = Path(f"/proc/{daemon.process.pid}/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) // 1024
