"""How well the program did: where people decided otherwise than its rules, and when channels were not heard."""

from datetime import timedelta

from classify.types import Tier
from report.cells import NOTHING, columns, count, duration, percent, share
from report.document import Cell, Section, Table
from report.downtime import Downtime
from report.naming import Naming
from report.values import MonthlyReport
from report.words import Words
from store.types.statistics import Correction


def corrected_rules(report: MonthlyReport, naming: Naming) -> Section:
    """People's decisions of the month against what the program had said."""
    words = naming.words
    decided = sum(one.count for one in report.corrections)
    if not decided:
        return Section(words("report.rules"), (words("report.rules_none"),))
    agreed = sum(one.count for one in report.corrections if one.program == one.person)
    text = words(
        "report.rules_text",
        decided=words.number(decided),
        agreed=words.number(agreed),
        share=percent(words, agreed, decided).text,
    )
    tables = (_decisions(report, naming), *_rules(report, words))
    notes = (words("report.rules_note"),) if report.rules else (words("report.rules_mended"),)
    return Section(words("report.rules"), (text,), tables=tables, notes=notes)


def channel_troubles(report: MonthlyReport, naming: Naming) -> Section:
    """When channels could not be heard."""
    words = naming.words
    since = report.outages_since
    notes = [words("report.downtime_note")]
    if since:
        notes.insert(0, words("report.downtime_since", since=words.moment(since)))
    if not report.downtimes:
        return Section(
            words("report.downtime"), (words("report.downtime_none"),), notes=tuple(notes)
        )
    names = ("channel", "down_times", "down", "longest", "readable", "silent", "lost")
    table = Table(
        name=words("report.sheet_downtime"),
        caption=words("report.downtime_caption"),
        columns=columns(words, *names),
        rows=tuple(_downtime(words, one) for one in report.downtimes),
    )
    return Section(words("report.downtime"), tables=(table,), notes=tuple(notes))


def _decisions(report: MonthlyReport, naming: Naming) -> Table:
    return Table(
        name=naming.words("report.sheet_decisions"),
        caption=naming.words("report.decisions_caption"),
        columns=columns(naming.words, "program", "person", "count", texts={"person": 2.2}),
        rows=tuple(_decision(naming, one) for one in report.corrections),
    )


def _decision(naming: Naming, one: Correction) -> tuple[Cell, ...]:
    words = naming.words
    said = _tier(naming, one.program)
    if not one.certain:
        key = "report.guess" if one.program else "report.no_guess"
        said = words(key, tier=said)
    return (Cell(said), Cell(_tier(naming, one.person)), count(words, one.count))


def _tier(naming: Naming, tier: Tier | None) -> str:
    return naming.tier(tier.value) if tier else naming.words("report.no_tier")


def _rules(report: MonthlyReport, words: Words) -> tuple[Table, ...]:
    if not report.rules:
        return ()
    rows = (
        (
            Cell(r.name or words("report.no_rule")),
            Cell(r.meaning or "-"),
            count(words, r.wrong),
            count(words, r.right),
        )
        for r in report.rules
    )
    table = Table(
        name=words("report.sheet_rules"),
        caption=words("report.rules_caption"),
        columns=columns(words, "rule", "meaning", "wrong", "right", texts={"meaning": 3}),
        rows=tuple(rows),
    )
    return (table,)


def _downtime(words: Words, one: Downtime) -> tuple[Cell, ...]:
    down = duration(words, one.down)
    if one.lasting:
        down = Cell(words("report.still_down", time=down.text), down.value)
    return (
        Cell(one.channel),
        count(words, one.times),
        down,
        duration(words, one.longest) if one.longest > timedelta() else NOTHING,
        NOTHING if one.share is None else share(words, one.share),
        count(words, one.silent),
        count(words, one.lost),
    )
