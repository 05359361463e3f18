"""How fast complaints are stored, beside plain sqlite3 writing the very same rows.

    python bench/store_speed.py [--cases 2000] [--batch 50] [--plainly]

Batches of both go in turn, so that a busy machine slows both. Plain sqlite3 gets finished rows: what it
does not do is decide, look up, hash, compress, write JSON, seal, and hash words for the search.
"""

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

sys.path[0] = str(Path(__file__).parents[1])  # this folder holds a classify.py of its own

from channels.types import Address, Arrival, Message, Position  # noqa: E402
from classify.types import Hit, Kind, Medium, Tier, Verdict  # noqa: E402
from store import Store  # noqa: E402
from store.keyring import Keyring  # noqa: E402
from store.numbers import new_number  # noqa: E402
from store.types import Intake, NoticeKind, NoticeRequest  # noqa: E402

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
TEXT = "Pengajuan hibah pura kami sudah tiga bulan tidak ada kabar, petugas bilang tunggu. " * 7
VERDICT = Verdict(
    Kind.PENGADUAN,
    Tier.NORMATIF,
    certain=True,
    suggested=None,
    plausible=(Tier.NORMATIF,),
    hits=(Hit("lambat", "tiga bulan", 31, 41),),
    rules_digest="d" * 12,
)
NOTICES = (
    NoticeRequest(NoticeKind.TEAM_NEW, "kesra@office.test"),
    NoticeRequest(NoticeKind.ACKNOWLEDGEMENT, "ketut@warga.test"),
)
TABLES = ("raws", "cases", "case_words", "complainants", "arrivals", "notices", "events")


def intakes(count: int) -> list[Intake]:
    numbers: set[str] = set()
    while len(numbers) < count:
        numbers.add(new_number())
    return [intake(place, number) for place, number in enumerate(sorted(numbers))]


def intake(place: int, number: str) -> Intake:
    raw = f"Message-ID: <{place}@warga.test>\r\nSubject: Hibah\r\n\r\n{TEXT}".encode()
    message = Message(
        medium=Medium.EMAIL,
        received_at=NOW,
        sender=Address("Ketut", "ketut@warga.test"),
        subject="Hibah pura",
        text=TEXT,
        reply_text=TEXT,
        message_id=f"<{place}@warga.test>",
    )
    return Intake(
        arrival=Arrival("gmail", Position("INBOX", "1", str(place)), raw, NOW, len(raw)),
        message=message,
        number=number,
        identity=f"<{place}@warga.test>",
        verdict=VERDICT,
        team="kesra",
        due_at=NOW,
        limit="14 wd",
        notices=NOTICES,
    )


def new_rows(
    database: sqlite3.Connection, seen: dict[str, int]
) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """What the store added to each table since the last call."""
    for table in TABLES:
        rows = database.execute(
            f"SELECT rowid, * FROM {table} WHERE rowid > ? ORDER BY rowid", (seen.get(table, 0),)
        ).fetchall()
        seen[table] = rows[-1][0]
        yield table, [row[1:] for row in rows]


def write(database: sqlite3.Connection, tables: list[tuple[str, list[tuple[object, ...]]]]) -> None:
    database.execute("BEGIN IMMEDIATE")
    for table, rows in tables:
        marks = ",".join("?" * len(rows[0]))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    database.execute("COMMIT")


def plain(path: Path) -> sqlite3.Connection:
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        database.execute(f"PRAGMA {pragma}")
    return database


def measure(folder: Path, cases: int, batch: int, *, plainly: bool) -> tuple[float, float]:
    """Return the seconds that the store and plain sqlite3 took."""
    store = Store(f"sqlite:///{folder / 'muara.db'}", keyring=None if plainly else Keyring.fresh())
    store.upgrade()
    ours = theirs = 0.0
    seen: dict[str, int] = {}
    waiting = intakes(cases)
    with (
        closing(store),
        closing(plain(folder / "plain.db")) as other,
        closing(sqlite3.connect(folder / "muara.db")) as written,
    ):
        for start in range(0, cases, batch):
            began = perf_counter()
            store.commit(waiting[start : start + batch], cursor=None, now=NOW)
            ours += perf_counter() - began
            rows = list(new_rows(written, seen))
            began = perf_counter()
            write(other, rows)
            theirs += perf_counter() - began
    return ours, theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--plainly", action="store_true", help="seal nothing")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = measure(Path(folder), given.cases, given.batch, plainly=given.plainly)
    for name, seconds in (("muara", ours), ("plain sqlite3", theirs)):
        print(
            f"{name:14} {given.cases / seconds:8.0f} cases/s  {seconds / given.cases * 1e6:6.0f} µs each"
        )
    print(f"{'ratio':14} {theirs / ours:8.2f}")


if __name__ == "__main__":
    main()
