"""What people of the office ask for by mail."""

import sqlalchemy as sa
from alembic import op

from store.columns import BigId, SafeText, UtcDateTime
from store.sealing import Sealed, SealedJson

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_mails",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("number", SafeText, sa.ForeignKey("cases.number"), nullable=False, index=True),
        sa.Column("channel", SafeText, nullable=False),
        sa.Column("act", SafeText, nullable=False),
        sa.Column("state", SafeText, nullable=False),
        sa.Column("who", Sealed("staff_mails.who"), nullable=False),
        sa.Column("address", Sealed("staff_mails.address"), nullable=False),
        sa.Column("text", Sealed("staff_mails.text"), nullable=False),
        sa.Column("details", SealedJson("staff_mails.details"), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("seen", BigId, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("told_at", UtcDateTime),
        sa.Column("echo", SafeText, nullable=False, index=True),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("reason", SafeText, nullable=False),
    )
    op.create_index("ix_staff_mails_state_id", "staff_mails", ["state", "id"])
