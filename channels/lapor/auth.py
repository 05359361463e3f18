"""Signing in to a feed: the profile says how, the settings hold the secret."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from requests import PreparedRequest
from requests.auth import AuthBase

from channels.errors import Permanent
from channels.lapor.profile import Login
from channels.secret import Secret

_EARLY = 60  # seconds before its end a token counts as used up
_USUAL_LIFE = 300  # seconds, where the token's answer names none


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the office was given: a token or password; a user name or client id where one is needed."""

    secret: Secret | None = None
    username: str = ""


NO_CREDENTIALS = Credentials()


class Auth(AuthBase):
    """Adds the sign-in to a request. Always set, so that a stray .netrc never signs in for us."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Change and return the request, as requests wants it."""
        return request

    def renew(self) -> bool:
        """Throw away what can be had anew; True where trying again makes sense."""
        return False


class HeaderAuth(Auth):
    """One header, such as KEYTOKEN or Authorization, made from the secret anew for each request."""

    def __init__(self, header: str, secret: Secret, written: Callable[[str], str] = str) -> None:
        self._header = header
        self._secret = secret
        self._written = written

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Set the header. Raises Permanent for a secret that cannot be one."""
        value = self._written(self._secret.reveal())
        if not (value.isascii() and value.isprintable()):
            raise Permanent("lapor_bad_token", header=self._header)
        request.headers[self._header] = value
        return request


class Ask(Protocol):
    """Posts a form and returns the JSON object of the answer."""

    def __call__(self, url: str, form: dict[str, str], auth: Auth) -> dict[str, Any]:
        """Raises Permanent where the sign-in is refused."""
        ...


class ClientCredentialsAuth(Auth):
    """OAuth2 client credentials (RFC 6749, 4.4); the token is kept in memory for its life."""

    def __init__(self, login: Login, client: Auth, ask: Ask) -> None:
        self._login = login
        self._client = client
        self._ask = ask
        self._token = ""
        self._until = 0.0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the token, a fresh one where needed."""
        if time.monotonic() >= self._until:
            self._fetch()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def renew(self) -> bool:
        """A token can be taken back before its time."""
        had_one, self._token, self._until = bool(self._token), "", 0.0
        return had_one

    def _fetch(self) -> None:
        form = {"grant_type": "client_credentials"}
        if self._login.scope:
            form["scope"] = self._login.scope
        answer = self._ask(self._login.token_url, form, self._client)
        self._token = str(answer.get("access_token", ""))
        life = answer.get("expires_in", _USUAL_LIFE)
        seconds = float(life) if isinstance(life, int | float) else _USUAL_LIFE
        self._until = time.monotonic() + max(seconds - _EARLY, 1)


def auth_for(login: Login, credentials: Credentials, ask: Ask) -> Auth:
    """Return the sign-in. Raises ValueError where the profile wants what the settings do not have."""
    if login.kind == "none":
        return Auth()
    if credentials.secret is None:
        raise ValueError(f"sign-in {login.kind!r} needs a secret")
    if login.kind in ("basic", "oauth2") and not credentials.username:
        raise ValueError(f"sign-in {login.kind!r} needs a user name")
    secret = credentials.secret
    match login.kind:
        case "header":
            return HeaderAuth(login.header, secret)
        case "bearer":
            return HeaderAuth("Authorization", secret, "Bearer {}".format)
        case "basic":
            return _basic(credentials.username, secret)
        case "oauth2":
            return ClientCredentialsAuth(login, _basic(credentials.username, secret), ask)


def _basic(username: str, secret: Secret) -> HeaderAuth:
    """Basic in UTF-8 (RFC 7617); requests itself would use Latin-1."""

    def written(password: str) -> str:
        encoded = base64.b64encode(f"{username}:{password}".encode())
        return f"Basic {encoded.decode('ascii')}"

    return HeaderAuth("Authorization", secret, written)
