"""Try every way to the outside as the daemon would: connect, sign in, look, leave. Nothing is stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from channels.base import Channel
from channels.errors import ChannelError
from channels.imap import ImapChannel
from cli.errors import sentence
from wiring.parts import Parts

OUTGOING = "smtp"


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of one try; ``error`` is a sentence, empty where all went well."""

    name: str
    error: str


class _Nothing:
    """A ledger that holds nothing: the first report a feed yields is enough to know that it works."""

    cursor = None

    def items(self, folder: str, generation: str) -> frozenset[str]:  # noqa: ARG002 - Seen's signature
        return frozenset()


def probe(parts: Parts, name: str | None) -> Iterator[Probed]:
    """Try one channel, or all of them and the mail server for sending. Fails for an unknown name."""
    tries: dict[str, Callable[[], object]] = {
        turn.channel.name: _try_of(turn.channel) for turn in parts.turns
    }
    tries[OUTGOING] = parts.mailer.check
    if name is not None and name not in tries:
        raise click.ClickException(
            parts.words("cli.no_channel", name=name, known=", ".join(sorted(tries)))
        )
    for one in tries if name is None else (name,):
        yield Probed(one, _error(parts, tries[one]))


def _try_of(channel: Channel) -> Callable[[], object]:
    if isinstance(channel, ImapChannel):
        return channel.check
    return lambda: _first_of(channel)


def _first_of(channel: Channel) -> None:
    try:
        next(channel.fetch(_Nothing()), None)
    finally:
        channel.close()


def _error(parts: Parts, attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (ChannelError, OSError) as error:
        return sentence(parts.words, error)
    return ""
