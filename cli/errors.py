"""Errors reach people as one sentence: what, where, what to do. Details only with MUARA_DEBUG=1."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from channels.errors import ChannelError
from classify.rules import Problem, RulesError
from config.problems import ConfigError
from config.secrets import SecretError
from config.texts import Texts
from store.errors import StoreError


@contextmanager
def plain_errors(words: Texts) -> Iterator[None]:
    """Turn what can go wrong into a sentence and exit code 1. Usage errors stay click's, exit code 2."""
    try:
        yield
    except (click.ClickException, click.Abort, SystemExit):
        raise
    except Exception as error:
        if os.environ.get("MUARA_DEBUG"):
            raise
        raise click.ClickException(sentence(words, error)) from error


def sentence(words: Texts, error: Exception) -> str:
    """Return what a person should read about an error."""
    match error:
        case ConfigError():
            return words("cli.config_wrong") + "\n" + str(error)
        case StoreError() | ChannelError():
            return words(f"errors.{error.code}", **{"channel": "", **error.values})
        case SecretError():
            return words(f"config.{error.code}", **error.values)
        case RulesError():
            return "\n".join(rule_sentence(words, detail) for detail in error.details)
        case OSError() if error.filename:
            return words("cli.os_error", file=error.filename, reason=error.strerror)
        case _:
            return words("cli.unforeseen", kind=type(error).__name__, reason=error)


def rule_sentence(words: Texts, problem: Problem) -> str:
    """Return what is wrong with a rule file: where, what, what to do."""
    what = words.part("rules").get(problem.code, problem.code).format(value=problem.value)
    return ": ".join(filter(None, (problem.file, problem.rule, what)))
