"""Answers on their way, their files, receipts with a code, and the language of letters."""

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, SafeText, UtcDateTime
from store.sealing import Sealed

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("language", SafeText, nullable=False, server_default=""))
    _answers()
    op.create_table(
        "answer_files",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("answer_id", BigId, sa.ForeignKey("answers.id"), nullable=False, index=True),
        sa.Column("name", Sealed("answer_files.name"), nullable=False),
        sa.Column("content_type", SafeText, nullable=False),
        sa.Column("size", BigId, nullable=False),
        sa.Column("sha256", SafeText, nullable=False),
    )
    op.create_table(
        "receipts",
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), primary_key=True),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("made_by", SafeText, nullable=False),
        sa.Column("hash", Sealed("receipts.hash"), nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("last_refused_at", UtcDateTime, index=True),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), nullable=False, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("who", SafeText, nullable=False),
        sa.Column("way", SafeText, nullable=False),
        sa.Column("text", Sealed("answers.text"), nullable=False),
        sa.Column("message_id", SafeText),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
        sa.Column("done_by", SafeText, nullable=False),
        sa.Column("how", SafeText, nullable=False),
        sa.Column("told_at", UtcDateTime),
    )
    op.create_index("ix_answers_message_id_done_at", "answers", ["message_id", "done_at"])
