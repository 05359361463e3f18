"""The days the office decides about, and what a calendar changes in merged cases."""

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, Json, SafeText, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_days",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("date", sa.Date, nullable=False, index=True),
        sa.Column("state", SafeText, nullable=False),
        sa.Column("name", SafeText, nullable=False),
        sa.Column("why", SafeText, nullable=False),
        sa.Column("who", SafeText, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.add_column("merges", sa.Column("redated", Json))
