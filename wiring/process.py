"""What a daemon is to the system around it: its signals, systemd's notes, its page for programs."""

import _thread
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import structlog

from health import Monitor, Pulse, StatusPage
from wiring.parts import Parts

log = structlog.get_logger()


@contextmanager
def status_page(parts: Parts, pulse: Pulse) -> Iterator[None]:
    """Serve /healthz and /metrics where that is wanted. Complaints come in also where the port is taken."""
    health = parts.settings.health
    if health.port is None:
        yield
        return
    monitor = Monitor(parts.store, parts.rounds, words=parts.words, pulse=pulse, clock=parts.clock)
    try:
        page = StatusPage(monitor, health.host, health.port)
    except OSError as error:
        log.error("health.not_served", host=health.host, port=health.port, error=str(error))  # noqa: TRY400 - no bug
        yield
        return
    with page:
        log.info("health.served", host=health.host, port=page.port)
        yield


@contextmanager
def signals(stop: Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT ask for a clean end; put the old handlers back after."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(*_: object) -> None:
        # Not here: the interrupted thread may hold the very lock that setting the event needs.
        _thread.start_new_thread(stop.set, ())

    wanted = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, ask) for number in wanted]
    try:
        yield
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)


def notify(message: str) -> None:
    """Tell systemd (sd_notify(3)); nothing where there is none. A deaf systemd is no reason to fail."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.connect("\0" + path[1:] if path.startswith("@") else path)
            channel.sendall(message.encode())
    except OSError as error:
        log.warning("notify.failed", error=str(error))
