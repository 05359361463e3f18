"""A local server that speaks the 2016 LAPOR feed, and misbehaves when told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from testing.lapor_http import BASE, Asked, Faults, Handler, Row, Server
from testing.served import Served

WIB = timezone(timedelta(hours=7))
START = datetime(2024, 11, 2, 8, 0, tzinfo=WIB)
_TIME = "%Y-%m-%d %H:%M:%S"
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
class _Store:
    reports: dict[str, Row] = field(default_factory=dict)
    claims: dict[str, list[Row]] = field(default_factory=dict)


class LaporServer(Served):
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
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """Base of the interface."""
        return f"http://{self.host}:{self.port}{BASE}"

    def start(self) -> None:
        """Listen; after the first time, on the same port."""
        handler = type("_Bound", (Handler,), {"feed": self})
        self._server = Server((self.host, self.port), handler)
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
