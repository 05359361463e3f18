"""Parts of a complaint on real parts: what they become, who is told what, and where replies go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from classify.types import Kind, Medium, Tier
from ingest.promises import Telling, correction
from ingest.reclassify import Contradiction
from ingest.splitting import Piece, planned, split, unsplit
from store.types import NewPart, NoticeKind, Status, Ticket
from testing.daemon import EXAMINER, TEAM
from tests.ingest.test_replies import sent_to
from tests.ingest.workshop import CITIZEN, GRAVE, PLAIN, Workshop, body, reading

ROAD = "Bantuan sapi kelompok tani kami belum cair sejak Juni."
WHO = {"who": "ketut", "why": "dua hal"}


def parts_of(shop: Workshop, ticket: Ticket, *pieces: Piece) -> list[NewPart]:
    rules = shop.parts.rules.current()
    return [planned(shop.parts.office, rules, ticket, piece) for piece in pieces]


def divided(shop: Workshop, ticket: Ticket, *pieces: Piece) -> list[Ticket]:
    parts = parts_of(shop, ticket, *pieces)
    split(shop.store, ticket, parts, clock=shop.clock, **WHO)
    return [shop.ticket(part.number) for part in shop.ticket(ticket.number).parts]


def test_each_part_is_judged_by_its_own_words(shop: Workshop) -> None:
    ticket = shop.opened(f"{PLAIN} {GRAVE}")
    plain, grave = divided(shop, ticket, Piece(PLAIN, "1"), Piece(GRAVE, "2"))
    assert (plain.restricted, grave.restricted) == (False, True)
    assert (plain.text, grave.text) == (PLAIN, GRAVE)
    assert plain.subject == "Dana hibah pura kami belum cair sejak tiga bulan yang lalu."
    assert plain.due_at is not None
    assert plain.due_at != grave.due_at


def test_the_team_gets_its_part_and_of_the_others_a_number_at_most(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {GRAVE}")
    plain, grave = divided(shop, ticket, Piece(ROAD), Piece(GRAVE))
    shop.send()
    to_team = [one for one in shop.sink.received if one.recipients == (TEAM,)]
    texts = {one.message["X-Muara"]: body(one.message) for one in to_team}
    assert ROAD in texts["team_new"]
    assert "hanya bagian ini untuk tim Anda" in texts["team_new"]
    assert ticket.number not in texts["team_new"]
    assert not any("pungli" in text for text in texts.values())
    to_examiner = [body(o.message) for o in shop.sink.received if o.recipients == (EXAMINER,)]
    assert any(
        GRAVE in text and f"Bagian dari pengaduan {ticket.number}" in text for text in to_examiner
    )
    assert plain.number != grave.number


def test_the_complainant_is_told_the_numbers_but_not_of_an_examination(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN} {GRAVE}")
    shop.send()
    road, plain, grave = divided(shop, ticket, Piece(ROAD), Piece(PLAIN), Piece(GRAVE))
    shop.send()
    letter = shop.letter("parts", CITIZEN)
    assert letter["In-Reply-To"] == ticket.message_id
    text = body(letter)
    for part in (road, plain):
        assert part.number in text
        assert part.due_at is not None
        assert shop.parts.words.moment(part.due_at) in text
    assert ticket.number in text
    assert grave.number not in text
    assert "pungli" not in text


def test_where_all_parts_are_for_the_examiners_the_complainant_gets_no_mail_about_it(
    shop: Workshop,
) -> None:
    ticket = shop.opened(GRAVE)
    shop.send()
    divided(shop, ticket, Piece(GRAVE), Piece(GRAVE + " Lagi."))
    shop.send()
    assert "parts" not in shop.notices(shop.ticket(ticket.number))


def test_an_acknowledgement_that_could_not_be_sent_yet_tells_the_parts(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    road, plain = divided(shop, ticket, Piece(ROAD), Piece(PLAIN))
    shop.send()
    for kind in ("acknowledgement", "parts"):
        text = body(shop.letter(kind, CITIZEN))
        assert road.number in text
        assert plain.number in text


def test_an_answer_to_a_part_says_which_part_it_answers_in_the_old_thread(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    road, _ = divided(shop, ticket, Piece(ROAD), Piece(PLAIN))
    shop.store.answer(
        road.number, "Cair Senin.", who="k", way="mail", recipient=CITIZEN, now=shop.clock()
    )
    shop.send()
    letter = shop.letter("answer", CITIZEN)
    assert letter["In-Reply-To"] == ticket.message_id
    assert f"Menjawab bagian pesan Anda: “{ROAD}”" in body(letter)
    assert "Cair Senin." in body(letter)
    assert road.number in body(letter)


def test_a_reply_to_the_answer_of_a_part_lands_on_that_part(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    road, plain = divided(shop, ticket, Piece(ROAD), Piece(PLAIN))
    shop.store.answer(
        road.number, "Sudah.", who="k", way="mail", recipient=CITIZEN, now=shop.clock()
    )
    shop.send()
    shop.clock.pass_(days=9)
    answer = shop.letter("answer", CITIZEN)["Message-ID"]
    (outcome,) = shop.receive(shop.mail("Belum cair juga.", In_Reply_To=answer))
    assert outcome.number == road.number
    again = shop.ticket(road.number)
    assert again.status is Status.ROUTED
    assert again.due_at is not None
    assert again.due_at > shop.clock()
    assert shop.ticket(plain.number).status is Status.ROUTED


def test_a_reply_with_the_token_of_a_part_lands_on_it_without_any_reference(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    road, _ = divided(shop, ticket, Piece(ROAD), Piece(PLAIN))
    shop.store.answer(
        road.number, "Sudah.", who="k", way="mail", recipient=CITIZEN, now=shop.clock()
    )
    shop.send()
    subject = shop.letter("answer", CITIZEN)["Subject"]
    assert shop.receive(shop.mail("Belum.", Subject=f"Re: {subject}"))[0].number == road.number


def test_a_reply_to_the_first_mail_is_read_by_the_teams_of_all_parts(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    shop.send()
    road, plain = divided(shop, ticket, Piece(ROAD), Piece(PLAIN, team="pemeriksa"))
    reply = shop.mail("Tambahan foto.", In_Reply_To=sent_to(shop, ticket, CITIZEN))
    assert shop.receive(reply)[0].number == ticket.number
    shop.send()
    for address in (TEAM, EXAMINER):
        text = body(shop.letter("team_reply", address))
        assert "Tambahan foto." in text
        assert f"muara answer {road.number}" in text
        assert f"muara answer {plain.number}" in text
    assert any(
        "Tambahan foto." in e.details.get("text", "") for e in shop.ticket(road.number).events
    )


def test_a_reply_about_a_whole_with_a_restricted_part_is_for_the_examiners(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {GRAVE}")
    shop.send()
    road, _ = divided(shop, ticket, Piece(ROAD), Piece(GRAVE))
    shop.send()
    shop.receive(shop.mail("Ini buktinya.", In_Reply_To=sent_to(shop, ticket, CITIZEN)))
    assert [one.recipients for one in shop.send()] == [(EXAMINER,)]
    assert "Ini buktinya." not in repr(shop.ticket(road.number))


def test_what_a_person_says_about_a_part_counts(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    piece = Piece(ROAD, tier=Tier.RINGAN, kind=Kind.SARAN, team="pemeriksa")
    road, _ = divided(shop, ticket, piece, Piece(PLAIN))
    assert (road.tier, road.certain, road.kind, road.team) == (
        Tier.RINGAN, True, Kind.SARAN, "pemeriksa",
    )  # fmt: skip
    assert road.limit == "3 h"
    (label,) = shop.store.judged(by_people=True)
    assert label.number == road.number


@pytest.mark.parametrize(
    "piece",
    [
        Piece(ROAD, tier=Tier.RINGAN, kind=Kind.SPAM),
        Piece("Terima kasih!", kind=Kind.SPAM, tier=Tier.NORMATIF),
    ],
)
def test_a_tier_and_a_kind_that_contradict_each_other_are_refused(
    shop: Workshop, piece: Piece
) -> None:
    with pytest.raises(Contradiction):
        parts_of(shop, shop.opened(), piece)


def test_a_secret_report_is_secret_in_its_harmless_parts_too(shop: Workshop) -> None:
    ticket = shop.opened()
    secret = replace(
        ticket, medium=Medium.LAPOR, complainant=replace(ticket.complainant, secret=True)
    )
    (part,) = parts_of(shop, secret, Piece(ROAD))
    assert part.restricted
    assert {n.kind for n in part.notices} == {NoticeKind.TEAM_NEW, NoticeKind.TEAM_RESTRICTED}


def test_a_number_that_is_taken_by_chance_is_replaced(shop: Workshop) -> None:
    taken, ticket = shop.opened(PLAIN), shop.opened(ROAD)
    first, second = parts_of(shop, ticket, Piece(ROAD), Piece(PLAIN))
    split(
        shop.store, ticket, [replace(first, number=taken.number), second], clock=shop.clock, **WHO
    )
    assert len(shop.ticket(ticket.number).parts) == 2


def test_who_was_told_of_the_parts_is_told_that_there_are_none(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    shop.send()
    divided(shop, ticket, Piece(ROAD), Piece(PLAIN))
    shop.send()
    unsplit(shop.store, shop.ticket(ticket.number), clock=shop.clock, **WHO)
    letters = [o.message for o in shop.send() if o.recipients == (CITIZEN,)]
    assert [one["X-Muara"] for one in letters] == ["parts"]
    assert "kami tangani sebagai satu pengaduan" in body(letters[0])
    assert ticket.number in body(letters[0])


def test_siblings_are_not_suggested_as_the_same_complaint(shop: Workshop) -> None:
    ticket = shop.opened(f"{PLAIN} {PLAIN}")
    divided(shop, ticket, Piece(PLAIN), Piece(PLAIN))
    shop.send()
    assert shop.store.duplicates.open() == []
    other = shop.opened(PLAIN, "made@warga.test")
    shop.send()
    assert {s.other for s in shop.store.duplicates.of(other.number)} == {
        part.number for part in shop.ticket(ticket.number).parts
    }


def test_a_report_of_the_platform_is_answered_part_by_part(shop: Workshop) -> None:
    channel = shop.channel("lapor")
    channel._reader = reading(Medium.LAPOR)
    (outcome,) = shop.receive(f"{ROAD} {PLAIN}".encode(), channel=channel)
    ticket = shop.ticket(outcome.number)
    road, plain = divided(shop, ticket, Piece(ROAD), Piece(PLAIN))
    assert (road.external_id, plain.external_id) == ("1", "1")
    news = shop.receive(f"{ROAD} {PLAIN} Sangat mendesak.".encode(), channel=channel)
    assert news[0].number == ticket.number


@pytest.mark.parametrize("tier", [Tier.NORMATIF, Tier.BERKADAR])
def test_a_part_the_complainant_was_not_told_of_is_not_told_another_deadline(
    shop: Workshop, tier: Tier
) -> None:
    ticket = shop.opened(f"{ROAD} {GRAVE}")
    shop.send()
    plain, grave = divided(shop, ticket, Piece(ROAD), Piece(GRAVE))
    shop.send()
    later = plain.received_at + timedelta(days=90)
    for medium in (Medium.EMAIL, Medium.LAPOR):
        hidden = replace(grave, tier=None, medium=medium)
        assert correction(shop.store, hidden, later, tier).telling is Telling.NOTHING
    told = correction(shop.store, plain, later, plain.tier)
    assert (told.telling, told.recipient) == (Telling.MAIL, CITIZEN)
