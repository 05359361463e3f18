"""Servers that close, drip, cut, refuse and renumber: nothing is lost, nothing spins, nothing hangs."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from threading import Event, Timer

import pytest

from channels.errors import ChannelError, Permanent, Temporary
from channels.imap import ImapChannel, ImapSettings
from channels.types import Arrival
from testing.scripted_imap import Hangup, ScriptedImap, Turn, fetched
from tests.channels.contract import Ledger
from tests.channels.imap_help import explained, mail, password


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    with ScriptedImap({1: mail("satu"), 2: mail("dua")}) as server:
        yield server


@pytest.fixture
def channel(server: ScriptedImap) -> Iterator[ImapChannel]:
    channel = ImapChannel(
        "surel",
        ImapSettings(
            host=server.host,
            port=server.port,
            security="plain",
            username="kesra",
            auth=password("rahasia"),
            timeout=1.0,
        ),
    )
    yield channel
    channel.close()


def uids(arrivals: list[Arrival]) -> list[str]:
    return [arrival.position.item for arrival in arrivals]


def is_body_fetch(turn: Turn) -> bool:
    return "BODY.PEEK[]" in turn.arguments


def error_of(channel: ImapChannel) -> ChannelError:
    with pytest.raises(ChannelError) as raised:
        list(channel.fetch(Ledger()))
    return explained(raised.value)


def elapsed_until_timeout(channel: ImapChannel) -> float:
    began = time.monotonic()
    error = error_of(channel)
    assert isinstance(error, Temporary)
    assert error.code == "imap_timeout"
    return time.monotonic() - began


# Hanging


def test_a_server_that_drips_a_mail_byte_by_byte_is_cut_off(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def drip(turn: Turn) -> None:
        if is_body_fetch(turn):
            turn.send("* 1 FETCH (UID 1 BODY[] {500}\r\n")
            for _ in range(100):
                turn.send(b"x")
                time.sleep(0.1)
        turn.default()

    server.on("UID FETCH", drip)
    assert elapsed_until_timeout(channel) < 2.0


def test_a_server_that_drips_its_greeting_is_cut_off(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def drip(turn: Turn) -> None:
        for letter in "* OK " + "x" * 100:
            turn.send(letter)
            time.sleep(0.1)

    server.on("GREETING", drip)
    assert elapsed_until_timeout(channel) < 2.0


@pytest.mark.parametrize("command", ["GREETING", "CAPABILITY", "LOGIN", "SELECT", "UID SEARCH"])
def test_a_server_that_falls_silent_is_cut_off(
    server: ScriptedImap, channel: ImapChannel, command: str
) -> None:
    server.on(command, lambda turn: None)
    assert elapsed_until_timeout(channel) < 2.0


# Cutting


def test_a_line_cut_in_the_middle_of_a_mail_keeps_what_came_before(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    server.mails = {uid: mail(f"nomor {uid}") for uid in range(1, 151)}
    bodies = count(1)

    def cut(turn: Turn) -> None:
        if is_body_fetch(turn) and next(bodies) == 2:
            turn.send("* 101 FETCH (UID 101 BODY[] {500}\r\nFrom: ")
            raise Hangup
        turn.default()

    server.on("UID FETCH", cut)
    ledger = Ledger()
    with pytest.raises(Temporary) as raised:
        ledger.commit_all(channel.fetch(ledger))
    assert raised.value.code == "imap_closed"
    assert len(ledger.items("INBOX", "1")) == 100
    rest = ledger.commit_all(channel.fetch(ledger))
    assert uids(rest) == [str(uid) for uid in range(101, 151)]


def test_a_connection_that_died_while_held_is_replaced(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def die(turn: Turn) -> None:
        raise Hangup

    assert len(list(channel.fetch(Ledger()))) == 2
    server.on("NOOP", die)
    assert len(list(channel.fetch(Ledger()))) == 2
    assert server.connections == 2


# Refusing


def test_one_mail_the_server_refuses_does_not_keep_the_others_back(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    server.mails = {uid: mail(f"nomor {uid}") for uid in range(1, 8)}

    def refuse(turn: Turn) -> None:
        if is_body_fetch(turn) and "3" in turn.arguments.split()[0].split(","):
            turn.no("[SERVERBUG] cannot read this mail")
        else:
            turn.default()

    server.on("UID FETCH", refuse)
    ledger = Ledger()
    assert uids(ledger.commit_all(channel.fetch(ledger))) == ["1", "2", "4", "5", "6", "7"]
    server.on("UID FETCH", Turn.default)
    assert uids(ledger.commit_all(channel.fetch(ledger))) == ["3"]


@pytest.mark.parametrize("breaks_on", ["BODY.PEEK[]", "RFC822.SIZE"])
def test_one_mail_that_breaks_the_connection_does_not_keep_the_others_back(
    server: ScriptedImap, channel: ImapChannel, breaks_on: str
) -> None:
    server.mails = {uid: mail(f"nomor {uid}") for uid in range(1, 8)}

    def die(turn: Turn) -> None:
        if breaks_on in turn.arguments and "3" in turn.arguments.split()[0].split(","):
            raise Hangup
        turn.default()

    server.on("UID FETCH", die)
    ledger = Ledger()
    for _ in range(3):
        with pytest.raises(Temporary):
            ledger.commit_all(channel.fetch(ledger))
    assert ledger.items("INBOX", "1") == {"1", "2", "4", "5", "6", "7"}
    server.mails[8] = mail("baru")
    with pytest.raises(Temporary):
        ledger.commit_all(channel.fetch(ledger))
    assert "8" in ledger.items("INBOX", "1")
    server.on("UID FETCH", Turn.default)
    assert uids(ledger.commit_all(channel.fetch(ledger))) == ["3"]


def test_a_server_that_refuses_everything_for_now_is_not_taken_for_an_empty_one(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    server.on("UID FETCH", lambda turn: turn.no("[LIMIT] Account exceeded bandwidth limits"))
    assert error_of(channel).code == "imap_busy"
    assert server.seen["UID FETCH"] == 1


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("CAPABILITY", "* CAPABILITY\r\n"),
        ("SELECT", "* FLAGS ()\r\n"),
        ("SELECT", "* satu EXISTS\r\n"),
        ("SELECT", "* 1 EXISTS\r\n* OK [UIDNEXT dua] x\r\n"),
        ("UID SEARCH", "* SEARCH satu dua\r\n"),
        ("UID SEARCH", "* SEARCH 1\r\n* SEARCH 2\r\n"),
        ("UID SEARCH", "* SEARCH " + "1 " * 600_000 + "\r\n"),
        ("UID FETCH", "* 1 FETCH (UID 1 RFC822.SIZE {99999999999999999999}\r\n"),
        ("UID FETCH", "* 1 FETCH (UID 1 RFC822.SIZE {9999999999}\r\n"),
        ("UID FETCH", "tidak ada\r\n"),
    ],
)
def test_an_answer_that_cannot_be_understood_is_temporary(
    server: ScriptedImap, channel: ImapChannel, command: str, answer: str
) -> None:
    def babble(turn: Turn) -> None:
        turn.send(answer)
        turn.ok()

    server.on(command, babble)
    assert isinstance(error_of(channel), Temporary)


@pytest.mark.parametrize(
    "answer",
    ["* 1 FETCH (UID 1\r\n", "* 1 FETCH ((((\r\n", "* 1 FETCH 7\r\n"],
)
def test_a_garbled_mail_is_left_for_the_next_time(
    server: ScriptedImap, channel: ImapChannel, answer: str
) -> None:
    def garble(turn: Turn) -> None:
        if is_body_fetch(turn) and turn.arguments.startswith("2 "):
            turn.default()
        else:
            turn.send(answer if is_body_fetch(turn) else "")
            turn.ok() if is_body_fetch(turn) else turn.default()

    server.on("UID FETCH", garble)
    assert uids(list(channel.fetch(Ledger()))) == ["2"]


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", Permanent, "imap_login_refused"),
        ("[ALERT] Invalid credentials (Failure)", Permanent, "imap_login_refused"),
        ("LOGIN failed", Permanent, "imap_login_refused"),
        (
            "[ALERT] Application-specific password required: https://support.google.test (Failure)",
            Permanent,
            "imap_app_password",
        ),
        ("[ALERT] Please log in via your web browser", Permanent, "imap_web_login"),
        ("[WEBALERT https://accounts.test] Web login required.", Permanent, "imap_web_login"),
        ("[ALERT] Your account is not enabled for IMAP use.", Permanent, "imap_not_enabled"),
        ("[PRIVACYREQUIRED] Plaintext authentication disallowed", Permanent, "imap_needs_tls"),
        ("[ALERT] Too many simultaneous connections. (Failure)", Temporary, "imap_busy"),
        ("[UNAVAILABLE] Temporary System Error (Failure)", Temporary, "imap_busy"),
        ("[UNAVAILABLE] Maximum number of connections exceeded", Temporary, "imap_busy"),
        ("[ALERT] Account exceeded command or bandwidth limits.", Temporary, "imap_busy"),
    ],
)
def test_a_refused_login_says_what_to_do(
    server: ScriptedImap,
    channel: ImapChannel,
    reply: str,
    kind: type[ChannelError],
    code: str,
) -> None:
    server.on("LOGIN", lambda turn: turn.no(reply))
    error = error_of(channel)
    assert isinstance(error, kind)
    assert error.code == code
    assert error.values["reply"] == reply.rstrip(".") if "reply" in error.values else True


def test_a_server_that_wants_no_password_in_the_open_is_not_sent_one(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    server.capabilities = "STARTTLS LOGINDISABLED"
    assert error_of(channel).code == "imap_needs_tls"
    assert server.seen["LOGIN"] == 0


@pytest.mark.parametrize(
    ("greeting", "code"),
    [
        ("* BYE Too many connections from your address\r\n", "imap_busy"),
        ("220 mail.kab.test ESMTP\r\n", "imap_garbled"),
        ("HTTP/1.0 400 Bad Request\r\n", "imap_garbled"),
    ],
)
def test_a_greeting_that_is_no_welcome_is_temporary(
    server: ScriptedImap, channel: ImapChannel, greeting: str, code: str
) -> None:
    server.greeting = greeting
    error = error_of(channel)
    assert isinstance(error, Temporary)
    assert error.code == code


def test_being_thrown_out_in_the_middle_is_temporary(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def bye(turn: Turn) -> None:
        turn.send("* BYE server is going down\r\n")
        raise Hangup

    server.on("UID SEARCH", bye)
    error = error_of(channel)
    assert isinstance(error, Temporary)
    assert "going down" in error.values["reason"]


def test_a_mailbox_that_only_allows_reading_is_read(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def read_only(turn: Turn) -> None:
        turn.name = "EXAMINE"
        turn.default()

    server.on("SELECT", read_only)
    assert len(list(channel.fetch(Ledger()))) == 2


@pytest.mark.parametrize(
    "answer",
    ["", "* 1 FETCH (UID 1 BODY[] NIL)\r\n", "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n"],
)
def test_a_mail_without_bytes_is_left_for_the_next_time(
    server: ScriptedImap, channel: ImapChannel, answer: str
) -> None:
    def withhold(turn: Turn) -> None:
        if is_body_fetch(turn):
            turn.send(answer)
            turn.send(fetched(2, 2, turn.arguments, server.mails[2]))
            turn.ok()
        else:
            turn.default()

    server.on("UID FETCH", withhold)
    ledger = Ledger()
    assert uids(ledger.commit_all(channel.fetch(ledger))) == ["2"]
    server.on("UID FETCH", Turn.default)
    assert uids(ledger.commit_all(channel.fetch(ledger))) == ["1"]


def test_a_mail_that_vanishes_before_its_size_is_known_is_left_out(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def vanish(turn: Turn) -> None:
        turn.default()
        server.mails.pop(1, None)

    server.on("UID SEARCH", vanish)
    assert uids(list(channel.fetch(Ledger()))) == ["2"]


def test_a_large_mail_that_vanishes_between_two_pieces_is_left_out(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    server.mails = {1: mail("besar", size=3_000_000), 2: mail("kecil")}

    def vanish(turn: Turn) -> None:
        turn.default()
        if "<0." in turn.arguments:
            server.mails.pop(1)

    server.on("UID FETCH", vanish)
    assert uids(list(channel.fetch(Ledger()))) == ["2"]


@pytest.mark.parametrize("claimed", [1, 1_200_000, 9_000_000, 99_000_000])
def test_a_server_that_is_wrong_about_a_size_costs_nothing(
    server: ScriptedImap, channel: ImapChannel, claimed: int
) -> None:
    server.mails = {1: mail("besar", size=1_500_000)}

    def lie(turn: Turn) -> None:
        if is_body_fetch(turn) or "BODY.PEEK[]<" in turn.arguments:
            turn.default()
        else:
            answer = fetched(1, 1, turn.arguments, server.mails[1])
            turn.send(re.sub(rb"SIZE \d+", b"SIZE %d" % claimed, answer))
            turn.ok()

    server.on("UID FETCH", lie)
    (arrival,) = channel.fetch(Ledger())
    assert arrival.raw.startswith(server.mails[1][:500_000])
    assert arrival.truncated == (arrival.raw != server.mails[1])
    assert arrival.truncated == (claimed > channel.settings.size_limit)


# Renumbering


def test_a_folder_renumbered_while_another_was_open_is_read_anew(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    server.mails = {uid: mail(f"nomor {uid}") for uid in range(1, 151)}
    channel.settings = replace(channel.settings, folders=("INBOX", "Laporan"))
    arrivals = channel.fetch(Ledger())
    first = next(arrivals)
    channel.acknowledge([replace(first.position, folder="Laporan")])
    server.uidvalidity = 2
    with pytest.raises(Temporary) as raised:
        list(arrivals)
    assert raised.value.code == "imap_renumbered"


def test_a_uidvalidity_that_jumps_in_mid_fetch_stops_the_fetch_and_starts_anew(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    server.mails = {uid: mail(f"nomor {uid}") for uid in range(1, 151)}
    bodies = count(1)

    def jump(turn: Turn) -> None:
        if is_body_fetch(turn) and next(bodies) == 2:
            server.uidvalidity = 2
            turn.send("* OK [UIDVALIDITY 2] restored from backup\r\n")
        turn.default()

    server.on("UID FETCH", jump)
    ledger = Ledger()
    with pytest.raises(Temporary) as raised:
        ledger.commit_all(channel.fetch(ledger))
    assert raised.value.code == "imap_renumbered"
    assert len(ledger.items("INBOX", "1")) == 100
    assert len(ledger.commit_all(channel.fetch(ledger))) == 150
    assert len(ledger.items("INBOX", "2")) == 150


def test_a_mailbox_larger_than_one_search_reply_may_be_is_listed_whole(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    first = 4_000_000_000
    server.mails = dict.fromkeys(range(first, first + 120_000), b"x")
    asked: list[str] = []

    def note(turn: Turn) -> None:
        asked.append(turn.arguments)
        turn.default()

    server.on("UID SEARCH", note)
    known = {str(uid) for uid in server.mails} - {str(first), str(first + 60_000)}
    ledger = Ledger()
    ledger.items = lambda folder, generation: known  # type: ignore[method-assign]
    assert uids(list(channel.fetch(ledger))) == [str(first), str(first + 60_000)]
    assert len(asked) == 3


# Waiting


def waited(channel: ImapChannel, timeout: float = 20.0) -> tuple[bool, float]:
    began = time.monotonic()
    return channel.wait(timeout, Event()), time.monotonic() - began


@pytest.mark.parametrize(
    "hello",
    ["+ idling\r\n* 3 EXISTS\r\n", "* 3 EXISTS\r\n+ idling\r\n", "+ idling\r\n* 1 RECENT\r\n"],
)
def test_news_glued_to_the_start_of_idle_is_heard(
    server: ScriptedImap, channel: ImapChannel, hello: str
) -> None:
    list(channel.fetch(Ledger()))
    server.on("IDLE", lambda turn: turn.send(hello))
    news, seconds = waited(channel)
    assert news
    assert seconds < 3


def test_news_swallowed_by_another_command_is_found_before_idling(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def arrive_meanwhile(turn: Turn) -> None:
        turn.default()
        server.mails[3] = mail("tiga")

    server.on("UID FETCH", arrive_meanwhile)
    assert len(list(channel.fetch(Ledger()))) == 2
    news, seconds = waited(channel)
    assert news
    assert seconds < 3


def test_news_in_two_pieces_is_heard(server: ScriptedImap, channel: ImapChannel) -> None:
    def slowly(turn: Turn) -> None:
        turn.send("+ idling\r\n")
        time.sleep(0.3)
        turn.send("* 3 EXI")
        time.sleep(0.3)
        turn.send("STS\r\n")

    list(channel.fetch(Ledger()))
    server.on("IDLE", slowly)
    news, seconds = waited(channel)
    assert news
    assert seconds < 3


def test_chatter_during_idle_is_no_news(server: ScriptedImap, channel: ImapChannel) -> None:
    def chatter(turn: Turn) -> None:
        turn.send("+ idling\r\n* OK Still here\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 1 EXPUNGE\r\n")

    list(channel.fetch(Ledger()))
    server.on("IDLE", chatter)
    news, seconds = waited(channel, 1.0)
    assert not news
    assert seconds > 0.9


def test_a_connection_closed_in_idle_is_noticed_and_does_not_spin(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def close(turn: Turn) -> None:
        turn.send("+ idling\r\n")
        raise Hangup

    list(channel.fetch(Ledger()))
    server.on("IDLE", close)
    news, seconds = waited(channel)
    assert news
    assert seconds < 3
    assert len(list(channel.fetch(Ledger()))) == 2
    assert server.seen["IDLE"] == 1
    assert server.connections == 2


def test_a_server_that_closes_every_idle_is_polled_instead(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    def close(turn: Turn) -> None:
        raise Hangup

    server.on("IDLE", close)
    for _ in range(3):
        list(channel.fetch(Ledger()))
        assert waited(channel)[0]
    list(channel.fetch(Ledger()))
    news, seconds = waited(channel, 0.5)
    assert not news
    assert 0.4 < seconds < 2
    assert server.seen["IDLE"] == 3


@pytest.mark.parametrize("capabilities", ["", "IDLE"])
def test_a_server_that_cannot_idle_is_waited_for_by_the_clock(
    server: ScriptedImap, channel: ImapChannel, capabilities: str
) -> None:
    server.capabilities = capabilities
    server.on("IDLE", lambda turn: turn.no("IDLE is switched off"))
    list(channel.fetch(Ledger()))
    news, seconds = waited(channel, 0.5)
    assert not news
    assert 0.4 < seconds < 3


def test_a_mailbox_that_shall_not_idle_does_not(server: ScriptedImap, channel: ImapChannel) -> None:
    channel.settings = replace(channel.settings, idle=False)
    list(channel.fetch(Ledger()))
    news, seconds = waited(channel, 0.5)
    assert not news
    assert seconds > 0.4
    assert server.seen["IDLE"] == 0


def test_stopping_ends_idle_even_when_the_server_never_answers_again(
    server: ScriptedImap, channel: ImapChannel
) -> None:
    list(channel.fetch(Ledger()))
    stop = Event()
    Timer(0.3, stop.set).start()
    began = time.monotonic()
    assert not channel.wait(60, stop)
    channel.close()
    assert time.monotonic() - began < 1.3
