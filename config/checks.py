"""What only shows when tables are read together. Each check yields findings and knows one rule."""

import ipaddress
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from config.channels import ExportSource, FeedSource, ImapSource, LaporSource, Open311Source
from config.draft import Draft
from config.escalation import Escalation
from config.problems import Finding, KeyPath
from config.secrets import NOT_THERE, Secret, SecretError
from config.sections import Health, Office, Route, Smtp, Staff, StaffMail, Team

_NEEDED = {
    "password": ("password",),
    "xoauth2": ("client_id", "client_secret", "refresh_token"),
}
_KEY = ("privacy", "key")
_Source = TypeVar("_Source", ImapSource, FeedSource, LaporSource, Open311Source, ExportSource)


def cross_check(draft: Draft) -> Iterator[Finding]:
    """Everything wrong between tables, apart from what follows from a mistake already found."""
    found = {finding.path for finding in draft.findings}
    for check in _CHECKS:
        yield from (finding for finding in check(draft) if finding.path not in found)


def outside_check(draft: Draft) -> Iterator[Finding]:
    """Every secret or file that cannot be read now. Channels that are switched off need none."""
    for path, table in _all_tables(draft):
        if not getattr(table, "enabled", True):
            continue
        for name, value in table:
            if isinstance(value, Secret):
                yield from _unreadable((*path, name), value)
            elif name == "ca_file" and value and not os.access(value, os.R_OK):
                yield Finding((*path, name), "no_such_file", {"path": str(value)})
            elif name == "notify_command" and value and not shutil.which(value[0]):
                yield Finding((*path, name), "no_such_command", {"command": value[0]})
    for path, export in _enabled(draft, ExportSource):
        if not os.access(export.folder, os.R_OK | os.X_OK):
            yield Finding((*path, "folder"), "no_such_folder", {"path": str(export.folder)})


def _all_tables(draft: Draft) -> Iterator[tuple[KeyPath, BaseModel]]:
    yield from (((name,), table) for name, table in draft.tables.items())
    yield from draft.items(BaseModel)


def _unreadable(path: KeyPath, secret: Secret) -> Iterator[Finding]:
    try:
        secret.check()
    except SecretError as error:
        if path == _KEY and error.code in NOT_THERE:
            return  # the store says so: it knows whether there was one before
        yield Finding(path, error.code, error.values)


def _enabled(draft: Draft, model: type[_Source]) -> list[tuple[KeyPath, _Source]]:
    return [(path, source) for path, source in draft.items(model) if source.enabled]


def _something_is_configured(draft: Draft) -> Iterator[Finding]:
    for name in ("channels", "teams"):
        if not draft.raw.get(name):
            yield Finding((name,), f"no_{name}")


def _names_are_unique(draft: Draft) -> Iterator[Finding]:
    for listed in ("channels", "teams", "requirements"):
        seen = set()
        for index, name in draft.written(listed, "name"):
            if name in seen:
                yield Finding((listed, index, "name"), "name_taken", {"name": str(name)})
            seen.add(name)


def _people_are_unique(draft: Draft) -> Iterator[Finding]:
    for key in ("email", "login"):
        seen = set()
        for path, person in draft.items(Staff):
            value = str(getattr(person, key)).casefold()
            if value and value in seen:
                yield Finding((*path, key), "person_taken", {"value": value})
            seen.add(value)


def _teams_can_be_reached(draft: Draft) -> Iterator[Finding]:
    for path, team in draft.items(Team):
        if not team.members:
            yield Finding((*path, "members"), "no_members", {"name": team.name})


def _mail_does_not_come_back_to_us(draft: Draft) -> Iterator[Finding]:
    polled = set(_polled_addresses(draft))
    for path, team in draft.items(Team):
        for index, member in enumerate(team.members):
            if member.casefold() in polled:
                yield Finding((*path, "members", index), "own_mailbox", {"mail": member})


def _reminders_do_not_come_back_to_us(draft: Draft) -> Iterator[Finding]:
    plan, polled = draft.table(Escalation), set(_polled_addresses(draft))
    for name in ("head", "supervisor"):
        for index, mail in enumerate(getattr(plan, name, ())):
            if mail.casefold() in polled:
                yield Finding(("escalation", name, index), "own_mailbox", {"mail": mail})


def _polled_addresses(draft: Draft) -> Iterator[str]:
    office = draft.table(Office)
    for _, source in _enabled(draft, ImapSource):
        user = source.username.casefold()
        yield user
        # Some servers sign in with the part before the @.
        yield from (
            mail
            for mail in map(str.casefold, office.emails if office else ())
            if mail.split("@")[0] == user
        )


def _one_team_is_the_default(draft: Draft) -> Iterator[Finding]:
    defaults = [index for index, value in draft.written("teams", "default") if value]
    if draft.raw.get("teams") and not defaults:
        yield Finding(("teams",), "no_default_team")
    for index in defaults[1:]:
        yield Finding(("teams", index, "default"), "second_default_team")


def _an_examiner_team_exists(draft: Draft) -> Iterator[Finding]:
    examiners = [index for index, value in draft.written("teams", "examiner") if value]
    if draft.raw.get("teams") and not examiners:
        yield Finding(("teams",), "no_examiner_team")


def _routes_lead_somewhere(draft: Draft) -> Iterator[Finding]:
    teams, channels = _names(draft, "teams"), _names(draft, "channels")
    for index, team in draft.written("routes", "team"):
        if isinstance(team, str) and team not in teams:
            yield _unknown_name(("routes", index, "team"), "unknown_team", team, teams)
    for path, route in draft.items(Route):
        for channel in route.channel:
            if channel not in channels:
                yield _unknown_name((*path, "channel"), "unknown_channel", channel, channels)


def _health_is_told_to_a_team(draft: Draft) -> Iterator[Finding]:
    health, teams = draft.table(Health), _names(draft, "teams")
    if health and health.team is not None and health.team not in teams:
        yield _unknown_name(("health", "team"), "unknown_team", health.team, teams)


def _status_page_stays_inside(draft: Draft) -> Iterator[Finding]:
    health = draft.table(Health)
    if health and health.port is not None and not _loopback(health.host):
        yield Finding(("health", "host"), "open_status_page", {"host": health.host}, warning=True)


def _canaries_have_an_address(draft: Draft) -> Iterator[Finding]:
    for path, source in _enabled(draft, ImapSource):
        named = source.canary_address or "@" in source.username
        if source.canary_minutes is not None and not named:
            yield Finding((*path, "canary_address"), "no_canary_address")


def _names(draft: Draft, listed: str) -> list[str]:
    return [str(name) for _, name in draft.written(listed, "name")]


def _unknown_name(path: KeyPath, code: str, name: str, known: list[str]) -> Finding:
    return Finding(path, code, {"name": name, "known": ", ".join(known) or "-"})


def _passwords_travel_encrypted(draft: Draft) -> Iterator[Finding]:
    servers: list[tuple[KeyPath, ImapSource | Smtp]] = [*_enabled(draft, ImapSource)]
    smtp = draft.table(Smtp)
    if smtp:
        servers.append((("smtp",), smtp))
    for path, server in servers:
        if server.security == "plain" and not (server.allow_plain or _loopback(server.host)):
            yield Finding((*path, "security"), "plain_security", {"host": server.host})
    for path, feed in _enabled(draft, FeedSource):
        url = urlsplit(feed.base_url or "")
        if url.scheme == "http" and not (feed.allow_plain or _loopback(url.hostname or "")):
            yield Finding((*path, "base_url"), "plain_security", {"host": url.netloc})


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _sign_in_is_complete(draft: Draft) -> Iterator[Finding]:
    for path, source in _enabled(draft, ImapSource):
        needed = _NEEDED[source.auth]
        for name in needed:
            if not getattr(source, name):
                yield Finding((*path, name), "needed_for_sign_in", {"auth": source.auth})
    for path, feed in _enabled(draft, FeedSource):
        if feed.base_url is None:
            yield Finding((*path, "base_url"), "needed_when_enabled")
    yield from _open311_is_complete(draft)
    smtp = draft.table(Smtp)
    if smtp and smtp.username and smtp.password is None:
        yield Finding(("smtp", "password"), "needed_for_sign_in", {"auth": "username"})


def _open311_is_complete(draft: Draft) -> Iterator[Finding]:
    for path, feed in _enabled(draft, Open311Source):
        if feed.since is None:
            yield Finding((*path, "since"), "needed_when_enabled")
        if feed.auth != "none" and feed.token is None:
            yield Finding((*path, "token"), "needed_for_sign_in", {"auth": feed.auth})
        if feed.auth == "basic" and not feed.username:
            yield Finding((*path, "username"), "needed_for_sign_in", {"auth": feed.auth})


def _notifications_can_be_told(draft: Draft) -> Iterator[Finding]:
    """Without its own name, nobody knows which of a mail's headers our server wrote."""
    for path, source in _enabled(draft, ImapSource):
        if source.notification_domains and not source.authserv_id:
            yield Finding((*path, "authserv_id"), "no_authserv_id")


def _staff_mail_can_be_proven(draft: Draft) -> Iterator[Finding]:
    """Without our server's word a sender's address is only what somebody wrote."""
    replies = draft.table(StaffMail)
    if replies is None or replies.accept == "off":
        return
    path = ("staff_mail", "accept")
    if replies.accept == "token_only":
        yield Finding(path, "staff_mail_token_only", warning=True)
    elif "staff_mail" in draft.raw and not any(
        source.authserv_id for _, source in _enabled(draft, ImapSource)
    ):
        yield Finding(path, "staff_mail_unprovable", warning=True)


def _mailboxes_begin_somewhere(draft: Draft) -> Iterator[Finding]:
    for path, source in _enabled(draft, ImapSource):
        if source.since is None:
            yield Finding((*path, "since"), "no_since", warning=True)


def _no_mailbox_is_polled_twice(draft: Draft) -> Iterator[Finding]:
    for (_, first), (path, second) in combinations(_enabled(draft, ImapSource), 2):
        same = _mailbox(first) == _mailbox(second)
        if same and set(first.folders) & set(second.folders):
            yield Finding((*path, "username"), "same_mailbox", {"name": first.name})


def _mailbox(source: ImapSource) -> tuple[str, int, str]:
    return source.host.casefold(), source.port, source.username.casefold()


def _office_can_be_answered(draft: Draft) -> Iterator[Finding]:
    office = draft.table(Office)
    if office and not office.emails and not office.phone:
        yield Finding(("office", "phone"), "no_contact", warning=True)


_CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    _something_is_configured,
    _names_are_unique,
    _people_are_unique,
    _teams_can_be_reached,
    _mail_does_not_come_back_to_us,
    _reminders_do_not_come_back_to_us,
    _one_team_is_the_default,
    _an_examiner_team_exists,
    _routes_lead_somewhere,
    _health_is_told_to_a_team,
    _status_page_stays_inside,
    _canaries_have_an_address,
    _passwords_travel_encrypted,
    _sign_in_is_complete,
    _notifications_can_be_told,
    _staff_mail_can_be_proven,
    _mailboxes_begin_somewhere,
    _no_mailbox_is_polled_twice,
    _office_can_be_answered,
)
