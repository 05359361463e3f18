"""``muara requeue``: what lies in quarantine, and trying it again after the cause is mended."""

import getpass

import click

from cli.building import built
from cli.context import App
from cli.errors import plain_errors
from cli.output import json_line, table
from config.texts import Texts
from store.types import Fate, Quarantined


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("requeue", help=words("cli.requeue_help"))
    @click.argument("ids", nargs=-1, type=int)
    @click.option("--all", "everything", is_flag=True, help=words("cli.requeue_all"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def requeue(app: App, ids: tuple[int, ...], everything: bool, json_wanted: bool) -> None:
        with plain_errors(words), built(app) as parts:
            held = parts.store.quarantine()
            if not ids and not everything:
                _list(words, held, json_wanted=json_wanted)
                return
            failed = 0
            for one in held if everything else _chosen(words, held, ids):
                outcome = parts.requeue.again(one.id, getpass.getuser())
                failed += outcome.fate is Fate.QUARANTINED
                _tell(words, one.id, outcome.fate, outcome.number, json_wanted=json_wanted)
        if failed:
            raise click.ClickException(words("cli.still_quarantined", count=failed))

    return requeue


def _list(words: Texts, held: list[Quarantined], *, json_wanted: bool) -> None:
    if json_wanted:
        for one in held:
            json_line(one)
    elif not held:
        click.echo(words("cli.quarantine_empty"))
    else:
        rows = [
            (str(q.id), q.channel, words.short_moment(q.received_at), f"{q.size} B", q.error)
            for q in held
        ]
        table([words(f"cli.{n}") for n in ("id", "channel", "received", "size", "error")], rows)
        click.echo(words("cli.requeue_hint"))


def _chosen(words: Texts, held: list[Quarantined], ids: tuple[int, ...]) -> list[Quarantined]:
    by_id = {one.id: one for one in held}
    if missing := [number for number in ids if number not in by_id]:
        raise click.ClickException(words("cli.not_quarantined", ids=", ".join(map(str, missing))))
    return [by_id[number] for number in ids]


def _tell(words: Texts, id_: int, fate: Fate, number: str, *, json_wanted: bool) -> None:
    if json_wanted:
        json_line({"id": id_, "fate": fate, "number": number})
    else:
        click.echo(words("cli.requeued", id=id_, fate=words(f"fates.{fate}"), number=number or "-"))
