"""Getting values out of JSON that strangers made."""

from collections.abc import Mapping
from typing import Any

import structlog

from channels.lapor.profile import Alternatives, Flag, StatusRule
from channels.lapor.status import ReportStatus, status_from_words

_log = structlog.get_logger()


def dig(value: Any, path: str) -> Any:
    """The value at a dotted path, None where it leads nowhere; numbers pick from lists."""
    for step in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def as_text(value: Any) -> str:
    """A single value as text; containers and null are no text. 7.0 is what some make of 7."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def first(item: Any, alternatives: Alternatives) -> str:
    """The first alternative that is not empty; paths in one alternative are joined by spaces."""
    for alternative in alternatives:
        parts = [as_text(dig(item, path)) for path in alternative.split()]
        if text := " ".join(filter(None, parts)):
            return text
    return ""


def holds(item: Any, flag: Flag | None) -> bool:
    """Whether a flag is set. JSON's true counts as `true` and `1`."""
    if flag is None:
        return False
    value = dig(item, flag.field)
    texts = {"true", "1"} if value is True else {as_text(value).casefold()}
    return not texts.isdisjoint(one.casefold() for one in flag.values)


def status(item: Any, rules: tuple[StatusRule, ...], raw: str) -> ReportStatus:
    """The report's status by the rules, else by its words; an unknown one is logged, never an error."""
    for rule in rules:
        if all(as_text(dig(item, path)) == value for path, value in rule.when.items()):
            return rule.means
    found = status_from_words(raw)
    if found is ReportStatus.TIDAK_DIKETAHUI:
        _log.warning("status.unknown", status=raw[:80])
    return found
