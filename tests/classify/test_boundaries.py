"""The boundaries between the tiers, as the domain's page on tiers draws them, in other words."""

import pytest

from classify.engine import compile_rules
from classify.types import Kind, Medium, Tier, Verdict
from config.rules import sources

RULES = compile_rules(sources())


def said(text: str) -> Verdict:
    return RULES.classify("", text, Medium.EMAIL)


def best(text: str) -> Tier | None:
    verdict = said(text)
    return verdict.tier if verdict.certain else verdict.suggested


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Kapan cair?", Tier.NORMATIF),
        ("Insentifnya kapan cair ya?", Tier.NORMATIF),
        ("Sudah empat bulan belum cair, tolong.", Tier.TIDAK_BERKADAR),
        ("Punya saya belum cair karena saya tidak kasih uang.", Tier.BERKADAR),
        ("Link pendaftaran yang mana?", Tier.RINGAN),
        ("Situsnya error terus, sudah tiga kali gagal.", Tier.TIDAK_BERKADAR),
        ("Apa saja syaratnya?", Tier.NORMATIF),
        ("Syarat diubah-ubah supaya kami gagal.", Tier.BERKADAR),
        ("Tetangga saya membakar sampah tiap sore.", Tier.TIDAK_BERKADAR),
        ("Toko bangunan itu menipu saya, barang tidak dikirim.", Tier.TIDAK_BERKADAR),
        ("Petugasnya judes.", Tier.TIDAK_BERKADAR),
        ("Tidak ada pungli katanya, tapi tetap disuruh bayar 50 ribu.", Tier.BERKADAR),
        ("Bukannya dibantu malah dimintai uang rokok.", Tier.BERKADAR),
        ("Kalau tidak bayar, berkas tidak naik.", Tier.BERKADAR),
        ("Menurut perpres Satgas Pungutan Liar, apakah sumbangan sukarela boleh?", Tier.NORMATIF),
        ("Yang kami teken 25 juta, yang sampai 18 juta.", Tier.BERKADAR),
        ("Tiap tahun yang dapat yayasan istri beliau.", Tier.BERKADAR),
        ("Petugas loket k0rups1 dan minta uang rokok 200rb.", Tier.BERKADAR),
    ],
)
def test_a_boundary_case_falls_on_its_side(text: str, tier: Tier) -> None:
    assert best(text) is tier


@pytest.mark.parametrize("text", ["Halo", "asdf qwer", "ok", "tes", "bisa", "uang", "😀"])
def test_a_message_without_a_cue_is_left_to_a_person(text: str) -> None:
    verdict = said(text)
    assert not verdict.certain
    assert verdict.kind is Kind.PENGADUAN
    assert verdict.plausible


def test_a_denial_alone_is_never_spam() -> None:
    verdict = said("tidak ada pungli")
    assert verdict.kind is not Kind.SPAM
    assert not verdict.restricted
    assert not verdict.certain or verdict.kind is Kind.APRESIASI


@pytest.mark.parametrize(
    "text",
    [
        "Terima kasih, cepat sekali, cuma delapan bulan.",
        "Hebat, surat satu lembar hanya tujuh minggu.",
    ],
)
def test_a_sneer_is_not_taken_for_praise(text: str) -> None:
    verdict = said(text)
    assert not (verdict.certain and verdict.tier is None)


def test_an_advertisement_is_certain_spam() -> None:
    verdict = said("Pinjaman cepat tanpa jaminan, klik bit.ly/abc untuk promo.")
    assert (verdict.certain, verdict.kind) == (True, Kind.SPAM)


def test_an_advertisement_with_a_demand_for_money_is_not_put_aside() -> None:
    verdict = said("Promo klik bit.ly/abc. Petugas loket minta uang rokok 50 ribu.")
    assert not verdict.certain or verdict.tier is Tier.BERKADAR
    assert verdict.restricted


@pytest.mark.parametrize(
    ("text", "tier"),
    [("Petugasnya judes", Tier.TIDAK_BERKADAR), ("Kapan cair?", Tier.NORMATIF)],
)
def test_the_shortest_plain_complaint_and_question_are_certain(text: str, tier: Tier) -> None:
    verdict = said(text)
    assert (verdict.tier, verdict.certain) == (tier, True)
