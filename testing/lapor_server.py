"""A local server that speaks the 2016 LAPOR feed, and misbehaves when told to."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

WIB = timezone(timedelta(hours=7))
START = datetime(2024, 11, 2, 8, 0, tzinfo=WIB)
BASE = "/index.php/api/lapor/"
_TIME = "%Y-%m-%d %H:%M:%S"
Row = dict[str, Any]
_USUAL: Row = {
    "topic_nid": 12,
    "topic_name": "Kesejahteraan",
    "user_id": 77,
    "first_name": "Ni Luh",
    "last_name": "Sari",
    "closed_at": None,
    "status": 1,
    "verified": 1,
    "JmlTL": 0,
    "report_type": 1,
    "is_anonim": 1,
    "lampiran": [],
}


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


@dataclass(slots=True)
class _Store:
    reports: dict[str, Row] = field(default_factory=dict)
    claims: dict[str, list[Row]] = field(default_factory=dict)


class LaporServer:
    """A context manager around the server. ``base_url`` and ``token`` are what an office would be given."""

    host = "127.0.0.1"

    def __init__(
        self,
        token: str = "kunci-uji",
        page_size: int = 10,
        *,
        etag: bool = False,
        clock: datetime = START,
    ) -> None:
        self.token = token
        self.page_size = page_size
        self.etag = etag
        self.fail_after = -1  # answer this many more calls, then close connections unanswered
        self.strictly_before = True  # whether a cursor leaves out rows of its own time
        self.port = 0
        self.faults = Faults()
        self.asked: list[Asked] = []
        self._data = _Store()
        self._lock = threading.RLock()
        self._clock = clock.astimezone(WIB)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """Base of the interface."""
        return f"http://{self.host}:{self.port}{BASE}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; after the first time, on the same port."""
        handler = type("_Bound", (_Handler,), {"feed": self})
        self._server = _Server((self.host, self.port), handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="lapor-server", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening. Safe to call twice."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.cut_all()
            self._thread.join(10)
        self._server = self._thread = None

    @contextmanager
    def down(self) -> Iterator[None]:
        """Be down while the block runs, then come back on the same port."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def misbehaving(self, **faults: Any) -> Iterator[None]:
        """Have these faults while the block runs."""
        self.faults = Faults(**faults)
        try:
            yield
        finally:
            self.faults = Faults()

    def add(self, subject: str, content: Any = "", **fields: Any) -> str:
        """Add a report as the newest and return its tracking ID; ``fields`` overwrite."""
        with self._lock:
            nid = str(fields.get("nid", 9165000 + len(self._data.reports)))
            now = self.tick()
            row = {
                "nid": int(nid) if nid.isdecimal() else nid,
                "subject": subject,
                "content": content or subject,
                "tanggal": now,
                "last_activity": now,
            }
            self._data.reports[nid] = _USUAL | row | fields
            return nid

    def change(self, nid: str, *, touch: bool = True, **fields: Any) -> None:
        """Change a report; with ``touch`` it moves to the front of the list, as activity does."""
        with self._lock:
            activity = {"last_activity": self.tick()} if touch else {}
            self._data.reports[nid] |= activity | fields

    def follow_up(self, nid: str, text: str, by: str = "Admin Buleleng", **fields: Any) -> None:
        """Add a follow-up to a report."""
        with self._lock:
            claims = self._data.claims.setdefault(nid, [])
            self.change(nid, JmlTL=len(claims) + 1)
            at = self._data.reports[nid]["last_activity"]
            claims.append(
                {"claim_text": text, "tanggal": at, "LevelName": by, "Lampiran": []} | fields
            )

    def remove_field(self, nid: str, name: str) -> None:
        """Take a field out of a report."""
        with self._lock:
            del self._data.reports[nid][name]

    def tick(self) -> str:
        """The platform's clock, a minute later, as it writes times."""
        self._clock += timedelta(minutes=1)
        return self._clock.strftime(_TIME)

    def paths(self) -> list[str]:
        """What was asked, in order: the paths alone."""
        return [asked.path for asked in self.asked]

    def gives_up(self) -> bool:
        """Count a call; whether it is one too many."""
        with self._lock:
            if self.fail_after > 0:
                self.fail_after -= 1
                return False
            return self.fail_after == 0

    def answer(self, path: str, params: dict[str, str]) -> Any:
        """What the interface says to an authorised call."""
        with self._lock:
            if self.faults.error_object is not None and path in self.faults.paths:
                return self.faults.error_object
            if path == "streams":
                return self._page(params.get("nid", ""))
            nid = params.get("nid", "")
            if nid not in self._data.reports:
                return {"status": False, "msg": "Laporan tidak ditemukan"}
            if path == "claims":
                return self._data.claims.get(nid, [])
            return self._whole(self._data.reports[nid])

    def _page(self, cursor: str) -> list[Row]:
        rows = sorted(
            self._data.reports.values(), key=lambda row: str(row["last_activity"]), reverse=True
        )
        if cursor and not self.faults.cursor_loop:
            rows = [row for row in rows if self._is_behind(row, cursor)] or (
                rows[-self.page_size :] if self.faults.repeat_last else []
            )
        return [self._short(row) for row in rows[: self.page_size]]

    def _is_behind(self, row: Row, cursor: str) -> bool:
        at: str = str(row["last_activity"])
        return at < cursor or (at == cursor and not self.strictly_before)

    @staticmethod
    def _short(row: Row) -> Row:
        content = row["content"]
        if isinstance(content, dict) and content.get("isLong"):
            return row | {"content": {"isi": content["isi"][:40], "isLong": True}}
        return row

    @staticmethod
    def _whole(row: Row) -> Row:
        content = row["content"]
        return row | {"content": content["isi"] if isinstance(content, dict) else content}


class _Server(ThreadingHTTPServer):
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


class _Handler(BaseHTTPRequestHandler):
    """http.server's hooks; their names are its own."""

    feed: LaporServer
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
