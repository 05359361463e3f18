"""The command line on an office of its own: a written configuration and an upgraded SQLite file."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.app import build
from cli.native import speak
from config.init import KEY_NAME, write
from config.texts import Texts
from store import Store, keyfile
from store.keyring import Keyring
from testing.accounts import account, acting_as

KEYS = Keyring.fresh()
MEMBERS = {"kesra": ["tim@kesra.test"], "pemeriksa": ["periksa@kesra.test"]}


@dataclass(frozen=True)
class Office:
    """A folder with a configuration; commands run in it as an operator would type them."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "muara.toml"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "muara.db"

    def run(
        self, *arguments: str, language: str = "id", stdin: str | bytes | None = None
    ) -> Result:
        words = Texts(language)
        speak(language)
        return CliRunner().invoke(
            build(words), ["--config", str(self.config), *arguments], input=stdin, prog_name="muara"
        )

    def seat(self, address: str) -> None:
        """Let the account that types commands be the person of this address."""
        entry = f'[[staff]]\nname = "Ni Luh Ayu"\nemail = "{address}"\nlogin = "{account()}"\n'
        text = self.config.read_text("utf-8").partition('[[staff]]\nname = "Ni Luh Ayu"')[0]
        self.config.write_text(f"{text.rstrip()}\n\n{entry}", "utf-8")

    def add(self, text: str, *options: str) -> str:
        """Enter a phone call; return its number."""
        done = self.run("add", "--medium", "phone", "--text", text, "--json", *options)
        assert done.exit_code == 0, done.output
        return done.stdout.split('"number": "')[1][:11]

    def store(self) -> Store:
        return Store(f"sqlite:///{self.database}", message_domain="kesra.test", keyring=KEYS)


def written(folder: Path) -> Path:
    """What `muara init` writes, with the teams filled in."""
    config = write(folder).config
    text = config.read_text("utf-8")
    for members in MEMBERS.values():
        text = text.replace("members = []", f'members = ["{members[0]}"]', 1)
    config.write_text(text, "utf-8")
    keyfile.create(folder / KEY_NAME, KEYS, heading="", owner_of=folder)
    return config


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("upgraded") / "muara.db"
    store = Store(f"sqlite:///{file}", keyring=KEYS)
    store.upgrade()
    store.close()
    return file


@pytest.fixture(autouse=True)
def language_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `speak` sets for the whole process ends with the test."""
    monkeypatch.setenv("LANGUAGE", "")


@pytest.fixture
def office(tmp_path: Path, upgraded: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    for name in ("MUARA_LANG", "MUARA_CONFIG", "MUARA_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in acting_as(account()).items():
        monkeypatch.setenv(name, value)
    written(tmp_path)
    made = Office(tmp_path)
    made.database.parent.mkdir()
    shutil.copy(upgraded, made.database)
    return made
