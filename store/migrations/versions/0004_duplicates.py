"""Cases that are told twice: what they have in common, what was suggested, and what people merged.

Also the key that signs reply tokens (ingest/reply_token.py).
"""

import secrets

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, Json, SafeText, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("merged_into", SafeText))
    op.create_index("ix_cases_merged_into", "cases", ["merged_into"])
    _keys()
    _suggestions()
    _merges()
    values = sa.table("kept_values", sa.column("key", SafeText), sa.column("value", SafeText))
    op.bulk_insert(values, [{"key": "replies.key", "value": secrets.token_hex(32)}])


def _keys() -> None:
    op.create_table(
        "case_keys",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), nullable=False),
        sa.Column("other", SafeText, sa.ForeignKey("cases.number"), nullable=False, index=True),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("likeness", sa.Integer, nullable=False),
        sa.Column("same_phone", sa.Boolean, nullable=False),
        sa.Column("same_email", sa.Boolean, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("dismissed_at", UtcDateTime),
        sa.Column("dismissed_by", SafeText, nullable=False),
        sa.UniqueConstraint("number", "other"),
    )


def _merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), nullable=False, index=True),
        sa.Column("target", SafeText, sa.ForeignKey("cases.number"), nullable=False, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("who", SafeText, nullable=False),
        sa.Column("why", SafeText, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("undone_at", UtcDateTime),
        sa.Column("undone_by", SafeText, nullable=False),
        sa.Column("undone_why", SafeText, nullable=False),
    )
