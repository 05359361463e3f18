"""The canonical report, the same for every dialect, and what becomes of it as a message."""

import mimetypes
from dataclasses import dataclass
from datetime import datetime

from channels.lapor.status import ReportStatus
from channels.mail import clean, html
from channels.mail.attachments import safe_name
from channels.types import Address, Attachment, FollowUp, Message
from classify.types import Medium

_MARKUP = ("</", "<br", "<p>", "<p ", "&nbsp;", "&amp;", "&quot;", "&#")
_LINE = 300


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file the platform holds: never fetched, so its size and hash are not known."""

    id: str = ""
    name: str = ""
    ext: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a platform. ``anonymous`` and ``secret`` are independent of each other."""

    external_id: str
    external_url: str = ""
    title: str = ""
    body: str = ""
    classification: str = ""
    category: str = ""
    location: str = ""
    reported_at: datetime | None = None
    updated_at: datetime | None = None
    status_raw: str = ""
    status: ReportStatus = ReportStatus.TIDAK_DIKETAHUI
    anonymous: bool = False
    secret: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    files: tuple[RemoteFile, ...] = ()
    followups: tuple[FollowUp, ...] = ()


def message_from(report: Report, received_at: datetime, platform: str = "") -> Message:
    """Return the report as a message. Who asked to be anonymous is not named, even if the platform does."""
    text = readable(report.body)
    return Message(
        medium=Medium.LAPOR,
        received_at=received_at,
        sender=Address() if report.anonymous else Address(_line(report.name), _line(report.email)),
        phone="" if report.anonymous else _line(report.phone),
        subject=_line(readable(report.title)),
        text=text,
        reply_text=text,
        external_id=_line(report.external_id).lstrip("# "),
        external_url=_line(report.external_url),
        platform=platform,
        sent_at=report.reported_at,
        attachments=tuple(_attachment(file) for file in report.files),
        anonymous=report.anonymous,
        secret=report.secret,
        location=_line(report.location),
        category=_line(" / ".join(filter(None, (report.classification, report.category)))),
        status=report.status,
        followups=tuple(
            FollowUp(one.at, _line(one.by), readable(one.text)) for one in report.followups
        ),
    )


def readable(text: str) -> str:
    """Plain text; what looks like HTML is turned into it."""
    text = clean.text(text[: clean.TEXT_LIMIT])
    if any(mark in text.casefold() for mark in _MARKUP):
        text = clean.text(html.to_text(text))
    return text.strip()


def _line(text: str) -> str:
    return clean.line(text, _LINE)


def _attachment(file: RemoteFile) -> Attachment:
    ending = f".{file.ext.lstrip('.')}" if file.ext else ""
    name = safe_name(file.name or f"{file.id}{ending}") or "lampiran"
    kind, _ = mimetypes.guess_type(name)
    return Attachment(name, kind or "application/octet-stream", size=0, sha256="")
