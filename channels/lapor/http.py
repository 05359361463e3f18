"""Polite, bounded, verified HTTP: one request at a time, and every failure named."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from channels.errors import ChannelError, InDoubt, Permanent, Temporary
from channels.lapor.answer import parse_json
from channels.lapor.auth import NO_CREDENTIALS, Auth, Credentials, auth_for
from channels.lapor.kept import Answer, Kept, KeptAnswers
from channels.lapor.profile import Call, Login
from channels.lapor.transport import RETRIES, Adapter, network_error, never_sent

_CHUNK = 64 * 1024
_LONGEST_REST = 3600.0  # seconds; a server that asks for more is asked again after this


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """How to reach a feed. ``http://`` addresses need ``plain``: the token travels readable.

    ``timeout`` (for the head of an answer) and ``total`` (for its body) are in seconds, ``pause`` is
    the least time between two requests, ``size_limit`` in bytes of one answer.
    """

    base_url: str
    credentials: Credentials = NO_CREDENTIALS
    ca_file: str | None = None
    plain: bool = False
    timeout: float = 30.0
    total: float = 120.0
    pause: float = 1.0
    size_limit: int = 16 * 1024 * 1024


class Http:
    """Asks one feed. Raises ValueError for settings that cannot work."""

    def __init__(
        self, settings: HttpSettings, login: Login, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urlsplit(settings.base_url)
        if parts.username or parts.password:
            raise ValueError("base_url must not hold a user name or password")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url must be a web address, beginning with https://")
        if parts.scheme == "http" and not settings.plain:
            raise ValueError("base_url must begin with https:// unless plain is set")
        self._base = settings.base_url.rstrip("/") + "/"
        self.host = parts.netloc
        self._settings = settings
        self._sleep = sleep
        self._auth = auth_for(login, settings.credentials, self._ask_token)
        self._session: requests.Session | None = None
        self._retries = RETRIES
        self._kept = KeptAnswers()
        self._last = 0.0
        self._resting_until = 0.0

    def call(self, call: Call, extra: Mapping[str, str]) -> Answer:
        """Make a call of the profile, with ``extra`` parameters over its own."""
        params = {**call.params, **extra}
        url = urljoin(self._base, call.path.lstrip("/"))
        if call.method == "POST":
            return self._ask(requests.Request("POST", url, data=params))
        return self._ask(requests.Request("GET", url, params=params))

    def follow(self, url: str) -> Answer:
        """Get a next page by its address; only from the same server, which alone may see the token.

        Scheme and port stay ours: servers behind a proxy write ``http:`` where they mean themselves.
        """
        target, base = urlsplit(urljoin(self._base, url)), urlsplit(self._base)
        if target.hostname != base.hostname:
            raise Permanent("lapor_foreign_link", host=self.host, url=target.geturl())
        return self._ask(
            requests.Request(
                "GET", target._replace(scheme=base.scheme, netloc=base.netloc).geturl()
            )
        )

    def send_once(self, call: Call) -> Any:
        """Make a call that changes something, without any retry; return the JSON value of its answer.

        Raises Temporary where it was surely not done, Permanent where it was refused, InDoubt else.
        """
        self.close()  # no old connection, on which nobody could tell whether the request arrived
        self._retries = 0
        try:
            url = urljoin(self._base, call.path.lstrip("/"))
            return self._ask(requests.Request("POST", url, data=dict(call.params))).value
        except Temporary as error:
            if error.code == "lapor_busy" or never_sent(error):
                raise
            raise InDoubt("lapor_in_doubt", host=self.host, reason=error.code) from error
        finally:
            self._retries = RETRIES
            self.close()

    def close(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            self._session.close()
        self._session = None

    def _ask(self, request: requests.Request) -> Answer:
        """Ask once more with a fresh token where an old one may have been taken back."""
        request.auth = self._auth
        try:
            return self._exchange(request)
        except Permanent as error:
            if error.code != "lapor_login_refused" or not self._auth.renew():
                raise
            return self._exchange(request)

    def _ask_token(self, url: str, form: dict[str, str], auth: Auth) -> dict[str, Any]:
        target = urljoin(self._base, url)
        answer = self._exchange(requests.Request("POST", target, data=form, auth=auth)).value
        if not isinstance(answer, dict) or not answer.get("access_token"):
            raise Permanent("lapor_login_refused", host=urlsplit(target).netloc, status="200")
        return answer

    def _exchange(self, request: requests.Request) -> Answer:
        session = self._session = self._session or self._new_session()
        prepared = self._prepared(session, request)
        kept = self._kept.get(str(prepared.url)) if request.method == "GET" else None
        if kept is not None:
            prepared.headers.update(kept.conditions)
        self._be_polite()
        try:
            return self._send(session, prepared, kept)
        except ChannelError:
            self.close()
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            self.close()
            raise network_error(error, self.host) from error
        finally:
            self._last = time.monotonic()

    def _prepared(
        self, session: requests.Session, request: requests.Request
    ) -> requests.PreparedRequest:
        try:
            return session.prepare_request(request)
        except (requests.RequestException, UnicodeError) as error:
            raise Permanent("lapor_bad_request", host=self.host, reason=error) from error

    def _send(
        self, session: requests.Session, request: requests.PreparedRequest, kept: Kept | None
    ) -> Answer:
        settings = self._settings
        routes = session.merge_environment_settings(
            request.url, {}, stream=True, verify=settings.ca_file or True, cert=None
        )
        with session.send(
            request, timeout=settings.timeout, allow_redirects=False, **routes
        ) as response:
            if response.status_code == requests.codes.not_modified and kept is not None:
                return kept.answer
            self._check(response)
            body = self._body(response)
            answer = Answer(
                parse_json(body, self.host), response.links.get("next", {}).get("url", "")
            )
            if request.method == "GET":
                self._kept.keep(str(request.url), response.headers, answer, len(body))
            return answer

    def _check(self, response: requests.Response) -> None:
        status = response.status_code
        host = self.host
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            raise Permanent("lapor_login_refused", host=host, status=status)
        if status in (requests.codes.too_many_requests, requests.codes.unavailable):
            raise Temporary("lapor_busy", host=host, seconds=self._rest(response))
        if status >= requests.codes.server_error or status == requests.codes.request_timeout:
            raise Temporary("lapor_server_error", host=host, status=status)
        if requests.codes.multiple_choices <= status < requests.codes.bad_request:
            target = response.headers.get("Location", "")
            raise Permanent("lapor_moved", host=host, url=target)
        if status >= requests.codes.bad_request:
            raise Permanent(
                "lapor_not_found", host=host, status=status, url=response.url.partition("?")[0]
            )

    def _rest(self, response: requests.Response) -> int:
        """Note how long the server wants to be left alone."""
        try:
            wanted = urllib3.Retry().get_retry_after(response.raw) or 0
        except urllib3.exceptions.InvalidHeader:
            wanted = 0
        wanted = min(max(wanted, self._settings.pause), _LONGEST_REST)
        self._resting_until = time.monotonic() + wanted
        return round(wanted)

    def _be_polite(self) -> None:
        now = time.monotonic()
        if self._resting_until > now:
            raise Temporary("lapor_busy", host=self.host, seconds=round(self._resting_until - now))
        if self._last and (left := self._last + self._settings.pause - now) > 0:
            self._sleep(left)

    def _body(self, response: requests.Response) -> bytes:
        """Read the body in what pieces it comes, so that neither size nor time can run away."""
        deadline = time.monotonic() + self._settings.total
        body = bytearray()
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            body += piece
            if len(body) > self._settings.size_limit:
                raise Temporary("lapor_too_big", host=self.host, limit=self._settings.size_limit)
            if time.monotonic() > deadline:
                raise Temporary("lapor_timeout", host=self.host)
        return bytes(body)

    def _new_session(self) -> requests.Session:
        ca_file = self._settings.ca_file
        if ca_file and not Path(ca_file).is_file():
            raise Permanent("lapor_ca_file", file=ca_file)
        session = requests.Session()
        session.headers.update({"Accept": "application/json", "User-Agent": "muara"})
        adapter = Adapter(self._settings.pause, self._retries)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session
