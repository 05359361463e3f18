"""``muara report`` as an operator types it, and that it tells nobody's name and nobody's words."""

import json
import re
import shutil
import subprocess
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from channels.types import Address, Attachment, FollowUp
from classify.types import Hit, Kind, Tier
from store.types import Decision, NoticeKind
from testing.require import require
from tests.cli.conftest import Office
from tests.store.samples import GRAVE, VERDICT, intake, message

WITA = ZoneInfo("Asia/Makassar")
FORMS = ("html", "pdf", "xlsx", "csv")


def last_month() -> datetime:
    """A moment in the month before this one."""
    first = datetime.now(WITA).replace(day=1, hour=9, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=20)).astimezone(UTC)


def name(at: datetime) -> str:
    return at.astimezone(WITA).strftime("laporan-%Y-%m")


def test_it_writes_last_month_in_every_form_and_says_so(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "laporan"
    done = office.run("report", "--out", str(folder))
    assert done.exit_code == 0, done.output
    files = [folder / f"{name(last_month())}.{form}" for form in FORMS]
    assert sorted(folder.iterdir()) == sorted(files)
    assert all(f"Tertulis: {file}" in done.output for file in files)
    assert "tidak ada pengaduan" in done.output
    assert "Belum pasti" in done.output


def test_only_the_wanted_forms_of_the_wanted_month_are_written(
    office: Office, tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path / "x"))
    done = office.run("report", "--month", "2026-02", "--format", "csv", "--format", "csv", *out)
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["laporan-2026-02.csv"]


def test_a_report_that_is_made_again_takes_the_place_of_the_old_one(
    office: Office, tmp_path: Path
) -> None:
    old = tmp_path / f"{name(last_month())}.csv"
    old.write_text("lama")
    assert office.run("report", "--format", "csv", "--out", str(tmp_path)).exit_code == 0
    assert old.read_bytes().startswith(b"\xef\xbb\xbfbulan")


def test_programs_get_figures_and_files(office: Office, tmp_path: Path) -> None:
    office.add("Kapan jadwal pencairan hibah pura?")
    this_month = datetime.now(WITA).strftime("%Y-%m")
    done = office.run(
        "report", "--month", this_month, "--json", "--format", "html", "--out", str(tmp_path)
    )
    told = json.loads(done.stdout)
    assert (told["month"], told["received"], told["unfinished"]) == (this_month, 1, True)
    assert told["files"] == [str(tmp_path / f"laporan-{this_month}.html")]
    assert "Sementara" in Path(told["files"][0]).read_text("utf-8")


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2026-13", "2026-13 bukan bulan. Tulis misalnya 2026-11 atau november 2026."),
        ("nanti", "nanti bukan bulan."),
        ("2099-01", "Bulan Januari 2099 belum mulai."),
    ],
)
def test_what_is_no_past_month_is_refused(
    office: Office, tmp_path: Path, month: str, said: str
) -> None:
    done = office.run("report", "--month", month, "--out", str(tmp_path / "x"))
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_made_is_named(office: Office, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    done = office.run("report", "--out", str(tmp_path / "berkas" / "x"))
    assert done.exit_code == 1
    assert str(tmp_path / "berkas") in done.output


def test_an_english_office_gets_an_english_report(office: Office, tmp_path: Path) -> None:
    done = office.run("report", "--month", "2026-02", "--out", str(tmp_path), language="en")
    assert "Written:" in done.output
    page = (tmp_path / "report-2026-02.html").read_text("utf-8")
    assert "Evaluation of Complaint Handling" in page
    assert "February 2026" in page


# No personal data

SECRETS = {
    "name": "Zubaedah",
    "mail": "qwantara@warga.test",
    "phone": "081999888777",
    "address": "Gang Xyloforest",
    "subject": "Perihal Vuvuzela",
    "text": "Kadus kami Jhonkoplo meminta uang.",
    "reply": "Balasan Trengginas.",
    "file": "Fotoktp-Wimbledon.pdf",
    "location": "Banjar Quixotika",
    "category": "Kategori Plumbum",
    "follow-up": "Tindak Ferrochrome",
    "platform user": "Pengguna Kryptonium",
    "answer": "Jawaban Yttrium kepada pelapor",
    "note": "Catatan Selenium petugas",
    "why": "Alasan Strontium petugas",
    "hit": "Kecocokan Zirkonium",
    "merge": "Digabung Molibdenum",
    "error": "Galat Rutenium",
}


@pytest.fixture
def told(office: Office, tmp_path: Path) -> dict[str, bytes]:
    """A report of a month whose cases hold something recognisable in every field that people fill."""
    _fill(office)
    done = office.run("report", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    contents = {path.suffix: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    return contents | {"screen": done.output.encode()}


def _fill(office: Office) -> None:
    store, at = office.store(), last_month()
    secret = message(
        received_at=at,
        sender=Address(SECRETS["name"], SECRETS["mail"]),
        phone=SECRETS["phone"],
        subject=SECRETS["subject"],
        text=SECRETS["text"],
        reply_text=SECRETS["text"],
        attachments=(Attachment(SECRETS["file"], "application/pdf", 1, "ab" * 32),),
        location=SECRETS["location"],
        category=SECRETS["category"],
        followups=(FollowUp(at, SECRETS["platform user"], SECRETS["follow-up"]),),
    )
    hits = (Hit("4-pungli", SECRETS["hit"], 0, 5),)
    numbers = []
    for verdict in (replace(VERDICT, hits=hits), replace(GRAVE, hits=hits)) * 2:
        made = intake(
            message=secret,
            verdict=verdict,
            address=SECRETS["address"],
            due_at=at + timedelta(days=3),
        )
        numbers.append(store.commit([made], cursor=None, now=at)[0].number)
    answered, restricted, merged, into = numbers
    later = at + timedelta(days=5)
    who, mail = SECRETS["name"], SECRETS["mail"]
    store.answer(answered, SECRETS["answer"], who=who, way="call", recipient=mail, now=later)
    store.working.note(answered, SECRETS["note"], who=who, now=later)
    decision = Decision(
        Kind.PENGADUAN, Tier.RINGAN, "kesra", later, "3 h", "c", who, SECRETS["why"]
    )
    store.reclassify(restricted, decision, [], now=later)
    store.merging.merge(merged, into, [], who=who, why=SECRETS["merge"], now=later)
    reply = message(message_id="<b@warga.test>", reply_text=SECRETS["reply"], received_at=later)
    store.commit([intake(joins=answered, number="", message=reply)], cursor=None, now=later)
    store.channel_failed("gmail", error=SECRETS["error"], next_due=later, down=True, now=later)
    about = {"channel": "gmail", "error": SECRETS["error"]}
    store.tell_of_channel("gmail", NoticeKind.CHANNEL_DOWN, [SECRETS["mail"]], about, later)
    store.close()


# One for each of the above: they occur nowhere else.
TELLING = (
    "Zubaedah", "qwantara", "081999888777", "Xyloforest", "Vuvuzela", "Jhonkoplo", "Trengginas",
    "Wimbledon", "Quixotika", "Plumbum", "Ferrochrome", "Kryptonium", "Yttrium", "Selenium",
    "Strontium", "Zirkonium", "Molibdenum", "Rutenium",
)  # fmt: skip


def found(content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace").casefold()
    return [word for word in TELLING if word.casefold() in text]


def test_the_page_tells_nobodys_name_and_nobodys_words(told: dict[str, bytes]) -> None:
    page = told[".html"]
    assert b"MR-" in page  # cases are there
    assert found(page) == []
    for picture in re.findall(rb'base64,([^"]+)"', page):
        assert found(b64decode(picture)) == []


def test_the_workbook_the_csv_and_the_screen_tell_neither(told: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(told[".xlsx"])) as archive:
        parts = b"".join(archive.read(entry) for entry in archive.namelist())
    assert b"MR-" in parts
    for content in (parts, told[".csv"], told["screen"]):
        assert found(content) == []


def test_the_pdf_tells_neither(told: dict[str, bytes], tmp_path: Path) -> None:
    require("pdftotext", None if shutil.which("pdftotext") else "install poppler-utils")
    file = tmp_path / "laporan.pdf"
    file.write_bytes(told[".pdf"])
    read = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    assert b"MR-" in read.stdout
    assert found(read.stdout) == []
    assert found(told[".pdf"]) == []


def test_each_of_these_words_would_be_found() -> None:
    assert [found(secret.encode()) for secret in SECRETS.values()] == [[word] for word in TELLING]
