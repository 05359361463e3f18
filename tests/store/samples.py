"""Intakes to store, and what lies behind a store's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, create_engine, event, text

from channels.types import (
    Address,
    Arrival,
    Attachment,
    FollowUp,
    Machine,
    Message,
    Position,
)
from classify.types import Hit, Kind, Medium, Tier, Verdict
from store import Store
from store.numbers import new_number
from store.types import Intake, NoticeKind, NoticeRequest, Outcome

NOW = datetime(2026, 11, 24, 3, 30, 15, 123456, tzinfo=UTC)
VERDICT = Verdict(
    kind=Kind.PENGADUAN,
    tier=Tier.NORMATIF,
    certain=True,
    suggested=None,
    plausible=(Tier.NORMATIF,),
    hits=(Hit("lambat", "tiga bulan", 16, 26), Hit("judul", "hibah", None, None)),
    rules_digest="d1",
)
GRAVE = replace(
    VERDICT, tier=None, certain=False, suggested=Tier.BERKADAR, plausible=(Tier.BERKADAR,)
)
TEAM = (NoticeRequest(NoticeKind.TEAM_NEW, "kesra@office.test"),)
_places = count(1)


def arrival(channel: str = "gmail", item: str = "", raw: bytes = b"") -> Arrival:
    item = item or str(next(_places))
    raw = raw or f"Subject: {item}\r\n\r\nisi\r\n".encode()
    return Arrival(channel, Position("INBOX", "7", item), raw, NOW - timedelta(minutes=5), len(raw))


def message(**values: Any) -> Message:
    made = Message(
        medium=Medium.EMAIL,
        received_at=NOW - timedelta(minutes=5),
        sender=Address("Ketut Sari", "ketut@warga.test"),
        subject="Hibah pura",
        text="Berkas kami sudah tiga bulan tidak ada kabar.",
        reply_text="Berkas kami sudah tiga bulan tidak ada kabar.",
        message_id="<a1@warga.test>",
        attachments=(Attachment("berkas.pdf", "application/pdf", 12, "ab" * 32),),
    )
    return replace(made, **values)


def report(**values: Any) -> Message:
    values = {
        "medium": Medium.LAPOR,
        "external_id": "9165816",
        "status": "belum_ditindaklanjuti",
        "location": "Singaraja",
        **values,
    }
    return message(**values)


def intake(channel: str = "gmail", **values: Any) -> Intake:
    place = values.pop("arrival", None) or arrival(channel)
    made = Intake(
        arrival=place,
        message=message(),
        number=new_number(),
        identity=f"identity of {place.channel} {place.position.item}",
        verdict=VERDICT,
        team="kesra",
        due_at=NOW + timedelta(days=14),
        limit="14 wd",
        calendar="2026-1",
        notices=TEAM,
    )
    return replace(made, **values)


def bounce(message_id: str, **values: Any) -> Intake:
    values = {"machine": Machine.BOUNCE, "references": (message_id,), **values}
    return intake(message=message(subject="Undeliverable", **values), verdict=None)


def followup(by: str, said: str) -> FollowUp:
    return FollowUp(NOW - timedelta(hours=1), by, said)


def put(store: Store, *intakes: Intake, cursor: str | None = None) -> list[Outcome]:
    return store.commit(intakes, cursor=cursor, now=NOW)


def open_case(store: Store, **values: Any) -> str:
    return put(store, intake(**values))[0].number


@contextmanager
def behind(url: str) -> Iterator[Connection]:
    """A transaction on the database that does not go through the store."""
    engine = create_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def sql(url: str, statement: str, **values: object) -> list[Any]:
    with behind(url) as connection:
        result = connection.execute(text(statement), values)
        return list(result.all()) if result.returns_rows else []


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements a store sends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(store._database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store._database.engine, "before_cursor_execute", note)
