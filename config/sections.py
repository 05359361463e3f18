"""The smaller tables of the configuration file. ``docs/operate.md`` and the file `muara init` writes explain them."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from config.fields import (
    FilePath,
    Host,
    LimitText,
    Mail,
    Name,
    Port,
    SecretReference,
    Section,
    Text,
    Zone,
    folder_of,
)

Security = Literal["tls", "starttls", "plain"]
Medium = Literal["email", "lapor", "phone", "box", "walk_in"]
Kind = Literal["pengaduan", "saran", "permintaan_informasi", "apresiasi", "spam"]
Tier = Literal["ringan", "normatif", "tidak_berkadar", "berkadar"]


class General(Section):
    """Language of everything people read, and the zone that legal time is reckoned in."""

    language: Literal["id", "en"] = "id"
    timezone: Zone = "Asia/Makassar"


class Office(Section):
    """Who the office is, as its mails say it. ``signature`` closes them, ``city`` is where its letters are dated."""

    name: Text
    section: Text
    address: str = ""
    city: str = ""
    phone: str = ""
    emails: tuple[Mail, ...] = ()
    web: str = ""
    signature: str = ""


class Store(Section):
    """Where the cases are kept. Without a URL: one SQLite file in ``folder``."""

    folder: FilePath = Field(Path("data"), validate_default=True)
    url: str = Field(default_factory=lambda data: f"sqlite:///{data['folder'] / 'muara.db'}")
    password: SecretReference | None = None
    backup_folder: FilePath = Field(default_factory=lambda data: data["folder"] / "backup")

    @field_validator("url")
    @classmethod
    def _known_database(cls, url: str, info: ValidationInfo) -> str:
        scheme, _, rest = url.partition("://")
        if scheme in ("postgresql", "postgresql+psycopg"):
            if urlsplit(url).password:
                raise PydanticCustomError("literal_secret", "password in a URL")
            return f"postgresql+psycopg://{rest}"
        if scheme != "sqlite" or not re.fullmatch(r"/[^:?]+", rest):
            raise PydanticCustomError("database_url", "unknown database")
        return f"sqlite:///{folder_of(info) / rest[1:]}"

    def connection_url(self) -> str:
        """Return the URL with its password, to be given to the database driver only. Raises SecretError."""
        if self.password is None:
            return self.url
        user, at, host = self.url.partition("://")[2].partition("@")
        return f"postgresql+psycopg://{user}:{quote(self.password.reveal(), safe='')}{at}{host}"


class Privacy(Section):
    """Where the keys are that identities and texts are encrypted with; never in the database or a backup."""

    key: SecretReference = Field("file:muara.key", validate_default=True)


def database_url(given: str, folder: Path) -> str | None:
    """Return a database's address as a configuration in ``folder`` would mean it; None for no address."""
    try:
        return Store.model_validate({"url": given}, context={"folder": folder}).url
    except ValidationError:
        return None


class Smtp(Section):
    """The server that sends our mail. ``per_minute`` spares servers that count."""

    host: Host
    security: Security = "starttls"
    port: Port = Field(
        default_factory=lambda data: {"tls": 465, "plain": 25}.get(data.get("security", ""), 587)
    )
    allow_plain: bool = False
    ca_file: FilePath | None = None
    username: str = ""
    password: SecretReference | None = None
    sender_address: Mail
    sender_name: str = ""
    timeout_seconds: int = Field(30, ge=1, le=600)
    per_minute: int = Field(60, ge=1, le=6000)


class Team(Section):
    """People who get notices. Examiners see restricted cases; the default team gets what no route names."""

    name: Name
    label: Text
    members: tuple[Mail, ...]
    examiner: bool = False
    default: bool = False


class Staff(Section):
    """A person of the office: their name, their mail address, and the account they use this computer with.

    Who they work with, and whether they may see restricted cases, follows from the teams that have
    their address. ``login`` is empty for people who only work by mail.
    """

    name: Text
    email: Mail
    login: str = ""


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_Lists = BeforeValidator(_several)


class Route(Section):
    """One line of the routing table; the first whose every given field agrees names the team."""

    medium: Annotated[tuple[Medium, ...], _Lists] = ()
    kind: Annotated[tuple[Kind, ...], _Lists] = ()
    tier: Annotated[tuple[Tier, ...], _Lists] = ()
    channel: Annotated[tuple[str, ...], _Lists] = ()
    words: Annotated[tuple[Text, ...], _Lists] = ()
    team: str


class Limits(Section):
    """The office's promises: ``3 h`` are hours, ``14 wd`` working days. Source: its service standard."""

    ringan: LimitText = "3 h"
    normatif: LimitText = "5 wd"
    tidak_berkadar: LimitText = "14 wd"
    berkadar: LimitText = "60 wd"
    permintaan_informasi: LimitText = "3 wd"


class Acknowledgement(Section):
    """The mail that tells a complainant their number. Never more than so many to one sender."""

    enabled: bool = True
    per_sender_per_hour: int = Field(3, ge=1, le=100)


class Answers(Section):
    """How answers go back. Files of one answer together have at most ``attachments_megabytes`` (MB).

    After ``calls_before_mark`` calls that reached nobody the list of calls marks a case.
    """

    attachments_megabytes: int = Field(10, ge=1, le=50)
    calls_before_mark: int = Field(3, ge=1, le=100)


class StaffMail(Section):
    """How staff work by replying to our notices; see docs/operate.md.

    ``accept``: ``authenticated`` only believes a mailbox with ``authserv_id``; ``token_only`` does without
    it. ``plus_address`` is for servers that deliver ``name+anything`` to ``name``.
    """

    accept: Literal["authenticated", "token_only", "off"] = "authenticated"
    cancel_minutes: int = Field(5, ge=0, le=24 * 60)
    plus_address: bool = False


class Report(Section):
    """The monthly evaluation: whether the daemon writes it by itself, and where to.

    Without a folder: ``laporan`` in the store's. The head of section (`[escalation] head`) is told.
    """

    automatic: bool = True
    folder: FilePath | None = None


class Rules(Section):
    """A folder whose rule files stand in for the shipped ones of the same name."""

    folder: FilePath | None = None


class Log(Section):
    """What goes to the journal: key=value or JSON."""

    format: Literal["kv", "json"] = "kv"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Health(Section):
    """When a channel counts as down, and which team is told; without one, the default team.

    With a ``port``, /healthz and /metrics are served at ``host``. ``notify_command`` gets a sentence on
    its standard input: a way beside the mails.
    """

    team: str | None = None
    failures_before_down: int = Field(3, ge=1, le=100)
    canary_within_minutes: int = Field(15, ge=1, le=24 * 60)
    stuck_minutes: int = Field(30, ge=1, le=24 * 60)
    port: Port | None = None
    host: Host = "127.0.0.1"
    notify_command: tuple[Text, ...] = ()
