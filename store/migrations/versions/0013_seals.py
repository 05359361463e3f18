"""Sealed columns, and a search index that holds hashes only.

What is in the columns is sealed afterwards (store/resealing.py): it takes a key, and more time than one
transaction should. Who asked not to be known, or to be kept secret, is for the examiners only from now on.
"""

import sqlalchemy as sa
from alembic import op

from store.columns import SafeText
from store.sealing import AsStored

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEXTS = {
    "cases": (
        "subject", "text", "reply_text", "later_text", "message_id", "external_id",
        "external_url", "location", "category", "platform_status",
    ),
    "labels": ("why",),
    "complainants": ("name", "email", "phone", "address"),
    "arrivals": ("error", "sender", "subject"),
    "notices": ("recipient", "error"),
    "kept_values": ("value",),
    "merges": ("why", "undone_why"),
}  # fmt: skip
_JSONS = {
    "cases": ("hits", "attachments", "followups"),
    "events": ("details",),
    "notices": ("details",),
}


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", SafeText, nullable=False),
        sa.Column("probe", AsStored, nullable=False),
        sa.Column("lookup", SafeText, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.drop_index("ix_notices_recipient_created_at", "notices")
    key = sa.Column("recipient_key", SafeText, nullable=False, server_default="")
    op.add_column("notices", key)
    op.execute("UPDATE notices SET recipient_key = recipient")
    op.create_index(
        "ix_notices_recipient_key_created_at", "notices", ["recipient_key", "created_at"]
    )
    op.execute(
        "UPDATE cases SET restricted = true WHERE number IN "
        "(SELECT number FROM complainants WHERE anonymous OR secret)"
    )
    # Where nobody holds a token yet, their key comes from the key file (ingest/reply_token.py).
    op.execute(
        "DELETE FROM kept_values WHERE key = 'replies.key' AND NOT EXISTS (SELECT 1 FROM notices)"
    )
    if op.get_bind().dialect.name == "sqlite":
        _words_on_sqlite()
    else:
        _words_on_postgresql()
        _bytes_on_postgresql()


def _words_on_sqlite() -> None:
    for name in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER case_words_{name}")
    op.execute("DROP TABLE case_words")
    op.execute(
        "CREATE VIRTUAL TABLE case_words USING "
        "fts5(words, detail='none', columnsize=0, tokenize='ascii')"
    )


def _words_on_postgresql() -> None:
    op.drop_index("ix_cases_words", "cases")
    op.create_table(
        "case_words",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("words", sa.ARRAY(sa.Integer), nullable=False),
    )
    op.create_index("ix_case_words_words", "case_words", ["words"], postgresql_using="gin")


def _bytes_on_postgresql() -> None:
    """SQLite holds bytes in any column."""
    for columns, form in ((_TEXTS, "{}"), (_JSONS, "{}::text")):
        for table, names in columns.items():
            for name in names:
                using = f"convert_to({form.format(name)}, 'UTF8')"
                op.alter_column(table, name, type_=sa.LargeBinary, postgresql_using=using)
