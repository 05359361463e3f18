"""The tables. Children name their case by its number, so that a batch needs no id handed back."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ForeignKey, Index, MetaData, Row, UniqueConstraint, false, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.columns import BigId, Json, SafeText, UtcDateTime
from store.sealing import Keyed, Sealed, SealedBytes, SealedJson

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: constraint names that migrations can rely on, and column types."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: SafeText,
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class RawPart(Base):
    """A piece of the compressed raw bytes of an arrival; equal bytes are stored once."""

    __tablename__ = "raws"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(SealedBytes("raws.data"))


class CaseRow(Base):
    """A case (pengaduan). ``promise`` is the limit; ``later_text`` is what was said since, for search."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "status", "due_at"),
        # The monthly evaluation counts a year's cases: it reads nothing but this index.
        Index(
            "ix_cases_statistics",
            *("received_at", "status", "kind", "due_at", "first_due_at", "answered_at", "number"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    identity: Mapped[str | None] = mapped_column(unique=True)
    channel: Mapped[str]
    medium: Mapped[str]
    kind: Mapped[str]
    tier: Mapped[str | None]
    certain: Mapped[bool]
    suggested: Mapped[str | None]
    plausible: Mapped[list[Any]]
    restricted: Mapped[bool]
    status: Mapped[str]
    team: Mapped[str]
    subject: Mapped[str] = mapped_column(Sealed("cases.subject"))
    text: Mapped[str] = mapped_column(Sealed("cases.text"))
    reply_text: Mapped[str] = mapped_column(Sealed("cases.reply_text"))
    later_text: Mapped[str] = mapped_column(Sealed("cases.later_text"))
    received_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    promise: Mapped[str]
    calendar: Mapped[str]
    rules_digest: Mapped[str]
    hits: Mapped[list[Any]] = mapped_column(SealedJson("cases.hits"))
    attachments: Mapped[list[Any]] = mapped_column(SealedJson("cases.attachments"))
    followups: Mapped[list[Any]] = mapped_column(SealedJson("cases.followups"))
    message_id: Mapped[str] = mapped_column(Sealed("cases.message_id"))
    external_id: Mapped[str] = mapped_column(Sealed("cases.external_id"))
    external_url: Mapped[str] = mapped_column(Sealed("cases.external_url"))
    location: Mapped[str] = mapped_column(Sealed("cases.location"))
    category: Mapped[str] = mapped_column(Sealed("cases.category"))
    platform_status: Mapped[str] = mapped_column(Sealed("cases.platform_status"))
    forwarded: Mapped[bool]
    truncated: Mapped[bool]
    merged_into: Mapped[str | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(server_default="")
    split_from: Mapped[str | None] = mapped_column(index=True)
    clock_from: Mapped[datetime | None]  # None: the receipt
    first_due_at: Mapped[datetime | None]  # of the first answer, where due_at is a later one's
    answered_at: Mapped[datetime | None]  # the first answer
    purged_at: Mapped[datetime | None]  # its content was removed by the office's policy


class LabelRow(Base):
    """A person's decision about a case's tier, and what the case was before. The last one counts."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    why: Mapped[str] = mapped_column(Sealed("labels.why"))
    kind: Mapped[str]
    tier: Mapped[str | None]
    was_kind: Mapped[str]
    was_tier: Mapped[str | None]
    was_certain: Mapped[bool]
    was_suggested: Mapped[str | None]
    rules_digest: Mapped[str]


class ComplainantRow(Base):
    """Who wrote, apart from the case: the only table with a complainant's name and addresses."""

    __tablename__ = "complainants"

    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    name: Mapped[str] = mapped_column(Sealed("complainants.name"))
    email: Mapped[str] = mapped_column(Sealed("complainants.email"))
    phone: Mapped[str] = mapped_column(Sealed("complainants.phone"))
    address: Mapped[str] = mapped_column(Sealed("complainants.address"))
    anonymous: Mapped[bool]
    secret: Mapped[bool]


class ArrivalRow(Base):
    """The ledger: one row for each position of a channel, saying what became of it."""

    __tablename__ = "arrivals"
    __table_args__ = (
        UniqueConstraint("channel", "folder", "generation", "item"),
        Index(None, "fate", "id"),
        # The same reply in two inboxes tells the team once.
        Index(
            "uq_arrivals_reply",
            "identity",
            unique=True,
            sqlite_where=text("fate = 'replied'"),
            postgresql_where=text("fate = 'replied'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str]
    folder: Mapped[str]
    generation: Mapped[str]
    item: Mapped[str]
    fate: Mapped[str]
    number: Mapped[str | None] = mapped_column(ForeignKey("cases.number"), index=True)
    identity: Mapped[str | None]
    sha256: Mapped[str | None]
    size: Mapped[int] = mapped_column(BigId)
    truncated: Mapped[bool]
    received_at: Mapped[datetime | None]
    entered_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(Sealed("arrivals.error"))
    sender: Mapped[str] = mapped_column(Sealed("arrivals.sender"))
    subject: Mapped[str] = mapped_column(Sealed("arrivals.subject"))
    why: Mapped[str]
    purged_at: Mapped[datetime | None]  # bytes, sender and subject were removed


class EventRow(Base):
    """The log of a case, only ever added to. ``seq`` counts within ``chain``; see chain.py.

    ``purged``: of its details is left what says nothing of anybody; see purging.py.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chain: Mapped[str]
    seq: Mapped[int] = mapped_column(BigId)
    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    at: Mapped[datetime]
    what: Mapped[str]
    who: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(SealedJson("events.details"))
    hash: Mapped[str]
    purged: Mapped[bool] = mapped_column(server_default=false())


class ChainRow(Base):
    """The head of a chain of events: how many there are, and the hash of the last."""

    __tablename__ = "chains"

    name: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigId)
    hash: Mapped[str]


class NoticeRow(Base):
    """The outbox: one mail to one address. ``key`` makes a channel's notice once only."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "state", "next_at"), Index(None, "recipient_key", "created_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    number: Mapped[str | None] = mapped_column(ForeignKey("cases.number"), index=True)
    recipient: Mapped[str] = mapped_column(Sealed("notices.recipient"))
    recipient_key: Mapped[str] = mapped_column(Keyed)
    message_id: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str | None] = mapped_column(Keyed, unique=True)
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Sealed("notices.error"))
    details: Mapped[dict[str, Any]] = mapped_column(SealedJson("notices.details"))


class ChannelRow(Base):
    """A channel: where it goes on, when it is due, and how it is. ``canary_id`` is a notice's Message-ID."""

    __tablename__ = "channels"

    name: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str | None]
    health: Mapped[str]
    failures: Mapped[int]
    failing_since: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    last_arrival: Mapped[datetime | None]
    next_due: Mapped[datetime]
    error: Mapped[str]
    arrivals: Mapped[int] = mapped_column(BigId)
    told_down: Mapped[bool]
    known_since: Mapped[datetime | None]
    silent_since: Mapped[datetime | None]
    canary_id: Mapped[str | None]
    canary_sent_at: Mapped[datetime | None]
    canary_back_at: Mapped[datetime | None]
    canary_lost_at: Mapped[datetime | None]


class ValueRow(Base):
    """A small value that must outlive a restart."""

    __tablename__ = "kept_values"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Sealed("kept_values.value"))


class SealRow(Base):
    """The one row that says how this database is sealed: with nothing yet where it is not there.

    ``key`` is the id of the key that seals, ``probe`` a value sealed with it, ``lookup`` what the key for
    finding values makes of a known text. ``done``: nothing is left that is sealed with no or another key.
    """

    __tablename__ = "seal"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str]
    probe: Mapped[str] = mapped_column(Sealed("seal.probe"))
    lookup: Mapped[str]
    done: Mapped[bool]
