"""The daemon as a real process, with a folder and a configuration of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from store import Store, keyfile
from store.keyring import Keyring
from testing.accounts import account, acting_as

ROOT = Path(__file__).parents[1]
MUARA = (
    sys.executable,
    "-c",
    "import cli; cli.main()",
)  # the code beside this file, whatever is installed
TEAM, EXAMINER = "tim@kantor.test", "pemeriksa@kantor.test"
OWN = "kesra@kantor.test"
_OFFICE = """
[general]
language = "id"

[office]
name = "Sekretariat Daerah"
section = "Bagian Kesra"
phone = "0362 21985"
signature = "Tim Pengelola Pengaduan"

[store]
folder = "data"

[smtp]
host = "{smtp_host}"
port = {smtp_port}
{smtp_security}
sender_address = "kesra@kantor.test"
timeout_seconds = 5
per_minute = 6000

[[teams]]
name = "kesra"
label = "Tim Kesra"
members = ["tim@kantor.test"]
default = true

[[teams]]
name = "pemeriksa"
label = "Pemeriksa"
members = ["pemeriksa@kantor.test"]
examiner = true

[escalation]
{escalation}

{staff}

[log]
format = "json"
level = "debug"
"""
PLAIN = 'security = "plain"\nallow_plain = true'


class Site:
    """One office's folder: write its configuration, start its daemon, look into its store."""

    def __init__(self, folder: Path, smtp_port: int = 1) -> None:
        self.folder = folder
        self.smtp_host, self.smtp_port, self.smtp_security = "127.0.0.1", smtp_port, PLAIN
        self.extra = ""
        self.escalation = "enabled = false"  # what they send depends on the time of day
        self.account = account()
        self._staff = ""
        self._channels: dict[str, str] = {}
        (folder / "rahasia").mkdir(mode=0o700, exist_ok=True)

    @property
    def config(self) -> Path:
        return self.folder / "muara.toml"

    @property
    def key(self) -> Path:
        return self.folder / "muara.key"

    @property
    def keyring(self) -> Keyring:
        return Keyring.parse(self.key.read_text("utf-8"))

    @property
    def database(self) -> Path:
        return self.folder / "data" / "muara.db"

    def seat(self, address: str) -> None:
        """Let the account that types commands be the person of this address."""
        person = {"name": "Ni Luh Petugas", "email": address, "login": self.account}
        lines = [f"{key} = {_toml(value)}" for key, value in person.items()]
        self._staff = "\n".join(["[[staff]]", *lines])

    def keep_secret(self, name: str, value: str) -> None:
        """Write a secret where ``credential:name`` is looked for."""
        path = self.folder / "rahasia" / name
        path.touch(mode=0o600)
        path.write_text(value + "\n", "utf-8")

    def imap(
        self, name: str, address: tuple[str, int], user: str, password: str, **keys: Any
    ) -> None:
        """Add or replace a mailbox, unencrypted and polled every second unless told otherwise."""
        self.keep_secret(name, password)
        host, port = address
        table = {
            "kind": "imap", "host": host, "port": port, "security": "plain", "allow_plain": True,
            "username": user, "password": f"credential:{name}", "poll_seconds": 1,
            "timeout_seconds": 5, "since": datetime.now(UTC).date() - timedelta(days=30),
        }  # fmt: skip
        self._add(name, {**table, **keys})

    def lapor(self, name: str, base_url: str, token: str, **keys: Any) -> None:
        """Add or replace a feed, polled every second without a pause unless told otherwise."""
        self.keep_secret(name, token)
        table = {
            "kind": "lapor", "base_url": base_url, "allow_plain": True, "poll_seconds": 1,
            "token": f"credential:{name}", "pause_seconds": 0.0, "timeout_seconds": 5,
            "since": datetime(2024, 1, 1, tzinfo=UTC).date(),
        }  # fmt: skip
        self._add(name, {**table, **keys})

    def _add(self, name: str, table: Mapping[str, Any]) -> None:
        lines = [f"{key} = {_toml(value)}" for key, value in table.items() if value is not None]
        self._channels[name] = "\n".join(["\n[[channels]]", f'name = "{name}"', *lines])

    def write(self) -> None:
        """Write the configuration as it is now."""
        office = _OFFICE.format(
            smtp_host=self.smtp_host,
            smtp_port=self.smtp_port,
            smtp_security=self.smtp_security,
            escalation=self.escalation,
            staff=self._staff,
        )
        if not self.key.exists():
            keyfile.create(self.key, Keyring.fresh(), heading="", owner_of=self.folder)
        text = "\n".join([office, self.extra, *self._channels.values()])
        self.config.write_text(text + "\n", "utf-8")

    def start(self, **options: Any) -> "Daemon":
        """Write the configuration and start the daemon; see Daemon."""
        self.write()
        return Daemon(self.config, **options)

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run one command of the command line to its end."""
        call = [*MUARA, "--config", str(self.config), *arguments]
        return subprocess.run(
            call,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=ROOT,
            env=os.environ | acting_as(self.account),
        )

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, also while the daemon has it."""
        store = Store(f"sqlite:///{self.database}", keyring=self.keyring)
        try:
            yield store
        finally:
            store.close()


class Daemon:
    """One run of ``muara run``; its log is read as it comes. Killed at the end of a ``with`` block."""

    def __init__(
        self,
        config: Path,
        *,
        environment: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
        nice: int = 0,
    ) -> None:
        self.log: list[dict[str, Any]] = []
        self.strange: list[str] = []
        self._ended = False
        self._news = threading.Condition()
        wrap = ["nice", "-n", str(nice)] if nice else []
        self.process = subprocess.Popen(
            [*wrap, *MUARA, "--config", str(config), "run"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            preexec_fn=before,  # noqa: PLW1509 - sets a limit, takes no lock
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """SIGKILL. Safe to call twice, and after the daemon has ended."""
        self.process.kill()
        self.wait(10)

    def stop(self, timeout: float = 20) -> tuple[int, float]:
        """SIGTERM; return the exit code and how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.wait(timeout), time.monotonic() - began

    def wait(self, timeout: float) -> int:
        """Wait until the daemon has ended, and return its exit code. TimeoutExpired if it does not."""
        code = self.process.wait(timeout)
        self._reader.join(10)
        if self.process.stderr is not None:
            self.process.stderr.close()
        return code

    def heard(self, event: str, **values: Any) -> list[dict[str, Any]]:
        """Entries of the log with this event and these values, until now."""
        wanted = {"event": event, **values}.items()
        return [entry for entry in list(self.log) if wanted <= entry.items()]

    def hear(self, event: str, *, count: int = 1, timeout: float = 20, **values: Any) -> None:
        """Wait until the log holds an event so often. TimeoutError with the log otherwise."""

        def over() -> bool:
            return len(self.heard(event, **values)) >= count or self._ended

        with self._news:
            if not self._news.wait_for(over, timeout) or len(self.heard(event, **values)) < count:
                raise TimeoutError(f"no {event} {values} in {timeout} s:\n{self.story()}")

    def story(self) -> str:
        """The end of the log, for people."""
        return "\n".join([*map(str, self.log[-40:]), *self.strange[-40:]])

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._news:
                try:
                    self.log.append(json.loads(line))
                except ValueError:
                    self.strange.append(line.rstrip())
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


def eventually(what: Callable[[], Any], timeout: float = 20, *, every: float = 0.1) -> Any:
    """Return the first true value of ``what``. TimeoutError with the last one otherwise."""
    until = time.monotonic() + timeout
    while not (value := what()):
        if time.monotonic() > until:
            raise TimeoutError(f"still {value!r} after {timeout} s")
        time.sleep(every)
    return value


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)
