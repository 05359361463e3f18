"""A bound on a whole exchange over a socket: its own timeout starts again at every byte."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer


@contextmanager
def bounded(sock: socket.socket | None, seconds: float) -> Iterator[Event]:
    """Cut ``sock`` off when the block takes longer than ``seconds``; the event then is set."""
    overdue = Event()
    timer = Timer(seconds, _cut, (sock, overdue))
    timer.daemon = True
    timer.start()
    try:
        yield overdue
    finally:
        timer.cancel()


def _cut(sock: socket.socket | None, overdue: Event) -> None:
    """End a read in another thread. The plain method: TLS has nothing to say to a peer that hangs."""
    overdue.set()
    if sock is not None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
