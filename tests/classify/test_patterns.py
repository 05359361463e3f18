"""Patterns and frames, on a small vocabulary of their own."""

import pytest

from classify.engine import RulesError, RuleSet, compile_rules

VOCABULARY = """
[konsep.petugas]
kata = "petugas, pegawai"
tetap = true
[konsep.minta]
akar = "minta"
[konsep.uang]
kata = "uang, duit"
[konsep.pelicin]
kata = "uang rokok, biar lancar"
[konsep.hukum]
kata = "satgas pungli"
telan = true
[konsep.pungli]
akar = "pungli"
[konsep.ingkar]
kata = "tidak, belum"
peran = "negasi"
[konsep.luas]
kata = "bukan, tanpa, tidak ada"
peran = "negasi_luas"
[konsep.lawan]
kata = "tapi, karena, malah"
peran = "lawan"
tetap = true
[konsep.bukannya]
kata = "bukannya, tidak hanya"
telan = true
[konsep.tertulis]
kata = "tertulis"
[konsep.terima_kurang]
kata = "yang sampai"
"""


def rules(*patterns: str) -> RuleSet:
    listed = ", ".join(f'"{pattern}"' for pattern in patterns)
    rule = f"""
[[aturan]]
id = "r"
tingkat = "berkadar"
arti = "uji"
kekuatan = 10
pola = [{listed}]
contoh = ["a", "b"]
bukan = ["c"]
"""
    return compile_rules({"kosakata.toml": VOCABULARY, "aturan.toml": rule})


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        ("petugas + uang", "Uang itu untuk petugas.", True),
        ("petugas + uang", "Itu petugas. Ini uang.", False),
        ("petugas > uang", "Petugas menerima uang.", True),
        ("petugas > uang", "Uang untuk petugas.", False),
        ("petugas >1 uang", "Petugas mau uang.", True),
        ("petugas >1 uang", "Petugas selalu mau uang.", False),
        ("petugas >1 uang", "Petugas itu lama, petugas mau uang.", True),
        ("petugas ~ uang", "Itu petugas. Ini uang.", True),
        ("petugas ~ uang", "Itu petugas. Lalu pulang. Ini uang.", False),
        ("petugas & uang", "Itu petugas. Lalu pulang. Ini uang.", True),
        ("petugas|minta + uang", "Diminta uang.", True),
        ("petugas + uang tanpa hukum", "Petugas satgas pungli bawa uang.", False),
        ("petugas & tanpa uang", "Petugas datang. Uang habis.", False),
        ("minta + 'kop surat'", "Diminta kop surat.", True),
        ("minta > uang + petugas", "Petugas minta uang.", True),
        ("tidak:minta", "Petugas tidak pernah meminta.", True),
        ("minta", "Petugas tidak pernah meminta.", False),
        ("minta", "Bukannya dilayani malah dimintai.", True),
        ("minta", "Tidak datang tapi minta.", True),
        ("uang", "Tidak minta uang.", True),
        ("uang", "Tanpa minta uang.", False),
        ("uang", "Tidak ada yang minta uang.", False),
        ("pungli", "Baca aturan satgas pungli.", False),
        ("pungli", "Ini pungli.", True),
        ("pelicin + uang", "Minta uang rokok.", True),
        ("angka", "Ada 12 orang.", True),
        ("jumlah_uang", "Bayar Rp 200.000 saja.", True),
        ("jumlah_uang", "Bayar 50rb saja.", True),
        ("tanda_tanya", "Apa?", True),
        ("selisih_jumlah", "Tertulis 25 juta, yang sampai 18 juta.", True),
        (
            "selisih_jumlah",
            "Tertulis dua puluh lima juta. Yang sampai hanya delapan belas juta.",
            True,
        ),
        ("selisih_jumlah", "Tertulis 18 juta, yang sampai 18 juta.", False),
        ("selisih_jumlah", "Yang sampai 20 juta, tertulis 18 juta.", False),
    ],
)
def test_a_pattern_matches(pattern: str, text: str, wanted: bool) -> None:
    assert rules(pattern).matches("r", text) is wanted


def test_the_full_stop_of_an_abbreviation_ends_no_sentence() -> None:
    assert rules("petugas + uang").matches("r", "Petugas bernama Bpk. Made minta uang.")


def test_an_empty_line_ends_a_sentence_and_a_wrapped_line_does_not() -> None:
    assert rules("petugas + uang").matches("r", "petugas\nminta uang")
    assert not rules("petugas + uang").matches("r", "petugas\n\nminta uang")


@pytest.mark.parametrize("pattern", ["", "petugas +", "hantu", "petugas > hantu", "tanpa uang"])
def test_a_pattern_that_makes_no_sense_is_refused(pattern: str) -> None:
    with pytest.raises(RulesError) as caught:
        rules(pattern)
    assert caught.value.details[0].file == "aturan.toml"
    assert caught.value.details[0].rule == "r"
    assert caught.value.details[0].code in {"pattern", "unknown_concept"}


def test_quoted_mail_and_signatures_do_not_count() -> None:
    rule_set = rules("pungli")
    assert not rule_set.matches("r", "Terima kasih.\n> ini pungli\n")
    assert not rule_set.matches("r", "Terima kasih.\n-- \nSatuan anti pungli\n")
    assert not rule_set.matches("r", "Baik.\nPada Sen, 1 Jan 2026 Made menulis:\nini pungli")
    assert rule_set.matches("r", "> ini pungli")


def test_the_same_id_or_concept_twice_is_a_problem() -> None:
    source = '[konsep.a]\nkata = "a"\n'
    with pytest.raises(RulesError) as caught:
        compile_rules({"1.toml": source, "2.toml": source})
    assert [problem.code for problem in caught.value.details] == ["twice"]
