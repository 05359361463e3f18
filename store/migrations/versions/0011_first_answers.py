"""The first answer of a case and the deadline it was held to, where the figures are read from."""

import sqlalchemy as sa
from alembic import op

from store.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = ["received_at", "status", "kind", "due_at", "first_due_at", "answered_at", "number"]


def upgrade() -> None:
    op.add_column("cases", sa.Column("first_due_at", UtcDateTime))
    op.add_column("cases", sa.Column("answered_at", UtcDateTime))
    op.execute(
        "UPDATE cases SET answered_at = (SELECT min(events.at) FROM events"
        " WHERE events.number = cases.number AND events.what = 'answer.recorded')"
    )
    op.drop_index("ix_events_answers", "events")
    op.drop_index("ix_cases_statistics", "cases")
    op.create_index("ix_cases_statistics", "cases", _COLUMNS)
