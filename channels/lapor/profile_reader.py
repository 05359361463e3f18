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

FIELDS = (
    *("external_id", "external_url", "title", "body", "classification", "category", "reported_at"),
    *("updated_at", "location", "status", "name", "email", "phone"),
)
_DEFAULT_FORMATS = ["iso", "epoch"]


def profile_from(mapping: Mapping[str, Any]) -> Profile:
    """Build a Profile from what tomllib gives. Raises ValueError naming every problem, one a line."""
    problems: list[str] = []
    top = _Table(mapping, "", problems)
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
        error=_error(top.table("error")),
        volatile=top.texts("volatile"),
        newest_first=top.flag("newest_first"),
        url=top.text("url"),
    )
    top.finish()
    if "external_id" not in fields:
        problems.append("fields.external_id: is missing")
    if profile.newest_first and "updated_at" not in fields:
        problems.append("fields.updated_at: is needed with newest_first")
    if problems:
        raise ValueError("\n".join(problems))
    return profile


class _Table:
    """One TOML table being read: notes what is wrong, and at the end what nobody asked for."""

    def __init__(self, value: Mapping[str, Any], place: str, problems: list[str]) -> None:
        self._value = dict(value)
        self._place = place
        self._problems = problems
        self._inner: list[_Table] = []

    def __bool__(self) -> bool:
        return bool(self._value)

    @property
    def names(self) -> list[str]:
        return list(self._value)

    def problem(self, name: str, what: str) -> None:
        self._problems.append(f"{self._at(name)}: {what}")

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def text(self, name: str, default: str = "", *, needed: bool = False) -> str:
        value: object = self._value.pop(name, default)
        if not isinstance(value, str):
            self.problem(name, "must be a text in quotes")
            return default
        if needed and not value:
            self.problem(name, "is missing")
        return value

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.problem(name, f"must be one of {', '.join(choices)}, not {value!r}")
            return default
        return value

    def texts(self, name: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        value = self._value.pop(name, list(default))
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.problem(name, "must be a text or a list of texts")
            return tuple(default)
        return tuple(value)

    def number(self, name: str) -> int:
        value = self._value.pop(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.problem(name, "must be a whole number, 0 or more")
            return 0
        return value

    def flag(self, name: str) -> bool:
        value = self._value.pop(name, False)
        if not isinstance(value, bool):
            self.problem(name, "must be true or false")
        return value is True

    def pairs(self, name: str) -> dict[str, str]:
        value = self._value.pop(name, {})
        if not isinstance(value, Mapping):
            self.problem(name, "must be a table of texts")
            return {}
        return {key: str(one) for key, one in value.items()}

    def table(self, name: str, *, needed: bool = False) -> "_Table":
        value = self._value.pop(name, {})
        if not isinstance(value, Mapping):
            self.problem(name, "must be a table")
            value = {}
        elif needed and not value:
            self.problem(name, "is missing")
        return self._open(value, self._at(name))

    def tables(self, name: str) -> "list[_Table]":
        value = self._value.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.problem(name, "must be a list of tables")
            return []
        return [self._open(one, f"{self._at(name)}[{at}]") for at, one in enumerate(value)]

    def _open(self, value: Mapping[str, Any], place: str) -> "_Table":
        self._inner.append(_Table(value, place, self._problems))
        return self._inner[-1]

    def finish(self) -> None:
        """Report the keys nobody asked for, here and inside."""
        for name in self._value:
            self.problem(name, "is not known")
        for inner in self._inner:
            inner.finish()


def _fields(table: _Table) -> dict[str, tuple[str, ...]]:
    return {name: table.texts(name) for name in FIELDS if name in table.names}


def _call(table: _Table) -> Call:
    if not table:
        return Call("")
    return Call(
        path=table.text("path", needed=True),
        params=table.pairs("params"),
        items=table.text("items"),
        method=cast('Literal["GET", "POST"]', table.choice("method", ("GET", "POST"), "GET")),
    )


def _dates(table: _Table) -> Dates:
    name = table.text("zone", "Asia/Jakarta")
    try:
        zone = ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, a folder, or no name at all
        table.problem("zone", f"there is no time zone {name!r}")
        zone = ZoneInfo("Asia/Jakarta")
    return Dates(table.texts("formats", _DEFAULT_FORMATS), zone)


def _login(table: _Table) -> Login:
    kind = table.choice("kind", ("none", "header", "bearer", "basic", "oauth2"), "none")
    return Login(
        kind=cast('Literal["none", "header", "bearer", "basic", "oauth2"]', kind),
        header=table.text("header", needed=kind == "header"),
        token_url=table.text("token_url", needed=kind == "oauth2"),
        scope=table.text("scope"),
    )


def _paging(table: _Table) -> Paging:
    kind = table.choice("kind", ("cursor", "page", "link", "none"), "none")
    return Paging(
        kind=cast('Literal["cursor", "page", "link", "none"]', kind),
        param=table.text("param", needed=kind in ("cursor", "page")),
        source=table.text("from", needed=kind == "cursor"),
        first=table.text("first", "1" if kind == "page" else ""),
        tie_seconds=table.number("tie_seconds"),
    )


def _flag(table: _Table) -> Flag | None:
    if not table:
        return None
    return Flag(table.text("field", needed=True), table.texts("values", ("1", "true", "ya")))


def _status_rule(table: _Table) -> StatusRule:
    means = table.choice("means", list(ReportStatus), ReportStatus.TIDAK_DIKETAHUI)
    return StatusRule(table.pairs("when"), ReportStatus(means))


def _files(table: _Table) -> Files | None:
    if not table:
        return None
    return Files(
        items=table.text("items", needed=True),
        id=table.text("id"),
        name=table.text("name"),
        ext=table.text("ext"),
        url=table.text("url"),
    )


def _followups(table: _Table) -> FollowUps | None:
    if not table:
        return None
    call = table.table("call")
    inline = table.text("inline")
    if bool(call) == bool(inline):
        table.problem("inline", "either this or a call is needed")
    return FollowUps(
        at=table.texts("at"),
        by=table.texts("by"),
        text=table.texts("text"),
        inline=inline,
        call=_call(call) if call else None,
        count=table.text("count"),
        files=_files(table.table("attachments")),
    )


def _detail(table: _Table) -> Detail | None:
    if not table:
        return None
    return Detail(_call(table.table("call", needed=True)), table.text("when", needed=True))


def _error(table: _Table) -> ErrorObject:
    usual = ErrorObject()
    return ErrorObject(
        table.texts("message", usual.message), table.texts("temporary", usual.temporary)
    )
