"""``muara requeue``: what lies in quarantine, and trying it again after the cause is mended."""

from datetime import UTC, datetime

import click

from cli.building import built
from cli.context import App, operator
from cli.errors import stored_sentence
from cli.output import json_line, size, table
from cli.times import friendly
from config.texts import Texts
from store.types import Fate, Quarantined
from wiring.parts import Parts


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("requeue", help=words("cli.requeue_help"))
    @click.argument("ids", nargs=-1, type=click.IntRange(1))
    @click.option("--all", "everything", is_flag=True, help=words("cli.requeue_all"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def requeue(app: App, ids: tuple[int, ...], everything: bool, json_wanted: bool) -> None:
        with built(app) as parts:
            held = parts.store.quarantine()
            if not ids and not everything:
                _list(words, held, json_wanted=json_wanted)
                return
            chosen = list(filter(_unread, held)) if everything else _chosen(words, held, ids)
            failed = sum(not _again(parts, one, json_wanted=json_wanted) for one in chosen)
        if failed:
            raise click.ClickException(words("cli.still_quarantined", count=failed))

    return requeue


def _unread(one: Quarantined) -> bool:
    """Whether it lies there because it could not be read; what was refused is taken out one by one."""
    return not one.error.startswith("staff_mail_")


def _list(words: Texts, held: list[Quarantined], *, json_wanted: bool) -> None:
    if json_wanted:
        for one in held:
            json_line(one)
    elif not held:
        click.echo(words("cli.quarantine_empty"))
    else:
        now = datetime.now(UTC)
        rows = [
            (
                str(one.id),
                one.channel,
                friendly(words, one.received_at, now),
                size(one.size),
                stored_sentence(words, one.error),
            )
            for one in held
        ]
        table([words(f"cli.{n}") for n in ("id", "channel", "received", "size", "error")], rows)
        click.echo(words("cli.requeue_hint"))


def _chosen(words: Texts, held: list[Quarantined], ids: tuple[int, ...]) -> list[Quarantined]:
    by_id = {one.id: one for one in held}
    if missing := [number for number in ids if number not in by_id]:
        raise click.ClickException(words("cli.not_quarantined", ids=", ".join(map(str, missing))))
    return [by_id[number] for number in ids]


def _again(parts: Parts, one: Quarantined, *, json_wanted: bool) -> bool:
    """Try one again and tell; whether it left the quarantine. A channel that is gone keeps it there."""
    words = parts.words
    try:
        outcome = parts.requeue.again(one.id, operator())
    except LookupError:
        click.echo(words("cli.channel_gone", id=one.id, channel=one.channel), err=True)
        return False
    if json_wanted:
        json_line({"id": one.id, "fate": outcome.fate, "number": outcome.number})
    else:
        fate, number = words(f"fates.{outcome.fate}"), outcome.number or "-"
        click.echo(words("cli.requeued", id=one.id, fate=fate, number=number))
    return outcome.fate is not Fate.QUARANTINED
