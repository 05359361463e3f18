"""Errors reach people as one sentence: what, where, what to do. Details only with MUARA_DEBUG=1."""

import re

from channels.errors import ChannelError
from classify.engine import Problem, RulesError
from config.problems import ConfigError
from config.secrets import SecretError
from config.texts import Texts
from store.errors import StoreError
from store.lifecycle import NotAllowed, possible, reopening_helps

_STORED = re.compile(r"(\w+)(?: \((.*)\))?", re.DOTALL)
_VALUE = re.compile(r"(\w+)=(.*?)(?=, \w+=|$)", re.DOTALL)


def sentence(words: Texts, error: Exception) -> str:  # noqa: PLR0911 - one for each kind of error
    """Return what a person should read about an error."""
    match error:
        case ConfigError():
            return words("cli.config_wrong") + "\n" + str(error)
        case NotAllowed():
            return refusal(words, error)
        case StoreError() | ChannelError():
            values = {name: words.reason(value) for name, value in error.values.items()}
            return words(f"errors.{error.code}", **{"channel": "", **values})
        case SecretError():
            return words(f"config.{error.code}", **error.values)
        case RulesError():
            problems = (rule_sentence(words, detail) for detail in error.details)
            return "\n".join((words("cli.rules_wrong"), *problems))
        case OSError() if error.filename:
            return words("cli.os_error", file=error.filename, reason=reason(words, error))
        case _:
            return words("cli.unforeseen", kind=type(error).__name__, reason=error)


def refusal(words: Texts, error: NotAllowed) -> str:
    """Return why a step is not possible now, and what to do."""
    if error.because:
        return words(f"lifecycle.because_{error.because}", number=error.number)
    return words(
        "lifecycle.not_allowed",
        number=error.number,
        status=words(f"statuses.{error.status}"),
        step=words(f"lifecycle.step_{error.step}"),
        hint=_instead(words, error),
    )


def _instead(words: Texts, error: NotAllowed) -> str:
    """What is possible instead: elsewhere, after reopening, or at once."""
    if error.status.stood_for:
        return words(f"lifecycle.hint_{error.status}", number=error.number)
    if reopening_helps(error.step, error.status):
        return words("lifecycle.hint_done", number=error.number)
    return words("lifecycle.hint_possible", steps=", ".join(possible(error.status)))


def reason(words: Texts, error: Exception) -> str:
    """Return why a file could not be used."""
    return words.reason(getattr(error, "strerror", None) or str(error))


def rule_sentence(words: Texts, problem: Problem) -> str:
    """Return what is wrong with a rule file: where, what, what to do."""
    return ": ".join(filter(None, (problem.file, problem.rule, rule_trouble(words, problem))))


def rule_trouble(words: Texts, problem: Problem) -> str:
    """Return what is wrong with a rule file and what to do, without the place."""
    return words.part("rules")[problem.code].format(value=problem.value)


def stored_sentence(words: Texts, stored: str) -> str:
    """Return the sentence for an error as quarantine keeps it: ``code (name=value, ...)``.

    What is no code of ours, such as a bug's own words, is returned as it stands.
    """
    found = _STORED.fullmatch(stored)
    known = words.part("errors")
    if found is None or found[1] not in known:
        return stored
    try:
        return known[found[1]].format(**{"channel": "", **dict(_VALUE.findall(found[2] or ""))})
    except KeyError:
        return stored
