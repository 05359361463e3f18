"""How soon a misbehaving server is over it: within the timeout and a second, without spinning, in little memory."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from threading import Event

import pytest

from channels.errors import Temporary
from channels.imap import ImapChannel, ImapSettings
from testing.scripted_imap import Handler, Hangup, ScriptedImap, Turn
from tests.channels.contract import Ledger
from tests.channels.imap_help import mail, password

TIMEOUT = 1.0
MIB = 1 << 20


def drip(turn: Turn) -> None:
    """For longer than any test takes, unless we hang up."""
    turn.send("* 1 FETCH (UID 1 BODY[] {5000}\r\n")
    with suppress(OSError):
        for _ in range(600):
            turn.send(b"x")
            time.sleep(0.05)
    raise Hangup


def cut(turn: Turn) -> None:
    turn.send("* 1 FETCH (UID 1 BODY[] {5000}\r\nFrom: W")
    raise Hangup


def silence(_turn: Turn) -> None:
    """Say nothing, and keep the line open."""


def jump(turn: Turn) -> None:
    turn.server.uidvalidity += 1
    turn.send(f"* OK [UIDVALIDITY {turn.server.uidvalidity}] restored\r\n")
    turn.default()


def hang_up_idling(turn: Turn) -> None:
    turn.send("+ idling\r\n")
    raise Hangup


def exists_glued(turn: Turn) -> None:
    turn.send("+ idling\r\n* 4 EXISTS\r\n")


MISBEHAVIOURS: dict[str, tuple[str, Handler]] = {
    "a mail drips": ("UID FETCH", drip),
    "the line is cut in a mail": ("UID FETCH", cut),
    "no greeting": ("GREETING", silence),
    "no answer to LOGIN": ("LOGIN", silence),
    "no answer to SELECT": ("SELECT", silence),
    "no answer to SEARCH": ("UID SEARCH", silence),
    "no answer to FETCH": ("UID FETCH", silence),
    "UIDVALIDITY jumps in mid-fetch": ("UID FETCH", jump),
    "closed in IDLE": ("IDLE", hang_up_idling),
    "EXISTS glued to + idling": ("IDLE", exists_glued),
}


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    with ScriptedImap({uid: mail(f"nomor {uid}") for uid in (1, 2, 3)}) as server:
        yield server


@pytest.fixture
def channel(server: ScriptedImap) -> Iterator[ImapChannel]:
    account = ImapSettings(
        host=server.host,
        port=server.port,
        security="plain",
        username="kesra",
        auth=password("rahasia"),
        timeout=TIMEOUT,
    )
    yield (channel := ImapChannel("surel", account))
    channel.close()


class Lapse:
    """One misbehaviour, once; ``over`` afterwards. A new mail comes in at that moment."""

    def __init__(self, command: str, handler: Handler) -> None:
        self.command, self._handler, self.over = command, handler, False

    def __call__(self, turn: Turn) -> None:
        server = turn.server
        if self.over or (turn.name == "UID FETCH" and "BODY.PEEK[" not in turn.arguments):
            turn.send(server.greeting) if turn.name == "GREETING" else turn.default()
            return
        self.over = True
        server.mails[4] = mail("nomor 4")
        self._handler(turn)


def take_all(channel: ImapChannel, ledger: Ledger, complete: Callable[[], bool]) -> int:
    """As the daemon does, but for its pause after a failure. Return how many turns it took."""
    for turns in count(1):
        with suppress(Temporary):
            ledger.commit_all(channel.fetch(ledger))
            if not complete():
                channel.wait(20, Event())
        if complete():
            return turns
    raise AssertionError


@pytest.mark.parametrize("what", MISBEHAVIOURS)
def test_a_misbehaving_server_is_left_within_the_timeout_and_a_second(
    server: ScriptedImap, channel: ImapChannel, what: str
) -> None:
    lapse, ledger = Lapse(*MISBEHAVIOURS[what]), Ledger()
    server.on(lapse.command, lapse)

    def complete() -> bool:
        return lapse.over and len(ledger.items("INBOX", str(server.uidvalidity))) == 4

    tracemalloc.start()
    began, busy = time.monotonic(), time.thread_time()
    turns = take_all(channel, ledger, complete)
    seconds, busy = time.monotonic() - began, time.thread_time() - busy
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < TIMEOUT + 1
    assert turns <= 3
    assert busy < 0.5
    assert peak < 4 * MIB
