"""``muara verify``: find what was changed in the event log behind the program's back."""

from dataclasses import asdict

import click

from cli.context import App
from cli.opening import opened
from cli.output import json_line
from config.texts import Texts
from store import Store
from store.types import Damage


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("verify", help=words("doctor.verify_help"))
    @click.option("--head", is_flag=True, help=words("doctor.verify_head"))
    @click.option("--expect", "noted", multiple=True, help=words("doctor.verify_expect"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def verify(app: App, *, head: bool, noted: tuple[str, ...], json_wanted: bool) -> None:
        with opened(app) as store:
            if head:
                _tell_head(store.examination().witness(), json_wanted=json_wanted)
                return
            damage = [*store.verify(), *store.examination().crosscheck()]
            _tell_damage(words, store, damage, json_wanted=json_wanted)
            kept = [_expect(words, store, one, json_wanted=json_wanted) for one in noted]
        if damage or not all(kept):
            raise SystemExit(1)

    return verify


def _tell_head(witness: str, *, json_wanted: bool) -> None:
    if json_wanted:
        json_line({"head": witness})
    else:
        click.echo(witness)


def _tell_damage(words: Texts, store: Store, damage: list[Damage], *, json_wanted: bool) -> None:
    heads, witness = store.heads(), store.examination().witness()
    events = sum(length for length, _ in heads.values())
    for place in damage:
        text = words(f"doctor.damage_{place.what}", **asdict(place))
        if json_wanted:
            json_line({**asdict(place), "text": text})
        else:
            click.echo(text)
    emptied = store.retention.emptied()
    if json_wanted:
        told = {"damage": len(damage), "events": events, "emptied": emptied.events}
        json_line({**told, "head": witness})
    elif not damage:
        click.echo(words("doctor.verify_fine", events=events, chains=len(heads)))
        if emptied.events:
            click.echo(words("retention.emptied", events=emptied.events, cases=emptied.cases))
        click.echo(words("doctor.verify_hint"))
        click.echo(f"  {witness}")


def _expect(words: Texts, store: Store, noted: str, *, json_wanted: bool) -> bool:
    try:
        kept = store.examination().holds(noted)
    except ValueError:
        raise click.BadParameter(
            words("doctor.verify_no_witness", noted=noted), param_hint="--expect"
        ) from None
    if json_wanted:
        json_line({"expect": noted, "kept": kept})
    else:
        click.echo(words(f"doctor.verify_{'kept' if kept else 'lost'}", noted=noted))
    return kept
