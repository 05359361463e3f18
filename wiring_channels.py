"""From a `[[channels]]` table to a channel: the one place that knows every kind."""

from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from channels.base import Channel
from channels.errors import Permanent
from channels.imap import ImapChannel, ImapSettings, OAuthAuth, PasswordAuth
from channels.lapor import (
    Credentials,
    HttpSettings,
    LaporChannel,
    MappedJson,
    MappedSettings,
    profile_from,
)
from config.channels import ImapSource, LaporSource
from config.profiles import read_profile
from config.secrets import Secret, SecretError
from config.settings import Settings
from store import Store

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


def channel_of(
    source: ImapSource | LaporSource, settings: Settings, store: Store, own: frozenset[str]
) -> Channel:
    """Build one channel; it connects when it is first used. Raises ValueError for a broken profile."""
    if isinstance(source, LaporSource):
        return LaporChannel(source.name, MappedJson(_feed(source)))
    key = f"refresh_token:{source.name}"
    zone = ZoneInfo(settings.general.timezone)
    return ImapChannel(
        source.name,
        _mailbox(source, zone, own),
        kept_token=partial(store.value, key),
        keep_token=partial(store.set_value, key),
    )


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


def _feed(source: LaporSource) -> MappedSettings:
    secret = OpenedSecret(source.token, source.name) if source.token else None
    base_url = source.base_url or ""
    http = HttpSettings(
        base_url=base_url,
        credentials=Credentials(secret, source.username),
        ca_file=str(source.ca_file) if source.ca_file else None,
        # config/checks.py has refused unencrypted addresses, but for loopback and by explicit setting.
        plain=base_url.startswith("http://"),
        timeout=float(source.timeout_seconds),
        pause=source.pause_seconds,
        size_limit=source.size_limit_mb * MIB,
    )
    return MappedSettings(http, profile_from(read_profile(source.profile)), source.since)


def _needed(secret: Secret | None, channel: str) -> OpenedSecret:
    if secret is None:  # the configuration's checks name the missing key
        raise ValueError(f"channel {channel} has no secret for its sign-in")
    return OpenedSecret(secret, channel)
