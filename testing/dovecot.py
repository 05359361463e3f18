"""A private, real Dovecot on loopback: starts in well under a second, as root or as an ordinary user."""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from testing.certificates import Authority, Certificate
from testing.dovecot_config import Ports, write
from testing.mailserver import MailServer

_STARTS = 3  # an ephemeral port can be taken between choosing and binding it
_GRACE = 0.3  # seconds between asking Dovecot to stop and killing what is left of it


def available() -> str | None:
    """Return None when Dovecot can be started here, else the reason why not."""
    if _program("dovecot") is None:
        return "dovecot is not installed (Debian: apt-get install dovecot-imapd)"
    if _program("doveadm") is None:
        return "doveadm is not installed (Debian: apt-get install dovecot-core)"
    if not re.match(r"2\.[34]\.", _version()):
        return f"Dovecot {_version()} is neither 2.3 nor 2.4"
    return None


class Dovecot(MailServer):
    """Dovecot 2.3 or 2.4. With ``plain_login=False`` it refuses passwords on the unencrypted port.

    ``token`` makes access tokens it accepts for XOAUTH2. It offers STARTTLS on ``port``.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        certificate: Certificate | None = None,
        plain_login: bool = True,
    ) -> None:
        super().__init__(users)
        self._certificate = certificate
        self._plain_login = plain_login
        self._token_key = os.urandom(32)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._base = Path(
            tempfile.mkdtemp(prefix="muara-dovecot-", dir="/tmp")
        )  # short: holds sockets
        self._base.chmod(0o755)
        self._make_folders()
        if self._certificate is None:
            self._certificate = Authority(self._base).sign(self.host)
        self.ca_file = self._certificate.ca_file
        for _ in range(_STARTS):
            if self._launch():
                return
        message = f"Dovecot does not start:\n{self.log()}"
        self.stop()
        raise RuntimeError(message)

    def stop(self) -> None:
        self._halt()
        shutil.rmtree(self._base, ignore_errors=True)

    def restart(self) -> None:
        """Come back on the same ports with the same mail."""
        self.shut()
        self._await_start()

    def shut(self) -> None:
        """Refuse connections until ``restart``; the mail stays."""
        self._halt()

    def log(self) -> str:
        return "".join(
            path.read_text("utf-8", "replace")
            for path in (self._base / "out", self._base / "dovecot.log")
            if path.exists()
        )

    def drop(self, user: str, raw: bytes) -> None:
        """Put a mail into the INBOX's Maildir as a delivery agent does, without any connection."""
        name = f"{time.time_ns()}.{os.urandom(4).hex()}.muara"
        inbox = self._mail(user, "INBOX")
        if not inbox.exists():
            self.uids(user)  # Dovecot makes it at the first visit
        (inbox / "tmp" / name).write_bytes(raw)
        if os.geteuid() == 0:
            shutil.chown(inbox / "tmp" / name, "nobody", "nogroup")
        (inbox / "tmp" / name).rename(inbox / "new" / name)

    def change_uidvalidity(self, user: str, value: int, *, folder: str = "INBOX") -> None:
        """Make all UIDs of a folder mean nothing any more, as after a restore from backup."""
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(value), folder)

    def kick(self, user: str) -> None:
        """Close every connection of a user."""
        self.doveadm("kick", user)

    def deny(self, user: str, folder: str = "INBOX") -> None:
        """Leave a user the right to see that a folder exists, but not to open it, until ``allow``."""
        rights = self._mail(user, folder) / "dovecot-acl"
        rights.write_text("owner l\n")
        rights.chmod(0o644)

    def allow(self, user: str, folder: str = "INBOX") -> None:
        (self._mail(user, folder) / "dovecot-acl").unlink()

    def token(self, user: str, *, seconds: int = 3600) -> str:
        """An access token for XOAUTH2 (a locally signed JWT); negative ``seconds``: already expired."""
        now = int(time.time())
        claims = {"sub": user, "email": user, "iat": now - 7200, "exp": now + seconds}
        head = {"alg": "HS256", "typ": "JWT", "kid": "default"}
        signed = b".".join(_base64url(json.dumps(part).encode()) for part in (head, claims))
        digest = hmac.new(self._token_key, signed, hashlib.sha256).digest()
        return (signed + b"." + _base64url(digest)).decode()

    def doveadm(self, *arguments: str) -> str:
        command = [_program("doveadm") or "doveadm", "-c", str(self._config), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"doveadm {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    # Its process and folders

    def _make_folders(self) -> None:
        for name in ("run", "state", "mail", "home"):
            (self._base / name).mkdir()
        if os.geteuid() == 0:
            for name in ("mail", "home"):
                shutil.chown(self._base / name, "nobody", "nogroup")
        lines = (f"{user}:{{PLAIN}}{password}\n" for user, password in self.users.items())
        (self._base / "users").write_text("".join(lines))

    def _launch(self) -> bool:
        assert self._certificate is not None
        self.port, self.tls_port = _free_ports()
        self._config = write(
            self._base,
            _version(),
            ports=Ports(self.port, self.tls_port),
            certificate=self._certificate,
            token_key=self._token_key,
            plain_login=self._plain_login,
        )
        return self._await_start()

    def _await_start(self) -> bool:
        command = [_program("dovecot") or "dovecot", "-F", "-c", str(self._config)]
        with (self._base / "out").open("ab") as out:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        give_up = time.monotonic() + 10
        while self._process.poll() is None and time.monotonic() < give_up:
            if _answers(self.port):
                return True
            time.sleep(0.02)
        self._halt()
        return False

    def _halt(self) -> None:
        """Ask, then make sure: Dovecot can take seconds over an idle child, and none may outlive a test."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _mail(self, user: str, folder: str) -> Path:
        path = self._base / "mail" / user
        return path if folder == "INBOX" else path / folder


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _program(name: str) -> str | None:
    return shutil.which(
        name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
    )


def _version() -> str:
    """The version without Debian's revision, as ``dovecot_config_version`` wants it: ``2.4.1``."""
    command = [_program("dovecot") or "dovecot", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.match(r"\d+(\.\d+)+", said)
    return found[0] if found else said.strip()
