"""pymap, an IMAP server in pure Python, for machines without Dovecot. Runs in a thread; mail lives in memory.

No XOAUTH2, no STARTTLS, no keywords; every start has a new UIDVALIDITY.
"""

import asyncio
import importlib.util
import ssl
import tempfile
from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from threading import Event, Thread

from testing.certificates import Authority, Certificate
from testing.mailserver import MailServer


def available() -> str | None:
    """Return None when pymap is installed, else the reason why it cannot be used."""
    if importlib.util.find_spec("pymap") is None:
        return "pymap is not installed (pip install 'muara[demo]')"
    return None


class Pymap(MailServer):
    """pymap with in-memory mailboxes."""

    def __init__(self, users: Mapping[str, str], *, certificate: Certificate | None = None) -> None:
        super().__init__(users)
        self._certificate = certificate
        self._ready = Event()
        self._error: BaseException | None = None

    def start(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="muara-pymap-")
        if self._certificate is None:
            self._certificate = Authority(Path(self._folder.name)).sign(self.host)
        self.ca_file = self._certificate.ca_file
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(20)
        if self._error is not None:
            raise RuntimeError("pymap does not start") from self._error

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(5)
        self._folder.cleanup()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            except Exception as error:  # noqa: BLE001 - handed over to the thread that waits in start
                self._error = error
            finally:
                self._ready.set()

    async def _serve(self) -> None:
        assert self._certificate is not None
        self._stopping = asyncio.Event()
        answer_with = _imap_server(self.users)
        running: set[asyncio.Task[None] | None] = set()

        async def answer(reader: StreamReader, writer: StreamWriter) -> None:
            running.add(
                asyncio.current_task()
            )  # asyncio alone would let it be collected as garbage
            try:
                await answer_with(reader, writer)
            finally:
                running.discard(asyncio.current_task())

        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(self._certificate.cert_file, self._certificate.key_file)
        plain_server = await asyncio.start_server(answer, "127.0.0.1", 0)
        tls_server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
        self.port = plain_server.sockets[0].getsockname()[1]
        self.tls_port = tls_server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        plain_server.close()
        tls_server.close()


def _imap_server(
    users: Mapping[str, str],
) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    """pymap's server for these users. Its packages may be absent where nobody asks for it."""
    from proxyprotocol.sock import SocketInfo  # noqa: PLC0415
    from pymap.backend.dict import Config, Login  # noqa: PLC0415
    from pymap.imap import IMAPServer  # noqa: PLC0415
    from pymap.user import UserMetadata  # noqa: PLC0415
    from pysasl.hashing import Cleartext  # noqa: PLC0415

    class LocalConfig(Config):
        greeting = b"ready"  # the inherited one looks its own name up in the DNS

    config = LocalConfig(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        demo_data=False,
        demo_user="",
        demo_password="",
        host="127.0.0.1",
        port=0,
        tls_enabled=False,  # no STARTTLS; the other port speaks TLS from the first byte
        reject_dnsbl=False,
        hash_context=Cleartext(),
    )
    config.apply_context()
    login = Login(config)
    for name, password in users.items():
        login.users_dict[name] = UserMetadata(config, name, password=password)
    server = IMAPServer(login, config)
    return lambda reader, writer: server(reader, writer, SocketInfo.get(writer, None))
