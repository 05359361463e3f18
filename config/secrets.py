"""Passwords and tokens, by reference only.

A ``Secret`` holds where its value is kept, never the value itself: no repr, log line, JSON, pickle
or traceback of a setting can give one away. The value is read anew at each ``reveal``.
"""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_REFERENCE = re.compile(
    r"(?P<env>env:[A-Za-z_][A-Za-z0-9_]*)|(?P<file>file:[^\x00]+)|(?P<credential>credential:[A-Za-z0-9][\w.-]*)",
    re.ASCII,
)
SECRETS_FOLDER = "rahasia"
NOT_THERE = ("secret_missing", "secret_not_set")  # codes of what was never written, or was lost


class SecretError(Exception):
    """A secret cannot be read. ``code`` names the sentence in texts/*/config.toml."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return ", ".join([self.code, *self.values.values()])


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference to a secret: an environment variable, a file or a systemd credential.

    ``folder`` is the configuration's own: relative files start there, and outside of systemd a
    credential is looked for in its folder ``rahasia``.
    """

    kind: Literal["env", "file", "credential"]
    name: str
    folder: Path

    @classmethod
    def parse(cls, text: object, folder: Path) -> "Secret | None":
        """Read a reference; None when it is not one, and so may be the secret itself."""
        match = _REFERENCE.fullmatch(text) if isinstance(text, str) else None
        if not match:
            return None
        name = match[0].partition(":")[2]
        if match["env"]:
            return cls("env", name, folder)
        return cls("file" if match["file"] else "credential", name, folder)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    def reveal(self) -> str:
        """Return the value, without the newline at its end. Raises SecretError."""
        if self.kind != "env":
            return self._read()
        value = os.environ.get(self.name)
        if not value:
            raise SecretError("secret_not_set", name=self.name)
        return value

    def check(self) -> None:
        """Raise SecretError when the value is missing, or in a file that other users can read."""
        self.reveal()
        if self.kind != "env" and not self._kept_by_systemd:
            path = self._path
            if path.stat().st_mode & stat.S_IROTH:
                raise SecretError("secret_readable", path=str(path))

    @property
    def _kept_by_systemd(self) -> bool:
        return self.kind == "credential" and "CREDENTIALS_DIRECTORY" in os.environ

    @property
    def _path(self) -> Path:
        if self.kind == "file":
            return self.folder / self.name
        kept = os.environ.get("CREDENTIALS_DIRECTORY")
        return (Path(kept) if kept else self.folder / SECRETS_FOLDER) / self.name

    @property
    def file(self) -> Path | None:
        """The file that holds the value, where it is one that we may write."""
        return None if self.kind == "env" or self._kept_by_systemd else self._path

    def _read(self) -> str:
        try:
            value = self._path.read_text("utf-8").rstrip("\r\n")
        except FileNotFoundError:
            raise SecretError("secret_missing", path=str(self._path)) from None
        except (OSError, UnicodeDecodeError) as error:
            # Of a decoding error only the kind is told: its text would hold the bytes.
            why = error.strerror if isinstance(error, OSError) else "UTF-8"
            raise SecretError("secret_unreadable", path=str(self._path), why=str(why)) from None
        if not value:
            raise SecretError("secret_empty", path=str(self._path))
        return value
