"""An IMAP server on a socket that can be told to misbehave, for what a real one cannot be made to do."""

import re
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass
class Turn:
    """One command of a client. A handler answers it with ``send``, or hangs up by raising Hangup."""

    server: "ScriptedImap"
    connection: socket.socket
    tag: str
    name: str
    arguments: str

    def send(self, text: str | bytes) -> None:
        self.connection.sendall(text.encode() if isinstance(text, str) else text)

    def ok(self, text: str = "done") -> None:
        self.send(f"{self.tag} OK {text}\r\n")

    def no(self, text: str) -> None:
        self.send(f"{self.tag} NO {text}\r\n")

    def default(self) -> None:
        """Answer as a well-behaved server does."""
        _DEFAULTS[self.name](self)


class Hangup(Exception):  # noqa: N818 - what a handler does, not what went wrong
    """The server closes the connection now."""


Handler = Callable[[Turn], None]


class ScriptedImap:
    """Holds ``mails`` (UID to bytes) in its only folder; ``on`` replaces the answer to a command.

    ``seen`` counts commands (``UID FETCH`` as one name), ``connections`` the connections.
    """

    host = "localhost"

    def __init__(self, mails: dict[int, bytes] | None = None, capabilities: str = "IDLE") -> None:
        self.mails = dict(mails or {})
        self.uidvalidity = 1
        self.capabilities = capabilities
        self.greeting = "* OK ready\r\n"
        self.seen: Counter[str] = Counter()
        self.connections = 0
        self._handlers: dict[str, Handler] = {}
        self._idle_tag = ""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def on(self, name: str, handler: Handler) -> None:
        self._handlers[name] = handler

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for sock in (self._listener, *self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._open.append(connection)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, Hangup), connection, connection.makefile("rb") as lines:
            self._greet(connection)
            for line in lines:
                self._answer(connection, line.decode().strip())

    def _greet(self, connection: socket.socket) -> None:
        turn = Turn(self, connection, "*", "GREETING", "")
        if greet := self._handlers.get("GREETING"):
            greet(turn)
        else:
            turn.send(self.greeting)

    def _answer(self, connection: socket.socket, line: str) -> None:
        tag, _, rest = line.partition(" ")
        if tag == "DONE":
            connection.sendall(f"{self._idle_tag} OK idled\r\n".encode())
            return
        words = re.match(r"(UID \w+|\w+) ?(.*)", rest)
        assert words is not None, line
        name = words[1].upper()
        self.seen[name] += 1
        turn = Turn(self, connection, tag, name, words[2])
        if name == "IDLE":
            self._idle_tag = tag
        self._handlers.get(name, Turn.default)(turn)


def _capability(turn: Turn) -> None:
    turn.send(f"* CAPABILITY IMAP4rev1 {turn.server.capabilities}\r\n")
    turn.ok()


def _select(turn: Turn) -> None:
    server = turn.server
    turn.send("* FLAGS (\\Seen)\r\n")
    turn.send(f"* {len(server.mails)} EXISTS\r\n* 0 RECENT\r\n")
    turn.send(f"* OK [UIDVALIDITY {server.uidvalidity}] valid\r\n")
    turn.send(f"* OK [UIDNEXT {max(server.mails, default=0) + 1}] next\r\n")
    turn.ok("[READ-WRITE] selected" if turn.name == "SELECT" else "[READ-ONLY] selected")


def _search(turn: Turn) -> None:
    uids = sorted(turn.server.mails)
    if window := re.match(r"(\d+):(\d+)", turn.arguments):
        uids = uids[int(window[1]) - 1 : int(window[2])]
    turn.send(f"* SEARCH {' '.join(map(str, uids))}\r\n")
    turn.ok()


def _fetch(turn: Turn) -> None:
    uids, items = turn.arguments.split(" ", 1)
    for number, uid in enumerate(sorted(turn.server.mails), start=1):
        if str(uid) in uids.split(","):
            turn.send(fetched(number, uid, items, turn.server.mails[uid]))
    turn.ok()


def fetched(number: int, uid: int, items: str, raw: bytes) -> bytes:
    """The untagged FETCH answer for one mail: its size and time, or its bytes."""
    if "RFC822.SIZE" in items:
        date = '"24-Nov-2026 08:00:00 +0800"'
        text = f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE {date})\r\n"
        return text.encode()
    part = re.search(r"<(\d+)\.(\d+)>", items)
    name = f"BODY[]<{part[1]}>" if part else "BODY[]"
    if part:
        raw = raw[int(part[1]) : int(part[1]) + int(part[2])]
    return f"* {number} FETCH (UID {uid} {name} {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"


def _logout(turn: Turn) -> None:
    turn.send("* BYE\r\n")
    turn.ok()
    raise Hangup


_DEFAULTS: dict[str, Handler] = {
    "CAPABILITY": _capability,
    "LOGIN": Turn.ok,
    "NOOP": Turn.ok,
    "SELECT": _select,
    "EXAMINE": _select,
    "UID SEARCH": _search,
    "UID FETCH": _fetch,
    "UID STORE": Turn.ok,
    "IDLE": lambda turn: turn.send("+ idling\r\n"),
    "LOGOUT": _logout,
}
