"""What is known of a channel beside its turns: silence, and mails to itself."""

import sqlalchemy as sa
from alembic import op

from store.columns import SafeText, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIMES = ("known_since", "silent_since", "canary_sent_at", "canary_back_at", "canary_lost_at")


def upgrade() -> None:
    for name in _TIMES:
        op.add_column("channels", sa.Column(name, UtcDateTime))
    op.add_column("channels", sa.Column("canary_id", SafeText))
    op.execute("UPDATE channels SET known_since = COALESCE(last_arrival, last_success, next_due)")
