"""Complaints with several matters, split into cases of their own."""

import sqlalchemy as sa
from alembic import op

from store.columns import SafeText

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("split_from", SafeText))
    op.create_index("ix_cases_split_from", "cases", ["split_from"])
