"""For how long channels could not be heard, from what was written down when people were told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.types.statistics import Outage, OutageKind

_Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Downtime:
    """A channel's troubles within a span. ``share`` is the part of the span in which it could be read.

    ``down`` is the time it could not be read, the ``longest`` stretch of it, how many ``times``.
    ``lasting``: it is down at the end. ``silent`` and ``lost`` count when it brought nothing for too long,
    and when a mail to itself did not come back.
    """

    channel: str
    times: int
    down: timedelta
    longest: timedelta
    lasting: bool
    share: float | None
    silent: int
    lost: int


def downtimes(
    outages: Sequence[Outage], channels: Iterable[str], start: datetime, end: datetime
) -> tuple[Downtime, ...]:
    """Return what happened to each channel between two moments."""
    return tuple(_downtime(name, outages, start, end) for name in channels)


def _downtime(name: str, outages: Sequence[Outage], start: datetime, end: datetime) -> Downtime:
    mine = [one for one in outages if one.channel == name]
    down = [one for one in mine if one.kind is OutageKind.DOWN]
    stretches = _within(down, start, end)
    lengths = [until - since for since, until in stretches]
    total, whole = sum(lengths, timedelta()), end - start
    return Downtime(
        channel=name,
        times=len(stretches),
        down=total,
        longest=max(lengths, default=timedelta()),
        lasting=any(until == end for _, until in stretches),
        share=1 - total / whole if whole > timedelta() else None,
        silent=sum(one.kind is OutageKind.SILENT for one in mine),
        lost=sum(one.kind is OutageKind.CANARY_LOST for one in mine),
    )


def _within(outages: Iterable[Outage], start: datetime, end: datetime) -> list[_Stretch]:
    """The stretches of a span that outages cover; those that overlap are one."""
    stretches: list[_Stretch] = []
    for one in sorted(outages, key=lambda outage: outage.began_at):
        since, until = max(one.began_at, start), min(one.ended_at or end, end)
        if since >= until:
            continue
        if stretches and since <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], until))
        else:
            stretches.append((since, until))
    return stretches
