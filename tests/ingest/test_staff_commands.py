from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.types import Kind, Tier
from ingest.staff_mail.commands import Command, Unclear, parse
from ingest.staff_mail.words import quotes_us, seems_automatic, unsigned
from store.types import Act

PLAIN: list[tuple[str, Command]] = [
    ("CATATAN: sudah ditelepon", Command(Act.NOTE, "sudah ditelepon")),
    ("catatan:\nsudah ditelepon\nbesok lagi", Command(Act.NOTE, "sudah ditelepon\nbesok lagi")),
    ("Note: called", Command(Act.NOTE, "called")),
    ("*CATATAN:* tebal", Command(Act.NOTE, "tebal")),
    ("> CATATAN: dikutip", Command(Act.NOTE, "dikutip")),
    ("\uff23\uff21\uff34\uff21\uff34\uff21\uff2e\uff1a lebar", Command(Act.NOTE, "lebar")),
    ("CATA\u200bTAN: tak terlihat", Command(Act.NOTE, "tak terlihat")),
    ("CATATAN : spasi", Command(Act.NOTE, "spasi")),
    ("TERUSKAN: umum", Command(Act.ASSIGN, team="umum")),
    ("Forward: Tim Umum.\nbukan tugas kami", Command(Act.ASSIGN, "bukan tugas kami", "Tim Umum")),
    ("TINGKAT: normatif", Command(Act.TIER, tier=Tier.NORMATIF)),
    ("tier: 4\nada pungli", Command(Act.TIER, "ada pungli", tier=Tier.BERKADAR)),
    ("TINGKAT: Tidak_Berkadar", Command(Act.TIER, tier=Tier.TIDAK_BERKADAR)),
    ("TINGKAT: 2\nJENIS: saran", Command(Act.TIER, tier=Tier.NORMATIF, kind=Kind.SARAN)),
    ("TINGKAT: 1, jenis: permintaan informasi",
     Command(Act.TIER, tier=Tier.RINGAN, kind=Kind.PERMINTAAN_INFORMASI)),
    ("TINGKAT: tanpa\nJENIS: apresiasi", Command(Act.TIER, kind=Kind.APRESIASI)),
    ("SELESAI: sudah dibayar", Command(Act.CLOSE, "sudah dibayar")),
    ("Selesai.\n\nSudah dibayar.", Command(Act.CLOSE, "Sudah dibayar.")),
    ("DONE: paid", Command(Act.CLOSE, "paid")),
    ("AMBIL", Command(Act.TAKE)),
    ("take", Command(Act.TAKE)),
    ("AMBIL\nsaya telepon besok", Command(Act.TAKE, "saya telepon besok")),
    ("Batal!", Command(Act.CANCEL)),
    ("CANCEL\nTINGKAT: 2", Command(Act.CANCEL)),
    ("kirim", Command(Act.SEND)),
    ("JAWAB: Dana cair.\nSYARAT: KTP", Command(Act.ANSWER, "Dana cair.\nSYARAT: KTP")),
]  # fmt: skip
ANSWERS = [
    "Dana hibah cair hari Senin.",
    "Catatan kami menunjukkan bahwa dana itu sudah cair pada bulan Maret yang lalu.",
    "Yth. Bapak Wayan,\n\nDana cair Senin. Catatan: bawa KTP.\n\nNB: loket 3.",
    "Silakan datang pukul 08.00: bawa KTP.",
    "Jam layanan:\nSelasa: 08.00\nRabu: tutup",
    "Lihat https://bulelengkab.go.id",
    "HP: 0812 3456 7890",
    "Ambil formulir di loket 3, isi, lalu serahkan kepada petugas di meja depan.",
]
UNCLEAR = [
    ("", "empty"),
    (" \n\t\n", "empty"),
    ("CATATN: jangan dikirim", "unknown_word"),
    ("Catatn: jangan dikirim", "unknown_word"),
    ("RAHASIA: jangan dikirim", "unknown_word"),
    ("CATATAN INTERNAL: jangan dikirim", "unknown_word"),
    ("Catatan internal: jangan dikirim", "unknown_word"),
    ("TERUSKN: umum", "unknown_word"),
    ("TIGKAT: 2", "unknown_word"),
    ("Dana cair.\n\nCATATAN: jangan beri tahu pelapor", "unknown_word"),
    ("Dana cair.\ncatatan: jangan beri tahu pelapor", "unknown_word"),
    ("Dana cair.\n  * TERUSKAN: umum", "unknown_word"),
    ("Dana cair.\nHARI/TANGGAL: Senin", "unknown_word"),
    ("CATATAN jangan dikirim kepada siapa pun di luar kantor ini ya, terima kasih", "no_colon"),
    ("TERUSKAN umum", "no_colon"),
    ("Teruskan ke tim umum", "no_colon"),
    ("TINGKAT 2", "no_colon"),
    ("Batal ya", "no_colon"),
    ("Kirim sekarang", "no_colon"),
    ("catatan", "no_colon"),
    ("CATATAN:", "empty_note"),
    ("SELESAI", "no_reason"),
    ("TERUSKAN:", "no_team"),
    ("TINGKAT:", "no_tier"),
    ("TINGKAT: parah", "no_tier"),
    ("TINGKAT: 5", "no_tier"),
    ("TINGKAT: 2\nJENIS: rahasia", "no_tier"),
    ("TINGKAT: 2\nJENIS: saran\nJENIS: spam", "no_tier"),
    ("JAWAB:", "empty"),
    ("CATATAN: a\nTERUSKAN: umum", "several"),
    ("TINGKAT: 2\nSELESAI: beres", "several"),
]


@pytest.mark.parametrize(("words", "command"), PLAIN, ids=[words for words, _ in PLAIN])
def test_a_command_is_read_in_both_languages_however_it_is_decorated(
    words: str, command: Command
) -> None:
    assert parse(words) == command


@pytest.mark.parametrize("words", ANSWERS)
def test_everything_else_is_an_answer(words: str) -> None:
    assert parse(words) == Command(Act.ANSWER, words, explicit=False)


@pytest.mark.parametrize(("words", "why"), UNCLEAR)
def test_what_might_be_a_command_is_asked_about(words: str, why: str) -> None:
    said = parse(words)
    assert isinstance(said, Unclear)
    assert said.why == why


CAPITALS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=12)


@given(CAPITALS, st.text(max_size=40), st.text(alphabet="abc \n", max_size=40))
def test_a_line_that_begins_in_capitals_with_a_colon_is_never_an_answer(
    word: str, rest: str, before: str
) -> None:
    said = parse(f"{before}\n{word}: {rest}")
    assert isinstance(said, Unclear) or said.explicit


@given(st.text(max_size=200))
def test_any_text_is_a_command_an_answer_or_unclear(words: str) -> None:
    said = parse(words)
    if isinstance(said, Command) and not said.explicit:
        assert said.text == words.strip()


@given(st.text(max_size=300), st.text(max_size=30))
def test_a_signature_is_only_ever_taken_from_the_end(words: str, name: str) -> None:
    left = unsigned(words, name)
    assert words.startswith(left)
    assert not words.strip() or left.strip()


def test_a_closing_word_alone_and_a_name_in_a_sentence_stay() -> None:
    for words in (
        "Dana cair.\nTerima kasih.",
        "Hubungi Bapak Made Sutama\ndi 0812 3456 7890 untuk janji.",
        "Dana cair.\n\nSalam,\nBagian Kesra",
        "Made Sutama",
    ):
        assert unsigned(words, "I Made Sutama") == words


@pytest.mark.parametrize(
    "hard",
    [
        "A" * 2_000_000,
        "A:" * 500_000,
        "CATATAN " * 200_000,
        "\n".join(["A b"] * 300_000),
        "\n" * 1_000_000,
        "a/" * 500_000 + ":",
        ("x" * 120 + ":\n") * 20_000,
        "Hormat kami,\n" * 100_000,
        "> " * 500_000,
        "sedang " * 300_000,
    ],
    ids=range(10),
)
def test_the_time_is_linear_in_the_text(hard: str) -> None:
    began = perf_counter()
    parse(hard)
    unsigned(hard, "I Made Sutama")
    quotes_us(hard, ("Mengapa tingkat ini", "Pelapor :"))
    seems_automatic(hard)
    assert perf_counter() - began < 10
