"""A row of a JSON feed, read by its profile into the canonical report."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from channels.errors import Unreadable
from channels.lapor.dates import parse_date
from channels.lapor.mapping import as_text, dig, first, holds, status
from channels.lapor.profile import Dates, Files, FollowUps, Profile
from channels.lapor.profile_reader import FIELDS
from channels.lapor.report import RemoteFile, Report
from channels.types import FollowUp


def report_from(evidence: Any, profile: Profile) -> Report:
    """Read ``{"item", "followups", "detail"}``. Raises Unreadable where there is no report in it."""
    row = evidence.get("item") if isinstance(evidence, Mapping) else None
    if not isinstance(row, Mapping):
        raise Unreadable("lapor_unreadable", reason="not an object")
    detail = evidence.get("detail")
    row = {**row, **detail} if isinstance(detail, Mapping) else row
    values = {name: first(row, profile.fields.get(name, ())) for name in FIELDS}
    if not values["external_id"]:
        raise Unreadable("lapor_no_id")
    shape = profile.followups
    said = _followups_in(row, evidence, shape) if shape else []
    return Report(
        external_id=values["external_id"],
        external_url=values["external_url"] or _url(profile.url, values["external_id"]),
        title=values["title"],
        body=values["body"],
        classification=values["classification"],
        category=values["category"],
        location=values["location"],
        reported_at=parse_date(values["reported_at"], profile.dates),
        updated_at=parse_date(values["updated_at"], profile.dates),
        status_raw=values["status"],
        status=status(row, profile.status, values["status"]),
        anonymous=holds(row, profile.anonymous),
        secret=holds(row, profile.secret),
        name=values["name"],
        email=values["email"],
        phone=values["phone"],
        files=(
            *_files(row, profile.files),
            *(file for one in said for file in _files(one, shape.files if shape else None)),
        ),
        followups=tuple(_followup(one, shape, profile.dates) for one in said) if shape else (),
    )


def _followups_in(row: Any, evidence: Mapping[str, Any], shape: FollowUps) -> list[Any]:
    return _list(dig(row, shape.inline) if shape.inline else evidence.get("followups"))


def _followup(said: Any, shape: FollowUps, dates: Dates) -> FollowUp:
    at = parse_date(first(said, shape.at), dates)
    return FollowUp(at, first(said, shape.by), first(said, shape.text))


def _files(holder: Any, shape: Files | None) -> tuple[RemoteFile, ...]:
    if shape is None:
        return ()
    return tuple(
        RemoteFile(
            id=_at(entry, shape.id),
            name=_at(entry, shape.name),
            ext=_at(entry, shape.ext),
            url=_at(entry, shape.url),
        )
        for entry in _list(dig(holder, shape.items))
    )


def _at(entry: Any, path: str) -> str:
    return as_text(dig(entry, path)) if path else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _url(template: str, external_id: str) -> str:
    return template.replace("{external_id}", quote(external_id, safe=""))
