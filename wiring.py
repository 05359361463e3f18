"""From settings to parts that work together. The one place that knows every kind of channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels.base import Channel
from channels.errors import Permanent
from channels.manual import ManualChannel
from channels.secret import Secret
from channels.smtp import Mailer, SmtpSettings
from classify.deadline import Calendar, ClosedDay, Limit, OfficeHours, WorkDay
from classify.routing import Route
from classify.types import Kind, Medium, Tier
from config.secrets import SecretError
from config.secrets import Secret as Reference
from config.settings import Settings
from config.texts import Texts
from ingest.desk import Desk
from ingest.letters import Letters
from ingest.letters import envelope
from ingest.office import Office, Team
from ingest.outbox import Outbox
from ingest.poll import Poller
from ingest.requeue import Requeue
from ingest.turn import Schedule, Turn
from store import Store
