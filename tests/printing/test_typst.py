from datetime import UTC, datetime
from typing import Any

import pytest
import typst

from printing.typst import render

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
OFFICE = {"name": "Sekretariat", "section": "Bagian Kesra", "address": "", "contact": ""}
LETTER: dict[str, Any] = {
    "title": "Jawaban",
    "language": "id",
    "number": "MR-7K3F-9Q3",
    "office": OFFICE,
    "place-and-date": "Singaraja, 25 November 2026",
    "references": [["Nomor", "MR-7K3F-9Q3"]],
    "addressee": ["Yth. Ibu Sari"],
    "salutation": "Dengan hormat,",
    "text": "Sudah kami terima.",
    "closing": "Terima kasih.",
    "signature": ["Tim Pengelola"],
    "note": "",
}
ACCESSIBLE = b"pdfuaid"


def letter(**values: Any) -> bytes:
    return render("letter", LETTER | values, at=AT)


def test_a_letter_is_an_accessible_pdf() -> None:
    made = letter()
    assert made.startswith(b"%PDF-1.7")
    assert ACCESSIBLE in made


def test_the_same_letter_at_the_same_moment_is_the_same_file() -> None:
    assert letter() == letter()


def test_what_people_write_is_shown_and_never_run() -> None:
    hostile = '#panic("dijalankan") $ * _ ` <label> @rujukan #include "/etc/passwd" \\ // ['
    assert ACCESSIBLE in letter(text=hostile, addressee=[hostile], title=hostile)


SIGNS = "✓✗☐☑–—“”‘’…•→éêĀ×½№≥●○─"  # noqa: RUF001 - exactly these are meant


@pytest.mark.parametrize("character", SIGNS)
def test_signs_used_in_offices_are_in_the_fonts(character: str) -> None:
    assert ACCESSIBLE in letter(text=f"Berkas {character} lengkap")


def test_control_characters_do_not_stop_a_letter() -> None:
    assert letter(text="satu\x00\x07\ud800 dua\u202e") == letter(text="satu dua")


def test_a_script_no_font_has_does_not_stop_a_letter() -> None:
    made = letter(addressee=["ᬅᬓ᭄ᬱᬭ 😀"])
    assert made.startswith(b"%PDF")
    assert ACCESSIBLE not in made


def test_a_value_the_template_needs_is_missed() -> None:
    with pytest.raises(typst.TypstError, match="salutation"):
        render("letter", {k: v for k, v in LETTER.items() if k != "salutation"}, at=AT)


def test_a_receipt_is_an_accessible_pdf() -> None:
    values = {
        "title": "Tanda terima",
        "language": "id",
        "office": OFFICE,
        "highlights": [["Nomor", "MR-7K3F-9Q3", "em er"], ["Kode", "4K7-QX2-9T", ""]],
        "facts": [["Diterima", "Senin"]],
        "note": "Simpan lembar ini.",
    }
    assert ACCESSIBLE in render("receipt", values, at=AT)
