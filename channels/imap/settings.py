"""What one mailbox needs to be told: plain values, and secrets that stay closed until a server asks."""

from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Literal

from channels.secret import Secret

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PasswordAuth:
    """An ordinary password, or an app password of Gmail."""

    password: Secret


@dataclass(frozen=True, slots=True)
class OAuthAuth:
    """XOAUTH2: access tokens are asked for with a refresh token (RFC 6749, section 6)."""

    client_id: str
    client_secret: Secret
    refresh_token: Secret
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, no secret


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """How to reach and read one mailbox.

    ``plain`` sends password and mail readable on the way. Without ``ca_file`` the system's certificate
    authorities are trusted. ``since`` is the first day, in ``zone``, whose mail is taken in; without
    it all mail is. ``timeout`` is in seconds, for each exchange with the server. Of mail larger than
    ``size_limit`` bytes only the beginning is fetched. ``mark`` is what other mail programs see once
    a mail is stored: read, the keyword ``$Muara``, or nothing. Without ``idle`` the mailbox is only
    polled. ``own_addresses`` are the office's. ``authserv_id`` is how the server names itself where it
    says who a mail is from (RFC 8601); without it no such word is believed.
    """

    host: str
    username: str
    auth: PasswordAuth | OAuthAuth
    port: int = 993
    security: Literal["tls", "starttls", "plain"] = "tls"
    ca_file: str | None = None
    folders: tuple[str, ...] = ("INBOX",)
    since: date | None = None
    zone: tzinfo = UTC
    timeout: float = 30.0
    size_limit: int = 20 * MIB
    mark: Literal["seen", "keyword", "none"] = "seen"
    idle: bool = True
    own_addresses: frozenset[str] = frozenset()
    authserv_id: str = ""
