"""An SMTP server on loopback that keeps what it is sent, and misbehaves when told to."""

import asyncio
import email.policy
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from testing.certificates import Certificate
from testing.served import Served


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted message with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    connection: int  # messages of one connection share it

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.raw, policy=email.policy.default)


@dataclass(slots=True)
class Faults:
    """How to misbehave from now on; a reply is a line such as ``451 4.3.0 try later``."""

    sender: str = ""
    recipient: str = ""
    data: str = ""
    drop_after_data: bool = False  # takes the whole message, then closes before answering
    keep_dropped: bool = False  # ... and delivers it nevertheless, as real servers may
    delay: float = 0  # seconds before each answer to RCPT and DATA
    recipients: dict[str, str] = field(default_factory=dict)  # address: reply


class SmtpSink(Served):
    """A context manager around the server; ``stop`` and ``start`` take it down and up on its port."""

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        security: Literal["plain", "starttls", "tls"] = "plain",
        certificate: Certificate | None = None,
        username: str = "",
        password: str = "",
        smtputf8: bool = True,
    ) -> None:
        if security != "plain" and certificate is None:
            raise ValueError(f"{security} needs a certificate")
        self.port = 0
        self.received: list[Received] = []
        self.faults = Faults()
        self.hello = ""
        self._security = security
        self._context = _tls(certificate) if certificate else None
        self._login = (username.encode(), password.encode()) if username else None
        self._smtputf8 = smtputf8
        self._arrived = threading.Condition()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._connections: list[SMTP] = []

    def start(self) -> None:
        """Listen; after the first time, on the same port."""
        ready = threading.Event()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(ready),), name="smtp-sink", daemon=True
        )
        self._thread.start()
        if not ready.wait(10):
            raise TimeoutError("the SMTP sink did not start")

    def stop(self) -> None:
        """Stop listening and cut every connection. Safe to call twice."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)
        self._thread = None

    @contextmanager
    def down(self) -> Iterator[None]:
        """Be down while the block runs, then come back on the same port."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def wait_for(self, count: int, timeout: float = 10) -> list[Received]:
        """Return what was received once there are ``count`` messages; TimeoutError after ``timeout`` s."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.received) >= count, timeout):
                raise TimeoutError(f"{len(self.received)} of {count} messages after {timeout} s")
            return list(self.received)

    def keep(self, received: Received) -> None:
        """Add an accepted message and wake who waits for it."""
        with self._arrived:
            self.received.append(received)
            self._arrived.notify_all()

    @property
    def asks_for_login(self) -> bool:
        """Whether mail is taken only after AUTH."""
        return self._login is not None

    def accepts(self, login: LoginPassword) -> bool:
        """Whether these are the right name and password."""
        return self._login == (login.login, login.password)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        server = await self._loop.create_server(
            self._connection,
            self.host,
            self.port,
            ssl=self._context if self._security == "tls" else None,
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stopping.wait()
        server.close()
        for connection in self._connections:
            cut(connection)
        self._connections.clear()
        await asyncio.sleep(0)

    def _connection(self) -> SMTP:
        connection = SMTP(
            _Handler(self),
            hostname="sink.test",
            data_size_limit=64 * 1024 * 1024,
            enable_SMTPUTF8=self._smtputf8,
            tls_context=self._starttls_context(),
            require_starttls=self._security == "starttls",
            auth_require_tls=self._security == "starttls",
            authenticator=self._authenticate if self._login else None,
            loop=self._loop,
        )
        self._connections.append(connection)
        return connection

    def _starttls_context(self) -> ssl.SSLContext | None:
        return self._context if self._security == "starttls" else None

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        del server, session, envelope, mechanism
        return AuthResult(success=self.accepts(data), handled=False)


def _tls(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert_file, certificate.key_file)
    return context


def cut(connection: SMTP) -> None:
    """Close a connection without a word."""
    if isinstance(connection.transport, asyncio.WriteTransport):
        connection.transport.abort()


class _Handler:
    """aiosmtpd's hooks; their names are its own."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    async def handle_EHLO(  # noqa: N802
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        replies: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self._sink.hello = hostname
        return replies

    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self._sink.asks_for_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._sink.faults.sender:
            return self._sink.faults.sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        faults = self._sink.faults
        await asyncio.sleep(faults.delay)
        refusal = faults.recipients.get(address) or faults.recipient
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        faults = self._sink.faults
        await asyncio.sleep(faults.delay)
        if faults.data:
            return faults.data
        if not faults.drop_after_data or faults.keep_dropped:
            self._sink.keep(
                Received(
                    envelope.mail_from or "",
                    tuple(envelope.rcpt_tos),
                    cast("bytes", envelope.content),
                    id(server),
                )
            )
        if faults.drop_after_data:
            cut(server)
        return "250 OK"
