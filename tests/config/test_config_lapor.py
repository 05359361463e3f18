"""The ways of the national platform into the office, as settings."""

from datetime import date
from pathlib import Path

import pytest

from config.channels import ExportSource, ImapSource, Open311Source
from config.init import write as write_init
from config.settings import examine, load
from tests.config.test_config_settings import GOOD, told, write

OPEN311 = """
[[channels]]
name = "kota"
kind = "open311"
base_url = "https://kota.example.id/georeport/v2/"
"""
EXPORT = """
[[channels]]
name = "ekspor"
kind = "export"
folder = "ekspor"
"""


@pytest.fixture(autouse=True)
def _a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUARA_TEST_SECRET", "sandi")


def test_an_open311_server_needs_a_first_day_and_what_its_sign_in_wants(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD + OPEN311) == [("channels[kota].since", "needed_when_enabled")]
    since = OPEN311 + "since = 2026-11-24\n"
    assert told(tmp_path, GOOD + since) == []
    assert told(tmp_path, GOOD + since + 'auth = "basic"\n') == [
        ("channels[kota].token", "needed_for_sign_in"),
        ("channels[kota].username", "needed_for_sign_in"),
    ]


def test_an_open311_server_over_an_open_line_must_be_allowed(tmp_path: Path) -> None:
    text = OPEN311.replace("https:", "http:") + "since = 2026-11-24\n"
    assert told(tmp_path, GOOD + text) == [("channels[kota].base_url", "plain_security")]


def test_parameters_of_an_open311_server_are_texts(tmp_path: Path) -> None:
    text = OPEN311 + 'since = 2026-11-24\nparams = { jurisdiction_id = "buleleng" }\n'
    feed = load(write(tmp_path, GOOD + text)).channels[1]
    assert isinstance(feed, Open311Source)
    assert feed.params == {"jurisdiction_id": "buleleng"}


def test_a_folder_of_exports_must_be_there(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD + EXPORT) == [("channels[ekspor].folder", "no_such_folder")]
    (tmp_path / "ekspor").mkdir()
    export = load(write(tmp_path, GOOD + EXPORT)).channels[1]
    assert isinstance(export, ExportSource)
    assert export.folder == tmp_path / "ekspor"


def test_a_folder_that_is_switched_off_need_not_be_there(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD + EXPORT + "enabled = false\n") == []


def test_notification_mail_needs_the_name_of_the_server_that_vouches(tmp_path: Path) -> None:
    text = GOOD + 'notification_domains = ["lapor.go.id"]\n'
    assert told(tmp_path, text) == [("channels[surel].authserv_id", "no_authserv_id")]
    assert told(tmp_path, text + 'authserv_id = "mx.example.id"\n') == []


@pytest.mark.parametrize("pattern", ["#[0-9]+", "#([0-9]+", "(#)([0-9]+)"])
def test_a_pattern_of_tracking_ids_has_one_group(tmp_path: Path, pattern: str) -> None:
    text = GOOD + f"notification_patterns = ['{pattern}']\n"
    assert told(tmp_path, text) == [
        ("channels[surel].notification_patterns[1]", "tracking_pattern")
    ]


def test_an_unknown_kind_of_channel_names_those_there_are(tmp_path: Path) -> None:
    _, problems = examine(write(tmp_path, GOOD + EXPORT.replace('"export"', '"ftp"')))
    sentence = problems[0].sentence
    assert not [kind for kind in ("imap", "lapor", "open311", "export") if kind not in sentence]


def test_the_folder_of_exports_is_made_and_watched_from_the_first_day(tmp_path: Path) -> None:
    written = write_init(tmp_path / "muara", today=date(2026, 11, 24), command=Path("/bin/true"))
    assert written.exports.is_dir()
    assert written.exports.stat().st_mode & 0o007 == 0
    settings, _ = examine(written.config)
    assert settings is not None
    (export,) = (one for one in settings.channels if isinstance(one, ExportSource))
    assert (export.folder, export.since) == (written.exports, date(2026, 11, 24))
    assert not any(
        one.notification_domains for one in settings.channels if isinstance(one, ImapSource)
    )
