"""The life of a case: which step is allowed where, and where it leads. Pure; the one place that decides it."""

from enum import StrEnum

from store.types import Status


class Step(StrEnum):
    """Something a person does with a case."""

    TAKE = "take"
    ASSIGN = "assign"
    NOTE = "note"
    TOLD = "told"  # the complainant was told the number
    CONFIRM = "confirm"  # a person looked at tier and kind and agrees
    RECLASSIFY = "reclassify"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    UNSPLIT = "unsplit"


class NotAllowed(ValueError):  # noqa: N818 - says what is the case
    """A case in this ``status`` does not take this ``step``.

    ``because`` is a code for what else stands against it, where the status does not.
    """

    def __init__(self, number: str, step: Step, status: Status, because: str = "") -> None:
        super().__init__(f"{number}: {step} while {because or status}")
        self.number = number
        self.step = step
        self.status = status
        self.because = because


_ALL = frozenset(Status)
_OPEN = frozenset(status for status in Status if status.open)
_WORKED = _OPEN | {Status.ANSWERED}
_ITSELF = _ALL - {Status.MERGED, Status.SPLIT}  # nothing else stands for it
_ALLOWED: dict[Step, frozenset[Status]] = {
    Step.TAKE: _OPEN,
    Step.ASSIGN: _OPEN,
    Step.NOTE: _ALL,
    Step.TOLD: _ALL,
    Step.CONFIRM: _WORKED,
    Step.RECLASSIFY: _ITSELF,
    # Whoever asks again after the end may be told again; a merged case's complainant may be another.
    Step.ANSWER: _ALL - {Status.SPLIT},
    Step.CLOSE: _WORKED,
    Step.REOPEN: frozenset({Status.ANSWERED, Status.CLOSED}),
    Step.MERGE: _ITSELF,
    Step.UNMERGE: frozenset({Status.MERGED}),
    Step.SPLIT: _OPEN,
    Step.UNSPLIT: frozenset({Status.SPLIT}),
}
_AFTER = {
    Step.TAKE: Status.IN_PROGRESS,
    Step.ASSIGN: Status.ROUTED,
    Step.ANSWER: Status.ANSWERED,
    Step.CLOSE: Status.CLOSED,
    Step.REOPEN: Status.ROUTED,
    Step.MERGE: Status.MERGED,
    Step.SPLIT: Status.SPLIT,
}


def after(number: str, step: Step, status: Status) -> Status:
    """Return the status a step leads to. Raises NotAllowed.

    What does not change the status leaves it; a merged case that is answered stays merged, and where
    an unmerged or unsplit one goes back to is remembered with the merge or the split.
    """
    if status not in _ALLOWED[step]:
        raise NotAllowed(number, step, status)
    return status if status is Status.MERGED else _AFTER.get(step, status)


def possible(status: Status) -> tuple[Step, ...]:
    """Return the steps a case in this status takes."""
    return tuple(step for step, allowed in _ALLOWED.items() if status in allowed)


def reopening_helps(step: Step, status: Status) -> bool:
    """Whether a refused step is allowed once the case is reopened."""
    return status in _ALLOWED[Step.REOPEN] and _AFTER[Step.REOPEN] in _ALLOWED[step]
