"""Data into a template gives a PDF: tagged, PDF/UA where the fonts have every character.

The fonts are the ones typst brings along, so that every computer prints the same. Templates lie in
``templates/``; what they show comes in as one value, and nothing in it is read as markup.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst

TEMPLATES = Path(__file__).parent / "templates"
ACCESSIBLE: Final = "ua-1"  # PDF/UA-1, ISO 14289-1
_FONTS = typst.Fonts(include_system_fonts=False)
_KEPT = "\n\t"


def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF that ``templates/TEMPLATE.typ`` makes of ``data``, made ``at`` an aware moment.

    ``data`` is anything JSON can hold. A character that no font has is shown as an empty box: such a
    PDF is tagged too, but cannot claim PDF/UA. Raises typst.TypstError for a wrong template.
    """
    inputs = {"data": json.dumps(_printable(data), ensure_ascii=False)}
    try:
        return _compiled(template, inputs, at, accessible=True)
    except typst.TypstError:
        return _compiled(template, inputs, at, accessible=False)


def _compiled(template: str, inputs: dict[str, str], at: datetime, *, accessible: bool) -> bytes:
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_FONTS,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=ACCESSIBLE if accessible else None,
        timestamp=int(at.timestamp()),
    )


def _printable(value: Any) -> Any:
    """The same value without control characters and lone surrogates, which no page can show."""
    if isinstance(value, str):
        return "".join(c if c.isprintable() or c in _KEPT else _instead(c) for c in value)
    if isinstance(value, Mapping):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return value


def _instead(character: str) -> str:
    return " " if character.isspace() else ""
