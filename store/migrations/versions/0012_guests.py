"""The guest book, and who looked at the names in it."""

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, SafeText, UtcDateTime
from store.sealing import Sealed

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guests",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("came_at", UtcDateTime, nullable=False, index=True),
        sa.Column("entered_at", UtcDateTime, nullable=False),
        sa.Column("who", SafeText, nullable=False),
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), index=True),
        *(
            sa.Column(name, Sealed(f"guests.{name}"), nullable=False)
            for name in ("name", "agency", "purpose", "meets", "phone")
        ),
    )
    op.create_table(
        "guest_looks",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("who", SafeText, nullable=False),
        sa.Column("first", UtcDateTime, nullable=False),
        sa.Column("last", UtcDateTime, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
    )
