"""The IMAP channel on pymap, which the demo uses where there is no Dovecot."""

from collections.abc import Iterator
from threading import Event, Timer

import pytest

from channels.errors import Permanent
from channels.imap import ImapChannel
from testing.pymap_server import Pymap, available
from testing.require import require
from tests.channels.contract import Ledger, texts
from tests.channels.imap_help import mail, password, settings

USERS = {"gmail@kesra.test": "satu", "surel@kesra.test": "dua"}


@pytest.fixture(scope="module")
def server() -> Iterator[Pymap]:
    require("pymap", available())
    with Pymap(USERS) as server:
        yield server


@pytest.fixture(params=list(USERS))
def channel(server: Pymap, request: pytest.FixtureRequest) -> Iterator[ImapChannel]:
    channel = ImapChannel("surel", settings(server, request.param))
    yield channel
    channel.close()


def test_mail_is_fetched_marked_and_waited_for(server: Pymap, channel: ImapChannel) -> None:
    user, ledger = channel.settings.username, Ledger()
    (small, large) = server.deliver_all(user, [mail("kecil"), mail("besar", size=3_000_000)])
    arrivals = ledger.commit_all(channel.fetch(ledger))
    assert [int(a.position.item) for a in arrivals] == [small, large]
    assert len(arrivals[1].raw) == arrivals[1].size > 2_900_000
    channel.acknowledge([arrivals[0].position])
    assert "\\Seen" in server.flags(user, small)
    Timer(0.2, server.deliver, (user, mail("baru"))).start()
    assert channel.wait(20, Event())
    assert texts(channel, channel.fetch(ledger)) == ["baru"]


def test_a_wrong_password_is_permanent(server: Pymap, channel: ImapChannel) -> None:
    wrong = settings(server, channel.settings.username, auth=password("salah"))
    with pytest.raises(Permanent) as raised:
        ImapChannel("surel", wrong).check()
    assert raised.value.code == "imap_login_refused"
