"""How far an answer got, in words; the same in every command."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from cli.times import friendly
from config.texts import Texts
from ingest.answer import Way
from store.types import Answer, AnswerState

_PRIVATE = ("text", "recipient", "error", "files")
_OURS = (Way.MAIL, Way.UPLOAD)


def state(words: Texts, answer: Answer, now: datetime) -> str:
    """Return where an answer stands: waiting, tried again, sent, refused, come back, delivered."""
    if answer.state is AnswerState.WAITING:
        return _waiting(words, answer, now)
    at = friendly(words, answer.done_at, now) if answer.done_at else ""
    how = words(f"hows.{answer.how}") if answer.how else ""
    return words(
        f"answers.state_{answer.state}", at=at, how=how, who=answer.done_by, error=answer.error
    )


def _waiting(words: Texts, answer: Answer, now: datetime) -> str:
    again = friendly(words, answer.next_at, now) if answer.next_at else ""
    if not answer.attempts:
        part = words.part("answers")
        return part.get(f"state_waiting_{answer.way}", part["state_waiting_post"])
    key = "again" if answer.way in _OURS else "call_again" if again else "call_tried"
    return words(
        f"answers.state_{key}", at=again, attempts=answer.attempts, error=answer.error or "-"
    )


def heading(words: Texts, answer: Answer, now: datetime) -> str:
    """Return one line about an answer: when, which way, how far."""
    return words(
        "answers.heading",
        at=words.short_moment(answer.at),
        way=words.part("ways").get(answer.way, answer.way),
        state=state(words, answer, now),
    )


def facts(
    words: Texts, answers: list[Answer], now: datetime, *, visible: bool
) -> Iterator[tuple[str, str]]:
    """Yield what is known of a case's answers; without their words where those are not to be seen."""
    for answer in answers:
        yield words("answers.label"), "\n".join(_lines(words, answer, now, visible=visible))


def _lines(words: Texts, answer: Answer, now: datetime, *, visible: bool) -> Iterator[str]:
    if not visible:
        yield heading(words, replace(answer, error="-"), now)
        return
    yield heading(words, answer, now)
    yield answer.text
    if answer.files:
        yield words("answers.attached", names=names(answer))


def names(answer: Answer) -> str:
    """Return the names of an answer's files."""
    return ", ".join(file.name for file in answer.files)


def as_json(answer: Answer, *, visible: bool) -> dict[str, Any]:
    """An answer for programs; what not everybody may see only where ``visible``."""
    hidden = () if visible else _PRIVATE
    return {name: value for name, value in asdict(answer).items() if name not in hidden}
