"""What the tests of the LAPOR feed share."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from channels.lapor import Credentials, HttpSettings, MappedSettings, profile_from
from config.profiles import read_profile
from testing.lapor_server import LaporServer


@dataclass
class Token:
    value: str

    def reveal(self) -> str:
        return self.value


def settings(
    server: LaporServer,
    *,
    token: str | None = None,
    profile: dict[str, Any] | None = None,
    since: date | None = None,
    base_url: str = "",
    **http: Any,
) -> MappedSettings:
    """Settings for the local server, without the politeness that makes tests slow."""
    quick = {"pause": 0.0, "timeout": 2.0, "total": 2.0, "plain": True} | http
    return MappedSettings(
        HttpSettings(
            base_url or server.base_url, Credentials(Token(token or server.token)), **quick
        ),
        profile_from(read_profile("lapor-v2") | (profile or {})),
        since=since,
    )
