"""``muara report``: the monthly evaluation as a page, PDF, workbook and CSV."""

from datetime import date, datetime
from pathlib import Path

import click

from cli.context import App
from cli.months import parse_month
from cli.opening import configured
from cli.output import json_line, paragraph, table
from cli.rules_in_force import rule_set
from config.texts import Texts
from report.document import Cell
from report.files import FORMS, Written
from report.months import back, begins
from report.sections.groups import COUNTED
from wiring.clock import now
from wiring.reporting import Reporting


def command(words: Texts) -> click.Command:
    """Build the command."""
    folder = click.Path(file_okay=False, path_type=Path)

    @click.command("report", help=words("report.help"))
    @click.option("--month", default="", help=words("report.month_help"))
    @click.option("--out", type=folder, default=Path(), help=words("report.out_help"))
    @click.option(
        "--format",
        "forms",
        multiple=True,
        type=click.Choice(FORMS),
        help=words("report.format_help"),
    )
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def report(app: App, month: str, out: Path, forms: tuple[str, ...], json_wanted: bool) -> None:
        rules, at = rule_set(app, None), now()
        with configured(app) as (settings, store):
            wanted = _month(words, month, at)
            written = Reporting(settings, words, store, rules).of(wanted, at)
        files = [written.save(form, out) for form in dict.fromkeys(forms or FORMS)]
        if json_wanted:
            json_line(_json(written, files))
        else:
            _show(written)
            for file in files:
                click.echo(words("report.written", file=file))

    return report


def _month(words: Texts, given: str, at: datetime) -> date:
    """The month somebody means, by default the last one that is over."""
    today = at.astimezone(words.zone).date()
    if not given.strip():
        return back(today.replace(day=1))
    try:
        month = parse_month(given, today)
    except ValueError:
        raise click.ClickException(words("report.not_a_month", given=given)) from None
    if begins(month, words.zone) > at:
        raise click.ClickException(words("report.not_begun", month=words.month(month)))
    return month


def _show(written: Written) -> None:
    """Print what stands at the top of the report, and the table of tiers."""
    document = written.document
    click.echo(f"{document.title}, {document.period}")
    for line in filter(None, (document.provisional, *document.summary)):
        paragraph(line)
    click.echo()
    tiers = document.sections[0].tables[0]
    rows = [*tiers.rows, tiers.total]
    table([column.heading for column in tiers.columns], (_texts(row) for row in rows))
    click.echo()


def _texts(row: tuple[Cell, ...]) -> list[str]:
    return [cell.text for cell in row]


def _json(written: Written, files: list[Path]) -> dict[str, object]:
    report = written.report
    tally = {name: getattr(report.total.tally, name) for name in COUNTED[:-1]}
    return {
        "month": report.month.strftime("%Y-%m"),
        "as_of": report.now,
        "unfinished": report.unfinished,
        **tally,
        "backlog": len(report.backlog),
        "files": [str(file) for file in files],
    }
