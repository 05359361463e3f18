"""How alike complaints are: told again in other words, and other matters in the same words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.duplicates import ALIKE, best
from ingest.likeness import likeness, person_keys, phone, text_keys, words_of
from store.types import Comparable

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MAIL = (
    "Selamat pagi Bapak/Ibu. Dana hibah untuk Pura Dalem Desa Sangsit belum cair sejak bulan Agustus, "
    "padahal proposal kami sudah disetujui dan semua berkas lengkap. Mohon penjelasan kapan dana cair."
)
PHONE = (
    "Penelepon menanyakan dana hibah Pura Dalem Desa Sangsit, belum cair sejak Agustus, proposal "
    "sudah disetujui dan berkas lengkap, kapan dana cair"
)
OTHERS = (
    "Dana hibah untuk Masjid Al-Ikhlas di Pegayaman cair hanya separuh dari yang tertulis di SK.",
    "Proposal bantuan upacara ngaben massal Desa Bungkulan ditolak tanpa alasan, mohon penjelasan.",
    "Bantuan sosial ibu saya dihentikan sejak bulan Agustus, padahal beliau lumpuh dan tidak bekerja.",
    "Petugas loket tidak ada di tempat pada jam kerja, kami menunggu dua jam di kantor bupati.",
)


def case(number: str, words: str, email: str = "", phone_: str = "") -> Comparable:
    return Comparable(1, number, words, email, phone_, AT)


def test_the_same_told_in_other_words_is_alike() -> None:
    assert likeness(MAIL, PHONE) >= ALIKE


@pytest.mark.parametrize("other", OTHERS)
def test_another_matter_is_not_alike(other: str) -> None:
    assert likeness(MAIL, other) < ALIKE
    assert likeness(other, MAIL) < ALIKE


def test_two_words_say_too_little_to_be_alike() -> None:
    assert likeness("Dana hibah", MAIL) == 0
    assert likeness("Dana hibah pura belum cair", MAIL) < ALIKE
    assert likeness("", "") == 0


def test_what_is_told_again_is_found_by_its_keys_and_other_matters_hardly() -> None:
    keys = set(text_keys(case("A", MAIL)))
    assert keys & set(text_keys(case("B", PHONE)))
    assert sum(bool(keys & set(text_keys(case("C", one)))) for one in OTHERS) <= 1
    assert all(0 < key < 2**61 for key in keys)


def test_greetings_and_accents_do_not_count() -> None:
    assert words_of("Yth. Bapak, dengan hormat: Café di Désa") == ["cafe", "desa"]


@pytest.mark.parametrize("written", ["+62 812-3456-789", "0062812 3456 789", "0812.3456.789"])
def test_a_telephone_number_is_the_same_however_it_is_written(written: str) -> None:
    assert phone(written) == "08123456789"


@pytest.mark.parametrize("written", ["", "-", "tidak ada", "112"])
def test_what_is_no_number_is_nobodys(written: str) -> None:
    assert phone(written) == ""
    assert person_keys(case("A", "", phone_=written)) == []


def test_the_likeliest_come_first_each_once_and_only_a_few() -> None:
    asked = case("A", MAIL, "wayan@warga.test", "0812345678")
    same = [case(f"B{n}", OTHERS[3], "WAYAN@warga.test") for n in range(5)]
    told = case("C", PHONE, phone_="+62812345678")
    found = best(asked, [*same, told, told, replace(asked, id=2)], AT)
    assert found[0].other == "C"
    assert len(found) == 3
    assert (found[0].same_phone, found[0].same_email) == (True, False)
    assert found[0].score > found[1].score
