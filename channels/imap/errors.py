"""What sockets, ssl and IMAP servers say, put into our kinds of error. Response codes: RFC 5530."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
)

from channels.errors import ChannelError, Permanent, Temporary
from channels.imap.settings import ImapSettings, OAuthAuth

_CERT_HAS_EXPIRED = 10
_NAME_MISMATCH = (62, 64)  # OpenSSL: host name, IP address

_NETWORK: tuple[tuple[type[Exception], str], ...] = (  # the first that fits
    (socket.gaierror, "imap_unknown_host"),
    (UnicodeError, "imap_unknown_host"),
    (TimeoutError, "imap_timeout"),
    (ConnectionRefusedError, "imap_connection_refused"),
    (ssl.SSLEOFError, "imap_closed"),
    (ssl.SSLZeroReturnError, "imap_closed"),
    (ConnectionError, "imap_closed"),
    (ssl.SSLError, "imap_tls"),
    (OSError, "imap_unreachable"),
    (ValueError, "imap_garbled"),
)

_BUSY = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|OVERQUOTA|THROTTLED)\b"
    r"|too many|maximum number|temporar|try again|bandwidth|rate.?limit|exceeded|overload",
    re.IGNORECASE,
)
_APP_PASSWORD = re.compile(r"application-specific password|app.password", re.IGNORECASE)
_WEB_LOGIN = re.compile(r"web browser|\[WEBALERT|web login", re.IGNORECASE)
_NO_IMAP = re.compile(r"(not enabled|disabled) for imap|imap (access )?is disabled", re.IGNORECASE)
_NEEDS_TLS = re.compile(r"\[PRIVACYREQUIRED\]|plain.?text auth|LOGINDISABLED", re.IGNORECASE)
_NO_PERMISSION = re.compile(r"\[NOPERM\]|permission|access denied|not authori[sz]ed", re.IGNORECASE)
_NO_FOLDER = re.compile(
    r"\[(NONEXISTENT|TRYCREATE)\]|n[o']t exist|unknown mailbox|not found|no such", re.IGNORECASE
)


class FolderError(Permanent):
    """One folder cannot be read; the others can."""


@contextmanager
def translated(settings: ImapSettings) -> Iterator[None]:
    """Raise Temporary or Permanent for whatever an exchange with the server raises."""
    try:
        yield
    except IMAPClientError as error:
        raise _server_error(error, settings) from error
    except (OSError, ValueError) as error:  # ValueError: an answer that imapclient cannot read
        raise _network_error(error, settings) from error


def is_fatal(error: IMAPClientError) -> bool:
    """Whether the connection is of no use any more. An endless line is left half read by imaplib."""
    return isinstance(error, IMAPClientAbortError) or "got more than" in str(error)


def is_busy(error: IMAPClientError) -> bool:
    """Whether the server refuses everything for now, rather than this one mail."""
    words = said(error)
    return _BUSY.search(words) is not None and "[SERVERBUG]" not in words


def said(error: Exception) -> str:
    """The server's own words, without the wrapping of imaplib and imapclient."""
    text = re.sub(r"^(\w+ failed: |command: \w+ => )", "", str(error))
    quoted = re.fullmatch(r"""b(['"])(.*)\1""", text, re.DOTALL)
    text = quoted[2] if quoted else text
    return " ".join(re.sub(r"\s*\([\d.]+ \+ [\d.]+ secs\)\.?$", "", text).split())[:300]


def folder_error(error: IMAPClientError, settings: ImapSettings, folder: str) -> ChannelError:
    """The server refuses to open ``folder``."""
    words = said(error)
    values = {"host": settings.host, "user": settings.username, "folder": folder, "reply": words}
    if _NO_PERMISSION.search(words):
        return FolderError("imap_no_permission", **values)
    if _NO_FOLDER.search(words):
        return FolderError("imap_no_folder", **values)
    if _BUSY.search(words):
        return Temporary("imap_busy", host=settings.host, reply=words)
    return FolderError("imap_folder_refused", **values)


def _server_error(error: IMAPClientError, settings: ImapSettings) -> ChannelError:
    words = said(error)
    match error:
        case LoginError():
            return _login_error(words, settings)
        case CapabilityError():
            return Permanent("imap_no_starttls", host=settings.host, port=settings.port)
        case _ if _BUSY.search(words):
            return Temporary("imap_busy", host=settings.host, reply=words)
        case IMAPClientAbortError() if "unexpected" in words:
            return Temporary("imap_garbled", host=settings.host, port=settings.port, reason=words)
        case IMAPClientAbortError():
            return Temporary("imap_closed", host=settings.host, reason=words)
        case _:
            return Temporary("imap_refused", host=settings.host, reply=words)


def _login_error(words: str, settings: ImapSettings) -> ChannelError:
    values = {"host": settings.host, "user": settings.username, "reply": words}
    if _BUSY.search(words):
        return Temporary("imap_busy", host=settings.host, reply=words)
    for pattern, code in (
        (_APP_PASSWORD, "imap_app_password"),
        (_WEB_LOGIN, "imap_web_login"),
        (_NO_IMAP, "imap_not_enabled"),
        (_NEEDS_TLS, "imap_needs_tls"),
    ):
        if pattern.search(words):
            return Permanent(code, **values)
    by_token = isinstance(settings.auth, OAuthAuth)
    return Permanent("imap_token_refused" if by_token else "imap_login_refused", **values)


def _network_error(error: Exception, settings: ImapSettings) -> ChannelError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_error(error, settings)
    code = next(code for kind, code in _NETWORK if isinstance(error, kind))
    kind = Permanent if code == "imap_tls" else Temporary
    return kind(code, host=settings.host, port=settings.port, reason=error)


def _certificate_error(error: ssl.SSLCertVerificationError, settings: ImapSettings) -> Permanent:
    where = {"host": settings.host, "port": settings.port}
    if error.verify_code == _CERT_HAS_EXPIRED:
        return Permanent("imap_certificate_expired", **where)
    if error.verify_code in _NAME_MISMATCH:
        return Permanent("imap_certificate_name", **where)
    return Permanent("imap_certificate_untrusted", reason=error.verify_message, **where)
