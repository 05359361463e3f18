"""The kinds of values settings are made of. What does not fit raises an error whose type is a sentence's name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from config.secrets import Secret


class Section(BaseModel):
    """A table of the file: nothing unknown, nothing converted silently, no value in an error's text."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class DayHours:
    """Opening hours of one weekday, with its break where there is one; local time."""

    opens: time
    closes: time
    break_starts: time | None = None
    break_ends: time | None = None


def folder_of(info: ValidationInfo) -> Path:
    """Return the folder that relative paths start from: the configuration file's own."""
    return Path(info.context["folder"]) if info.context else Path()


def _matching(pattern: str, code: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise PydanticCustomError(code, "does not fit")
        return text

    return AfterValidator(check)


def _not_empty(items: tuple[object, ...]) -> tuple[object, ...]:
    if not items:
        raise PydanticCustomError("empty_list", "empty")
    return items


def _secret(value: object, info: ValidationInfo) -> Secret:
    secret = Secret.parse(value, folder_of(info))
    if secret is None:
        raise PydanticCustomError("literal_secret", "not a reference")
    return secret


def _path(value: object, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise PydanticCustomError("path", "not a path")
    return folder_of(info) / Path(value).expanduser()


def _profile(value: str, info: ValidationInfo) -> str:
    """A shipped profile goes by its name; what has a slash or an ending is a file."""
    return str(_path(value, info)) if "/" in value or "." in value else value


def _tracking_pattern(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error:
        groups = 0
    if groups != 1:
        raise PydanticCustomError("tracking_pattern", "no pattern with one group")
    return pattern


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise PydanticCustomError("zone", "unknown zone") from None
    return name


def _limit(value: str) -> str:
    match = re.fullmatch(r"([1-9][0-9]{0,3}) *(h|jam|wd|hari kerja)", value.strip())
    if not match:
        raise PydanticCustomError("limit", "not a limit")
    return f"{match[1]} {'h' if match[2] in ('h', 'jam') else 'wd'}"


def _day_hours(value: object) -> DayHours:
    times = re.fullmatch(
        r"(\d\d:\d\d) *- *(\d\d:\d\d)(?: *, *(\d\d:\d\d) *- *(\d\d:\d\d))?",
        value if isinstance(value, str) else "",
        re.ASCII,
    )
    try:
        edges = [time.fromisoformat(edge) for edge in times.groups() if edge] if times else []
    except ValueError:
        edges = []
    if not edges or edges != sorted(set(edges)):
        raise PydanticCustomError("day_hours", "not opening hours")
    return DayHours(edges[0], edges[-1], *edges[1:-1])


def _checked_url(schemes: tuple[str, ...]) -> Callable[[str], str]:
    def check(url: str) -> str:
        try:
            parts = urlsplit(url)
            fits = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            fits = False
        if not fits:
            raise PydanticCustomError("url", "not a URL", {"schemes": ", ".join(schemes)})
        if parts.password:
            raise PydanticCustomError("literal_secret", "password in a URL")
        return url

    return check


Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, _matching(r"[a-z0-9][a-z0-9_-]{0,39}", "name")]
Mail = Annotated[
    str, _matching(r"[^\s@<>(),;:\"\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", "mail_address")
]
Host = Annotated[str, _matching(r"[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?|::1", "host")]
Port = Annotated[int, Field(ge=1, le=65535)]
Url = Annotated[str, AfterValidator(_checked_url(("https", "http")))]
Zone = Annotated[str, AfterValidator(_zone)]
LimitText = Annotated[str, AfterValidator(_limit)]
Hours = Annotated[DayHours, BeforeValidator(_day_hours)]
ProfileName = Annotated[str, Field(min_length=1), AfterValidator(_profile)]
TrackingPattern = Annotated[str, Field(max_length=300), AfterValidator(_tracking_pattern)]
FilePath = Annotated[Path, BeforeValidator(_path)]
SecretReference = Annotated[Secret, BeforeValidator(_secret)]
# Not min_length: pydantic would call a list empty when its entries are wrong.
NotEmpty = AfterValidator(_not_empty)
