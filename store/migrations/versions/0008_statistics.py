"""Figures for the monthly evaluation: indexes they are read by, and when channels could not be heard.

Who upgrades has outages from now on; what lasts just now goes over as it stands on the channel's row.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, SafeText, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LASTING = (
    ("down", "COALESCE(last_success, known_since, next_due)", "told_down"),
    ("silent", "silent_since", "silent_since IS NOT NULL"),
    ("canary_lost", "canary_lost_at", "canary_lost_at IS NOT NULL"),
)


def upgrade() -> None:
    _indexes()
    op.add_column("channels", sa.Column("failing_since", UtcDateTime))
    op.create_table(
        "channel_outages",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("channel", SafeText, nullable=False, index=True),
        sa.Column("kind", SafeText, nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
    )
    for kind, began, lasts in _LASTING:
        op.execute(
            "INSERT INTO channel_outages (channel, kind, began_at)"  # noqa: S608 - words of ours
            f" SELECT name, '{kind}', {began} FROM channels WHERE {lasts}"
        )
    op.execute("UPDATE channels SET failing_since = last_success WHERE failures > 0")
    _note_beginning()


def _indexes() -> None:
    op.drop_index("ix_cases_received_at", "cases")
    columns = ["received_at", "due_at", "status", "kind", "number"]
    op.create_index("ix_cases_statistics", "cases", columns)
    answers = sa.text("what = 'answer.recorded'")
    op.create_index(
        "ix_events_answers",
        "events",
        ["number", "what", "at"],
        sqlite_where=answers,
        postgresql_where=answers,
    )


def _note_beginning() -> None:
    """A database that has read its channels before has outages nobody wrote down."""
    connection = op.get_bind()
    if connection.scalar(sa.text("SELECT count(*) FROM channels")):
        values = sa.table("kept_values", sa.column("key", SafeText), sa.column("value", SafeText))
        since = {"key": "outages.recorded_since", "value": datetime.now(UTC).isoformat()}
        op.bulk_insert(values, [since])
