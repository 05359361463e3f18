"""What smtplib and the socket raise, put into our three kinds of error."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from channels.errors import ChannelError, Permanent, Temporary

_PERMANENT = 500
_LOGIN_NEEDED = 530
_TOO_BIG = 552


class Refused(Permanent):
    """This message will never be accepted for this recipient; others may be."""


@contextmanager
def translated(host: str, port: int, recipient: str = "") -> Iterator[None]:
    """Raise ours instead of theirs. 4xx, network and TLS are Temporary; 5xx Permanent or Refused."""
    try:
        yield
    except (OSError, UnicodeError) as error:  # SMTPException is an OSError
        raise _translate(error, host, port, recipient) from error


def _translate(error: Exception, host: str, port: int, recipient: str) -> ChannelError:
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, reply = next(iter(error.recipients.values()))
            return _by_code(code, reply, error, host, recipient)
        case smtplib.SMTPResponseException():
            return _by_code(error.smtp_code, error.smtp_error, error, host, recipient)
        case smtplib.SMTPServerDisconnected():
            return Temporary("smtp_dropped", host=host, port=port)
        case smtplib.SMTPException():  # an extension we need is not offered
            return Permanent("smtp_not_offered", host=host, port=port, reason=error)
        case _:
            return _network(error, host, port)


def _by_code(
    code: int, reply: bytes | str, error: Exception, host: str, recipient: str
) -> ChannelError:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    said = f"{code} {' '.join(text.split())}"
    if code < _PERMANENT:
        return Temporary("smtp_busy", host=host, reply=said)
    message_at_fault = _message_at_fault(code, error)
    if message_at_fault:
        return Refused(message_at_fault, host=host, recipient=recipient, reply=said)
    return Permanent(_settings_at_fault(code, error), host=host, reply=said)


def _message_at_fault(code: int, error: Exception) -> str:
    match error:
        case smtplib.SMTPRecipientsRefused() if code != _LOGIN_NEEDED:
            return "smtp_recipient_refused"
        case smtplib.SMTPDataError():
            return "smtp_message_refused"
        case smtplib.SMTPSenderRefused() if code == _TOO_BIG:
            return "smtp_message_refused"
        case _:
            return ""


def _settings_at_fault(code: int, error: Exception) -> str:
    match error:
        case smtplib.SMTPAuthenticationError():
            return "smtp_login_refused"
        case _ if code == _LOGIN_NEEDED:
            return "smtp_login_needed"
        case smtplib.SMTPSenderRefused():
            return "smtp_sender_refused"
        case _:
            return "smtp_refused"


def _network(error: Exception, host: str, port: int) -> Temporary:
    match error:
        case socket.gaierror() | UnicodeError():
            return Temporary("smtp_unknown_host", host=host)
        case ssl.SSLCertVerificationError():
            return Temporary(
                "smtp_certificate", host=host, port=port, reason=error.verify_message.rstrip(".")
            )
        case ssl.SSLError():
            return Temporary("smtp_tls", host=host, port=port, reason=error.reason or error)
        case TimeoutError():
            return Temporary("smtp_timeout", host=host, port=port)
        case _:
            return Temporary("smtp_unreachable", host=host, port=port, reason=error)
