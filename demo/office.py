"""Makes the demo's folder: configuration, throw-away passwords, a certificate authority."""

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cli.context import operator
from store import keyfile
from store.keyring import Keyring

_TEMPLATE = Path(__file__).with_name("muara.toml")
_SECRETS = ("gmail", "webmail", "lapor", "smtp")
_HISTORY = timedelta(days=14)


class FolderError(Exception):
    """The demo's folder holds something else."""


@dataclass(frozen=True)
class Office:
    """Where the demo lives. ``passwords`` go by the names of the channels, and ``smtp``."""

    folder: Path
    passwords: Mapping[str, str]

    @property
    def config(self) -> Path:
        return self.folder / "muara.toml"

    @property
    def key(self) -> Path:
        return self.folder / "muara.key"

    @property
    def log(self) -> Path:
        return self.folder / "daemon.log"

    @property
    def mailboxes(self) -> dict[str, str]:
        """Login names and passwords of the two mailboxes."""
        return {address(name): self.passwords[name] for name in ("gmail", "webmail")}

    def configure(
        self, language: str, mail: tuple[str, int], lapor_url: str, smtp_port: int
    ) -> None:
        """Write the configuration for servers that are running now."""
        values = {
            "LANGUAGE": language,
            "MAIL_HOST": mail[0],
            "MAIL_PORT": str(mail[1]),
            "LAPOR_URL": lapor_url,
            "SMTP_PORT": str(smtp_port),
            "SINCE": _since().isoformat(),
            "LOGIN": operator(),
        }
        if not self.key.exists():
            keyfile.create(self.key, Keyring.fresh(), heading="", owner_of=self.folder)
        text = _TEMPLATE.read_text("utf-8")
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        self.config.write_text(text, "utf-8")


def address(mailbox: str) -> str:
    return f"kesra@{mailbox}.example"


def fresh(folder: Path) -> Office:
    """Make the folder anew. Raises FolderError where it was not the demo's, OSError where it cannot be made."""
    folder = folder.absolute()
    if folder.exists():
        if any(folder.iterdir()) and not (folder / "rahasia" / "lapor").exists():
            raise FolderError(folder)
        shutil.rmtree(folder)
    passwords = {name: secrets.token_urlsafe(12) for name in _SECRETS}
    kept = folder / "rahasia"
    kept.mkdir(parents=True, mode=0o700)
    for name, password in passwords.items():
        (kept / name).touch(mode=0o600)
        (kept / name).write_text(password + "\n", "utf-8")
    return Office(folder, passwords)


def _since() -> date:
    return (datetime.now(UTC) - _HISTORY).date()
