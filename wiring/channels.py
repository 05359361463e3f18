"""From a `[[channels]]` table to a channel: the one place that knows every kind."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import assert_never
from zoneinfo import ZoneInfo

from channels.base import Channel
from channels.errors import Permanent
from channels.imap import ImapChannel, ImapSettings, OAuthAuth, PasswordAuth
from channels.lapor import (
    Credentials,
    ExportFolder,
    ExportSettings,
    HttpSettings,
    LaporChannel,
    Login,
    MappedJson,
    MappedSettings,
    Open311,
    Open311Settings,
    Profile,
    ProfileError,
    profile_from,
)
from classify.types import Medium
from config.channels import (
    AnySource,
    ExportSource,
    FeedSource,
    ImapSource,
    LaporSource,
    Open311Source,
)
from config.lines import line_numbers
from config.problems import ConfigError, KeyPath, Problem
from config.profiles import profile_text
from config.secrets import Secret, SecretError
from config.settings import Settings
from config.texts import Texts
from ingest.platform_mail import PATTERNS, PlatformMail
from store import Store
from store.types import Ticket

MIB = 1024 * 1024
GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"


@dataclass(frozen=True, slots=True)
class OpenedSecret:
    """A secret of one channel: when it cannot be read, that channel is down and a person is told."""

    reference: Secret
    channel: str

    def reveal(self) -> str:
        """Return the value. Raises Permanent."""
        try:
            return self.reference.reveal()
        except SecretError as error:
            raise Permanent(
                "secret_unreadable", channel=self.channel, reference=self.reference
            ) from error


def channel_of(source: AnySource, settings: Settings, store: Store, own: frozenset[str]) -> Channel:
    """Build one channel; it connects when it is first used. Raises ConfigError for a broken profile."""
    zone = ZoneInfo(settings.general.timezone)
    match source:
        case ImapSource():
            key = f"refresh_token:{source.name}"
            return ImapChannel(
                source.name,
                _mailbox(source, zone, own),
                kept_token=partial(store.value, key),
                keep_token=partial(store.set_value, key),
            )
        case LaporSource():
            profile = profile_of(source, settings.general.language)
            feed = MappedSettings(_http(source), profile, source.since)
            return LaporChannel(source.name, MappedJson(feed))
        case Open311Source():
            return LaporChannel(source.name, Open311(_open311(source, zone)), source.name)
        case ExportSource():
            return LaporChannel(source.name, ExportFolder(_export(source, zone)))
        case _:
            assert_never(source)


def _mailbox(source: ImapSource, zone: ZoneInfo, own: frozenset[str]) -> ImapSettings:
    return ImapSettings(
        host=source.host,
        port=source.port,
        security=source.security,
        username=source.username,
        auth=_sign_in(source),
        ca_file=str(source.ca_file) if source.ca_file else None,
        folders=source.folders,
        since=source.since,
        zone=zone,
        timeout=float(source.timeout_seconds),
        size_limit=source.size_limit_mb * MIB,
        mark=source.mark,
        own_addresses=own,
        idle=source.idle,
        authserv_id=source.authserv_id,
    )


def _sign_in(source: ImapSource) -> PasswordAuth | OAuthAuth:
    if source.auth == "password":
        return PasswordAuth(_needed(source.password, source.name))
    return OAuthAuth(
        client_id=source.client_id,
        client_secret=_needed(source.client_secret, source.name),
        refresh_token=_needed(source.refresh_token, source.name),
        token_uri=source.token_uri or GOOGLE_TOKENS,
    )


def _http(source: FeedSource) -> HttpSettings:
    secret = OpenedSecret(source.token, source.name) if source.token else None
    base_url = source.base_url or ""
    return HttpSettings(
        base_url=base_url,
        credentials=Credentials(secret, source.username),
        ca_file=str(source.ca_file) if source.ca_file else None,
        # config/checks.py has refused unencrypted addresses, but for loopback and by explicit setting.
        plain=base_url.startswith("http://"),
        timeout=float(source.timeout_seconds),
        pause=source.pause_seconds,
        size_limit=source.size_limit_mb * MIB,
    )


def _open311(source: Open311Source, zone: ZoneInfo) -> Open311Settings:
    if source.since is None:  # the configuration's checks name the missing key
        raise ValueError(f"channel {source.name} has no first day")
    return Open311Settings(
        http=_http(source),
        since=source.since,
        login=Login(source.auth, source.header),
        params=dict(source.params),
        zone=zone,
        window_days=source.window_days,
        recent_days=source.recent_days,
        page_size=source.page_size,
        updated_after=source.updated_after,
    )


def _export(source: ExportSource, zone: ZoneInfo) -> ExportSettings:
    return ExportSettings(
        folder=source.folder,
        zone=zone,
        settle=float(source.settle_seconds),
        size_limit=source.size_limit_mb * MIB,
        since=source.since,
    )


def profile_of(source: LaporSource, language: str) -> Profile:
    """Read a feed's profile. Raises ConfigError naming every problem with file and line."""
    words = Texts(language).part("profile")

    def told(code: str, value: object, key: str = "", line: int | None = None) -> Problem:
        file = Path(source.profile)
        return Problem(file, line, key, words[code].format(value=value))

    try:
        text = profile_text(source.profile)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise ConfigError((told("no_file", Texts(language).reason(why)),)) from error
    try:
        raw = tomllib.loads(text)
        return profile_from(raw)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((told("syntax", error),)) from error
    except ProfileError as error:
        lines = line_numbers(text)
        problems = (
            told(one.code, one.value, one.key, _line(lines, one.key)) for one in error.troubles
        )
        raise ConfigError(tuple(problems)) from error


def _line(lines: dict[KeyPath, int], key: str) -> int | None:
    """The line of a key, or of the table it is missing from."""
    path: KeyPath = tuple(_steps(key))
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _steps(key: str) -> Iterator[str | int]:
    for step in key.split("."):
        name, _, place = step.partition("[")
        yield name
        if place:
            yield int(place.rstrip("]"))


def posting_channel(settings: Settings, ticket: Ticket) -> str:
    """Return the channel that can send an answer to this case's report, empty where there is none.

    A report of the national platform goes back through any feed of it, however it came in. Raises
    ConfigError for a broken profile.
    """
    if ticket.medium is not Medium.LAPOR:
        return ""
    enabled = [source for source in settings.channels if source.enabled]
    if any(s.name == ticket.channel and isinstance(s, Open311Source) for s in enabled):
        return ""
    able = [source.name for source in enabled if posts(source, settings)]
    return ticket.channel if ticket.channel in able else next(iter(able), "")


def posts(source: AnySource, settings: Settings) -> bool:
    """Whether answers can be sent through this channel. Raises ConfigError for a broken profile."""
    if not isinstance(source, LaporSource):
        return False
    return profile_of(source, settings.general.language).answer is not None


def platform_mail_of(settings: Settings) -> dict[str, PlatformMail]:
    """Which inboxes bring a platform's notices, and what those look like."""
    return {
        source.name: PlatformMail(
            source.notification_domains, source.notification_patterns or PATTERNS
        )
        for source in settings.channels
        if isinstance(source, ImapSource) and source.notification_domains
    }


def _needed(secret: Secret | None, channel: str) -> OpenedSecret:
    if secret is None:  # the configuration's checks name the missing key
        raise ValueError(f"channel {channel} has no secret for its sign-in")
    return OpenedSecret(secret, channel)
