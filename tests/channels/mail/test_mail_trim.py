import time

import pytest

from channels.mail.trim import own_words

QUOTE = "Pengaduan Ibu kami terima.\nKami jawab hari Senin."


def words(text: str) -> str:
    return own_words(text)[0]


@pytest.mark.parametrize(
    "attribution",
    [
        "Pada Sen, 9 Nov 2026 pukul 10.15 Bagian Kesra <kesra@bulelengkab.go.id> menulis:",
        "Pada tanggal Sen, 9 Nov 2026 pukul 10.15 Bagian Kesra <\nkesra@bulelengkab.go.id> menulis:",
        "Pada Senin, 9 November 2026 10.15.00 WITA, Bagian Kesra\n<kesra@bulelengkab.go.id>\nmenulis:",
        "On Mon, Nov 9, 2026 at 10:15 AM Bagian Kesra <kesra@bulelengkab.go.id> wrote:",
        "On Mon, Nov 9, 2026 at 10:15 AM Bagian Kesra <\nkesra@bulelengkab.go.id>\nwrote:",
        "2026-11-09 10:15 GMT+08:00 Bagian Kesra <kesra@bulelengkab.go.id>:",
        "-----Pesan Asli-----",
        "-----Original Message-----",
        "Dari: Bagian Kesra\nDikirim: Senin, 9 November 2026 10.15\nKepada: Luh\nSubjek: Air",
        "*From:* Bagian Kesra\n*Sent:* Monday, November 9, 2026 10:15 AM\n*To:* Luh\n*Subject:* Air",
    ],
)
@pytest.mark.parametrize("mark", ["", "> "])
def test_what_follows_an_attribution_is_not_the_senders(attribution: str, mark: str) -> None:
    quoted = "\n".join(mark + row for row in QUOTE.splitlines())
    assert words(f"Belum ada jawaban.\n\n{attribution}\n\n{quoted}\n") == "Belum ada jawaban."


def test_an_answer_below_the_quoted_mail_is_kept() -> None:
    text = "Pada 9 Nov 2026 10:15 Kesra menulis:\n> Sudah beres?\n\nBelum, air masih mati."
    assert words(text) == "Belum, air masih mati."


def test_answers_between_quoted_lines_are_kept() -> None:
    text = "> Sudah beres?\nBelum.\n> Sejak kapan?\nSejak Jumat."
    assert words(text) == "Belum.\nSejak Jumat."


@pytest.mark.parametrize(
    "text",
    [
        "Pada hari Senin saya menulis: surat ke camat\nTidak dibalas.",
        "Pada rapat itu sekdes menulis:\npotongan untuk administrasi.",
        "Dari: Kelian\nKepada: Bupati\nPerihal: Hibah\nTanggal: 23 November 2026\n\nDengan hormat.",
        "Dari: Kelian\nKepada: Bupati\nPerihal: Hibah\nTanggal: 23.11.2026\n\nDengan hormat.",
        "Dari kemarin air mati.\nMohon dibantu.",
        "Dana dipotong\n> 5 juta rupiah\ntanpa kuitansi.",
        "Dikirim dari kantor desa surat undangan, tetapi kami tidak diundang.",
        "Beras\n--\nGula\n" + "Barang lain.\n" * 13 + "tidak dibagikan.",
        "From: saya\nTo: bapak\nair mati",
    ],
)
def test_a_persons_own_words_are_not_taken_for_a_quote(text: str) -> None:
    assert words(text) == text


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nNi Luh\nBanjar Tegal\nTelp. 0812",
        "--\nNi Luh",
        "Dikirim dari iPhone saya",
        "Sent from my Samsung Galaxy smartphone.",
        "Dapatkan Outlook untuk Android",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Dikirim dari Yahoo Mail di Android",
    ],
)
def test_a_signature_is_left_out(signature: str) -> None:
    assert words(f"Air mati.\n\n{signature}\n") == "Air mati."


@pytest.mark.parametrize(
    "marker",
    [
        "---------- Forwarded message ---------",
        "---------- Pesan terusan ---------",
        "-------- Pesan yang Diteruskan --------",
        "Begin forwarded message:",
    ],
)
def test_a_forwarded_mail_is_kept_without_its_header(marker: str) -> None:
    header = "Dari: SMA <tu@sma.example>\nDate: Jum, 20 Nov 2026 pukul 09.00\nSubject: Biaya\n"
    text = f"Benarkah ini?\n\n{marker}\n{header}\nAda biaya Rp200.000.\n-- \nTU"
    assert own_words(text) == ("Benarkah ini?\n\nAda biaya Rp200.000.", True)


def test_a_copied_mail_counts_as_forwarded_where_the_subject_says_so() -> None:
    text = "Tolong dicek.\n-----Pesan Asli-----\nDari: x\nSubjek: y\n\nBeras tidak sampai."
    assert own_words(text) == ("Tolong dicek.", False)
    assert own_words(text, forwarded=True) == ("Tolong dicek.\n\nBeras tidak sampai.", True)


def test_a_forward_mark_inside_a_quoted_mail_is_no_forward() -> None:
    text = "Ya.\nPada 9 Nov 2026 10:15 X menulis:\n---------- Pesan terusan ---------\nLama."
    assert own_words(text) == ("Ya.", False)


def test_a_mail_of_nothing_but_quotes_is_kept_whole() -> None:
    assert words("> Air mati.\n> Mohon bantuan.\n") == "> Air mati.\n> Mohon bantuan."


@pytest.mark.parametrize(
    "row",
    [">", "--", "-- ", "From: x", "On a 10:00", "Pada 2026", "-" * 70, "On " + "a " * 500, "> 5"],
)
def test_time_grows_with_the_text_and_not_its_square(row: str) -> None:
    def seconds(size: int) -> float:
        text = f"{row}\n" * (size // (len(row) + 1))
        start = time.process_time()
        words(text)
        return time.process_time() - start

    assert seconds(1_000_000) < 30 * max(seconds(100_000), 0.005)
