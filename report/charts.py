"""Charts as SVG, drawn by pygal. What leaves here holds no script, no link and no comment."""

import sys
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from report.document import Chart, Shape

# pygal hooks into all imports to find plug-ins of its own; every later import would warn of that.
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)]

IN_TIME, LATE, PENDING, CLOSED, REOPENED = "in_time", "late", "pending", "closed", "reopened"
# Told apart also by who sees no red or green, and in grey: dark, middle and light.
_COLOURS = {
    IN_TIME: "#1d4e79",
    LATE: "#d9731a",
    PENDING: "#c3ccd5",
    CLOSED: "#8a93a0",
    REOPENED: "#6b5b95",
}
_ON_COLOUR = {IN_TIME: "#ffffff", LATE: "#000000", REOPENED: "#ffffff"}
_INK, _GUIDE = "#1a1a1a", "#d5d9de"
_WIDTH = 760
_BAR, _FRAME, _COLUMNS_HEIGHT = 36, 104, 310
_ONE_LINE = 3  # names in a line of the legend
_SMALLEST = 0.03  # of the longest bar: a number does not fit into less
SANS = "Helvetica Neue, Arial, Liberation Sans, sans-serif"


def draw(chart: Chart, number: Callable[[float], str], font: str = SANS) -> str:
    """Return a chart as one SVG element. ``number`` writes its values; the same chart gives the same text."""
    picture = _KINDS[chart.shape](chart, _options(chart, number, font))
    picture.uuid = "chart"  # pygal would make one up
    picture.add_xml_filter(_bare)
    svg: str = picture.render(disable_xml_declaration=True)
    return svg


def _bars(chart: Chart, options: dict[str, Any]) -> Any:
    height = _FRAME + _BAR * len(chart.labels)
    picture = pygal.HorizontalStackedBar(**options, height=height, spacing=12)
    picture.x_labels = list(reversed(chart.labels))  # pygal begins at the bottom
    for series in chart.series:
        picture.add(series.name, list(reversed(series.values)))
    return picture


def _columns(chart: Chart, options: dict[str, Any]) -> Any:
    picture = pygal.StackedBar(**options, height=_COLUMNS_HEIGHT)
    picture.x_labels = chart.labels
    for series in chart.series:
        picture.add(series.name, series.values)
    return picture


def _line(chart: Chart, options: dict[str, Any]) -> Any:
    picture = pygal.Line(
        **options | {"print_values": False, "margin_right": 40, "show_legend": False},
        height=_COLUMNS_HEIGHT - 2 * _BAR,
        range=(0, 100),
    )
    picture.x_labels = chart.labels
    for series in chart.series:
        picture.add(series.name, series.values, stroke_style={"width": 3}, dots_size=4)
    return picture


_KINDS: dict[Shape, Callable[[Chart, dict[str, Any]], Any]] = {
    Shape.BARS: _bars,
    Shape.COLUMNS: _columns,
    Shape.LINE: _line,
}


def _options(chart: Chart, number: Callable[[float], str], font: str) -> dict[str, Any]:
    def told(value: float | None) -> str:
        whole = value is not None and value == int(value)  # no half cases on an axis
        return f"{number(value)}{chart.unit}" if value and whole and value >= smallest else ""

    smallest = _SMALLEST * max(map(sum, zip(*_numbers(chart), strict=True)), default=0)

    return {
        "style": _style(chart, font),
        "width": _WIDTH,
        "js": [],
        "title": None,
        "margin": 8,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 2 if len(chart.series) > _ONE_LINE else len(chart.series),
        "legend_box_size": 13,
        "truncate_legend": -1,
        "print_values": True,
        "print_zeroes": False,
        "value_formatter": told,
        "max_scale": 8,
        "show_minor_x_labels": True,
    }


def _numbers(chart: Chart) -> list[list[float]]:
    return [[value or 0 for value in series.values] for series in chart.series]


def _style(chart: Chart, font: str) -> Style:
    colours = tuple(_COLOURS[series.colour] for series in chart.series)
    inside = tuple(_ON_COLOUR.get(series.colour, _INK) for series in chart.series)
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=_INK,
        foreground_strong=_INK,
        foreground_subtle=_GUIDE,
        guide_stroke_color=_GUIDE,
        major_guide_stroke_color=_GUIDE,
        colors=colours,
        value_colors=inside if chart.shape is not Shape.LINE else (_INK,),
        opacity="1",
        transition="0s",
        font_family=font,
        label_font_size=14,
        major_label_font_size=14,
        value_font_size=13,
        legend_font_size=14,
    )


def _bare(root: Element) -> Element:
    """Without what only a mouse needs, and without what pygal says about itself."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in _UNWANTED:
                parent.remove(child)
    return root


_UNWANTED = ("script", "title", "desc")
