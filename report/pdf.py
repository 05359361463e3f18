"""The report as a tagged PDF on A4, set by typst (printing/templates/report.typ)."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from printing.typst import render
from report.charts import draw
from report.document import Cell, Chart, Document, Section, Table
from report.words import Words

SERIF = "Libertinus Serif"  # brought along by typst


def pdf(document: Document, words: Words) -> bytes:
    """Return the PDF. The same document gives the same bytes."""
    return render("report", _data(document, words), at=document.made_at)


def _data(document: Document, words: Words) -> dict[str, Any]:
    return {
        "language": document.language,
        "title": f"{document.title}, {document.period}",
        "name": document.title,
        "period": document.period,
        "office": asdict(document.letterhead),
        "provisional": document.provisional,
        "summary": document.summary,
        "highlights": [asdict(one) for one in document.highlights],
        "sections": [_section(section, words.number) for section in document.sections],
        "definitions": {"heading": document.definitions_heading, "pairs": document.definitions},
        "facts": document.facts,
        "signature": [*document.signature, words("report.signed_line")],
        "footer": f"{document.letterhead.section} · {document.title}, {document.period}",
    }


def _section(section: Section, number: Callable[[float], str]) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "text": section.text,
        "charts": [_chart(chart, number) for chart in section.charts],
        "tables": [_table(table) for table in section.tables],
        "notes": section.notes,
    }


def _chart(chart: Chart, number: Callable[[float], str]) -> dict[str, str]:
    picture = draw(chart, number, SERIF)
    return {"title": chart.title, "description": chart.description, "svg": picture}


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": [asdict(column) for column in table.columns],
        "rows": [_texts(row) for row in table.on_paper],
        "total": _texts(table.total),
        "more": table.more,
    }


def _texts(row: Iterable[Cell]) -> list[str]:
    return [cell.text for cell in row]
