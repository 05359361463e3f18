"""The second way to a person: a real command, run once for each trouble and once when it is over."""

import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from channels.command import say
from channels.errors import Temporary
from ingest.call import Caller
from ingest.rounds import Rounds
from ingest.watch import Guard, Watcher
from tests.ingest.workshop import Workshop

BROKEN = Temporary("command_failed", command="x", reason="y")


class Phone:
    """An office that is called by a command, which writes down what it hears."""

    def __init__(self, shop: Workshop, folder: Path) -> None:
        self.shop = shop
        self.turn = shop.turn(shop.mailbox)
        self._heard = folder / "heard"
        self._line = folder / "line"
        self._line.touch()
        script = f"test -e {shlex.quote(str(self._line))} && cat >> {shlex.quote(str(self._heard))}"
        self._command = ("/bin/sh", "-c", script)
        self.pick_up()

    def pick_up(self) -> None:
        """What a restart does."""
        caller = Caller(self.shop.store, self.shop.parts.words, self._say)
        guards = {"gmail": Guard(silence=timedelta(hours=72))}
        self._rounds = Rounds(
            self.shop.store,
            Watcher(self.shop.store, guards, ["tim@kantor.test"]),
            channels=guards,
            patience=timedelta(minutes=30),
            tell=caller.tell,
        )

    def _say(self, sentence: str) -> None:
        say(self._command, sentence)

    def look(self, **passed: float) -> list[str]:
        """Let time pass, poll, make a round; return everything heard until now."""
        self.shop.clock.pass_(**passed)
        self.shop.run(self.turn)
        self._rounds.make(self.shop.clock())
        return self._heard.read_text("utf-8").splitlines() if self._heard.exists() else []

    def cut(self) -> None:
        self._line.unlink()

    def mend(self) -> None:
        self._line.touch()


@pytest.fixture
def phone(shop: Workshop, tmp_path: Path) -> Phone:
    return Phone(shop, tmp_path)


def test_a_person_is_called_once_when_a_channel_is_down_and_once_when_it_is_back(
    phone: Phone,
) -> None:
    assert phone.look() == []
    phone.shop.mailbox.trouble = BROKEN
    for _ in range(5):
        heard = phone.look(minutes=5)
    (sentence,) = heard
    assert sentence.startswith("Kanal gmail terputus; terakhir terbaca Selasa, 24 November 2026")
    phone.pick_up()
    phone.shop.mailbox.trouble = None
    phone.look(minutes=5)
    assert phone.look(minutes=5) == [sentence, "Kanal gmail pulih."]


def test_mails_that_do_not_go_out_for_long_are_told_by_the_command(phone: Phone) -> None:
    with phone.shop.sink.down():
        phone.shop.opened()
        phone.shop.send()
        assert phone.look(minutes=29) == []
        (sentence,) = phone.look(minutes=1)
        assert "Surat keluar (smtp) macet sejak" in sentence
        assert phone.look(hours=1) == [sentence]
    phone.shop.reopen()
    phone.pick_up()
    phone.shop.send()
    assert phone.look()[1:] == ["Surat keluar (smtp) lancar lagi."]


def test_a_long_queue_that_moves_is_not_stuck(phone: Phone) -> None:
    phone.shop.opened()
    phone.shop.clock.pass_(hours=2)
    phone.shop.sink.faults.recipients["wayan@warga.test"] = "451 4.3.0 later"
    phone.shop.send()
    assert phone.shop.store.counts().waiting == 1
    assert phone.look() == []


def test_a_call_that_did_not_get_through_is_made_again_later(phone: Phone) -> None:
    phone.look()
    phone.cut()
    assert phone.look(hours=73) == []
    phone.mend()
    phone.pick_up()
    assert len(phone.look()) == 1


def test_after_a_failed_call_there_is_a_pause(phone: Phone) -> None:
    phone.look()
    phone.cut()
    phone.look(hours=73)
    phone.mend()
    assert phone.look() == []


def test_no_address_and_no_error_text_is_handed_to_the_command(phone: Phone) -> None:
    phone.look()
    phone.shop.mailbox.trouble = Temporary("command_failed", command="wayan", reason="rahasia")
    for _ in range(4):
        heard = phone.look(minutes=5)
    assert heard
    assert not [line for line in heard if "wayan" in line or "rahasia" in line]


@pytest.mark.parametrize("command", [("/nonexistent/command",), ("/bin/sh", "-c", "exit 3")])
def test_a_command_that_cannot_be_run_or_fails_is_temporary(command: tuple[str, ...]) -> None:
    with pytest.raises(Temporary) as caught:
        say(command, "halo")
    assert caught.value.values["command"] == command[0]
