"""The report as one HTML file: nothing is loaded from elsewhere, nothing runs, and it prints on A4."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files

from report.charts import draw
from report.document import Cell, Chart, Column, Document, Highlight, Section, Table
from report.words import Words

_CSS = files(__package__).joinpath("page.css").read_text("utf-8")


def page(document: Document, words: Words) -> str:
    """Return the page."""
    return "".join(_page(document, words))


def _page(document: Document, words: Words) -> Iterator[str]:
    title = f"{document.title}, {document.period}"
    yield f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="referrer" content="no-referrer">\n'
    yield f"<title>{escape(title)}</title>\n<style>{_CSS}</style>\n</head>\n<body>\n"
    yield from _letterhead(document)
    yield "<main>\n"
    yield f"<h1>{escape(document.title)}<br><span>{escape(document.period)}</span></h1>\n"
    if document.provisional:
        yield f'<p class="provisional">{escape(document.provisional)}</p>\n'
    yield _paragraphs(document.summary)
    yield from _highlights(document.highlights)
    for section in document.sections:
        yield from _section(section, words.number)
    yield f"<section>\n<h2>{escape(document.definitions_heading)}</h2>\n"
    yield _pairs(document.definitions)
    yield "</section>\n"
    yield _pairs(document.facts, "facts")
    yield from _signature(document, words)
    yield "</main>\n</body>\n</html>\n"


def _policy() -> str:
    """Only this page's own style and the pictures in it."""
    style = b64encode(sha256(_CSS.encode()).digest()).decode()
    allowed = f"style-src 'sha256-{style}'; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _letterhead(document: Document) -> Iterator[str]:
    head = document.letterhead
    yield "<header>\n"
    yield f'<p class="office">{escape(head.name)}</p>\n<p class="part">{escape(head.section)}</p>\n'
    for line in filter(None, (head.address, head.contact)):
        yield f"<p>{escape(line)}</p>\n"
    yield "</header>\n"


def _highlights(highlights: Iterable[Highlight]) -> Iterator[str]:
    yield '<dl class="highlights">\n'
    for one in highlights:
        yield f"<div><dt>{escape(one.label)}</dt><dd><strong>{escape(one.figure)}</strong>"
        yield f"<small>{escape(one.detail)}</small></dd></div>\n"
    yield "</dl>\n"


def _section(section: Section, number: Callable[[float], str]) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.heading)}</h2>\n"
    yield _paragraphs(section.text)
    for chart in section.charts:
        yield _figure(chart, number)
    for table in section.tables:
        yield from _table(table)
    yield _paragraphs(section.notes, "note")
    yield "</section>\n"


def _figure(chart: Chart, number: Callable[[float], str]) -> str:
    picture = b64encode(draw(chart, number).encode()).decode()
    source = f"data:image/svg+xml;base64,{picture}"
    return (
        f"<figure>\n<figcaption>{escape(chart.title)}</figcaption>\n"
        f'<img src="{source}" alt="{escape(chart.description)}">\n</figure>\n'
    )


def _table(table: Table) -> Iterator[str]:
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.caption)}">\n'
    yield f"<table>\n<caption>{escape(table.caption)}</caption>\n<thead>\n<tr>"
    for column in table.columns:
        yield f'<th scope="col"{_class(column)}>{escape(column.heading)}</th>'
    yield "</tr>\n</thead>\n<tbody>\n"
    for row in table.on_paper:
        yield _row(table.columns, row)
    yield "</tbody>\n"
    if table.total:
        yield f"<tfoot>\n{_row(table.columns, table.total)}</tfoot>\n"
    yield "</table>\n</div>\n"
    if table.more:
        yield f'<p class="note">{escape(table.more)}</p>\n'


def _row(columns: Iterable[Column], row: Iterable[Cell]) -> str:
    (head, about), *rest = zip(columns, row, strict=True)
    cells = "".join(f"<td{_class(column)}>{escape(cell.text)}</td>" for column, cell in rest)
    return f'<tr><th scope="row"{_class(head)}>{escape(about.text)}</th>{cells}</tr>\n'


def _class(column: Column) -> str:
    kinds = [kind for kind in ("number", "whole") if getattr(column, kind)]
    return f' class="{" ".join(kinds)}"' if kinds else ""


def _pairs(pairs: Iterable[tuple[str, str]], kind: str = "meanings") -> str:
    told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>\n" for name, said in pairs)
    return f'<dl class="{kind}">\n{told}</dl>\n'


def _paragraphs(lines: Iterable[str], kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return "".join(f"<p{mark}>{escape(line)}</p>\n" for line in lines)


def _signature(document: Document, words: Words) -> Iterator[str]:
    yield '<div class="signature">\n'
    yield _paragraphs(document.signature)
    yield f'<p class="line"></p>\n<p>{escape(words("report.signed_line"))}</p>\n</div>\n'
