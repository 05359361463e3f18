"""``muara channels``: the health of every channel, of the outbox and of the quarantine."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click

from cli.building import built
from cli.context import App
from cli.opening import opened
from cli.output import Cell, facts, json_line, paragraph, table
from cli.probe import Probed, probe
from cli.times import friendly
from config.texts import Texts
from store.types import ChannelHealth, ChannelState, Counts

COLOURS = {
    ChannelHealth.HEALTHY: "green",
    ChannelHealth.DEGRADED: "yellow",
    ChannelHealth.DOWN: "bold red",
    ChannelHealth.SILENT: "yellow",
}
OVERDUE = timedelta(minutes=5)  # when every channel is, nobody is reading them
COLUMNS = ("channel", "health", "arrivals", "last_success", "last_arrival", "next_due")


def command(words: Texts) -> click.Group:
    """Build the command and the one below it."""

    @click.group("channels", invoke_without_command=True, help=words("cli.channels_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_context
    def channels(ctx: click.Context, json_wanted: bool) -> None:
        if ctx.invoked_subcommand is None:
            _health(words, ctx.obj, json_wanted=json_wanted)

    channels.add_command(_test(words))
    return channels


def _test(words: Texts) -> click.Command:
    @click.command("test", help=words("cli.channels_test_help"))
    @click.argument("name", required=False)
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def test(app: App, name: str | None, json_wanted: bool) -> None:
        failed = 0
        with built(app) as parts:
            for one in probe(parts, name):
                failed += bool(one.error)
                _tell(words, one, json_wanted=json_wanted)
        if failed:
            raise SystemExit(1)

    return test


def _tell(words: Texts, one: Probed, *, json_wanted: bool) -> None:
    if json_wanted:
        json_line(one)
    elif one.error:
        paragraph(words("cli.channel_fails", channel=one.name, error=one.error))
    else:
        click.echo(words("cli.channel_works", channel=one.name))


def _health(words: Texts, app: App, *, json_wanted: bool) -> None:
    with opened(app) as store:
        states, counts = store.channel_states(), store.counts()
    if json_wanted:
        for state in states:
            json_line(asdict(state))
        json_line(counts)
        return
    show(words, states)
    now = datetime.now(UTC)
    facts((*_totals(words, counts, now), *_mails(words, states, counts, now)))


def show(words: Texts, states: list[ChannelState]) -> None:
    """Print channels as a table, and below it what is wrong with those that fail."""
    if not states:
        click.echo(words("cli.no_channel_yet"))
        return
    now = datetime.now(UTC)
    table([words(f"cli.{name}") for name in COLUMNS], (_row(words, one, now) for one in states))
    for one in states:
        if one.failures:
            failed = words("cli.failures", channel=one.name, count=one.failures, error=one.error)
            paragraph(failed)
    if max(one.next_due for one in states) < now - OVERDUE:
        click.echo(words("cli.not_running"))
    click.echo()


def _row(words: Texts, state: ChannelState, now: datetime) -> tuple[str | Cell, ...]:
    moments = (state.last_success, state.last_arrival, state.next_due)
    return (
        state.name,
        Cell(words(f"healths.{state.health}"), COLOURS.get(state.health, "")),
        str(state.arrivals),
        *(friendly(words, at, now) if at else "-" for at in moments),
    )


def _totals(words: Texts, counts: Counts, now: datetime) -> Iterator[tuple[str, str]]:
    cases = (f"{words(f'statuses.{status}')} {count}" for status, count in counts.cases.items())
    oldest = counts.oldest_waiting
    yield words("cli.count_cases"), ", ".join(cases) or "0"
    yield words("cli.count_quarantined"), str(counts.quarantined)
    yield words("cli.count_waiting"), str(counts.waiting)
    yield words("cli.count_failed"), str(counts.failed)
    yield words("cli.count_oldest_waiting"), friendly(words, oldest, now) if oldest else "-"


def _mails(
    words: Texts, states: list[ChannelState], counts: Counts, now: datetime
) -> Iterator[tuple[str, str]]:
    """Whether our mails go out, and whether each channel's mails to itself come back."""
    yield words("health.sending"), _sending(words, counts, now)
    for state in states:
        name = words("health.canary", channel=state.name)
        if state.canary_lost_at:
            told = friendly(words, state.canary_lost_at, now)
            yield name, words("health.canary_missing", at=told)
        elif state.canary_back_at:
            back = friendly(words, state.canary_back_at, now)
            yield name, words("health.canary_back", at=back)


def _sending(words: Texts, counts: Counts, now: datetime) -> str:
    oldest, last, error = counts.oldest_waiting, counts.last_sent, counts.sending_error
    if oldest and error:
        if last and last > oldest:
            return words("health.sending_delayed", error=error)
        return words("health.sending_since", at=friendly(words, oldest, now), error=error)
    if last is None:
        return words("health.sending_fine" if oldest is None else "health.sending_waits")
    return words("health.sending_last", at=friendly(words, last, now))
