"""Long messages are read in part, and what is found stands where it says."""

from classify.engine import compile_rules
from classify.extent import HEAD, TAIL, Extent, extent
from classify.types import Medium, Tier
from config.rules import sources

RULES = compile_rules(sources())
FILLER = "Demikian cerita kami tentang banjar dan pura. "
GRAVE = "Kadus minta uang rokok 50 ribu tiap warga."


def _place(part: Extent, word: str) -> int:
    start = part.read.index(word)
    given = part.given(start, start + len(word))
    assert given is not None
    return given[0]


def test_a_short_message_is_read_whole() -> None:
    part = extent("Judul", "Isi surat.")
    assert part.whole
    assert part.read.endswith("Isi surat.")
    assert _place(part, "Isi") == 0


def test_of_a_long_message_the_beginning_and_the_end_are_read() -> None:
    text = "awal " + "x " * HEAD + "tengah " + "y " * HEAD + "akhir"
    part = extent("", text)
    assert not part.whole
    assert len(part.read) < HEAD + TAIL + 100
    assert "tengah" not in part.read
    for word in ("awal", "akhir"):
        assert _place(part, word) == text.index(word)


def test_blanks_and_quotations_before_a_long_message_do_not_use_up_what_is_read() -> None:
    text = "> kutipan lama\n" * 3_000 + GRAVE
    part = extent("", text)
    assert part.whole
    assert _place(part, "Kadus") == text.index("Kadus")


def test_hits_in_the_end_of_a_long_letter_stand_where_they_say() -> None:
    text = FILLER * 2_000 + GRAVE
    verdict = RULES.classify("", text, Medium.EMAIL)
    placed = [hit for hit in verdict.hits if hit.start is not None and hit.start > HEAD]
    assert any("minta uang" in hit.text for hit in placed)
    for hit in placed:
        assert text[hit.start : hit.end] == hit.text


def test_nothing_below_tier_four_is_certain_about_a_letter_read_in_part() -> None:
    question = "Di mana toilet tamu?"
    assert RULES.classify("", question, Medium.EMAIL).tier is Tier.RINGAN
    verdict = RULES.classify("", question + " " * 3 + "\n-\n" * 20_000 + "Salam", Medium.EMAIL)
    assert not verdict.certain


def test_a_grave_passage_is_not_drowned_by_a_long_harmless_letter() -> None:
    harmless = (
        "Kami berterima kasih atas acara kemarin yang tertib dan meriah. "
        "Jam berapa loket buka hari Jumat? Parkir bus di sebelah mana? "
        "Mohon lampu di lorong diganti karena sudah dua minggu mati. "
    )
    letter = harmless * 3 + GRAVE + " " + harmless * 3
    verdict = RULES.classify("", letter, Medium.EMAIL)
    assert verdict.restricted
    assert Tier.BERKADAR in (verdict.tier, verdict.suggested)
