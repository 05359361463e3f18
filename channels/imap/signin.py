"""Signing in: by password, or by access token (XOAUTH2)."""

import re

from imapclient.exceptions import LoginError

from channels.errors import Permanent
from channels.imap.client import Client
from channels.imap.oauth import Tokens
from channels.imap.settings import ImapSettings, PasswordAuth

_ATOM = re.compile(r"[A-Za-z0-9.@_+=-]+")  # imaplib does not quote the user name of LOGIN


def sign_in(client: Client, settings: ImapSettings, tokens: Tokens | None) -> None:
    """Sign in as the settings say. Raises LoginError, or Permanent and Temporary for tokens."""
    if isinstance(settings.auth, PasswordAuth):
        _by_password(client, settings, settings.auth.password.reveal())
    elif tokens is not None:
        _by_token(client, settings.username, tokens)


def _by_password(client: Client, settings: ImapSettings, password: str) -> None:
    if client.has_capability("LOGINDISABLED"):
        raise Permanent("imap_needs_tls", host=settings.host, user=settings.username)
    if _ATOM.fullmatch(settings.username) and password.isascii():
        client.login(settings.username, password)
    else:
        client.plain_login(settings.username, password)


def _by_token(client: Client, user: str, tokens: Tokens) -> None:
    try:
        _xoauth2(client, user, tokens.access_token())
    except LoginError:
        # The server may have forgotten a token that is still good by its date: once more, with a new one.
        tokens.forget()
        _xoauth2(client, user, tokens.access_token())


def _xoauth2(client: Client, user: str, token: str) -> None:
    answers = iter([f"user={user}\1auth=Bearer {token}\1\1"])
    # A refusal comes as a second challenge, which wants an empty answer before the server says NO.
    client.sasl_login("XOAUTH2", lambda _challenge: next(answers, ""))
