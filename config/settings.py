"""One TOML file to validated settings, with every problem listed at once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from config import checks, draft
from config.channels import Source
from config.escalation import Escalation
from config.fields import Section
from config.lines import line_numbers
from config.office_calendar import Calendar
from config.problems import ConfigError, Finding, KeyPath, Problem
from config.requirements import SHIPPED_REQUIREMENTS, Requirement
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
from config.texts import LANGUAGES, Texts

__all__ = ["ConfigError", "Problem", "Settings", "examine", "load"]


_NEEDED_LISTS = {"channels", "teams", "routes"}  # what is not written there is empty


class Settings(Section):
    """The whole configuration. Secrets in it are references; relative paths are resolved.

    ``warnings`` do not keep it from being used, but a person should read them.
    """

    general: General
    office: Office
    store: Store
    privacy: Privacy
    smtp: Smtp
    limits: Limits
    acknowledgement: Acknowledgement
    staff_mail: StaffMail
    answers: Answers
    calendar: Calendar
    report: Report
    retention: Retention
    rules: Rules
    log: Log
    health: Health
    escalation: Escalation
    channels: tuple[Source, ...]
    teams: tuple[Team, ...]
    routes: tuple[Route, ...]
    staff: tuple[Staff, ...] = ()
    requirements: tuple[Requirement, ...] = SHIPPED_REQUIREMENTS
    warnings: tuple[Problem, ...] = ()

    @property
    def default_team(self) -> Team:
        """The team that gets what no route names; a checked configuration has exactly one."""
        return next(team for team in self.teams if team.default)


def load(path: Path, *, secrets: bool = True) -> Settings:
    """Read and check a configuration file. Raises ConfigError with every problem.

    Without ``secrets`` it is not checked that they and certificate files can be read: commands that
    only look at the store need none.
    """
    settings, problems = examine(path, secrets=secrets)
    errors = tuple(problem for problem in problems if not problem.warning)
    if settings is None or errors:
        raise ConfigError(errors)
    return settings


def examine(path: Path, *, secrets: bool = True) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Return the settings, if they can be used at all, and all problems and warnings by line."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return None, (_told(path, Finding((), "no_file")),)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "UTF-8"
        return None, (_told(path, Finding((), "unreadable_file", {"why": str(why)})),)
    try:
        raw = _frozen(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return None, (_syntax_problem(path, str(error), text),)
    return _examine(path, raw, line_numbers(text), secrets=secrets)


def _examine(
    path: Path, raw: Mapping[str, Any], lines: Mapping[KeyPath, int], *, secrets: bool
) -> tuple[Settings | None, tuple[Problem, ...]]:
    drafted = draft.read(raw, path.absolute().parent)
    findings = [*drafted.findings, *checks.cross_check(drafted)]
    if secrets:
        findings += checks.outside_check(drafted)
    problems = _problems(path, raw, lines, findings)
    if drafted.findings:
        return None, problems
    written = drafted.lists.keys() & raw.keys() | _NEEDED_LISTS
    lists = {name: tuple(drafted.lists[name].values()) for name in written}
    warnings = tuple(problem for problem in problems if problem.warning)
    return Settings.model_validate({**drafted.tables, **lists, "warnings": warnings}), problems


def _problems(
    path: Path,
    raw: Mapping[str, Any],
    lines: Mapping[KeyPath, int],
    findings: Iterable[Finding],
) -> tuple[Problem, ...]:
    language = _language(raw)
    told = [_told(path, finding, raw, _line(lines, finding.path), language) for finding in findings]
    return tuple(sorted(told, key=lambda problem: (problem.line or 0, problem.key)))


def _told(
    path: Path,
    finding: Finding,
    raw: Mapping[str, Any] | None = None,
    line: int | None = None,
    language: str = "id",
) -> Problem:
    texts = Texts(language)
    known = texts.part("config")
    values = {name: texts.reason(value) for name, value in finding.values.items()}
    sentence = known.get(finding.code, known["unusable"]).format(**values)
    return Problem(path, line, _key(raw or {}, finding.path), sentence, finding.warning)


def _line(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of a key, or of the table it is missing from."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _key(raw: Any, path: KeyPath) -> str:
    """A path as people write it; list entries go by their name, or count from 1."""
    parts: list[str] = []
    for step in path:
        raw = raw[step] if _holds(raw, step) else None
        if isinstance(step, int):
            name = raw.get("name") if isinstance(raw, dict) else None
            parts[-1] += f"[{name if isinstance(name, str) else step + 1}]"
        else:
            parts.append(step)
    return ".".join(parts)


def _holds(raw: Any, step: str | int) -> bool:
    return (isinstance(raw, dict) and step in raw) or (
        isinstance(raw, tuple) and isinstance(step, int) and step < len(raw)
    )


def _language(raw: Mapping[str, Any]) -> str:
    general = raw.get("general")
    language = general.get("language") if isinstance(general, dict) else None
    return language if language in LANGUAGES else LANGUAGES[0]


def _frozen(value: Any) -> Any:
    """Turn arrays into tuples: settings are values, and hold no lists."""
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _syntax_problem(path: Path, message: str, text: str) -> Problem:
    place = re.search(r"at line (\d+), column (\d+)", message)
    line = int(place[1]) if place else text.count("\n") + 1
    code = "written_twice" if "overwrite" in message or "twice" in message else "syntax"
    return _told(path, Finding((), code), line=line)
