"""``muara cancel``: an answer by mail is not sent after all."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from config.texts import Texts
from ingest.staff_mail.cancelling import cancel_all
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def cancel(app: App, *, number: str, who: str, why: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            count = cancel_all(store, ticket.number, who=who, why=why, now=now())
        if not count:
            raise click.ClickException(words("staff_mail.none_waits", number=ticket.number))
        sentence = words("staff_mail.cancelled", number=ticket.number, count=count)
        done(sentence, json_wanted=json_wanted, number=ticket.number, count=count)

    return step(words, "cancel", cancel, part="staff_mail")
