"""What the shipped rules decide, and what no text may do to them."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.engine import compile_rules
from classify.types import Kind, Medium, Tier
from classify.verdict import Policy, decide, likelihoods, packed, unpacked
from config.rules import sources

RULES = compile_rules(sources())
DEVELOPMENT = Path(__file__).parents[3] / "shared" / "domain" / "dev-complaints.jsonl"
MEDIA = {"gmail": Medium.EMAIL, "webmail": Medium.EMAIL}


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Di mana toilet tamu?", Tier.RINGAN),
        ("Apa saja syarat mengajukan hibah untuk pura?", Tier.NORMATIF),
        ("Sudah tiga bulan insentif kami belum cair, tolong.", Tier.TIDAK_BERKADAR),
        ("Bukannya dibantu, malah dimintai uang rokok oleh petugas.", Tier.BERKADAR),
        ("Kalau tidak bayar, berkas tidak naik, kata stafnya.", Tier.BERKADAR),
        ("Di kuitansi tertulis 25 juta, yang sampai ke panitia 18 juta.", Tier.BERKADAR),
        ("Bantuan itu tiap tahun dapat yayasan milik istri perbekel.", Tier.BERKADAR),
    ],
)
def test_plain_cases_are_certain(text: str, tier: Tier) -> None:
    verdict = RULES.classify("", text, Medium.EMAIL)
    assert (verdict.tier, verdict.certain) == (tier, True)


def test_a_denial_of_bribery_is_no_accusation() -> None:
    verdict = RULES.classify("", "Terima kasih, petugas ramah, tidak ada pungli.", Medium.BOX)
    assert (verdict.tier, verdict.kind) == (None, Kind.APRESIASI)
    assert not verdict.restricted


def test_an_uncertain_verdict_has_a_suggestion_that_is_plausible() -> None:
    verdict = RULES.classify("", "Terlampir surat dari desa kami.", Medium.EMAIL)
    assert (verdict.certain, verdict.tier) == (False, None)
    assert len(verdict.plausible) > 1
    assert verdict.kind is Kind.PENGADUAN


@pytest.mark.parametrize("text", ["", " \n", ".", "---"])
def test_a_message_without_a_word_has_no_tier(text: str) -> None:
    verdict = RULES.classify("", text, Medium.BOX)
    assert (verdict.tier, verdict.certain, verdict.plausible) == (None, True, ())


def test_a_verdict_without_a_rule_of_its_tier_shows_its_weak_cues() -> None:
    verdict = RULES.classify("", "Terlampir surat dari desa kami.", Medium.EMAIL)
    assert verdict.hits


def test_a_strong_rule_forbids_a_lower_certain_tier() -> None:
    decision = decide([60, 0, 0, 0, 0], Policy(), ruled={0}, alarmed=True)
    assert not decision.certain
    assert 4 in decision.plausible


def test_a_strong_rule_suggests_tier_four_where_it_is_only_possible() -> None:
    scores = [0, 0, 0, 25, 0]
    assert decide(scores, Policy(), ruled={3}, alarmed=True).place == 4
    assert decide(scores, Policy(), ruled={3}, alarmed=False).place == 3


def test_weak_cues_alone_need_more_for_a_certain_tier_four() -> None:
    assert not decide([0, 0, 0, 0, 20], Policy(), ruled=(), alarmed=False).certain
    assert decide([0, 0, 0, 0, 20], Policy(), ruled={4}, alarmed=False).certain


@given(st.lists(st.integers(-5_000, 5_000), min_size=5, max_size=5), st.integers(1, 50))
def test_packed_weights_add_like_lists(weights: list[int], times: int) -> None:
    assert unpacked(sum([packed(weights)] * times)) == [weight * times for weight in weights]


@given(st.lists(st.integers(-300, 300), min_size=5, max_size=5))
def test_likelihoods_add_up_to_one(scores: list[int]) -> None:
    assert sum(likelihoods(scores)) == pytest.approx(1)


@given(st.text(max_size=400), st.sampled_from(list(Medium)))
def test_any_text_gets_the_same_consistent_verdict_twice(text: str, medium: Medium) -> None:
    verdict = RULES.classify(text[:30], text, medium)
    RULES.forget()
    assert RULES.classify(text[:30], text, medium) == verdict
    if verdict.certain:
        assert verdict.suggested is None
        assert verdict.plausible == ((verdict.tier,) if verdict.tier else ())
    else:
        assert verdict.tier is None


@pytest.mark.parametrize(
    "text",
    [
        "petugas minta uang " * 52_000,
        "a" * 1_000_000,
        "\0" * 1_000_000,
        "!?" * 500_000,
        "a.b,c-" * 166_000,
        ">\n" * 500_000,
        "Pada " * 200_000,
        "tidak " * 166_000,
        "1" * 1_000_000,
        "1." * 500_000,
        "\n \n" * 333_000,
        "a@" * 500_000,
        "ha-" * 333_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_hostile_megabyte_is_read_in_bounded_time(text: str) -> None:
    start = time.process_time()
    RULES.classify("", text, Medium.EMAIL)
    assert time.process_time() - start < 2  # about a third on a slow machine


def test_time_grows_with_the_text_and_not_with_its_square() -> None:
    text = "Kadus minta uang rokok 50rb, kata beliau biar lancar. Kapan selesai? "

    def seconds(times: int) -> float:
        start = time.process_time()
        RULES.classify("", text * times, Medium.EMAIL)
        return time.process_time() - start

    seconds(10)
    small = min(seconds(200) for _ in range(5))
    assert min(seconds(2_000) for _ in range(3)) < small * 40


def test_an_explanation_shows_every_say_and_the_same_verdict() -> None:
    text = "Kadus minta uang rokok."
    explanation = RULES.explain("", text, Medium.BOX)
    assert explanation.verdict == RULES.classify("", text, Medium.BOX)
    assert sum(explanation.shares) == pytest.approx(1)
    names = {say.name for say in explanation.says}
    assert "4-pejabat-minta-uang" in names
    for say in explanation.says:
        for hit in say.hits:
            assert text[hit.start : hit.end] == hit.text


def test_scores_of_an_explanation_add_up_to_the_likelihoods() -> None:
    explanation = RULES.explain("Tanya", "Apa syarat hibah dan kapan cair?", Medium.EMAIL)
    totals = [sum(say.scores[level] for say in explanation.says) for level in range(5)]
    start = RULES.policy.bias
    expected = likelihoods([total + first for total, first in zip(totals, start, strict=True)])
    assert list(explanation.shares) == pytest.approx(expected)


@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="the labelled examples are not here")
def test_the_development_examples_stay_right() -> None:
    rows = [json.loads(line) for line in DEVELOPMENT.read_text("utf-8").splitlines()]
    certain = right = silent = 0
    for row in rows:
        medium = MEDIA.get(row["channel"]) or Medium(row["channel"])
        verdict = RULES.classify(row["subject"], row["text"], medium)
        said = verdict.tier.gravity if verdict.tier else 0
        certain += verdict.certain
        right += verdict.certain and said == row["tier"]
        silent += verdict.certain and row["tier"] == 4 and said != 4
    assert certain >= 0.8 * len(rows)
    assert right >= 0.95 * certain
    assert silent == 0
