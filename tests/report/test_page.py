"""The page: complete without anything from elsewhere, nothing that runs, and readable by who cannot see it."""

import re
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from report.values import MonthlyReport
from tests.report.samples import case, figures, full, written

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given, tuple(self._open)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def text(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


def html(report: MonthlyReport, language: str = "id") -> str:
    return written(report, language).content("html").decode()


REPORTS = pytest.mark.parametrize("report", [full(), figures()], ids=["full", "empty"])


@REPORTS
def test_nothing_on_the_page_runs_or_is_loaded(report: MonthlyReport) -> None:
    page = Page(html(report))
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"script", "link", "iframe", "object", "form", "base", "a"}
    for _, attributes, _ in page.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "href")
        ]
        assert attributes.get("src", "data:").startswith("data:")
    assert "url(" not in "".join(page.text("style"))
    assert "@import" not in "".join(page.text("style"))


def test_the_policy_allows_this_pages_style_and_pictures_only() -> None:
    page = Page(html(full()))
    (policy,) = (m["content"] for m in page.all("meta") if "http-equiv" in m)
    (style,) = page.text("style")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@REPORTS
def test_every_table_has_a_caption_and_headers_for_columns_and_rows(report: MonthlyReport) -> None:
    text = html(report)
    tables = re.findall(r"<table>.*?</table>", text, re.DOTALL)
    assert len(tables) >= 7
    for table in tables:
        page = Page(table)
        assert [caption for caption in page.text("caption") if caption.strip()]
        columns = sum(th.get("scope") == "col" for th in page.all("th"))
        rows = len(page.all("tr")) - 1
        assert sum(th.get("scope") == "row" for th in page.all("th")) == rows
        assert len(page.all("td")) == rows * (columns - 1)


def pictures(text: str) -> list[str]:
    found = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', text)
    return [b64decode(one).decode() for one in found]


def test_every_chart_has_words_and_a_table_in_its_section() -> None:
    text = html(full())
    assert len(pictures(text)) == 5
    assert all(image["alt"].startswith("Grafik: ") for image in Page(text).all("img"))
    for section in re.findall(r"<section>.*?</section>", text, re.DOTALL):
        assert "<img" not in section or "<table>" in section


def test_charts_hold_no_script_no_link_and_no_comment() -> None:
    for picture in pictures(html(full())):
        root = ET.fromstring(picture)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "a", "image", "foreignObject", "use"}
        assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
        assert "<!--" not in picture
        assert "url(" not in picture


def test_a_month_without_cases_draws_nothing_and_says_so() -> None:
    text = html(figures())
    assert pictures(text) == []
    assert "tidak ada pengaduan, saran, atau permintaan informasi yang diterima" in text


def test_headings_stand_in_order_and_the_language_is_named() -> None:
    page = Page(html(full()))
    headings = [tag for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert headings == ["h1"] + ["h2"] * 10
    assert page.all("html")[0]["lang"] == "id"
    assert Page(html(full(), "en")).all("html")[0]["lang"] == "en"
    assert page.all("meta")[0] == {"charset": "utf-8"}


def test_the_page_says_who_when_and_by_which_rules() -> None:
    text = html(full())
    for said in (
        "Bagian Kesejahteraan Rakyat",
        "Periode November 2026",
        "Rabu, 2 Desember 2026 pukul 09.00 WITA",
        "r1r1r1",
        "d1d1d1 (6 kasus)",
        "Gangguan kanal baru dicatat sejak",
        "Kepala Bagian Kesejahteraan Rakyat",
    ):
        assert said in text


def test_it_is_signed_in_the_offices_city_where_there_is_one() -> None:
    plain = written(full())
    placed = replace(plain, issuer=replace(plain.issuer, city="Singaraja"))
    assert b"<p>Singaraja, " not in plain.content("html")
    assert b"<p>Singaraja, " in placed.content("html")


def test_the_same_month_gives_the_same_page() -> None:
    assert html(full()) == html(full())


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_words_stand_out_from_what_is_behind_them() -> None:
    """At least 4.5 to 1 (WCAG 2.2, 1.4.3) on every background of the page."""
    (style,) = Page(html(full())).text("style")
    inks = set(re.findall(r"[ {]color: (#[0-9a-f]{6})", style))
    grounds = {"#ffffff", *re.findall(r"background: (#[0-9a-f]{6})", style)}
    assert len(inks) >= 3
    for ink in inks:
        for ground in grounds:
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def test_a_list_that_is_too_long_for_paper_says_where_the_rest_is() -> None:
    many = figures([case(number=f"MR-{n}") for n in range(130)])
    text = html(many)
    assert text.count("belum dijawab</td>") == 100
    assert "30 kasus lainnya tercantum dalam buku kerja (XLSX)." in text
    assert len(next(t for t in written(many).document.tables if t.shown).rows) == 130
