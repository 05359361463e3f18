"""What one transaction of incoming mail knows, and what it is going to write."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from store import bounces, chain, ledger, purging
from store.batch import Batch, Cases
from store.columns import key
from store.models import ArrivalRow, NoticeRow
from store.rows import Tokens, arrival_row, notice_row
from store.types import Fate, Intake, NoticeRequest


class Work:
    """One transaction's view: what the database holds of these intakes, and what will be written."""

    def __init__(
        self,
        connection: Connection,
        *,
        domain: str,
        own_names: frozenset[str],
        now: datetime,
        intakes: Sequence[Intake],
        keep_id: int | None = None,
    ) -> None:
        self.connection = connection
        self.tokens = Tokens(domain)
        self.own_names = own_names
        self.now = now
        self.keep_id = keep_id
        self.batch = Batch()
        self.known = ledger.known(connection, (entry.arrival for entry in intakes))
        self.cases = Cases(connection, intakes)
        joining = {key(entry.identity) for entry in intakes if entry.joins and entry.identity}
        self.replies = ledger.replies(connection, joining)
        self.bounced = bounces.ours(connection, (e.message for e in intakes if e.message))

    def arrived(self, intake: Intake, fate: Fate, number: str | None = None) -> None:
        """Write the ledger row and the bytes."""
        row = arrival_row(intake, fate, number, self.now)
        if self.keep_id is not None:
            row["id"] = self.keep_id
        self.batch.add(ArrivalRow, row)
        self.batch.add_raw(row["sha256"], intake.arrival.raw)

    def noted(self, intake: Intake, fate: Fate, number: str) -> None:
        """Write the ledger row alone, without what would say again what was removed."""
        row = arrival_row(intake, fate, number, self.now)
        self.batch.add(ArrivalRow, purging.bare(self.connection.dialect, row, self.now))

    def log(self, number: str, what: str, who: str, **details: str) -> None:
        """Add an event to a case."""
        self.batch.events.append(chain.event(number, what, who, details, self.now))

    def tell(self, number: str, requests: Sequence[NoticeRequest]) -> None:
        """Put notices about a case into the outbox."""
        for request in requests:
            message_id = self.tokens.message_id(number.lower() or "channel", request.kind)
            row = notice_row(request.kind, request.recipient, message_id, self.now)
            row |= {"number": number or None, "details": dict(request.details)}
            if request.key:
                self.batch.add_once(row | {"key": key(f"{request.key} {request.recipient}")})
            else:
                self.batch.add(NoticeRow, row)
