"""A sign-in service on loopback: gives access tokens for refresh tokens (RFC 6749, section 6)."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs


class TokenServer:
    """Knows ``valid`` refresh tokens. With ``rotates`` each use replaces the one it was used with.

    ``access_token`` makes the access token to give out. ``asked`` lists the refresh tokens received.
    """

    def __init__(self, access_token: Callable[[], str], *valid: str, rotates: bool = False) -> None:
        self.valid = set(valid)
        self.asked: list[str] = []
        self.broken = False
        self.lifetime = 3600
        self._access_token = access_token
        self._rotates = rotates
        handler = type("Handler", (_Handler,), {"service": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.uri = f"http://127.0.0.1:{self._http.server_address[1]}/token"
        self._thread = threading.Thread(target=self._http.serve_forever, args=[0.05], daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def answer(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        token = form.get("refresh_token", [""])[0]
        self.asked.append(token)
        if form.get("client_id") != ["muara"]:
            return 401, {
                "error": "invalid_client",
                "error_description": "The client was not found.",
            }
        if token not in self.valid:
            return 400, {"error": "invalid_grant", "error_description": "Token has been revoked."}
        given: dict[str, object] = {"access_token": self._access_token(), "token_type": "Bearer"}
        given["expires_in"] = self.lifetime
        if self._rotates:
            self.valid.remove(token)
            given["refresh_token"] = f"{token}+"
            self.valid.add(f"{token}+")
        return 200, given


class _Handler(BaseHTTPRequestHandler):
    service: TokenServer

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, answer = (503, {}) if self.service.broken else self.service.answer(form)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Stay quiet."""
