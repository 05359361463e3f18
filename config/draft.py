"""The file read table by table, so that a mistake in one hides none in the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from config.channels import ExportSource, ImapSource, LaporSource, Open311Source, Source
from config.escalation import Escalation
from config.office_calendar import Calendar, OwnDay, WeekHours
from config.problems import Finding, KeyPath
from config.requirements import Requirement
from config.retention import Retention
from config.sections import (
    Acknowledgement,
    Answers,
    General,
    Health,
    Limits,
    Log,
    Office,
    Privacy,
    Report,
    Route,
    Rules,
    Smtp,
    Staff,
    StaffMail,
    Store,
    Team,
)

TABLES: dict[str, type[BaseModel]] = {
    "general": General,
    "office": Office,
    "store": Store,
    "privacy": Privacy,
    "smtp": Smtp,
    "limits": Limits,
    "acknowledgement": Acknowledgement,
    "staff_mail": StaffMail,
    "answers": Answers,
    "calendar": Calendar,
    "report": Report,
    "retention": Retention,
    "rules": Rules,
    "log": Log,
    "health": Health,
    "escalation": Escalation,
}
LISTS: dict[str, TypeAdapter[Any]] = {
    "channels": TypeAdapter(Source),
    "teams": TypeAdapter(Team),
    "routes": TypeAdapter(Route),
    "staff": TypeAdapter(Staff),
    "requirements": TypeAdapter(Requirement),
}
_MODELS: tuple[type[BaseModel], ...] = (
    *TABLES.values(),
    ImapSource,
    LaporSource,
    Open311Source,
    ExportSource,
    Team,
    Route,
    Staff,
    Requirement,
    WeekHours,
    OwnDay,
)
_KNOWN = sorted({*TABLES, *LISTS, *(name for model in _MODELS for name in model.model_fields)})
# A default that depends on a value that was refused: the refusal itself is already told.
_FOLLOWS = "default_factory_not_called"
# Where one of these is wrong, nobody knows which other keys the table needs.
_DECIDING = {"auth", "enabled"}

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(slots=True)
class Draft:
    """What could be read, and everything that could not. Lists keep their places in the file."""

    raw: Mapping[str, Any]
    tables: dict[str, BaseModel] = field(default_factory=dict)
    lists: dict[str, dict[int, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def table(self, model: type[_Model]) -> _Model | None:
        """Return the table of this type, if it could be read."""
        return next((table for table in self.tables.values() if isinstance(table, model)), None)

    def items(self, model: type[_Model]) -> Iterator[tuple[KeyPath, _Model]]:
        """Every list entry of this type that could be read, with its place."""
        for name, entries in self.lists.items():
            for index, entry in entries.items():
                if isinstance(entry, model):
                    yield (name, index), entry

    def written(self, listed: str, key: str) -> list[tuple[int, Any]]:
        """Places and values of a key in a list, also of entries that could not be read otherwise."""
        entries = self.raw.get(listed)
        return [
            (index, entry[key])
            for index, entry in enumerate(entries if isinstance(entries, tuple) else ())
            if isinstance(entry, dict) and key in entry
        ]


def read(raw: Mapping[str, Any], folder: Path) -> Draft:
    """Read every table of a parsed file. Relative paths start from ``folder``."""
    draft = Draft(raw)
    for name in raw.keys() - TABLES.keys() - LISTS.keys():
        draft.findings.append(_unknown((name,)))
    for name, model in TABLES.items():
        if name not in raw and any(field.is_required() for field in model.model_fields.values()):
            draft.findings.append(Finding((name,), "missing_table", {"name": name}))
            continue
        table = _validated(draft, TypeAdapter(model), raw.get(name, {}), (name,), folder)
        if table is not None:
            draft.tables[name] = table
    for name, adapter in LISTS.items():
        draft.lists[name] = _entries(draft, adapter, name, folder)
    return draft


def _entries(draft: Draft, adapter: TypeAdapter[Any], name: str, folder: Path) -> dict[int, Any]:
    entries = draft.raw.get(name, ())
    if not isinstance(entries, tuple):
        draft.findings.append(Finding((name,), "tuple_type"))
        return {}
    read = {
        index: _validated(draft, adapter, entry, (name, index), folder)
        for index, entry in enumerate(entries)
    }
    return {index: entry for index, entry in read.items() if entry is not None}


def _validated(
    draft: Draft, adapter: TypeAdapter[Any], value: Any, path: KeyPath, folder: Path
) -> Any:
    try:
        return adapter.validate_python(value, context={"folder": folder})
    except ValidationError as error:
        # Never the input: it may be a password that was written into the file.
        details = error.errors(include_url=False, include_input=False)
    findings = [
        _finding(draft.raw, path, detail["loc"], detail["type"], detail.get("ctx", {}))
        for detail in details
        if detail["type"] != _FOLLOWS
    ]
    draft.findings += findings
    wrong = {finding.path[len(path)] for finding in findings if len(finding.path) > len(path)}
    return _without(wrong, adapter, value, folder)


def _without(wrong: set[str | int], adapter: TypeAdapter[Any], value: Any, folder: Path) -> Any:
    """What is right about a table, so that it can still be checked against the others."""
    if not isinstance(value, dict) or wrong & _DECIDING:
        return None
    rest = {key: item for key, item in value.items() if key not in wrong}
    try:
        return adapter.validate_python(rest, context={"folder": folder})
    except ValidationError:
        return None


def _finding(
    raw: Mapping[str, Any],
    path: KeyPath,
    location: KeyPath,
    code: str,
    context: Mapping[str, Any],
) -> Finding:
    place = _place(raw, (*path, *location))
    if code == "extra_forbidden":
        return _unknown(place)
    values = {name: _plain(value) for name, value in context.items()}
    return Finding(place, code, values)


def _unknown(path: KeyPath) -> Finding:
    close = get_close_matches(str(path[-1]), _KNOWN, n=1)
    if close:
        return Finding(path, "unknown_key_like", {"close": close[0]})
    return Finding(path, "unknown_key")


def _place(raw: Any, location: KeyPath) -> KeyPath:
    """Leave out what pydantic adds to a location, such as the name of a union's member."""
    place: list[str | int] = []
    for number, step in enumerate(location, 1):
        inside = isinstance(raw, dict) and step in raw
        if inside or (isinstance(raw, tuple) and isinstance(step, int) and step < len(raw)):
            raw = raw[step]
            place.append(step)
        elif number == len(location):
            place.append(step)
    return tuple(place)


def _plain(value: object) -> str:
    return str(value).replace("'", "").replace(" or ", ", ")
