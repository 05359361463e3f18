"""Short ways to make settings and mail for the tests of the IMAP channel."""

from dataclasses import dataclass, replace
from typing import Any

from channels.errors import ChannelError
from channels.imap import ImapSettings, PasswordAuth
from config.texts import Texts
from testing.mailserver import MailServer


@dataclass(frozen=True)
class Known:
    """A secret that is none."""

    value: str

    def reveal(self) -> str:
        return self.value


def password(value: str) -> PasswordAuth:
    return PasswordAuth(Known(value))


def settings(server: MailServer, user: str, **changes: Any) -> ImapSettings:
    """TLS with a checked certificate, unless changed."""
    plain = ImapSettings(
        host=server.host,
        port=server.tls_port,
        username=user,
        auth=password(server.users[user]),
        ca_file=str(server.ca_file),
        timeout=10,
    )
    return replace(plain, **changes)


def mail(text: str, subject: str = "Pengaduan", size: int = 0) -> bytes:
    """A small mail in plain text, padded with further lines to about ``size`` bytes."""
    head = f"From: Wayan <wayan@warga.test>\r\nTo: kesra@kab.test\r\nSubject: {subject}\r\n\r\n"
    raw = (head + text + "\r\n").encode()
    line = b"." * 76 + b"\r\n"
    return raw + line * max(0, (size - len(raw)) // len(line))


def explained(error: ChannelError) -> ChannelError:
    """The error, once its sentence is known to be complete in both languages."""
    for language in ("id", "en"):
        assert Texts(language)(f"errors.{error.code}", **error.values)
    return error
