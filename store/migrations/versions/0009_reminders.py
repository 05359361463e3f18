"""How far the clocks of open cases have run, so that nobody is reminded of the same twice."""

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, SafeText, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), primary_key=True),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("promise", SafeText, nullable=False),
        sa.Column("calendar", SafeText, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False),
        sa.Column("stage_at", UtcDateTime),
        sa.Column("next_at", UtcDateTime),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("reopened", BigId, nullable=False),
    )
