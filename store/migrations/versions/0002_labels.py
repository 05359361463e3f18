"""What people decided about a case's tier, beside what the rules had said."""

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, SafeText, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), nullable=False, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("who", SafeText, nullable=False),
        sa.Column("why", SafeText, nullable=False),
        sa.Column("kind", SafeText, nullable=False),
        sa.Column("tier", SafeText),
        sa.Column("was_kind", SafeText, nullable=False),
        sa.Column("was_tier", SafeText),
        sa.Column("was_certain", sa.Boolean, nullable=False),
        sa.Column("was_suggested", SafeText),
        sa.Column("rules_digest", SafeText, nullable=False),
    )
