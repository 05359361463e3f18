"""Which cases may tell the same complaint: found by hashes both have, kept as suggestions for people."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from store import chain
from store.bulk import insert_rows
from store.duplicate_models import CaseKeyRow, SuggestionRow
from store.engine import Database
from store.models import AnyRow, CaseRow, ComplainantRow
from store.types import Comparable, Status, Suggestion

_STOOD_FOR = [status for status in Status if status.stood_for]
_COMPARED = 0  # the key every compared case has
# PostgreSQL may make a case of a lower id visible after one of a higher: look back this far.
_OVERLAP = 300
_WHAT = (
    CaseRow.id,
    CaseRow.number,
    CaseRow.subject,
    CaseRow.text,
    CaseRow.reply_text,
    CaseRow.received_at,
    ComplainantRow.email,
    ComplainantRow.phone,
    ComplainantRow.anonymous,
    ComplainantRow.secret,
    CaseRow.merged_into,
    CaseRow.split_from,
)
_COMPARABLE = select(*_WHAT).join(ComplainantRow, ComplainantRow.number == CaseRow.number)
_LATER, _EARLIER = aliased(CaseRow), aliased(CaseRow)
_SUGGESTED = (
    select(
        SuggestionRow,
        _LATER.restricted.label("number_restricted"),
        _EARLIER.restricted.label("other_restricted"),
    )
    .join(_LATER, _LATER.number == SuggestionRow.number)
    .join(_EARLIER, _EARLIER.number == SuggestionRow.other)
    .where(
        SuggestionRow.dismissed_at.is_(None),
        _LATER.status.not_in(_STOOD_FOR),
        _EARLIER.status.not_in(_STOOD_FOR),
    )
)


class Duplicates:
    """Suggestions, and what they are made from. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def uncompared(self, since: datetime, limit: int) -> list[Comparable]:
        """Return cases received since then that were not compared with others yet, oldest first."""
        with self._database.read() as connection:
            last = connection.scalar(
                select(func.max(CaseKeyRow.case_id)).where(CaseKeyRow.key == _COMPARED)
            )
            compared = exists().where(CaseKeyRow.key == _COMPARED, CaseKeyRow.case_id == CaseRow.id)
            wanted = _COMPARABLE.where(
                CaseRow.id > (last or 0) - _OVERLAP, CaseRow.received_at >= since, not_(compared)
            )
            rows = connection.execute(wanted.order_by(CaseRow.id).limit(limit))
            return [_comparable(row) for row in rows]

    def sharing(
        self, keys: Collection[int], before: Comparable, since: datetime, limit: int
    ) -> list[Comparable]:
        """Return earlier cases received since then that have some of these keys, most of them first."""
        found = (
            select(CaseKeyRow.case_id, func.count().label("shared"))
            .where(CaseKeyRow.key.in_(self._kept(keys)), CaseKeyRow.case_id != before.id)
            .group_by(CaseKeyRow.case_id)
            .subquery()
        )
        wanted = (
            _COMPARABLE.join(found, found.c.case_id == CaseRow.id)
            .where(CaseRow.received_at >= since, CaseRow.status != Status.SPLIT)
            .order_by(found.c.shared.desc(), CaseRow.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [_comparable(row) for row in connection.execute(wanted)]

    def compared(
        self, case: Comparable, keys: Collection[int], suggestions: Sequence[Suggestion]
    ) -> None:
        """Keep what a case can be found by from now on, and what it resembles. Once for each case."""
        kept = sorted({_COMPARED, *self._kept(keys)})
        rows = [{"key": key, "case_id": case.id} for key in kept]
        with self._database.write() as connection:
            insert_rows(connection, CaseKeyRow, rows, skip_known=True)
            insert_rows(connection, SuggestionRow, _rows(suggestions), skip_known=True)

    def _kept(self, keys: Collection[int]) -> list[int]:
        """What stands for keys in the database: whoever has it must not try telephone numbers out on it."""
        keyring = self._database.keyring
        return list(keys) if keyring is None else [keyring.numbered(key) for key in keys]

    def of(self, number: str) -> list[Suggestion]:
        """Return what a case resembles and nobody has decided on, the likeliest first."""
        named = or_(SuggestionRow.number == number, SuggestionRow.other == number)
        return self._suggested(_SUGGESTED.where(named))

    def open(self, limit: int = 100) -> list[Suggestion]:
        """Return everything that waits for a person's decision, the likeliest first."""
        return self._suggested(_SUGGESTED.limit(limit))

    def dismiss(self, one: str, another: str, *, who: str, now: datetime) -> bool:
        """Note that two cases are not the same complaint, with an event on both. False if nobody said so."""
        pair = or_(_pair(one, another), _pair(another, one))
        with self._database.write() as connection:
            done = connection.execute(
                update(SuggestionRow)
                .where(SuggestionRow.dismissed_at.is_(None), pair)
                .values(dismissed_at=now, dismissed_by=who)
            )
            if done.rowcount:
                _log(connection, ((one, another), (another, one)), who, now)
        return done.rowcount > 0

    def _suggested(self, wanted: Select[*tuple[Any, ...]]) -> list[Suggestion]:
        ordered = wanted.order_by(SuggestionRow.score.desc(), SuggestionRow.id.desc())
        with self._database.read() as connection:
            return [_suggestion(row) for row in connection.execute(ordered)]


def _pair(number: str, other: str) -> ColumnElement[bool]:
    return and_(SuggestionRow.number == number, SuggestionRow.other == other)


def _log(connection: Connection, pairs: Iterable[tuple[str, str]], who: str, now: datetime) -> None:
    events = [
        chain.event(number, "duplicate.dismissed", who, {"other": other}, now)
        for number, other in pairs
    ]
    chain.append(connection, chain.STAFF, events)


def _comparable(row: AnyRow) -> Comparable:
    """A case, under the number it is worked on. Who asked not to be known is not known by mail or phone."""
    unnamed = row.anonymous or row.secret
    return Comparable(
        id=row.id,
        number=row.merged_into or row.number,
        words=f"{row.subject}\n{row.reply_text or row.text}",
        email="" if unnamed else row.email,
        phone="" if unnamed else row.phone,
        received_at=row.received_at,
        split_from=row.split_from or "",
    )


def _rows(suggestions: Sequence[Suggestion]) -> list[dict[str, object]]:
    return [
        {
            "number": one.number,
            "other": one.other,
            "score": one.score,
            "likeness": one.likeness,
            "same_phone": one.same_phone,
            "same_email": one.same_email,
            "at": one.at,
            "dismissed_at": None,
            "dismissed_by": "",
        }
        for one in suggestions
    ]


def _suggestion(row: AnyRow) -> Suggestion:
    secret = [row.number] if row.number_restricted else []
    secret += [row.other] if row.other_restricted else []
    return Suggestion(
        number=row.number,
        other=row.other,
        score=row.score,
        likeness=row.likeness,
        same_phone=row.same_phone,
        same_email=row.same_email,
        at=row.at,
        restricted=tuple(secret),
    )
