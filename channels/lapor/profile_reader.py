"""A profile as it stands in TOML, checked: every problem at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from channels.lapor.profile import (
    Call,
    Dates,
    Detail,
    ErrorObject,
    Files,
    Flag,
    FollowUps,
    Login,
    Paging,
    Profile,
    StatusRule,
)
from channels.lapor.status import ReportStatus
from channels.lapor.toml_table import Table, Trouble

FIELDS = (
    *("external_id", "external_url", "title", "body", "classification", "category", "reported_at"),
    *("updated_at", "location", "status", "name", "email", "phone"),
)
_DEFAULT_FORMATS = ["iso", "epoch"]


class ProfileError(ValueError):
    """A profile that cannot be used, with everything that is wrong with it."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__(
            "\n".join(f"{one.key}: {one.code} {one.value}".strip() for one in troubles)
        )
        self.troubles = tuple(troubles)


def profile_from(mapping: Mapping[str, Any]) -> Profile:
    """Build a Profile from what tomllib gives. Raises ProfileError naming every problem."""
    problems: list[Trouble] = []
    top = Table(mapping, "", problems)
    fields = _fields(top.table("fields"))
    profile = Profile(
        name=top.text("name", needed=True),
        list=_call(top.table("list", needed=True)),
        fields=fields,
        dates=_dates(top.table("dates")),
        login=_login(top.table("auth")),
        paging=_paging(top.table("paging")),
        anonymous=_flag(top.table("anonymous")),
        secret=_flag(top.table("secret")),
        status=tuple(_status_rule(rule) for rule in top.tables("status")),
        files=_files(top.table("attachments")),
        followups=_followups(top.table("followups")),
        detail=_detail(top.table("detail")),
        answer=_answer(top.table("answer")),
        error=_error(top.table("error")),
        volatile=top.texts("volatile"),
        newest_first=top.flag("newest_first"),
        url=top.text("url"),
    )
    top.finish()
    if "external_id" not in fields:
        problems.append(Trouble("fields.external_id", "missing"))
    if profile.newest_first and "updated_at" not in fields:
        problems.append(Trouble("fields.updated_at", "newest_first"))
    if problems:
        raise ProfileError(problems)
    return profile


def _fields(table: Table) -> dict[str, tuple[str, ...]]:
    return {name: table.texts(name) for name in FIELDS if name in table.names}


def _call(table: Table) -> Call:
    if not table:
        return Call("")
    return Call(
        path=table.text("path", needed=True),
        params=table.pairs("params"),
        items=table.text("items"),
        method=cast('Literal["GET", "POST"]', table.choice("method", ("GET", "POST"), "GET")),
    )


def _dates(table: Table) -> Dates:
    name = table.text("zone", "Asia/Jakarta")
    try:
        zone = ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, a folder, or no name at all
        table.problem("zone", "zone", name)
        zone = ZoneInfo("Asia/Jakarta")
    return Dates(table.texts("formats", _DEFAULT_FORMATS), zone)


def _login(table: Table) -> Login:
    kind = table.choice("kind", ("none", "header", "bearer", "basic", "oauth2"), "none")
    return Login(
        kind=cast('Literal["none", "header", "bearer", "basic", "oauth2"]', kind),
        header=table.text("header", needed=kind == "header"),
        token_url=table.text("token_url", needed=kind == "oauth2"),
        scope=table.text("scope"),
    )


def _paging(table: Table) -> Paging:
    kind = table.choice("kind", ("cursor", "page", "link", "none"), "none")
    return Paging(
        kind=cast('Literal["cursor", "page", "link", "none"]', kind),
        param=table.text("param", needed=kind in ("cursor", "page")),
        source=table.text("from", needed=kind == "cursor"),
        first=table.text("first", "1" if kind == "page" else ""),
        tie_seconds=table.number("tie_seconds"),
    )


def _flag(table: Table) -> Flag | None:
    if not table:
        return None
    return Flag(table.text("field", needed=True), table.texts("values", ("1", "true", "ya")))


def _status_rule(table: Table) -> StatusRule:
    means = table.choice("means", list(ReportStatus), ReportStatus.TIDAK_DIKETAHUI)
    return StatusRule(table.pairs("when"), ReportStatus(means))


def _files(table: Table) -> Files | None:
    if not table:
        return None
    return Files(
        items=table.text("items", needed=True),
        id=table.text("id"),
        name=table.text("name"),
        ext=table.text("ext"),
        url=table.text("url"),
    )


def _followups(table: Table) -> FollowUps | None:
    if not table:
        return None
    call = table.table("call")
    inline = table.text("inline")
    if bool(call) == bool(inline):
        table.problem("inline", "inline_or_call")
    return FollowUps(
        at=table.texts("at"),
        by=table.texts("by"),
        text=table.texts("text"),
        inline=inline,
        call=_call(call) if call else None,
        count=table.text("count"),
        files=_files(table.table("attachments")),
    )


def _detail(table: Table) -> Detail | None:
    if not table:
        return None
    return Detail(_call(table.table("call", needed=True)), table.text("when", needed=True))


def _answer(table: Table) -> Call | None:
    if not table:
        return None
    call = Call(table.text("path", needed=True), table.pairs("params"), method="POST")
    said = " ".join((call.path, *call.params.values()))
    for name in ("{external_id}", "{text}"):
        if name not in said:
            table.problem("params", "placeholder", name)
    return call


def _error(table: Table) -> ErrorObject:
    usual = ErrorObject()
    return ErrorObject(
        table.texts("message", usual.message), table.texts("temporary", usual.temporary)
    )
