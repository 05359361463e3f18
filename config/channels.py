"""The sources of complaints, one `[[channels]]` table each."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from config.fields import (
    FilePath,
    Host,
    Mail,
    Name,
    NotEmpty,
    Port,
    ProfileName,
    SecretReference,
    Section,
    Text,
    Url,
)
from config.sections import Security


class _Source(Section):
    name: Name
    enabled: bool = True
    silence_hours: int | None = Field(None, ge=1, le=24 * 90)
    timeout_seconds: int = Field(30, ge=1, le=600)


class ImapSource(_Source):
    """A mailbox. ``since`` is the first day whose mail becomes cases; older mail is only noted.

    ``mark`` is the courtesy flag set on stored mail, never the memory of it. Every ``canary_minutes`` a
    mail goes to ``canary_address``, by default the user name, and must come back through this mailbox.
    """

    kind: Literal["imap"]
    poll_seconds: int = Field(60, ge=1, le=86400)
    host: Host
    security: Security = "tls"
    port: Port = Field(
        default_factory=lambda data: 993 if data.get("security", "tls") == "tls" else 143
    )
    allow_plain: bool = False
    ca_file: FilePath | None = None
    username: Text
    auth: Literal["password", "xoauth2"] = "password"
    password: SecretReference | None = None
    client_id: str = ""
    client_secret: SecretReference | None = None
    refresh_token: SecretReference | None = None
    token_uri: Url | None = None
    folders: Annotated[tuple[Text, ...], NotEmpty] = ("INBOX",)
    since: date | None = None
    mark: Literal["seen", "keyword", "none"] = "seen"
    size_limit_mb: int = Field(20, ge=1, le=1000)
    idle: bool = True
    canary_minutes: int | None = Field(None, ge=1, le=7 * 24 * 60)
    canary_address: Mail | None = None


class LaporSource(_Source):
    """The national platform, spoken to in the dialect of ``profile``: a shipped name or a file.

    ``token`` is whatever secret the profile's sign-in wants, ``username`` the name that belongs to
    it, where there is one. ``pause_seconds`` lies between two requests.
    """

    kind: Literal["lapor"]
    poll_seconds: int = Field(300, ge=1, le=86400)
    profile: ProfileName = "lapor-v2"
    base_url: Url | None = None
    allow_plain: bool = False
    ca_file: FilePath | None = None
    token: SecretReference | None = None
    username: str = ""
    since: date | None = None
    pause_seconds: float = Field(1.0, ge=0, le=3600)
    size_limit_mb: int = Field(20, ge=1, le=1000)


Source = Annotated[ImapSource | LaporSource, Field(discriminator="kind")]
