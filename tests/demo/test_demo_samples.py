from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.mail import read_mail
from channels.types import Machine, Message
from classify.types import Tier
from demo.reading import FOLDER, PLACEHOLDER, Mail, read_samples

SAMPLES = read_samples()
BY_NAME = {mail.name: mail for mail in SAMPLES.mails}
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def read(name: str) -> Message:
    return read_mail(BY_NAME[name].raw, received_at=NOW)


def test_there_are_more_than_forty_samples_from_six_channels() -> None:
    assert len(SAMPLES) >= 40
    assert {box for mail in SAMPLES.mails for box in mail.to} == {"gmail", "webmail"}
    assert len(SAMPLES.reports) >= 5
    assert {entry.medium for entry in SAMPLES.entries} == {"phone", "box", "walk_in"}


def test_all_four_tiers_and_none_are_among_them() -> None:
    assert SAMPLES.tiers >= {*map(str, Tier), "none"}


def test_every_written_sample_is_used_exactly_once() -> None:
    files = {path.stem for path in (*FOLDER.glob("mail/*.toml"), *FOLDER.glob("raw/*.eml"))}
    assert sorted(files) == sorted(mail.name for mail in SAMPLES.mails)


def test_no_sample_names_a_domain_somebody_could_own() -> None:
    for path in FOLDER.rglob("*"):
        for word in path.read_text("utf-8", "replace").split() if path.is_file() else ():
            if "@" in word.strip("@") and "." in word.partition("@")[2]:
                assert ".example" in word, f"{path.name}: {word}"


@pytest.mark.parametrize("mail", SAMPLES.mails, ids=lambda mail: mail.name)
def test_a_mail_is_readable_and_is_machine_mail_only_where_it_says_so(mail: Mail) -> None:
    message = read_mail(mail.raw, received_at=NOW)
    assert (message.machine is not None) == (mail.expect == "machine")


def test_machine_mail_is_of_all_kinds_a_desk_gets() -> None:
    kinds = {read(mail.name).machine for mail in SAMPLES.mails} - {None}
    assert kinds >= {Machine.AUTO_REPLY, Machine.BOUNCE, Machine.LIST}


def test_one_mail_goes_to_both_mailboxes_and_its_second_copy_is_to_be_merged() -> None:
    assert BY_NAME["dua-kotak"].fates == ("case", "merged")


def test_what_answers_our_acknowledgement_has_a_place_for_its_message_id() -> None:
    answering = [mail for mail in SAMPLES.mails if mail.answers]
    assert {mail.expect for mail in answering} == {"machine", "replied"}
    assert all(mail.raw.count(PLACEHOLDER) == 1 and mail.answers in BY_NAME for mail in answering)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("latin-1-tanpa-charset", "“janji tinggal janji”"),
        ("charset-bohong", "Sepéda motor"),
        ("base64-rusak", "surat keterangan tidak mampu"),
        ("teks-mengalir", "mahasiswa yang sudah bekerja"),
        ("karakter-kendali", "berkedip terus"),
        ("surat-html", "tidak jelas"),
        ("terusan", "Kelompok itu fiktif"),
    ],
)
def test_odd_mails_are_as_odd_as_they_claim_and_still_legible(name: str, words: str) -> None:
    assert words in " ".join(read(name).text.split())


def test_the_odd_bytes_survived_version_control() -> None:
    raw = {
        name: Path(FOLDER / "raw" / f"{name}.eml").read_bytes() for name in BY_NAME if _is_raw(name)
    }
    assert b"\x96" in raw["latin-1-tanpa-charset"]
    assert b"\x00\x00" in raw["karakter-kendali"]
    assert all(b"\r\n" in one for one in raw.values())


def _is_raw(name: str) -> bool:
    return (FOLDER / "raw" / f"{name}.eml").exists()


def test_attachments_are_what_their_names_say() -> None:
    picture, letter = read("foto-jalan-pura").attachments[0], read("hanya-lampiran").attachments[0]
    assert (picture.filename, picture.content_type) == ("plafon.png", "image/png")
    assert (letter.filename, letter.content_type) == ("surat_pindaian.pdf", "application/pdf")
    assert not read("hanya-lampiran").text.strip()
