"""What tests and the demo do to a mail server from outside, whichever server it is."""

import re
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from testing.served import Served


class MailServer(Served):
    """A server for ``users`` (name to password), each with an INBOX. Use it as a context manager.

    ``port`` is unencrypted, ``tls_port`` encrypted from the first byte; ``host`` is named in the
    certificate, signed by ``ca_file``.
    """

    host = "localhost"
    port: int
    tls_port: int
    ca_file: Path

    def __init__(self, users: Mapping[str, str]) -> None:
        self.users = dict(users)

    @contextmanager
    def connect(self, user: str, folder: str | None = "INBOX") -> Iterator[IMAPClient]:
        """A second client of the mailbox, such as a colleague's web-mail, with ``folder`` selected."""
        with IMAPClient(self.host, port=self.port, ssl=False, timeout=20) as client:
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(user, self.users[user])
            if folder is not None:
                client.select_folder(folder)
            yield client

    def deliver(
        self, user: str, raw: bytes, *, folder: str = "INBOX", received_at: datetime | None = None
    ) -> int:
        """Put one mail into a folder, received now unless told otherwise, and return its UID."""
        return self.deliver_all(user, [raw], folder=folder, received_at=received_at)[0]

    def deliver_all(
        self,
        user: str,
        raws: Iterable[bytes],
        *,
        folder: str = "INBOX",
        received_at: datetime | None = None,
    ) -> list[int]:
        received_at = received_at or datetime.now(UTC)
        with self.connect(user, folder=None) as client:
            return [_append(client, folder, raw, received_at) for raw in raws]

    def create(self, user: str, folder: str) -> None:
        with self.connect(user, folder=None) as client:
            client.create_folder(folder)

    def uids(self, user: str, *, folder: str = "INBOX") -> list[int]:
        with self.connect(user, folder) as client:
            return [int(uid) for uid in client.search("ALL")]

    def flags(self, user: str, uid: int, *, folder: str = "INBOX") -> set[str]:
        with self.connect(user, folder) as client:
            return {flag.decode() for flag in client.get_flags([uid])[uid]}

    def flag(self, user: str, uids: Sequence[int], flag: str, *, folder: str = "INBOX") -> None:
        with self.connect(user, folder) as client:
            client.add_flags(uids, [flag])

    def expunge(self, user: str, uids: Sequence[int], *, folder: str = "INBOX") -> None:
        with self.connect(user, folder) as client:
            client.delete_messages(uids)
            client.expunge()

    def clear(self, user: str, *, folder: str = "INBOX") -> None:
        """Expunge every mail of a folder."""
        if uids := self.uids(user, folder=folder):
            self.expunge(user, uids, folder=folder)


def _append(client: IMAPClient, folder: str, raw: bytes, received_at: datetime) -> int:
    answer = client.append(folder, raw, msg_time=received_at)
    found = re.search(rb"APPENDUID \d+ (\d+)", answer)
    assert found is not None, answer
    return int(found[1])
