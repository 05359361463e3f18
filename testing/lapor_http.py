"""The HTTP side of the local LAPOR feed, with its faults."""

import json
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

BASE = "/index.php/api/lapor/"
Row = dict[str, Any]


@dataclass(slots=True)
class Faults:
    """How to misbehave from now on. ``status`` and ``truncate`` hit every call whose path is in ``paths``."""

    paths: tuple[str, ...] = ("streams", "stream", "claims")
    status: int = 0
    times: int = -1  # how often ``status`` is answered before all is well again; -1: always
    retry_after: str = ""
    delay: float = 0  # seconds before the answer
    drip: float = 0  # seconds between two bytes of the body
    truncate: bool = False  # half of the body under a Content-Length for all of it
    half_json: bool = False  # half of the body as if it were all
    html: bool = False
    error_object: Row | None = None  # with HTTP 200
    cursor_loop: bool = False  # every page after the first is the first again
    repeat_last: bool = False  # the last page is given for ever instead of an empty list
    redirect: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    at: float
    status: int


class Feed(Protocol):
    """What the handler asks for its answers."""

    token: str
    etag: bool
    faults: Faults
    asked: list[Asked]

    def gives_up(self) -> bool:
        """Whether this call is one too many."""
        ...

    def answer(self, path: str, params: dict[str, str]) -> Any:
        """What the interface says to an authorised call."""
        ...


class Server(ThreadingHTTPServer):
    """http.server's, but when it goes down its open connections go too."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def cut_all(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """http.server's hooks; their names are its own."""

    feed: Feed
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        """Answer one call."""
        parts = urlsplit(self.path)
        path = parts.path.removeprefix(BASE)
        self._params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        faults = self.feed.faults
        time.sleep(faults.delay)
        if self.feed.gives_up():
            self.close_connection = True
            return
        try:
            self._reply(path, self._params, faults)
        except ConnectionError:
            self.close_connection = True

    def _reply(self, path: str, params: dict[str, str], faults: Faults) -> None:
        if faults.redirect:
            self._send(302, b"", {"Location": faults.redirect})
        elif faults.status and faults.times != 0 and path in faults.paths:
            faults.times -= 1
            headers = {"Retry-After": faults.retry_after} if faults.retry_after else {}
            self._send(faults.status, b"", headers)
        elif faults.html:
            self._send(200, b"<!DOCTYPE html><title>Pemeliharaan</title>", {})
        elif self.headers.get("KEYTOKEN") != self.feed.token:
            self._send_json({"status": False, "msg": "Token tidak valid"}, faults, path)
        else:
            self._send_json(self.feed.answer(path, params), faults, path)

    def _send_json(self, value: Any, faults: Faults, path: str) -> None:
        body = json.dumps(value).encode()
        headers = {"Content-Type": "application/json"}
        if self.feed.etag:
            headers["ETag"] = f'"{sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == headers["ETag"]:
                self._send(304, b"", headers)
                return
        if faults.half_json and path in faults.paths:
            body = body[: len(body) // 2]
        cut = len(body) // 2 if faults.truncate and path in faults.paths else None
        self._send(200, body, headers, cut=cut, drip=faults.drip)

    def _send(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str],
        *,
        cut: int | None = None,
        drip: float = 0,
    ) -> None:
        path = urlsplit(self.path).path.removeprefix(BASE)
        self.feed.asked.append(
            Asked(path, self._params, dict(self.headers.items()), time.monotonic(), status)
        )
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        sent = body[:cut]
        step = 1 if drip else max(len(sent), 1)
        for start in range(0, len(sent), step):
            self.wfile.write(sent[start : start + step])
            time.sleep(drip)
        self.close_connection = self.close_connection or cut is not None

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the requests are kept in ``asked``."""
