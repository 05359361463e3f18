import pytest

from classify.engine import RulesError, RuleSet, compile_rules
from classify.types import Kind, Medium, Tier
from config.rules import sources


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return compile_rules(sources())


def test_every_example_of_every_rule_matches_and_no_counter_example_does(rules: RuleSet) -> None:
    assert rules.examples_check() == []


def test_a_demand_for_money_is_tier_four_and_restricted(rules: RuleSet) -> None:
    verdict = rules.classify("", "Kadus minta uang rokok 50 ribu tiap warga.", Medium.BOX)
    assert verdict.tier is Tier.BERKADAR
    assert verdict.restricted
    assert verdict.hits


def test_praise_has_no_tier_and_is_certain(rules: RuleSet) -> None:
    verdict = rules.classify("", "Terima kasih, petugasnya ramah dan cepat sekali.", Medium.BOX)
    assert (verdict.tier, verdict.certain, verdict.kind) == (None, True, Kind.APRESIASI)


def test_hits_stand_where_they_say(rules: RuleSet) -> None:
    text = "Selamat siang.\n\nMohon info,  jam\tberapa loket buka hari Jumat?"
    verdict = rules.classify("Jam loket", text, Medium.EMAIL)
    placed = [hit for hit in verdict.hits if hit.start is not None]
    assert placed
    for hit in placed:
        assert text[hit.start : hit.end] == hit.text


def test_words_of_the_subject_have_no_place_in_the_text(rules: RuleSet) -> None:
    verdict = rules.classify("Kadus minta uang rokok 50 ribu", "Tolong.", Medium.EMAIL)
    assert any(hit.start is None and "minta" in hit.text for hit in verdict.hits)


def test_a_broken_file_names_every_problem_at_once() -> None:
    broken = """
[[aturan]]
id = "a"
tingkat = "sembilan"
arti = "x"
kekuatan = 3
pola = ["hantu + uang"]
contoh = ["satu"]
bukan = []
"""
    with pytest.raises(RulesError) as caught:
        compile_rules({"x.toml": broken, "y.toml": "[["})
    codes = {problem.code for problem in caught.value.details}
    assert {"toml", "tier", "too_few"} <= codes
    assert any(line.startswith("x.toml: a: ") for line in caught.value.problems)


def test_the_digest_changes_with_any_rule() -> None:
    shipped = sources()
    changed = {**shipped, "jenis.toml": shipped["jenis.toml"] + "\n# catatan\n"}
    assert compile_rules(shipped).digest != compile_rules(changed).digest
