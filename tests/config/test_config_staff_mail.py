"""[staff_mail]: what `muara init` writes works, and what is not safe, or has no effect, is warned of."""

from pathlib import Path

import pytest

from config.init import Written, write
from config.settings import examine, load
from tests.config.test_config_init import TODAY, fill_in

AUTHSERV = 'authserv_id = "mx.google.com"\n'


@pytest.fixture
def written(tmp_path: Path) -> Written:
    made = write(tmp_path / "muara", today=TODAY, command=Path("/bin/true"))
    fill_in(made)
    return made


def change(written: Written, old: str, new: str) -> None:
    text = written.config.read_text("utf-8")
    assert old in text
    written.config.write_text(text.replace(old, new), "utf-8")


def problems(written: Written) -> list[tuple[str, bool]]:
    return [(problem.key, problem.warning) for problem in examine(written.config)[1]]


def test_what_is_written_believes_the_mail_server_and_leaves_five_minutes(
    written: Written,
) -> None:
    settings = load(written.config)
    assert (settings.staff_mail.accept, settings.staff_mail.cancel_minutes) == ("authenticated", 5)
    assert not settings.staff_mail.plus_address
    assert problems(written) == []


def test_the_example_of_a_token_in_the_address_works(written: Written) -> None:
    change(written, "# plus_address = true", "plus_address = true")
    assert load(written.config).staff_mail.plus_address


def test_doing_without_the_mail_servers_word_is_warned_of(written: Written) -> None:
    change(written, 'accept = "authenticated"', 'accept = "token_only"')
    assert problems(written) == [("staff_mail.accept", True)]


def test_that_no_mailbox_can_prove_anything_is_told(written: Written) -> None:
    change(written, AUTHSERV, "")
    assert problems(written) == [("staff_mail.accept", True)]
    change(written, 'accept = "authenticated"', 'accept = "off"')
    assert problems(written) == []


@pytest.mark.parametrize("wrong", ['accept = "siapa saja"', "cancel_minutes = -1", "minutes = 5"])
def test_what_means_nothing_is_refused(written: Written, wrong: str) -> None:
    name = wrong.split(" = ", maxsplit=1)[0]
    old = {"accept": 'accept = "authenticated"', "cancel_minutes": "cancel_minutes = 5"}
    change(written, old.get(name, "cancel_minutes = 5"), wrong)
    assert (f"staff_mail.{name}", False) in problems(written)
