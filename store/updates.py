"""What a changed report of a platform changes in its case."""

import json
from dataclasses import dataclass
from typing import Any

from channels.types import Message
from store.columns import canonical, clean
from store.rows import attachment_json, followup_json

_PLAIN = ("subject", "text", "reply_text", "location", "category")
_COMPLAINANT = ("pelapor", "anonim")  # how platforms call them where they show no name
_NEWS = {"status", "subject", "text", "anonymous", "secret"}


@dataclass(frozen=True, slots=True)
class Changes:
    """``names`` of what changed, new ``columns``, what the event tells, and the new follow-ups."""

    names: frozenset[str]
    columns: dict[str, Any]
    told: dict[str, str]
    followups: tuple[dict[str, Any], ...]

    def by_complainant(self, name: str) -> bool:
        """Whether the complainant wrote again on the platform, under their ``name`` or as such."""
        known = {own.casefold() for own in (name, *_COMPLAINANT) if own}
        return any(entry["by"].strip().casefold() in known for entry in self.followups)

    def matter(self, own_names: frozenset[str]) -> bool:
        """Whether the team must know: a new status or text, a wish for secrecy, words of others than us."""
        own = {name.casefold() for name in own_names}
        return bool(self.names & _NEWS) or any(
            entry["by"].casefold() not in own for entry in self.followups
        )


def changes(
    case: dict[str, Any], message: Message, tightened: frozenset[str] = frozenset()
) -> Changes | None:
    """Compare a case with its report as it stands now; None if nothing changed.

    ``tightened`` is what the complainant asks for now (``anonymous``, ``secret``) and did not before.
    What a shorter answer of the platform leaves out is kept: nothing is taken from a case.
    """
    new = _new_columns(case, message)
    columns = {name: value for name, value in new.items() if value and value != case[name]}
    if not columns and not tightened:
        return None
    added = tuple(entry for entry in new["followups"] if entry not in case["followups"])
    if added:
        said = "\n".join(entry["text"] for entry in added)
        columns["later_text"] = f"{case['later_text']}\n{said}"
    changed = _named(columns) | tightened
    return Changes(changed, columns, _told(case, columns, changed, added), added)


def _new_columns(case: dict[str, Any], message: Message) -> dict[str, Any]:
    followups = [followup_json(entry) for entry in message.followups]
    return {
        **{name: clean(getattr(message, name)) for name in _PLAIN},
        "platform_status": clean(message.status),
        "attachments": _stored([attachment_json(entry) for entry in message.attachments]),
        "followups": case["followups"] + [e for e in followups if e not in case["followups"]],
    }


def _stored(value: Any) -> Any:
    return json.loads(canonical(value))


def _named(columns: dict[str, Any]) -> frozenset[str]:
    names = set(columns) - {"later_text", "reply_text"}
    return frozenset("status" if name == "platform_status" else name for name in names)


def _told(
    case: dict[str, Any],
    columns: dict[str, Any],
    changed: frozenset[str],
    added: tuple[dict[str, Any], ...],
) -> dict[str, str]:
    """The event's details. The text as it was stands in the raw bytes of the arrival before."""
    status = columns.get("platform_status", "")
    before = case["platform_status"]
    return {
        "changed": ", ".join(sorted(changed)),
        "status": f"{before} \u2192 {status}" if status and before else status,
        "followups": "\n".join(f"{entry['by']}: {entry['text']}" for entry in added),
    }
