"""The sample complaints in ``demo/samples``: mails, reports for the LAPOR server, and what staff type in."""

import struct
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("samples")
PLACEHOLDER = b"@MESSAGE-ID@"  # of the acknowledgement that a mail answers


@dataclass(frozen=True, slots=True)
class Mail:
    """A sample mail. ``tier`` is what its author meant, ``expect`` what must become of it.

    ``to`` names mailboxes. ``answers`` names the sample whose acknowledgement it answers.
    """

    name: str
    to: tuple[str, ...]
    raw: bytes
    age: timedelta
    tier: str = ""
    expect: str = "case"
    answers: str = ""

    @property
    def fates(self) -> tuple[str, ...]:
        """One fate for each mailbox: the second copy of a mail is merged into the case of the first."""
        return (self.expect, *["merged"] * (len(self.to) - 1))


@dataclass(frozen=True, slots=True)
class Report:
    """A report on the LAPOR server; ``fields`` are the server's own, ``broken`` one that gets lost."""

    subject: str
    content: Any
    fields: dict[str, Any]
    followups: tuple[str, ...]
    tier: str
    expect: str
    broken: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What staff type in; ``options`` are those of `muara add`."""

    medium: str
    age: timedelta
    tier: str
    options: dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class Samples:
    """Everything the demo feeds in."""

    mails: tuple[Mail, ...]
    reports: tuple[Report, ...]
    entries: tuple[Entry, ...]

    def __len__(self) -> int:
        return len(self.mails) + len(self.reports) + len(self.entries)

    @property
    def tiers(self) -> set[str]:
        """What the authors of the samples meant; empty where the question does not arise."""
        everything: tuple[Mail | Report | Entry, ...] = (*self.mails, *self.reports, *self.entries)
        return {sample.tier for sample in everything}


def read_samples(folder: Path = FOLDER) -> Samples:
    """Read all samples, the oldest mail first."""
    mails = [*_written_mails(folder / "mail"), *_raw_mails(folder / "raw")]
    return Samples(
        mails=tuple(sorted(mails, key=lambda mail: mail.age, reverse=True)),
        reports=tuple(_report(row) for row in _load(folder / "lapor.toml")["reports"]),
        entries=tuple(_entry(row) for row in _load(folder / "typed.toml")["entries"]),
    )


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _written_mails(folder: Path) -> Iterator[Mail]:
    for path in folder.glob("*.toml"):
        row = _load(path)
        yield _mail(path.stem, row, _composed(path.stem, row).as_bytes())


def _raw_mails(folder: Path) -> Iterator[Mail]:
    for row in _load(folder / "index.toml")["mails"]:
        path = folder / row["file"]
        yield _mail(path.stem, row, path.read_bytes())


def _mail(name: str, row: Mapping[str, Any], raw: bytes) -> Mail:
    return Mail(
        name=name,
        to=tuple(row["to"]),
        raw=raw,
        age=timedelta(hours=row.get("hours_ago", 0)),
        tier=row.get("tier", ""),
        expect=row.get("expect", "case"),
        answers=row.get("answers", ""),
    )


def _composed(name: str, row: Mapping[str, Any]) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = row["from"]
    mail["To"] = ", ".join(f"kesra@{box}.example" for box in row["to"])
    mail["Subject"] = row["subject"]
    mail["Message-ID"] = f"<{name}@warga.example>"
    if row.get("answers"):
        mail["In-Reply-To"] = PLACEHOLDER.decode()
    mail.set_content(row["text"].strip() + "\n", subtype="html" if row.get("html") else "plain")
    if file := row.get("attachment"):
        content, kind = _attachment(file)
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=file)
    return mail


def _report(row: dict[str, Any]) -> Report:
    """Platform flags are 1 for no and 2 for yes; long texts come cut off in the list."""
    told = ("first_name", "last_name", "topic_name")
    fields: dict[str, Any] = {name: row[name] for name in told if name in row}
    fields |= {"is_anonim": 2} if row.get("anonymous") else {}
    fields |= {"report_type": 2} if row.get("secret") else {}
    content = {"isi": row["content"], "isLong": True} if row.get("long") else row["content"]
    return Report(
        subject=row["subject"],
        content=content,
        fields=fields,
        followups=tuple(row.get("followups", ())),
        tier=row.get("tier", ""),
        expect=row.get("expect", "case"),
        broken=row.get("broken", ""),
    )


def _entry(row: dict[str, Any]) -> Entry:
    known = ("medium", "received_minutes_ago", "tier")
    return Entry(
        medium=row["medium"],
        age=timedelta(minutes=row["received_minutes_ago"]),
        tier=row["tier"],
        options={name: value for name, value in row.items() if name not in known},
    )


def _attachment(name: str) -> tuple[bytes, str]:
    return (_png(), "image/png") if name.endswith(".png") else (_pdf(), "application/pdf")


def _png(width: int = 64, height: int = 48) -> bytes:
    """A small grey picture (ISO/IEC 15948)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x99" * width) * height)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _pdf() -> bytes:
    """One empty page; readers rebuild the cross-reference table that is left out."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
