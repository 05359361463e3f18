"""What was removed by policy: marks on cases, arrivals and links of the log, and the table of removals."""

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, Json, SafeText, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("purged_at", UtcDateTime))
    op.add_column("arrivals", sa.Column("purged_at", UtcDateTime))
    op.add_column(
        "events", sa.Column("purged", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_table(
        "purges",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("who", SafeText, nullable=False),
        sa.Column("held", SafeText, nullable=False),
        sa.Column("before", UtcDateTime, nullable=False),
        sa.Column("removed", sa.Integer, nullable=False),
        sa.Column("details", Json, nullable=False),
    )
