"""Outbound mail. One call sends one message to one recipient, or says what to do about it."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from types import TracebackType
from typing import Literal, Self

from channels.bounded import bounded
from channels.errors import ChannelError, Permanent
from channels.secret import Secret
from channels.smtp_errors import Refused, translated
from channels.smtp_wire import ascii_domain, wire

_SLOWEST = 16 * 1024  # bytes a second; a slower server counts as hanging
_GOODBYE = 5.0  # seconds to wait for the answer to QUIT
_OK = 250
_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_RECIPIENT = re.compile(r"[^\s@<>,;:\"()\\]+@[^\s@<>,;:\"()\\]+")


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How to reach the office's mail server. ``plain`` sends everything readable on the way.

    ``timeout`` is in seconds, for signing in and again for each message. Without ``ca_file`` the
    system's certificate authorities are trusted.
    """

    host: str
    port: int
    sender_address: str
    sender_name: str = ""
    security: Literal["tls", "starttls", "plain"] = "tls"
    username: str = ""
    password: Secret | None = None
    ca_file: str | None = None
    timeout: float = 30.0


class Mailer:
    """Sends mail. As a context manager it keeps one connection for a batch, and reconnects."""

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings
        self._smtp: _Client | None = None
        self._keep = False

    def __enter__(self) -> Self:
        self._keep = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._keep = False
        self.close()

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand ``message`` to the server for ``recipient``; From and Date are added where missing.

        Returns once the server has taken it. Raises Refused where this message or recipient is at
        fault, Permanent where the settings are, Temporary otherwise: also when the connection broke
        before the server's last word, so a message can arrive twice, with one Message-ID.
        """
        envelope = ascii_domain(recipient)
        if not _RECIPIENT.fullmatch(envelope):
            raise Refused("smtp_bad_recipient", recipient=recipient)
        international = not (envelope.isascii() and self.settings.sender_address.isascii())
        sender = Address(self.settings.sender_name, addr_spec=self.settings.sender_address)
        raw = wire(message, sender, international=international)
        try:
            self._transmit(envelope, raw, international=international)
        except Refused:
            raise
        except ChannelError:
            self._drop()
            raise
        finally:
            if not self._keep:
                self.close()

    def check(self) -> None:
        """Connect and sign in, send nothing. Raises Temporary or Permanent."""
        try:
            self._connected()
        finally:
            self.close()

    def close(self) -> None:
        """Say goodbye to the server, if there is a connection."""
        if self._smtp is not None:
            self._smtp.hurry(_GOODBYE)
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def _transmit(self, recipient: str, raw: bytes, *, international: bool) -> None:
        smtp = self._connected()
        if international and not smtp.has_extn("smtputf8"):
            raise Refused("smtp_no_utf8", host=self.settings.host, recipient=recipient)
        options = ["SMTPUTF8", "BODY=8BITMIME"] if international else []
        smtp.allow(self.settings.timeout + len(raw) / _SLOWEST)
        with translated(self.settings.host, self.settings.port, recipient):
            smtp.sendmail(ascii_domain(self.settings.sender_address), recipient, raw, options)

    def _connected(self) -> "_Client":
        if self._smtp is not None and not _alive(self._smtp):
            self._drop()
        if self._smtp is None:
            self._smtp = _signed_in(self.settings)
        return self._smtp


class _Client(smtplib.SMTP):
    """smtplib's client with a bound on each whole reply."""

    def getreply(self) -> tuple[int, bytes]:
        with bounded(self.sock, self.timeout) as overdue:
            try:
                reply = super().getreply()
            except smtplib.SMTPServerDisconnected as error:
                if overdue.is_set() or isinstance(error.__context__, TimeoutError):
                    raise TimeoutError("no reply in time") from error
                raise
        if overdue.is_set():
            self.close()
            raise TimeoutError("no whole reply in time")
        return reply

    def allow(self, seconds: float) -> None:
        """Let sending one message take this long."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def hurry(self, seconds: float) -> None:
        """Wait no longer than this for what is still to come."""
        self.timeout = min(self.timeout, seconds)
        self.allow(self.timeout)


class _TlsClient(_Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _alive(smtp: _Client) -> bool:
    """Ask before reuse: a server may close an idle connection, and asking loses no message."""
    try:
        return smtp.noop()[0] == _OK
    except (OSError, smtplib.SMTPException):
        return False


def _signed_in(settings: SmtpSettings) -> _Client:
    context = _context(settings)
    with translated(settings.host, settings.port):
        smtp = _connect(settings, context)
        try:
            smtp.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                smtp.starttls(context=context)
            if settings.password is not None:
                _login(smtp, settings.username, settings.password.reveal())
        except BaseException:
            smtp.close()
            raise
    return smtp


def _connect(settings: SmtpSettings, context: ssl.SSLContext | None) -> _Client:
    name, seconds = _own_name(), settings.timeout
    if settings.security == "tls":
        return _TlsClient(
            settings.host, settings.port, local_hostname=name, timeout=seconds, context=context
        )
    return _Client(settings.host, settings.port, local_hostname=name, timeout=seconds)


def _login(smtp: _Client, username: str, password: str) -> None:
    if not (username + password).isascii():
        raise Permanent("smtp_login_not_ascii")
    smtp.login(username, password)


def _context(settings: SmtpSettings) -> ssl.SSLContext | None:
    if settings.security == "plain":
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise Permanent("smtp_ca_file", file=settings.ca_file, reason=error) from error


def _own_name() -> str:
    """What to say in EHLO: a full host name, else an address literal (RFC 5321, 4.1.3). No DNS."""
    name = socket.gethostname()
    return name if _HOST_NAME.fullmatch(name) else "[127.0.0.1]"
