"""The keys about health: what is refused, what is only warned of, and what `muara init` explains."""

from pathlib import Path

import pytest

from config.init import Written, write
from config.settings import examine, load
from tests.config.test_config_init import TODAY, fill_in


@pytest.fixture
def written(tmp_path: Path) -> Written:
    made = write(tmp_path / "muara", today=TODAY, command=Path("/bin/true"))
    fill_in(made)
    return made


def append(written: Written, line: str) -> None:
    """Add a line to the last table, which is [health]."""
    with written.config.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def problems(written: Written) -> list[tuple[str, bool]]:
    return [(problem.key, problem.warning) for problem in examine(written.config)[1]]


def test_the_examples_about_health_work_when_their_marks_are_removed(written: Written) -> None:
    text = written.config.read_text("utf-8")
    command = '["/usr/local/bin/kirim-sms", "08123456789"]'
    for key in (
        "canary_within_minutes", "stuck_minutes", "port", "notify_command", "canary_minutes"
    ):  # fmt: skip
        assert text.count(f"\n# {key} = ") == 1, key
        text = text.replace(f"\n# {key} = ", f"\n{key} = ")
    assert command in text
    written.config.write_text(text.replace(command, '["/bin/true", "08123456789"]'))
    settings = load(written.config)
    assert settings.health.port == 9464
    assert settings.health.host == "127.0.0.1"
    assert settings.health.notify_command == ("/bin/true", "08123456789")


def test_by_default_nothing_is_served_and_no_command_is_run(written: Written) -> None:
    health = load(written.config).health
    assert (health.port, health.notify_command) == (None, ())


def test_a_status_page_for_the_whole_network_is_warned_of(written: Written) -> None:
    append(written, 'port = 9464\nhost = "0.0.0.0"')
    assert problems(written) == [("health.host", True)]


def test_a_command_that_is_not_there_is_told(written: Written) -> None:
    append(written, 'notify_command = ["/nonexistent/kirim"]')
    assert problems(written) == [("health.notify_command", False)]


def test_a_mail_to_oneself_needs_an_address(written: Written) -> None:
    text = written.config.read_text("utf-8")
    text = text.replace(
        'username = "kesrasetda@bulelengkab.go.id"', 'username = "kesrasetda"\ncanary_minutes = 30'
    )
    written.config.write_text(text)
    assert ("channels[webmail].canary_address", False) in problems(written)
    address = 'canary_minutes = 30\ncanary_address = "kesrasetda@bulelengkab.go.id"'
    written.config.write_text(text.replace("canary_minutes = 30", address))
    assert problems(written) == []
