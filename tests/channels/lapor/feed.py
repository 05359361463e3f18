"""What the tests of the LAPOR feed share."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.lapor import (
    Credentials,
    HttpSettings,
    LaporChannel,
    MappedJson,
    MappedSettings,
    profile_from,
)
from config.profiles import read_profile
from testing.certificates import Certificate
from testing.lapor_server import LaporServer


@dataclass
class Token:
    value: str

    def reveal(self) -> str:
        return self.value


def settings(
    server: LaporServer,
    *,
    token: str | None = None,
    profile: dict[str, Any] | None = None,
    since: date | None = None,
    base_url: str = "",
    **http: Any,
) -> MappedSettings:
    """Settings for the local server, without the politeness that makes tests slow."""
    quick = {"pause": 0.0, "timeout": 2.0, "total": 2.0, "plain": True} | http
    return MappedSettings(
        HttpSettings(
            base_url or server.base_url, Credentials(Token(token or server.token)), **quick
        ),
        profile_from(read_profile("lapor-v2") | (profile or {})),
        since=since,
    )


@dataclass
class Call:
    """One request to a scripted server."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]


Reply = tuple[int, dict[str, str], Any]


@contextmanager
def serving(
    answer: Callable[[Call], Reply], certificate: Certificate | None = None
) -> Iterator[tuple[str, list[Call]]]:
    """A JSON server that answers as told (bytes as they are); yields its address and its calls."""
    calls: list[Call] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            query = parse_qs(f"{parts.query}&{form}")
            params = {name: values[0] for name, values in query.items()}
            calls.append(Call(self.command, parts.path, params, dict(self.headers.items())))
            status, headers, value = answer(calls[-1])
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            if "Transfer-Encoding" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - http.server's own name

        def log_message(self, *_args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.cert_file, certificate.key_file)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            scheme, host = ("https", "localhost") if certificate else ("http", "127.0.0.1")
            yield f"{scheme}://{host}:{server.server_address[1]}/api/", calls
        finally:
            server.shutdown()
            thread.join()


def profile(**changes: Any) -> dict[str, Any]:
    """A small profile of a list at ``reports``."""
    return {
        "name": "kecil",
        "list": {"path": "reports", "items": "data"},
        "fields": {"external_id": "id", "title": "title", "updated_at": "changed"},
    } | changes


def channel_for(
    base_url: str, mapping: dict[str, Any], credentials: Credentials | None = None, **http: Any
) -> LaporChannel:
    """A channel on a scripted server."""
    quick = {"plain": True, "pause": 0.0, "timeout": 2.0, "total": 2.0} | http
    feed = HttpSettings(base_url, credentials or Credentials(), **quick)
    return LaporChannel("lapor", MappedJson(MappedSettings(feed, profile_from(mapping))))
