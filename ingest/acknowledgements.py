"""Who is sent an acknowledgement, and how many: RFC 3834, sections 2 and 4."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from store.types import Intake, NoticeKind, NoticeRequest


def within_cap(intakes: Sequence[Intake], left_for: Callable[[str], int]) -> list[Intake]:
    """Return the intakes without the acknowledgements that are too many for one address.

    ``left_for`` says how many an address may still get; what this batch promises counts too, so that
    two programs that answer each other stop even when their mails come in at once.
    """
    left: dict[str, int] = {}
    return [_within_cap(intake, left, left_for) for intake in intakes]


def _within_cap(intake: Intake, left: dict[str, int], left_for: Callable[[str], int]) -> Intake:
    request = _promised(intake)
    if request is None or intake.silent:
        return intake
    address = request.recipient.casefold()
    if address not in left:
        left[address] = left_for(request.recipient)
    left[address] -= 1
    if left[address] >= 0:
        return intake
    return replace(intake, notices=tuple(one for one in intake.notices if one is not request))


def _promised(intake: Intake) -> NoticeRequest | None:
    return next((one for one in intake.notices if one.kind is NoticeKind.ACKNOWLEDGEMENT), None)
