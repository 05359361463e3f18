"""Answers and their way to the complainant: recorded first, then sent by us or brought across by a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from store import cases, chain, families, raw
from store.answer_models import AnswerFileRow, AnswerRow
from store.bulk import insert_rows
from store.engine import Database
from store.models import AnyRow, NoticeRow, RawPart
from store.rows import Tokens, names, notice_row
from store.types import (
    Answer,
    AnswerFile,
    AnswerState,
    Call,
    FileToSend,
    How,
    NewAnswer,
    NoticeKind,
    NoticeRequest,
    NoticeState,
    Reached,
    Undelivered,
)
from store.working import change, locked, tell

_FAILED = (NoticeState.FAILED, NoticeState.UNDELIVERED)
_STATES = {
    NoticeState.WAITING: AnswerState.WAITING,
    NoticeState.SENT: AnswerState.SENT,
    NoticeState.FAILED: AnswerState.REFUSED,
    NoticeState.UNDELIVERED: AnswerState.RETURNED,
}
_NOTICE = (
    NoticeRow.kind.label("notice_kind"),
    NoticeRow.state.label("notice_state"),
    NoticeRow.recipient.label("notice_recipient"),
    NoticeRow.attempts.label("notice_attempts"),
    NoticeRow.next_at.label("notice_next_at"),
    NoticeRow.sent_at.label("notice_sent_at"),
    NoticeRow.error.label("notice_error"),
)
_WITH_NOTICE = select(AnswerRow, *_NOTICE).outerjoin(
    NoticeRow, NoticeRow.message_id == AnswerRow.message_id
)
_OWED = and_(AnswerRow.done_at.is_(None), AnswerRow.text != "")  # not those that were purged
_BY_HAND = and_(AnswerRow.message_id.is_(None), _OWED)
_CAME_BACK = and_(_OWED, NoticeRow.state.in_(_FAILED))


class Answers:
    """What was answered and how far it got. Every method is one transaction."""

    def __init__(self, database: Database, message_domain: str) -> None:
        self._database = database
        self._domain = message_domain

    def record(self, new: NewAnswer, now: datetime) -> int:
        """Keep an answer and queue it where we send it; the case counts as answered. Return its id.

        Raises LookupError if there is no such case.
        """
        with self._database.write() as connection:
            return _record(connection, new, now, self._domain)

    def of(self, number: str) -> list[Answer]:
        """Return the answers of a case and those merged into it, oldest first."""
        with self._database.read() as connection:
            members = families.family(connection, number)
            return _answers(connection, AnswerRow.number.in_(members))

    def undelivered(self) -> list[Undelivered]:
        """Return what a person has to bring across, the longest waiting first."""
        with self._database.read() as connection:
            found = _answers(connection, or_(_BY_HAND, _CAME_BACK))
            tickets = cases.named(connection, {answer.number for answer in found})
            return [Undelivered(answer, tickets[answer.number]) for answer in found]

    def waiting_for_a_person(self, number: str) -> list[Answer]:
        """Return those of one case, oldest first."""
        mine = AnswerRow.number == number
        with self._database.read() as connection:
            return _answers(connection, mine, or_(_BY_HAND, _CAME_BACK))

    def files(self, which: int) -> list[FileToSend]:
        """Return the files of an answer with their bytes."""
        with self._database.read() as connection:
            return _files_with_bytes(connection, AnswerFileRow.answer_id == which)

    def files_of_mail(self, message_id: str) -> list[FileToSend]:
        """Return the files that go with the mail of this Message-ID."""
        sent_as = select(AnswerRow.id).where(AnswerRow.message_id == message_id)
        with self._database.read() as connection:
            return _files_with_bytes(connection, AnswerFileRow.answer_id.in_(sent_as))

    def called(self, number: str, answers: Iterable[Answer], call: Call, now: datetime) -> None:
        """Note a telephone call about a case; who was reached has been told these answers.

        Raises LookupError if there is no such case.
        """
        values: dict[str, Any] = {"attempts": AnswerRow.attempts + 1, "next_at": call.next_at}
        if call.reached is Reached.REACHED:
            values |= _done(How.SAID, call.who, now)
        with self._database.write() as connection:
            locked(connection, number)
            for answer in answers:
                _change(connection, answer.id, **values)
            _log_call(connection, number, call, now)

    def delivered(
        self,
        number: str,
        answers: Iterable[Answer],
        how: How,
        *,
        who: str,
        note: str,
        now: datetime,
    ) -> None:
        """A person brought answers across. Raises LookupError if there is no such case."""
        with self._database.write() as connection:
            locked(connection, number)
            for answer in answers:
                _change(connection, answer.id, **_done(how, who, now))
            told = {"how": how, "note": note}
            _log(connection, chain.event(number, "answer.delivered", who, told, now))

    def redirect(
        self, answer: Answer, way: str, *, recipient: str, who: str, why: str, now: datetime
    ) -> None:
        """Send an answer another way: by mail where there is a ``recipient``, else by a person."""
        with self._database.write() as connection:
            locked(connection, answer.number)
            message_id = None
            if recipient:
                mail = NewAnswer(answer.number, answer.text, who, way, recipient)
                message_id = _queue(connection, mail, now, self._domain)
            values = {"way": way, "message_id": message_id, "attempts": 0, "next_at": None}
            _change(connection, answer.id, **values, told_at=None)
            told = {"was_way": answer.way, "way": way, "why": why}
            _log(connection, chain.event(answer.number, "answer.redirected", who, told, now))

    def speak(self, number: str, language: str, *, who: str, now: datetime) -> None:
        """Set the language of letters to the complainant; "" for what they wrote in. Raises LookupError."""
        with self._database.write() as connection:
            locked(connection, number)
            change(connection, number, language=language)
            told = {"language": language}
            _log(connection, chain.event(number, "case.language_set", who, told, now))

    def came_back(self) -> list[Undelivered]:
        """Return the answers by mail that did not arrive and that nobody was told of yet."""
        with self._database.read() as connection:
            mailed = NoticeRow.kind == NoticeKind.ANSWER  # of others the channel's own turn tells
            found = _answers(connection, mailed, _CAME_BACK, AnswerRow.told_at.is_(None))
            tickets = cases.named(connection, {answer.number for answer in found})
            return [Undelivered(answer, tickets[answer.number]) for answer in found]

    def tell(self, answer: Answer, notices: Sequence[NoticeRequest], now: datetime) -> None:
        """Tell people once that an answer did not arrive."""
        mine = (AnswerRow.id == answer.id, AnswerRow.told_at.is_(None))
        claimed = update(AnswerRow).where(*mine).values(told_at=now)
        with self._database.write() as connection:
            if connection.execute(claimed).rowcount:
                tell(connection, answer.number, notices, Tokens(self._domain), now)


def _record(connection: Connection, new: NewAnswer, now: datetime, domain: str) -> int:
    attached = names(file.name for file in new.files)
    cases.answered(
        connection, new.number, new.text, who=new.who, way=new.way, now=now, files=attached
    )
    row = {
        "number": new.number,
        "at": now,
        "who": new.who,
        "way": new.way,
        "text": new.text,
        "message_id": _queue(connection, new, now, domain),
        "attempts": 0,
        "done_by": "",
        "how": "",
    }
    made = insert(AnswerRow).values(row).returning(AnswerRow.id)
    which: int = connection.execute(made).scalar_one()
    _attach(connection, which, new.files)
    return which


def _queue(connection: Connection, new: NewAnswer, now: datetime, domain: str) -> str | None:
    """Put an answer into the outbox, for the mail server or a channel; return its Message-ID."""
    kind, to, details = NoticeKind.ANSWER, new.recipient, {"text": new.text}
    if new.channel:
        kind, to, details["external_id"] = NoticeKind.POSTING, new.channel, new.external_id
    if not to:
        return None
    message_id = Tokens(domain).message_id(new.number.lower(), kind)
    row = notice_row(kind, to, message_id, now) | {"number": new.number, "details": details}
    insert_rows(connection, NoticeRow, [row])
    return message_id


def _attach(connection: Connection, which: int, files: Iterable[FileToSend]) -> None:
    by_name = {raw.sha256(file.data): file.data for file in files}
    parts = [part for name in sorted(by_name) for part in raw.rows(name, by_name[name])]
    insert_rows(connection, RawPart, parts, skip_known=True)
    rows = [
        {
            "answer_id": which,
            "name": file.name,
            "content_type": file.content_type,
            "size": len(file.data),
            "sha256": raw.sha256(file.data),
        }
        for file in files
    ]
    insert_rows(connection, AnswerFileRow, rows)


def _files_with_bytes(connection: Connection, which: ColumnElement[bool]) -> list[FileToSend]:
    rows = connection.execute(select(AnswerFileRow).where(which).order_by(AnswerFileRow.id)).all()
    data = raw.load(connection, [row.sha256 for row in rows])
    return [FileToSend(row.name, row.content_type, data[row.sha256]) for row in rows]


def _answers(connection: Connection, *which: ColumnElement[bool]) -> list[Answer]:
    wanted = _WITH_NOTICE.where(*which)
    rows = connection.execute(wanted.order_by(AnswerRow.at, AnswerRow.id)).all()
    files = _files(connection, [row.id for row in rows])
    return [_answer(row, files.get(row.id, ())) for row in rows]


def _files(
    connection: Connection, answers: Collection[int]
) -> Mapping[int, tuple[AnswerFile, ...]]:
    wanted = select(AnswerFileRow).where(AnswerFileRow.answer_id.in_(answers))
    found: dict[int, tuple[AnswerFile, ...]] = {}
    for row in connection.execute(wanted.order_by(AnswerFileRow.id)) if answers else ():
        file = AnswerFile(row.name, row.content_type, row.size, row.sha256)
        found[row.answer_id] = (*found.get(row.answer_id, ()), file)
    return found


def _answer(row: AnyRow, files: tuple[AnswerFile, ...]) -> Answer:
    ours = row.notice_state is not None and row.done_at is None
    return Answer(
        id=row.id,
        number=row.number,
        at=row.at,
        who=row.who,
        way=row.way,
        text=row.text,
        state=_state(row),
        recipient=row.notice_recipient or "" if row.notice_kind == NoticeKind.ANSWER else "",
        attempts=row.notice_attempts if ours else row.attempts,
        next_at=row.notice_next_at if ours else row.next_at,
        error=row.notice_error or "",
        done_at=row.done_at or row.notice_sent_at,
        done_by=row.done_by,
        how=How(row.how) if row.how else None,
        files=files,
    )


def _state(row: AnyRow) -> AnswerState:
    if row.done_at is not None:
        return AnswerState.DELIVERED
    if row.notice_state is None:
        return AnswerState.WAITING
    return _STATES[NoticeState(row.notice_state)]


def _done(how: How, who: str, now: datetime) -> dict[str, Any]:
    return {"done_at": now, "done_by": who, "how": how, "next_at": None}


def _change(connection: Connection, which: int, **values: Any) -> None:
    connection.execute(update(AnswerRow).where(AnswerRow.id == which).values(values))


def _log_call(connection: Connection, number: str, call: Call, now: datetime) -> None:
    told = {
        "reached": call.reached,
        "spoken_to": call.spoken_to,
        "said": call.said,
        "next_at": call.next_at.isoformat() if call.next_at else "",
    }
    _log(connection, chain.event(number, "call.made", call.who, told, now))


def _log(connection: Connection, event: Mapping[str, Any]) -> None:
    chain.append(connection, chain.STAFF, [event])
