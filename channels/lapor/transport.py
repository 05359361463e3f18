"""requests' transport with our bounds: few and patient retries, no endless header, errors named."""

import http.client
import socket
import ssl
from typing import Any, Self

import urllib3
from requests import exceptions
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import BaseHTTPResponse

from channels.bounded import bounded
from channels.errors import Temporary

RETRIES = 2
_RETRIED = (429, 500, 502, 503, 504)
_LONGEST_WAIT = 5.0  # seconds; a longer Retry-After is for the scheduler, not for us to sit out


class _Retry(urllib3.Retry):
    """Retries answers, never timeouts: the next poll is a better retry than a second hang."""

    def get_backoff_time(self) -> float:
        return max(super().get_backoff_time(), self.backoff_factor)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> Self:
        if response is not None and self._asks_for_more(response):
            raise urllib3.exceptions.MaxRetryError(_pool, url or "")
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def _asks_for_more(self, response: BaseHTTPResponse) -> bool:
        try:
            return (self.get_retry_after(response) or 0) > _LONGEST_WAIT
        except urllib3.exceptions.InvalidHeader:
            return True


class _Bounded(HTTPConnection):
    """A connection whose whole answer head must come within its read timeout."""

    def getresponse(self) -> Any:
        with bounded(self.sock, float(self.timeout or 0)) as overdue:
            try:
                return super().getresponse()
            except Exception as error:
                if overdue.is_set():
                    raise TimeoutError("no whole answer head in time") from error
                raise


class _BoundedTls(_Bounded, HTTPSConnection):
    """The same, encrypted."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Bounded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTls


class Adapter(HTTPAdapter):
    """To be mounted on a session. ``pause`` in seconds lies between a refusal and the next try."""

    def __init__(self, pause: float, retries: int = RETRIES) -> None:
        super().__init__(
            max_retries=_Retry(
                total=retries,
                connect=False,  # False, in urllib3: raise it as it is
                read=False,
                other=0,
                status=retries,
                status_forcelist=_RETRIED,
                allowed_methods=None,
                raise_on_status=False,
                backoff_factor=pause,
            )
        )

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use our connections; the name is requests' own."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


def network_error(error: BaseException, host: str) -> Temporary:
    """Our error for what requests, urllib3, ssl and the socket raise."""
    causes = _causes(error)
    certificate = _find(causes, ssl.SSLCertVerificationError)
    if certificate is not None:
        return Temporary("lapor_certificate", host=host, reason=certificate.verify_message)
    if _find(causes, socket.gaierror, urllib3.exceptions.NameResolutionError, UnicodeError):
        return Temporary("lapor_unknown_host", host=host)
    if _timed_out(causes):
        return Temporary("lapor_timeout", host=host)
    if _find(causes, ssl.SSLError, exceptions.SSLError):
        return Temporary("lapor_tls", host=host, reason=causes[-1])
    if _find(causes, http.client.IncompleteRead, urllib3.exceptions.DecodeError):
        return Temporary("lapor_truncated", host=host)
    return Temporary("lapor_unreachable", host=host, reason=causes[-1])


def _timed_out(causes: list[BaseException]) -> bool:
    """Whether an answer was waited for. To urllib3, a refused connection is a kind of timeout too."""
    if _find(causes, urllib3.exceptions.NewConnectionError):
        return False
    kinds = (TimeoutError, urllib3.exceptions.TimeoutError, exceptions.Timeout)
    return _find(causes, *kinds) is not None


def never_sent(error: BaseException) -> bool:
    """Whether a request failed before a byte of it went out: no connection came about."""
    kinds = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        ssl.SSLCertVerificationError,
    )
    return _find(_causes(error), *kinds) is not None


def _find(causes: list[BaseException], *kinds: type[BaseException]) -> Any:
    return next((cause for cause in causes if isinstance(cause, kinds)), None)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and everything it wraps, outermost first: by cause, context, reason or argument."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if one in found:
            continue
        found.append(one)
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        waiting += [other for other in inner if isinstance(other, BaseException)]
    return found
