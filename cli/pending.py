"""Answers by mail that were not sent yet, as people and programs see them."""

from collections.abc import Sequence
from typing import Any

import click

from cli.output import heading, printable
from config.texts import Texts
from store.types import StaffMail, StaffState


def facts(words: Texts, waiting: Sequence[StaffMail]) -> list[tuple[str, str]]:
    """Who wrote an answer that waits, and until when; nothing of what it says."""
    return [(words("staff_mail.waiting"), _standing(words, one)) for one in waiting]


def texts(words: Texts, waiting: Sequence[StaffMail]) -> None:
    """Show what these answers say."""
    for one in waiting:
        heading(words("staff_mail.waiting_text"))
        click.echo(printable(one.text))


def as_json(waiting: Sequence[StaffMail], *, visible: bool) -> list[dict[str, Any]]:
    """The same for programs; without the text where that is for examiners only."""
    return [
        {
            "id": one.id,
            "who": one.who,
            "state": one.state,
            "until": one.until,
            "reason": one.reason,
            **({"text": one.text} if visible else {}),
        }
        for one in waiting
    ]


def _standing(words: Texts, one: StaffMail) -> str:
    if one.state is StaffState.HELD:
        why = words(f"staff_mail.held_{one.reason}")
        return words("staff_mail.waiting_held", who=one.who, why=why)
    if one.until is None:
        return words("staff_mail.waiting_untold", who=one.who)
    return words("staff_mail.waiting_until", who=one.who, until=words.moment(one.until))
