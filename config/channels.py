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
    TrackingPattern,
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
    authserv_id: str = ""
    notification_domains: tuple[Host, ...] = ()
    notification_patterns: tuple[TrackingPattern, ...] = ()
    canary_minutes: int | None = Field(None, ge=1, le=7 * 24 * 60)
    canary_address: Mail | None = None


class FeedSource(_Source):
    """What every feed over the web has. ``pause_seconds`` lies between two requests.

    ``token`` is whatever secret the sign-in wants, ``username`` the name that belongs to it, where
    there is one. ``since`` is the first day whose reports are taken.
    """

    poll_seconds: int = Field(300, ge=1, le=86400)
    base_url: Url | None = None
    allow_plain: bool = False
    ca_file: FilePath | None = None
    token: SecretReference | None = None
    username: str = ""
    since: date | None = None
    pause_seconds: float = Field(1.0, ge=0, le=3600)
    size_limit_mb: int = Field(20, ge=1, le=1000)


class LaporSource(FeedSource):
    """The national platform, spoken to in the dialect of ``profile``: a shipped name or a file."""

    kind: Literal["lapor"]
    profile: ProfileName = "lapor-v2"


class Open311Source(FeedSource):
    """A server of the Open311 standard, GeoReport v2. ``params`` go with every request.

    ``page_size`` and ``updated_after`` are for servers that know these extensions.
    """

    kind: Literal["open311"]
    auth: Literal["none", "header", "bearer", "basic"] = "none"
    header: str = "Apikey"
    params: dict[str, str] = Field(default_factory=dict)
    window_days: int = Field(90, ge=1, le=366)
    recent_days: int = Field(30, ge=1, le=366)
    page_size: int = Field(0, ge=0, le=1000)
    updated_after: bool = False


class ExportSource(_Source):
    """A folder in which people put exports (XLSX, CSV) of the platform's admin site.

    ``since`` is the first day whose reports become cases. A file nobody wrote to for
    ``settle_seconds`` counts as finished.
    """

    kind: Literal["export"]
    poll_seconds: int = Field(60, ge=1, le=86400)
    folder: FilePath
    since: date | None = None
    settle_seconds: int = Field(30, ge=0, le=3600)
    size_limit_mb: int = Field(64, ge=1, le=1000)


AnySource = ImapSource | LaporSource | Open311Source | ExportSource
Source = Annotated[AnySource, Field(discriminator="kind")]
