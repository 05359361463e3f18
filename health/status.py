"""How the daemon is, for programs that watch it: /healthz and /metrics on a port of its own.

Everything is asked of the database when somebody asks us, and kept for a moment. Nothing here can hold
up the daemon: own threads, short timeouts, and a port that is taken is a line in the log.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from time import monotonic
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import structlog

from health.metrics import CONTENT_TYPE as METRICS
from health.metrics import Reading, exposition
from ingest.office import Words
from ingest.rounds import Rounds
from store import Store, StoreError

KEPT = 2.0  # seconds an answer is given again
STUCK = 15 * 60.0  # seconds beyond its own time before a thread that does nothing counts as stuck
REQUEST_TIMEOUT = 10
OUTBOX, CHANNEL = "outbox", "channel:"  # the names under which these threads give their signs
JSON, TEXT = "application/json; charset=utf-8", "text/plain; charset=utf-8"

log = structlog.get_logger()


class Pulse:
    """Each thread of the daemon promises when it will give its next sign of life, in monotonic time.

    ``patience`` is how many seconds later than promised it may be.
    """

    def __init__(self, patience: float = STUCK) -> None:
        self.patience = patience
        self._due: dict[str, float] = {}

    def beat(self, name: str, within: float = 0.0) -> None:
        """A sign of life; the next comes ``within`` so many seconds."""
        self._due[name] = monotonic() + max(within, 0.0) + self.patience

    def overdue(self) -> list[str]:
        """Who broke the promise."""
        return sorted(name for name, due in tuple(self._due.items()) if monotonic() > due)


@dataclass(frozen=True, slots=True)
class Report:
    """``failing``: it needs a restart or a database. ``problems`` alone: it works, a person should look."""

    failing: bool
    problems: tuple[str, ...]

    @property
    def status(self) -> str:
        """One word for programs."""
        if self.failing:
            return "failing"
        return "degraded" if self.problems else "ok"


class Monitor:
    """Asks how the daemon is. Safe to share between threads; one of them asks, the others wait for it."""

    def __init__(
        self,
        store: Store,
        rounds: Rounds,
        *,
        words: Words,
        pulse: Pulse,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._rounds = rounds
        self._words = words
        self._pulse = pulse
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Any]] = {}

    def report(self) -> Report:
        """What /healthz says."""
        with self._lock:
            report: Report = self._fresh("report", self._report)
            return report

    def metrics(self) -> bytes:
        """What /metrics says, in Prometheus' text format."""
        with self._lock:
            page: bytes = self._fresh("metrics", lambda: exposition(self._read()))
            return page

    def _fresh(self, name: str, ask: Callable[[], Any]) -> Any:
        until, answer = self._kept.get(name, (0.0, None))
        if monotonic() >= until:
            answer = ask()
            self._kept[name] = (monotonic() + KEPT, answer)
        return answer

    def _report(self) -> Report:
        now = self._clock()
        try:
            self._store.ping()
            stuck = [name for name in self._pulse.overdue() if not self._moves(name, now)]
            troubles = self._rounds.troubles(now)
        except StoreError as error:
            return Report(True, (self._words("health.database", reason=error),))
        if stuck:
            return Report(True, tuple(self._words("health.thread_stuck", name=n) for n in stuck))
        return Report(False, tuple(trouble.sentence(self._words) for trouble in troubles))

    def _moves(self, name: str, now: datetime) -> bool:
        """Whether a thread that is long at one thing, a full mailbox or a long queue, gets on with it."""
        latest = None
        if name == OUTBOX:
            latest = self._store.counts().last_sent
        elif name.startswith(CHANNEL):
            latest = self._store.latest_arrival(name.removeprefix(CHANNEL))
        return latest is not None and now - latest < timedelta(seconds=self._pulse.patience)

    def _read(self) -> Reading | None:
        now = self._clock()
        try:
            states, counts = self._rounds.states(), self._store.counts()
            return Reading(now, tuple(states), counts, self._store.late(now))
        except StoreError as error:
            log.warning("store.unavailable", error=str(error))
            return None


class StatusPage:
    """The server, as a context manager: its threads end with it, and a request in hand is not waited for."""

    def __init__(self, monitor: Monitor, host: str, port: int) -> None:
        self._monitor = monitor
        self._server = _Server(host, port)
        self._server.set_app(self._answer)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens: of interest where port 0 was asked for."""
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        status, kind, body = self._page(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start(f"{status.value} {status.phrase}", [*headers, ("Cache-Control", "no-store")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _page(self, method: str, path: str) -> tuple[HTTPStatus, str, bytes]:
        if method not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, TEXT, b"GET\n"
        if path == "/healthz":
            report = self._monitor.report()
            status = HTTPStatus.SERVICE_UNAVAILABLE if report.failing else HTTPStatus.OK
            said = {"status": report.status, "problems": report.problems}
            return status, JSON, (json.dumps(said, ensure_ascii=False) + "\n").encode()
        if path == "/metrics":
            return HTTPStatus.OK, METRICS, self._monitor.metrics()
        return HTTPStatus.NOT_FOUND, TEXT, b"/healthz /metrics\n"


class _Handler(WSGIRequestHandler):
    timeout = REQUEST_TIMEOUT

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        log.debug("health.asked", request=format % args)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self, host: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking DNS for our own name, which the base class does and which may hang."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()
