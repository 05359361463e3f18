"""``muara keep``: let nothing of a case be removed, whatever its age, such as while a court has it."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from config.texts import Texts
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def keep(
        app: App, *, number: str, release: bool, who: str, why: str, json_wanted: bool
    ) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            if release and not store.retention.is_kept(ticket.number):
                raise click.ClickException(words("retention.not_kept", number=ticket.number))
            note = store.retention.release if release else store.retention.keep
            note(ticket.number, who=who, why=why, now=now())
        sentence = words(
            f"retention.keep_{'released' if release else 'done'}", number=ticket.number
        )
        done(sentence, json_wanted=json_wanted, number=ticket.number, kept=not release, who=who)

    released = click.Option(["--release"], is_flag=True, help=words("retention.keep_release"))
    return step(words, "keep", keep, released, part="retention", why_needed=True)
