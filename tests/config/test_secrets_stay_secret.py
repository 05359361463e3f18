"""A secret's value comes out of ``reveal`` and nowhere else; what cannot be read is named."""

import copy
import json
import logging
import os
import pickle
import pwd
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.channels import ImapSource
from config.secrets import Secret, SecretError
from config.settings import ConfigError, examine, load

VALUE = "sandi-yang-sangat-rahasia"


def secret(reference: str, folder: Path) -> Secret:
    parsed = Secret.parse(reference, folder)
    assert parsed
    return parsed


@pytest.fixture
def kept(tmp_path: Path) -> Secret:
    path = tmp_path / "sandi"
    path.write_text(VALUE + "\n")
    path.chmod(0o600)
    return secret(f"file:{path}", tmp_path)


def test_a_file_gives_its_value_without_the_newline(kept: Secret) -> None:
    assert kept.reveal() == VALUE
    kept.check()


def test_a_relative_file_lies_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "sandi").write_text(VALUE)
    assert secret("file:sandi", tmp_path).reveal() == VALUE


def test_an_environment_variable_gives_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUARA_SANDI", VALUE)
    assert secret("env:MUARA_SANDI", tmp_path).reveal() == VALUE


def test_a_credential_comes_from_systemds_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gmail").write_text(VALUE)
    (tmp_path / "gmail").chmod(0o444)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    credential = secret("credential:gmail", Path("/nowhere"))
    assert credential.reveal() == VALUE
    credential.check()


def test_outside_of_systemd_a_credential_lies_in_the_secrets_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    (tmp_path / "rahasia").mkdir()
    (tmp_path / "rahasia" / "gmail").write_text(VALUE)
    assert secret("credential:gmail", tmp_path).reveal() == VALUE


def test_a_changed_file_is_read_anew(kept: Secret, tmp_path: Path) -> None:
    (tmp_path / "sandi").write_text("baru")
    assert kept.reveal() == "baru"


def test_a_file_everybody_can_read_is_refused(kept: Secret, tmp_path: Path) -> None:
    (tmp_path / "sandi").chmod(0o644)
    with pytest.raises(SecretError) as caught:
        kept.check()
    assert caught.value.code == "secret_readable"


def test_what_cannot_be_read_is_named_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MUARA_TIADA", raising=False)
    (tmp_path / "kosong").write_text("\n")
    (tmp_path / "biner").write_bytes(b"\xff" + VALUE.encode())
    codes = {}
    for name in ("file:tiada", "file:kosong", "file:biner", "file:.", "env:MUARA_TIADA"):
        with pytest.raises(SecretError) as caught:
            secret(name, tmp_path).reveal()
        codes[name] = caught.value.code
        assert VALUE not in "".join(traceback.format_exception(caught.value))
    assert codes == {
        "file:tiada": "secret_missing",
        "file:kosong": "secret_empty",
        "file:biner": "secret_unreadable",
        "file:.": "secret_unreadable",
        "env:MUARA_TIADA": "secret_not_set",
    }


@pytest.mark.parametrize(
    "text", [VALUE, "", "env:", "env:1A", "file:", "credential:../etc/passwd", "ENV:A", 12345, None]
)
def test_what_is_no_reference_is_not_taken_for_one(text: object, tmp_path: Path) -> None:
    assert Secret.parse(text, tmp_path) is None


def test_no_way_of_printing_shows_the_value(kept: Secret, caplog: pytest.LogCaptureFixture) -> None:
    kept.reveal()
    logging.getLogger("x").warning("%s %r %s", kept, kept, {"secret": kept})
    shown = [repr(kept), str(kept), f"{kept}", f"{kept!r:>80}", "%s" % kept, caplog.text]  # noqa: UP031 - one of the ways
    shown += [json.dumps({"secret": kept}, default=str), repr(copy.deepcopy(kept))]
    assert not [text for text in shown if VALUE in text]
    assert VALUE.encode() not in pickle.dumps(kept)
    with pytest.raises(TypeError):
        json.dumps({"secret": kept})


CONFIG = """
[office]
name = "Setda"
section = "Kesra"
phone = "0362"
[smtp]
host = "localhost"
sender_address = "kesra@example.id"
[[teams]]
name = "kesra"
label = "Kesra"
members = ["a@example.id"]
default = true
examiner = true
[[channels]]
name = "gmail"
kind = "imap"
host = "localhost"
username = "kesra@example.id"
since = 2026-11-24
"""


def write(folder: Path, more: str) -> Path:
    path = folder / "muara.toml"
    path.write_text(CONFIG + more)
    return path


def test_settings_never_hold_the_value(kept: Secret, tmp_path: Path) -> None:
    settings = load(write(tmp_path, f'password = "file:{kept.name}"\n'))
    channel = settings.channels[0]
    assert isinstance(channel, ImapSource)
    assert channel.password
    assert channel.password.reveal() == VALUE
    shown = [repr(settings), str(settings), repr(settings.model_dump())]
    assert not [text for text in shown if VALUE in text]
    assert VALUE.encode() not in pickle.dumps(settings)


@pytest.mark.parametrize(
    "line",
    [
        f'password = "{VALUE}"',
        f'pasword = "{VALUE}"',
        f'password = ["{VALUE}"]',
        f'client_secret = "{VALUE}"',
        f'port = "{VALUE}"',
        f'password = "{VALUE}',
        f'auth = "{VALUE}"',
        f'password = "file:/{VALUE}/\\u0000"',
    ],
)
def test_a_password_written_into_the_file_is_not_repeated(line: str, tmp_path: Path) -> None:
    path = write(tmp_path, line + "\n")
    with pytest.raises(ConfigError) as caught:
        load(path)
    chain: BaseException | None = caught.value
    while chain:
        assert VALUE not in str(chain) + repr(chain)
        chain = chain.__cause__ or chain.__context__
    assert VALUE not in "".join(traceback.format_exception(caught.value))


def test_a_literal_password_is_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    _, problems = examine(write(tmp_path, f'password = "{VALUE}"\n'))
    [problem] = problems
    assert problem.key == "channels[gmail].password"
    assert all(way in problem.sentence for way in ("file:", "credential:", "env:"))


def test_pydantics_own_error_text_shows_no_input() -> None:
    with pytest.raises(ValueError, match="literal_secret") as caught:
        ImapSource.model_validate(
            {"name": "x", "kind": "imap", "host": "h", "username": "u", "password": VALUE}
        )
    assert VALUE not in str(caught.value)
    assert VALUE not in repr(caught.value)


def test_a_database_password_in_the_url_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, f'[store]\nurl = "postgresql://muara:{VALUE}@localhost/muara"\n')
    _, problems = examine(path)
    told = [problem for problem in problems if problem.key == "store.url"]
    assert len(told) == 1
    assert VALUE not in str(told[0])


def test_a_database_password_joins_its_url_only_on_request(kept: Secret, tmp_path: Path) -> None:
    (tmp_path / "sandi").write_text("a/b@c:d")
    path = write(
        tmp_path,
        'password = "file:sandi"\n[store]\nurl = "postgresql://muara@localhost/muara"\npassword = "file:sandi"\n',
    )
    store = load(path, secrets=False).store
    assert store.url == "postgresql+psycopg://muara@localhost/muara"
    assert store.connection_url() == "postgresql+psycopg://muara:a%2Fb%40c%3Ad@localhost/muara"


@contextmanager
def not_as_root() -> Iterator[None]:
    """Root may read everything: look as nobody meanwhile."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_file_we_may_not_read_says_so(kept: Secret, tmp_path: Path) -> None:
    (tmp_path / "sandi").chmod(0)
    with not_as_root(), pytest.raises(SecretError, match="secret_unreadable"):
        kept.reveal()
