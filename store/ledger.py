"""The ledger: what became of every position of every channel."""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, select

from channels.types import Arrival, Machine, Position
from store import raw
from store.bulk import insert_rows
from store.engine import Database
from store.models import AnyRow, ArrivalRow, ChannelRow
from store.types import Fate, MachineMail, Quarantined

_PAGE = 200
# Made once: putting a statement together costs more than running it.
_KNOWN = select(ArrivalRow.item).where(
    ArrivalRow.channel == bindparam("channel"),
    ArrivalRow.folder == bindparam("folder"),
    ArrivalRow.generation == bindparam("generation"),
    ArrivalRow.item.in_(bindparam("items", expanding=True)),
)
_WAITS = and_(ArrivalRow.fate == Fate.QUARANTINED, ArrivalRow.purged_at.is_(None))


class SeenNow:
    """What the ledger holds for one channel, as channels ask it (channels.types.Seen)."""

    def __init__(self, database: Database, channel: str, cursor: str | None) -> None:
        self._database = database
        self._channel = channel
        self._cursor = cursor

    @property
    def cursor(self) -> str | None:
        """The cursor of the last committed arrival."""
        return self._cursor

    def items(self, folder: str, generation: str) -> Container[str]:
        """Items of this folder and generation that are accounted for."""
        wanted = select(ArrivalRow.item).where(_in(self._channel, folder, generation))
        with self._database.read() as connection:
            return frozenset(connection.scalars(wanted))


def seen(database: Database, channel: str) -> SeenNow:
    """Return what is accounted for in a channel."""
    with database.read() as connection:
        cursor = connection.scalar(select(ChannelRow.cursor).where(ChannelRow.name == channel))
    return SeenNow(database, channel, cursor)


def known(connection: Connection, arrivals: Iterable[Arrival]) -> set[tuple[str, Position]]:
    """Return which of these arrivals the ledger holds, as channel and position."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for arrival in arrivals:
        place = arrival.position
        places.setdefault((arrival.channel, place.folder, place.generation), []).append(place.item)
    return {
        (channel, Position(folder, generation, item))
        for (channel, folder, generation), items in places.items()
        for item in connection.scalars(
            _KNOWN,
            {"channel": channel, "folder": folder, "generation": generation, "items": items},
        )
    }


def replies(connection: Connection, identities: Collection[str]) -> dict[str, str]:
    """Return which of these messages are stored as a reply already, with their case's number."""
    if not identities:
        return {}
    wanted = select(ArrivalRow.identity, ArrivalRow.number).where(
        ArrivalRow.fate == Fate.REPLIED, ArrivalRow.identity.in_(identities)
    )
    return {row.identity: row.number for row in connection.execute(wanted)}


def note_history(
    connection: Connection, channel: str, positions: Sequence[Position], now: datetime
) -> None:
    """Account for positions that are older than the channel's start and are not fetched."""
    blank = dict.fromkeys(("error", "sender", "subject", "why"), "")
    insert_rows(
        connection,
        ArrivalRow,
        [
            {
                "channel": channel,
                "folder": place.folder,
                "generation": place.generation,
                "item": place.item,
                "fate": Fate.HISTORY,
                "size": 0,
                "truncated": False,
                "entered_at": now,
                **blank,
            }
            for place in positions
        ],
        skip_known=True,
    )


def quarantine(connection: Connection) -> list[Quarantined]:
    """Return what could not be read, oldest first."""
    wanted = select(ArrivalRow).where(_WAITS).order_by(ArrivalRow.id)
    return [
        Quarantined(row.id, row.channel, row.item, row.received_at, row.error, row.size)
        for row in connection.execute(wanted)
    ]


def quarantined(connection: Connection, which: int) -> Arrival | None:
    """Return a quarantined arrival with its bytes."""
    wanted = select(ArrivalRow).where(ArrivalRow.id == which, _WAITS)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _arrival(connection, row)


def take_from_quarantine(connection: Connection, which: int) -> bool:
    """Remove a quarantined row, to be replaced in the same transaction. False if it is not there."""
    gone = delete(ArrivalRow).where(ArrivalRow.id == which, _WAITS)
    return connection.execute(gone).rowcount == 1


def machine_mail(connection: Connection, channel: str, words: str, limit: int) -> list[MachineMail]:
    """Return machine mail, newest first, narrowed by channel and words of sender or subject."""
    kept = ArrivalRow.purged_at.is_(None)
    wanted = select(ArrivalRow).where(ArrivalRow.fate == Fate.MACHINE, kept)
    if channel:
        wanted = wanted.where(ArrivalRow.channel == channel)
    rows = _naming(connection, wanted.order_by(ArrivalRow.id.desc()), words.casefold())
    return [
        MachineMail(r.id, r.channel, r.sender, r.subject, r.why, r.received_at, r.number or "")
        for r in islice(rows, limit)
    ]


def _naming(
    connection: Connection, wanted: Select[*tuple[Any, ...]], words: str
) -> Iterator[AnyRow]:
    """Sender and subject are sealed: nobody but we can look into them, row by row."""
    with connection.execute(wanted.execution_options(yield_per=_PAGE)) as rows:
        for row in rows:
            if words in row.sender.casefold() or words in row.subject.casefold():
                yield row


def count(connection: Connection, fate: Fate) -> int:
    """Return how many arrivals had this fate and are here whole."""
    counted = select(func.count()).where(ArrivalRow.fate == fate, ArrivalRow.purged_at.is_(None))
    return connection.scalar(counted) or 0


def latest(connection: Connection, channel: str) -> datetime | None:
    """Return when a channel last brought something that is no mail of our own."""
    wanted = select(ArrivalRow.entered_at).where(
        ArrivalRow.channel == channel,
        ArrivalRow.fate != Fate.HISTORY,
        ArrivalRow.why != Machine.OWN,
    )
    return connection.scalar(wanted.order_by(ArrivalRow.id.desc()).limit(1))


def _in(channel: str, folder: str, generation: str) -> ColumnElement[bool]:
    return (
        (ArrivalRow.channel == channel)
        & (ArrivalRow.folder == folder)
        & (ArrivalRow.generation == generation)
    )


def _arrival(connection: Connection, row: AnyRow) -> Arrival:
    return Arrival(
        channel=row.channel,
        position=Position(row.folder, row.generation, row.item),
        raw=raw.load(connection, [row.sha256])[row.sha256],
        received_at=row.received_at,
        size=row.size,
        truncated=row.truncated,
    )
