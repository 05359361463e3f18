"""The database: complaints, their log, the ledger of arrivals and the outbox."""

from store.errors import AlreadyRunning, DatabaseNewer, NumberTaken, StoreError, Unavailable
from store.store import Store

__all__ = ["AlreadyRunning", "DatabaseNewer", "NumberTaken", "Store", "StoreError", "Unavailable"]
