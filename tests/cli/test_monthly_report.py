"""The daemon's own report, with all its parts: files in the office's folder, and a mail that says where."""

from datetime import UTC, datetime, timedelta

from config.settings import load
from config.texts import Texts
from store.types import NoticeKind
from tests.cli.conftest import Office
from wiring.parts import build

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
FIRST_OPENING = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # Tuesday, 1 December, 07:30 WITA
FORMS = ("csv", "html", "pdf", "xlsx")


def test_the_head_of_section_learns_where_the_report_lies(office: Office) -> None:
    text = office.config.read_text("utf-8")
    assert "[escalation]\n" in text
    told = text.replace("[escalation]\n", '[escalation]\nhead = ["kabag@kesra.test"]\n')
    office.config.write_text(told.replace("\nhead = []", ""), "utf-8")
    now = [NOW]
    parts = build(load(office.config, secrets=False), Texts(), lambda: now[0])
    assert parts.monthly
    assert parts.monthly.make() is None
    now[0] = FIRST_OPENING - timedelta(seconds=1)
    assert parts.monthly.make() is None
    now[0] = FIRST_OPENING
    assert parts.monthly.make()
    folder = office.folder / "data" / "laporan"
    files = sorted(path.name for path in folder.iterdir())
    assert files == [f"laporan-2026-11.{form}" for form in FORMS]
    (notice,) = parts.store.due_notices(now[0])
    parts.store.close()
    assert (notice.kind, notice.recipient) == (NoticeKind.REPORT_WRITTEN, "kabag@kesra.test")
    body = Texts()("letters.report_written_body", at="kemarin", **notice.details)
    assert str(folder / "laporan-2026-11") in body
    assert "muara report --month 2026-11" in body


def test_an_office_that_wants_none_gets_none(office: Office) -> None:
    text = office.config.read_text("utf-8")
    assert "automatic = true" in text
    office.config.write_text(text.replace("automatic = true", "automatic = false"), "utf-8")
    parts = build(load(office.config, secrets=False), Texts(), lambda: NOW)
    assert parts.monthly is None
