"""The first tables, and the full-text index in each database's own way.

A later migration that makes ``cases`` anew (Alembic's batch mode) has to create the triggers again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, Json, SafeText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("raws", _text("sha256", primary_key=True), _part(), _binary("data"))
    _cases()
    _complainants()
    _arrivals()
    _events()
    _notices()
    _channels()
    op.create_table("kept_values", _text("key", primary_key=True), _text("value"))
    if op.get_bind().dialect.name == "sqlite":
        _words_on_sqlite()
    else:
        _words_on_postgresql()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", BigId, primary_key=True),
        _text("number", unique=True),
        _text("identity", unique=True, nullable=True),
        *map(_text, ("channel", "medium", "kind")),
        _text("tier", nullable=True),
        _flag("certain"),
        _text("suggested", nullable=True),
        _json("plausible"),
        _flag("restricted"),
        *map(_text, ("status", "team", "subject", "text", "reply_text", "later_text")),
        _time("received_at", index=True),
        _time("entered_at"),
        _time("due_at", nullable=True),
        *map(_text, ("promise", "calendar", "rules_digest")),
        *map(_json, ("hits", "attachments", "followups")),
        *map(_text, ("message_id", "external_id", "external_url")),
        *map(_text, ("location", "category", "platform_status")),
        *map(_flag, ("forwarded", "truncated")),
    )
    op.create_index("ix_cases_status_due_at", "cases", ["status", "due_at"])


def _complainants() -> None:
    op.create_table(
        "complainants",
        _text("number", sa.ForeignKey("cases.number"), primary_key=True),
        *map(_text, ("name", "email", "phone", "address")),
        *map(_flag, ("anonymous", "secret")),
    )


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", BigId, primary_key=True),
        *map(_text, ("channel", "folder", "generation", "item", "fate")),
        _text("number", sa.ForeignKey("cases.number"), nullable=True, index=True),
        _text("identity", nullable=True),
        _text("sha256", nullable=True),
        sa.Column("size", BigId, nullable=False),
        _flag("truncated"),
        _time("received_at", nullable=True),
        _time("entered_at"),
        *map(_text, ("error", "sender", "subject", "why")),
        sa.UniqueConstraint("channel", "folder", "generation", "item"),
    )
    op.create_index("ix_arrivals_fate_id", "arrivals", ["fate", "id"])
    replied = sa.text("fate = 'replied'")
    op.create_index(
        "uq_arrivals_reply",
        "arrivals",
        ["identity"],
        unique=True,
        sqlite_where=replied,
        postgresql_where=replied,
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", BigId, primary_key=True),
        _text("chain"),
        sa.Column("seq", BigId, nullable=False),
        _text("number", sa.ForeignKey("cases.number"), index=True),
        _time("at"),
        *map(_text, ("what", "who")),
        _json("details"),
        _text("hash"),
        sa.UniqueConstraint("chain", "seq"),
    )
    op.create_table(
        "chains",
        _text("name", primary_key=True),
        sa.Column("seq", BigId, nullable=False),
        _text("hash"),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BigId, primary_key=True),
        _text("kind"),
        _text("number", sa.ForeignKey("cases.number"), nullable=True, index=True),
        _text("recipient"),
        _text("message_id", unique=True),
        _text("key", unique=True, nullable=True),
        _text("state"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _time("created_at"),
        _time("next_at"),
        _time("sent_at", nullable=True),
        _text("error"),
        _json("details"),
    )
    op.create_index("ix_notices_state_next_at", "notices", ["state", "next_at"])
    op.create_index("ix_notices_recipient_created_at", "notices", ["recipient", "created_at"])


def _channels() -> None:
    op.create_table(
        "channels",
        _text("name", primary_key=True),
        _text("cursor", nullable=True),
        _text("health"),
        sa.Column("failures", sa.Integer, nullable=False),
        _time("last_success", nullable=True),
        _time("last_arrival", nullable=True),
        _time("next_due"),
        _text("error"),
        sa.Column("arrivals", BigId, nullable=False),
        _flag("told_down"),
    )


def _words_on_sqlite() -> None:
    columns = "subject, text, later_text, location, category"
    new = "new.subject, new.text, new.later_text, new.location, new.category"
    old = "old.subject, old.text, old.later_text, old.location, old.category"
    remove = (
        f"INSERT INTO case_words(case_words, rowid, {columns}) VALUES ('delete', old.id, {old});"  # noqa: S608 - constants
    )
    add = f"INSERT INTO case_words(rowid, {columns}) VALUES (new.id, {new});"  # noqa: S608 - constants
    op.execute(
        f"CREATE VIRTUAL TABLE case_words USING fts5({columns}, content='cases', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    for event, actions in (
        ("INSERT", add),
        ("DELETE", remove),
        (f"UPDATE OF {columns}", remove + add),
    ):
        name = event.split()[0].lower()
        op.execute(f"CREATE TRIGGER case_words_{name} AFTER {event} ON cases BEGIN {actions} END")


def _words_on_postgresql() -> None:
    everything = "subject || ' ' || text || ' ' || later_text || ' ' || location || ' ' || category"
    plain = (
        f"translate(left({everything}, 100000), "
        "'.,-/@\\:_+''\"áàâäãéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ', "
        "'          aaaaaeeeeiiiiooooouuuuncAAAAAEEEEIIIIOOOOOUUUUNC')"
    )
    op.execute(
        "CREATE INDEX ix_cases_words ON cases USING gin ("
        f"(to_tsvector('simple'::regconfig, {plain})"
        f" || to_tsvector('indonesian'::regconfig, {plain})))"
    )


def _text(name: str, *constraints: Any, nullable: bool = False, **options: Any) -> sa.Column[str]:
    return sa.Column(name, SafeText, *constraints, nullable=nullable, **options)


def _time(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime, nullable=nullable, index=index)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, Json, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _part() -> sa.Column[int]:
    return sa.Column("part", sa.Integer, primary_key=True, autoincrement=False)


def _binary(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)
