"""Access tokens for XOAUTH2, asked for with a refresh token that may be replaced at any time."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from channels.errors import ChannelError, Permanent, Temporary
from channels.imap.settings import OAuthAuth


class Tokens:
    """Access tokens of one mailbox.

    A refresh token the provider hands out in place of the old one goes to ``keep_token``, to be given
    back by ``kept_token`` after a restart. When the kept one is refused, the configured one is tried:
    someone may have authorised muara anew.
    """

    def __init__(
        self,
        auth: OAuthAuth,
        *,
        timeout: float,
        kept_token: Callable[[], str | None],
        keep_token: Callable[[str], None],
    ) -> None:
        self._auth = auth
        self._timeout = timeout
        self._kept_token = kept_token
        self._keep_token = keep_token
        self._credentials: Credentials | None = None

    def access_token(self) -> str:
        """Return a token that is still good, asking for a new one where needed.

        Raises Permanent when the provider has withdrawn the permission, Temporary when it cannot be reached.
        """
        if self._credentials is None or not self._credentials.valid:
            self._credentials = self._refreshed()
        return str(self._credentials.token)

    def forget(self) -> None:
        """The mail server does not accept the current token: ask for a new one next time."""
        self._credentials = None

    def _refreshed(self) -> Credentials:
        configured, kept = self._auth.refresh_token.reveal(), self._kept_token()
        if kept and kept != configured:
            with suppress(Permanent):
                return self._refresh(kept, kept)
        return self._refresh(configured, kept)

    def _refresh(self, refresh_token: str, kept: str | None) -> Credentials:
        credentials = Credentials(  # type: ignore[no-untyped-call]
            None,
            refresh_token=refresh_token,
            token_uri=self._auth.token_uri,
            client_id=self._auth.client_id,
            client_secret=self._auth.client_secret.reveal(),
        )
        try:
            with requests.Session() as session:
                request = partial(Request(session), timeout=self._timeout)
                credentials.refresh(request)  # type: ignore[no-untyped-call]
        except TransportError as error:
            raise Temporary("imap_oauth_unreachable", uri=self._auth.token_uri) from error
        except RefreshError as error:
            raise _refused(error, self._auth.token_uri) from error
        if credentials.refresh_token != (kept or self._auth.refresh_token.reveal()):
            self._keep_token(credentials.refresh_token)
        return credentials


def _refused(error: RefreshError, uri: str) -> ChannelError:
    answer = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    reason = str(answer.get("error_description") or answer.get("error") or error.args[0])[:200]
    match answer.get("error"):
        case "invalid_grant":
            return Permanent("imap_oauth_revoked", uri=uri, reason=reason)
        case "invalid_client" | "unauthorized_client":
            return Permanent("imap_oauth_client", uri=uri, reason=reason)
        case _:
            return Temporary("imap_oauth_busy", uri=uri, reason=reason)
