"""``muara channels``: the health of every channel, of the outbox and of the quarantine."""

from dataclasses import asdict
from datetime import datetime

import click
from rich.text import Text

from cli.building import opened
from cli.context import App
from cli.errors import plain_errors
from cli.output import facts, json_line, table
from config.texts import Texts
from store.types import ChannelHealth, ChannelState

COLOURS = {
    ChannelHealth.HEALTHY: "green",
    ChannelHealth.DEGRADED: "yellow",
    ChannelHealth.DOWN: "red",
}


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("channels", help=words("cli.channels_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def channels(app: App, json_wanted: bool) -> None:
        with plain_errors(words), opened(app) as store:
            states, counts = store.channel_states(), store.counts()
        if json_wanted:
            for state in states:
                json_line(asdict(state))
            json_line(counts)
            return
        show(words, states)
        facts(
            (words(f"cli.count_{name}"), _shown(words, value))
            for name, value in asdict(counts).items()
        )

    return channels


def show(words: Texts, states: list[ChannelState]) -> None:
    """Print channels as a table."""
    names = (
        "channel",
        "health",
        "arrivals",
        "last_success",
        "last_arrival",
        "next_due",
        "failures",
        "error",
    )
    table([words(f"cli.{name}") for name in names], (_row(words, state) for state in states))


def _row(words: Texts, state: ChannelState) -> tuple[str | Text, ...]:
    moments = (state.last_success, state.last_arrival, state.next_due)
    return (
        state.name,
        Text(words(f"healths.{state.health}"), style=COLOURS.get(state.health, "")),
        str(state.arrivals),
        *(words.short_moment(at) if at else "-" for at in moments),
        str(state.failures),
        state.error,
    )


def _shown(words: Texts, value: object) -> str:
    if isinstance(value, datetime):
        return words.short_moment(value)
    if isinstance(value, dict):
        return (
            ", ".join(f"{words(f'statuses.{name}')} {count}" for name, count in value.items())
            or "0"
        )
    return "-" if value is None else str(value)
