"""What the `mapped-json` dialect must know about one platform: plain data, nothing of it in code.

A *path* is dotted (`content.isi`, `rows.0.id`); an empty one is the whole answer. *Alternatives* are
tried in order, the first that is not empty counts; several paths with spaces between are joined.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from channels.lapor.status import ReportStatus

Alternatives = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: path below the base, parameters, and where the rows stand in the answer."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    items: str = ""
    method: Literal["GET", "POST"] = "GET"


@dataclass(frozen=True, slots=True)
class Paging:
    """How to get the next page. ``source`` is a path in the last row (cursor) or the answer (link).

    ``tie_seconds`` asks for a cursor that much later first, so that rows of the very same time are
    not cut apart by a page's end.
    """

    kind: Literal["cursor", "page", "link", "none"] = "none"
    param: str = ""
    source: str = ""
    first: str = ""
    tie_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Login:
    """How the platform wants to be signed in to; the secret itself is a setting."""

    kind: Literal["none", "header", "bearer", "basic", "oauth2"] = "none"
    header: str = ""
    token_url: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """Formats to try (strptime, `iso`, `epoch`, or `written`: 24 November 2026 10.15) and the zone of times that name none."""

    formats: tuple[str, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Flag:
    """True where the field has one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusRule:
    """All of ``when`` (path: value) must hold; the first rule that does counts."""

    when: Mapping[str, str]
    means: ReportStatus


@dataclass(frozen=True, slots=True)
class Files:
    """Attached files: where the list stands and what its entries call things."""

    items: str
    id: str = ""
    name: str = ""
    ext: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Follow-ups: inside the report (``inline``), or by one ``call`` where ``count`` is not 0."""

    at: Alternatives
    by: Alternatives
    text: Alternatives
    inline: str = ""
    call: Call | None = None
    count: str = ""
    files: Files | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A call for the whole report, where the list says that it gives only a part of it."""

    call: Call
    when: str


@dataclass(frozen=True, slots=True)
class ErrorObject:
    """Names under which an error object says what is wrong, and words that mean *try later*."""

    message: tuple[str, ...] = ("msg", "message", "error", "errors")
    temporary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """One platform.

    ``answer`` adds a follow-up to a report; its parameters hold ``{external_id}`` and ``{text}``.
    ``fields`` maps canonical names to alternatives. A change of ``volatile`` paths does not count as
    one. ``newest_first``: the list is ordered by ``updated_at``, newest first. ``url`` is the page of
    a report, with ``{external_id}`` in it.
    """

    name: str
    list: Call
    fields: Mapping[str, Alternatives]
    dates: Dates
    login: Login = Login()
    paging: Paging = Paging()
    anonymous: Flag | None = None
    secret: Flag | None = None
    status: tuple[StatusRule, ...] = ()
    files: Files | None = None
    followups: FollowUps | None = None
    detail: Detail | None = None
    answer: Call | None = None
    error: ErrorObject = ErrorObject()
    volatile: tuple[str, ...] = ()
    newest_first: bool = False
    url: str = ""
