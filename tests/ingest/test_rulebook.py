from pathlib import Path

import pytest

from classify.engine import RulesError
from classify.types import Medium, Tier
from ingest.rulebook import RuleBook
from tests.ingest.workshop import RULES

OWN = """
[[aturan]]
id = "4-uji"
tingkat = "berkadar"
kuat = true
arti = "Kata uji."
kekuatan = 40
pola = ["'zzkatauji'"]
contoh = ["Ini zzkatauji.", "Zzkatauji lagi."]
bukan = ["Jalan rusak.", "Lampu mati."]
"""


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / RULES.name).write_text(RULES.read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.fixture
def book(folder: Path) -> RuleBook:
    return RuleBook(lambda: read(folder))


def tier(book: RuleBook) -> Tier | None:
    return book.current().classify("", "zzkatauji", Medium.EMAIL).tier


def test_a_changed_file_is_taken_up(folder: Path, book: RuleBook) -> None:
    before = book.current().digest
    assert tier(book) is not Tier.BERKADAR
    (folder / "kantor.toml").write_text(OWN, "utf-8")
    book.refresh()
    assert tier(book) is Tier.BERKADAR
    assert book.current().digest != before
    assert book.meaning("4-uji") == "Kata uji."


def test_a_broken_file_changes_nothing_until_it_is_mended(
    folder: Path, book: RuleBook, capsys: pytest.CaptureFixture[str]
) -> None:
    good = book.current()
    (folder / "kantor.toml").write_text("[[aturan", "utf-8")
    book.refresh()
    book.refresh()
    assert book.current() is good
    assert capsys.readouterr().out.count("rules.refused") == 1
    (folder / "kantor.toml").write_text(OWN, "utf-8")
    book.refresh()
    assert tier(book) is Tier.BERKADAR


def test_files_that_cannot_be_read_change_nothing_and_are_told_once(
    folder: Path, book: RuleBook, capsys: pytest.CaptureFixture[str]
) -> None:
    good = book.current()
    (folder / "kantor.toml").write_bytes(b"\xff\xfe")
    book.refresh()
    book.refresh()
    assert book.current() is good
    assert capsys.readouterr().out.count("rules.unreadable") == 1


def test_nothing_changed_is_nothing_done(book: RuleBook) -> None:
    good = book.current()
    book.refresh()
    assert book.current() is good


def test_rules_broken_from_the_start_are_refused(folder: Path) -> None:
    (folder / "kantor.toml").write_text("[[aturan", "utf-8")
    with pytest.raises(RulesError):
        RuleBook(lambda: read(folder))


def test_a_rule_that_is_gone_is_named_by_its_id(book: RuleBook) -> None:
    assert book.meaning("tidak-ada") == "tidak-ada"
