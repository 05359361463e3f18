"""The life of a case: which step is allowed where, and where it leads. Pure; the one place that decides it."""

from enum import StrEnum

from store.types import Status


class Step(StrEnum):
    """Something a person does with a case."""

    TAKE = "take"
    ASSIGN = "assign"
    ANSWER = "answer"
    RECLASSIFY = "reclassify"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    UNMERGE = "unmerge"


class NotAllowed(ValueError):  # noqa: N818 - says what is the case
    """A case in this ``status`` does not take this ``step``."""

    def __init__(self, number: str, step: Step, status: Status) -> None:
        super().__init__(f"{number}: {step} while {status}")
        self.number = number
        self.step = step
        self.status = status


_OPEN = frozenset(status for status in Status if status.open)
_WORKED = _OPEN | {Status.ANSWERED}
_ALLOWED: dict[Step, frozenset[Status]] = {
    Step.TAKE: _OPEN,
    Step.ASSIGN: _OPEN,
    Step.ANSWER: frozenset(Status),  # whoever asks again after the end may be told again
    Step.RECLASSIFY: frozenset(Status) - {Status.MERGED},
    Step.CLOSE: _WORKED,
    Step.REOPEN: frozenset({Status.ANSWERED, Status.CLOSED}),
    Step.MERGE: frozenset(Status) - {Status.MERGED},
    Step.UNMERGE: frozenset({Status.MERGED}),
}
_AFTER = {
    Step.TAKE: Status.IN_PROGRESS,
    Step.ASSIGN: Status.ROUTED,
    Step.ANSWER: Status.ANSWERED,
    Step.CLOSE: Status.CLOSED,
    Step.REOPEN: Status.ROUTED,
    Step.MERGE: Status.MERGED,
}


def after(number: str, step: Step, status: Status) -> Status:
    """Return the status a step leads to. Raises NotAllowed.

    What does not change the status leaves it; a merged case that is answered stays merged, and where
    an unmerged one goes back to is remembered with the merge.
    """
    if status not in _ALLOWED[step]:
        raise NotAllowed(number, step, status)
    return status if status is Status.MERGED else _AFTER.get(step, status)
