"""Complaints with several matters, split into cases of their own; clocks that begin after the receipt."""

import sqlalchemy as sa
from alembic import op

from store.columns import SafeText, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("split_from", SafeText))
    op.create_index("ix_cases_split_from", "cases", ["split_from"])
    op.add_column("cases", sa.Column("clock_from", UtcDateTime))
