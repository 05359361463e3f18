"""imapclient's client, made fit for a daemon: nothing may hang, spin or go unnoticed."""

import imaplib
import selectors
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError

from channels.errors import Permanent
from channels.imap.settings import ImapSettings

_LARGEST = 128 * 1024 * 1024  # bytes in one literal; no mail server takes in larger mail


class Client(IMAPClient):  # type: ignore[misc] # imapclient has no types
    """A connection with an upper bound on every exchange, not only on every byte of it.

    The constructor dials, secures the connection and reads the greeting; it raises what sockets,
    ssl and imaplib raise, or Permanent for a ``ca_file`` that cannot be used.
    """

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._context = _tls_context(settings)
        self._handle: socket.socket | None = None  # a second handle: it cuts in whatever TLS does
        try:
            with self.deadline(settings.timeout):
                super().__init__(
                    settings.host,
                    port=settings.port,
                    ssl=settings.security == "tls",
                    ssl_context=self._context,
                    timeout=settings.timeout,
                )
                # imapclient's level 5 writes out every literal, mail and all: three times slower.
                self._imap.debug = 0
                self.normalise_times = False
                if settings.security == "starttls":
                    self.starttls(self._context)
        except BaseException:
            self.hang_up()
            raise

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Cut the connection when the block takes longer. Raises TimeoutError instead of what breaks then."""
        overdue = Event()
        timer = Timer(seconds, self._cut, [overdue])
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, IMAPClientError) as error:
            if overdue.is_set():
                raise TimeoutError("not done in time") from error
            raise
        finally:
            timer.cancel()

    def start_idle(self) -> bool:
        """Begin IDLE. Returns True when news came before the server said that it idles.

        Raises CapabilityError when it refuses to. imapclient's own ``idle`` breaks off when an untagged line comes first.
        """
        self._idle_tag = self._imap._command("IDLE")  # noqa: SLF001 - imaplib has no public IDLE before 3.14
        news = False
        while (line := self._imap._get_response()) is not None:  # noqa: SLF001 - None: continuation
            if self._imap.tagged_commands[self._idle_tag]:
                self._imap.tagged_commands.pop(self._idle_tag)
                raise CapabilityError(line.decode("ascii", "replace"))
            news = news or is_news(line)
        return news

    def listen(self, seconds: float) -> list[bytes]:
        """Wait for lines during IDLE and return them, at once if there are any.

        Raises IMAPClientAbortError when the server has closed. imapclient's ``idle_check`` overlooks
        lines that came together with "+ idling", and takes a closed connection for silence.
        """
        lines, _ = self._buffered()
        if lines or not _readable(self.socket(), seconds):
            return lines
        lines, ended = self._buffered()
        if ended and not lines:
            raise IMAPClientAbortError("connection closed during IDLE")
        return lines

    def renumbered(self, generation: str) -> bool:
        """True when the server has announced another UIDVALIDITY since the folder was opened."""
        _, values = self._imap.response("UIDVALIDITY")
        return any(value is not None and value.decode() != generation for value in values)

    def hang_up(self) -> None:
        """Close without a word. Never raises."""
        if hasattr(self, "_imap"):
            with suppress(OSError):
                self._imap.shutdown()
        if self._handle is not None:
            self._handle.close()

    def _buffered(self) -> tuple[list[bytes], bool]:
        """Lines that can be read without waiting, and whether reading ended as it does at the end."""
        lines: list[bytes] = []
        sock = self.socket()
        sock.setblocking(False)
        try:
            while line := self._imap.readline():
                lines.append(line)
        except OSError:  # TLS, and imaplib from 3.14 on, say "nothing yet" by an exception
            return lines, False
        finally:
            sock.settimeout(self._settings.timeout)
        return lines, True

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - imapclient's name
        return _Dialled(self._settings.host, self._settings.port, self)

    def dial(self) -> socket.socket:
        """Connect, and secure the connection where it starts with TLS."""
        settings = self._settings
        sock = socket.create_connection((settings.host, settings.port), settings.timeout)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._handle = sock.dup()
            if settings.security == "tls" and self._context is not None:
                return self._context.wrap_socket(sock, server_hostname=settings.host)
        except BaseException:
            sock.close()
            raise
        return sock

    def _cut(self, overdue: Event) -> None:
        overdue.set()
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)


class _Dialled(imaplib.IMAP4):
    """imaplib on a connection that our client has made."""

    def __init__(self, host: str, port: int, client: Client) -> None:
        self._client = client
        super().__init__(host, port)

    def read(self, size: int) -> bytes:
        """Read a literal. imaplib makes room for whatever size the server names."""
        if size > _LARGEST:
            raise self.abort(f"unexpected literal of {size} bytes")
        return super().read(size)

    def _create_socket(self, timeout: float | None) -> socket.socket:  # noqa: ARG002 - imaplib's
        return self._client.dial()


def is_news(line: bytes) -> bool:
    """Whether a line heard during IDLE may mean new mail. What is no proper line counts as news."""
    return b" EXISTS" in line or b" RECENT" in line or not line.startswith(b"* ")


def _tls_context(settings: ImapSettings) -> ssl.SSLContext | None:
    if settings.security == "plain":
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise Permanent("imap_ca_file", file=settings.ca_file, reason=error) from error


def _readable(sock: socket.socket, seconds: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(seconds))
