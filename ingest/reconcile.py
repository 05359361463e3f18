"""The ledger against the server: everything that lies in a channel must be accounted for."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.base import Channel, Inventoried
from channels.types import Shelf
from store import Store
from store.types import Account, Fate

LOOKS = 3  # at the ledger: the daemon may be taking in this moment what was just listed
PAUSE = 1.0  # seconds between them
SERVERS_SECOND = timedelta(seconds=1)  # INTERNALDATE knows no smaller part


@dataclass(frozen=True, slots=True)
class Lacking:
    """An item the ledger does not hold; ``received_at`` is the server's time, None where it does not tell."""

    item: str
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One folder of a channel: what lies there, and what the ledger says about it.

    ``waiting`` came after the last poll, so that its turn has not come; ``missing`` should be empty.
    """

    channel: str
    folder: str
    generation: str
    there: int
    fates: Mapping[Fate, int]
    oversize: int
    waiting: tuple[Lacking, ...]
    missing: tuple[Lacking, ...]


def reconcile(
    channel: Channel, store: Store, polled_at: datetime | None, *, pause: float = PAUSE
) -> Iterator[Reconciled] | None:
    """Compare every folder; None for a channel that cannot be asked what lies in it.

    ``polled_at`` is when it was last polled with success. Raises Temporary or Permanent.
    """
    if not isinstance(channel, Inventoried):
        return None
    shelves = channel.inventory(store.seen(channel.name))
    return (_compared(channel.name, shelf, store, polled_at, pause) for shelf in shelves)


def _compared(
    name: str, shelf: Shelf, store: Store, polled_at: datetime | None, pause: float
) -> Reconciled:
    accounts = _accounts(name, shelf, store, pause)
    held = [accounts[item] for item in shelf.items if item in accounts]
    lacking = [
        Lacking(item, at)
        for item, at in sorted(shelf.unknown.items(), key=_by_number)
        if item not in accounts
    ]
    waiting = [one for one in lacking if _came_after(one, polled_at)]
    return Reconciled(
        channel=name,
        folder=shelf.folder,
        generation=shelf.generation,
        there=len(shelf.items),
        fates=Counter(account.fate for account in held),
        oversize=sum(account.truncated for account in held),
        waiting=tuple(waiting),
        missing=tuple(one for one in lacking if one not in waiting),
    )


def _accounts(name: str, shelf: Shelf, store: Store, pause: float) -> Mapping[str, Account]:
    """What the ledger says, after the server was asked: what came in between is accounted for too."""
    examination = store.examination()
    for _ in range(LOOKS - 1):
        accounts = examination.accounts(name, shelf.folder, shelf.generation)
        if shelf.items <= accounts.keys():
            return accounts
        time.sleep(pause)
    return examination.accounts(name, shelf.folder, shelf.generation)


def _came_after(one: Lacking, polled_at: datetime | None) -> bool:
    if one.received_at is None or polled_at is None:
        return False
    return one.received_at + SERVERS_SECOND > polled_at


def _by_number(entry: tuple[str, object]) -> tuple[int, str]:
    """UIDs in their order; ids of reports as text."""
    item = entry[0]
    return (int(item) if item.isdecimal() else 0), item
