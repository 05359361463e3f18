"""A complaint with several matters: its parts are cases, it stays what it was, and it can be undone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from classify.types import Kind, Tier, Verdict
from store import NumberTaken, Store
from store.lifecycle import NotAllowed, Step
from store.numbers import new_number
from store.types import (
    Decision,
    Fate,
    NewPart,
    NoticeKind,
    NoticeRequest,
    NoticeState,
    Status,
    Ticket,
    TicketFilter,
)
from tests.store.samples import (
    GRAVE,
    NOW,
    TEAM,
    VERDICT,
    intake,
    message,
    open_case,
    put,
    report,
    statements,
)

WHO = {"who": "wayan", "why": "dua perkara"}
LATER = NOW + timedelta(hours=2)
EXAMINER = (NoticeRequest(NoticeKind.TEAM_NEW, "periksa@office.test"),)
SOON, LONG = NOW + timedelta(hours=3), NOW + timedelta(days=80)


def case(store: Store, number: str) -> Ticket:
    found = store.ticket(number)
    assert found is not None
    return found


def part(text: str, **values: Any) -> NewPart:
    made = NewPart(
        number=new_number(),
        subject=text[:20],
        text=text,
        extent="1-2",
        verdict=VERDICT,
        team="kesra",
        due_at=SOON,
        limit="3 h",
        calendar="2026-1",
        restricted=False,
        notices=TEAM,
    )
    return replace(made, **values)


ROAD, LEVY = "Jalan di depan sekolah rusak.", "Kadus minta uang untuk tanda tangan."


def grave(text: str = LEVY, **values: Any) -> NewPart:
    values = {
        "verdict": GRAVE,
        "restricted": True,
        "team": "pemeriksa",
        "notices": EXAMINER,
    } | values
    return part(text, due_at=LONG, limit="60 wd", **values)


def split(store: Store, number: str, *parts: NewPart, **values: Any) -> list[str]:
    received = values.pop("received_at", case(store, number).received_at)
    store.splitting.split(number, parts, (), received_at=received, now=NOW, **WHO | values)
    return [one.number for one in parts]


def unsplit(store: Store, number: str) -> Status:
    return store.splitting.unsplit(number, (), now=LATER, **WHO)


def sound(store: Store) -> bool:
    return store.verify() == [] and store.examination().crosscheck() == []


def reply(store: Store, number: str, **values: Any) -> None:
    """The complainant's reply to a mail about a case, wherever it leads."""
    thread = store.thread(number, "ketut@warga.test")
    assert thread is not None
    said = message(message_id=f"<{new_number()}@warga.test>", reply_text="Belum beres.")
    (outcome,) = put(store, intake(joins=thread.number, number="", message=said, **values))
    assert outcome.fate is Fate.REPLIED


def test_each_part_is_a_case_of_its_own_with_the_complainant_and_the_receipt(store: Store) -> None:
    whole = open_case(store)
    road, levy = split(
        store, whole, part(ROAD), part(LEVY, team="desa", due_at=LONG, limit="60 wd")
    )
    first, second, parent = case(store, road), case(store, levy), case(store, whole)
    assert (first.text, first.team, first.due_at, first.status) == (
        ROAD, "kesra", SOON, Status.ROUTED,
    )  # fmt: skip
    assert (second.team, second.due_at, second.limit) == ("desa", LONG, "60 wd")
    for one in (first, second):
        assert one.complainant == parent.complainant
        assert one.received_at == parent.received_at
        assert one.message_id == parent.message_id
        assert (one.part, one.part_of) == (True, whole)
        assert [n.kind for n in store.notices(one.number)] == [NoticeKind.TEAM_NEW]
    assert parent.status is Status.SPLIT
    assert parent.text == message().text
    assert [one.number for one in parent.parts] == [road, levy]
    assert [e.what for e in first.events] == [
        "part.opened",
        "complaint.classified",
        "complaint.routed",
    ]
    assert parent.events[-1].details == {
        "parts": f"{road}, {levy}",
        "status": "routed",
        "why": WHO["why"],
    }
    assert store.raw(road) == store.raw(whole) != []
    assert sound(store)


def test_the_parts_are_listed_and_counted_and_late_in_place_of_the_whole(store: Store) -> None:
    whole = open_case(store, due_at=SOON)
    road, levy = split(store, whole, part(ROAD), part(LEVY, due_at=LONG))
    assert {t.number for t in store.tickets(TicketFilter())} == {road, levy}
    assert [t.number for t in store.tickets(TicketFilter(words=whole))] == [whole]
    assert [t.number for t in store.tickets(TicketFilter(status=Status.SPLIT))] == [whole]
    assert [t.number for t in store.tickets(TicketFilter(words="kadus"))] == [levy]
    assert store.late(SOON + timedelta(minutes=1)) == 1
    assert store.counts().cases == {Status.SPLIT: 1, Status.ROUTED: 2}


def test_reading_the_whole_shows_where_its_parts_stand(store: Store) -> None:
    whole = open_case(store)
    road, _ = split(store, whole, part(ROAD), grave())
    store.working.take(road, who="ani", now=LATER)
    first, second = case(store, whole).parts
    assert (first.status, first.subject, first.restricted) == (Status.IN_PROGRESS, ROAD[:20], False)
    assert (second.status, second.subject, second.restricted) == (Status.ROUTED, "", True)
    assert second.suggested is Tier.BERKADAR


def test_when_all_parts_are_answered_the_whole_counts_as_answered(store: Store) -> None:
    whole = open_case(store)
    road, levy = split(store, whole, part(ROAD), part(LEVY))
    store.answer(road, "Diperbaiki.", who="ani", way="call", recipient="", now=NOW)
    assert store.journeys.of([whole])[whole].answered_at is None
    store.answer(levy, "Diperiksa.", who="ani", way="call", recipient="", now=LATER)
    assert store.journeys.of([whole])[whole].answered_at == LATER
    reply(store, levy)
    assert store.journeys.of([whole])[whole].answered_at is None


def test_a_restricted_part_makes_the_whole_restricted_and_withholds_waiting_mails(
    store: Store,
) -> None:
    whole = open_case(store)
    road, levy = split(store, whole, part(ROAD), grave())
    assert [case(store, one).restricted for one in (whole, road, levy)] == [True, False, True]
    assert [n.kind for n in store.notices(whole)] == [NoticeKind.TEAM_RESTRICTED]


def test_who_reads_an_open_part_does_not_learn_which_restricted_complaint_it_is_from(
    store: Store,
) -> None:
    whole = open_case(store, verdict=GRAVE)
    road, levy = split(store, whole, part(ROAD), grave())
    put(store, intake(joins=whole, number="", message=message(message_id="<b@warga.test>")))
    shown = case(store, road)
    assert (shown.part, shown.part_of) == (True, "")
    assert whole not in repr(shown)
    assert levy not in repr(shown)
    assert shown.attachments == ()
    assert store.raw(road) == []
    assert store.raw(levy) == store.raw(whole)
    assert case(store, levy).part_of == whole
    assert case(store, levy).attachments != ()


def test_a_part_that_turns_out_grave_makes_the_whole_restricted(store: Store) -> None:
    whole = open_case(store)
    road, _ = split(store, whole, part(ROAD), part(LEVY))
    decided = Decision(
        Kind.PENGADUAN, Tier.BERKADAR, "pemeriksa", LONG, "60 wd", "2026-1", "ani", "x"
    )
    store.reclassify(road, decided, EXAMINER, now=NOW)
    assert case(store, whole).restricted
    assert sound(store)


def test_what_a_person_decides_about_a_part_is_a_label_beside_what_the_rules_said(
    store: Store,
) -> None:
    whole = open_case(store)
    ruled = replace(VERDICT, tier=None, certain=False, suggested=Tier.RINGAN)
    (road,) = split(store, whole, part(ROAD, ruled=ruled))[:1]
    (label,) = store.judged(by_people=True)
    assert (label.number, label.tier, label.decided_by) == (road, Tier.NORMATIF, "wayan")


def test_a_part_is_not_split_again_and_a_whole_is_not_merged(store: Store) -> None:
    whole, other = open_case(store), open_case(store)
    road, _ = split(store, whole, part(ROAD), part(LEVY))
    with pytest.raises(NotAllowed) as refused:
        split(store, road, part("a"), part("b"))
    assert refused.value.because == "part"
    for pair in ((whole, other), (other, whole)):
        with pytest.raises(NotAllowed) as refused:
            store.merging.merge(*pair, (), now=NOW, **WHO)
        assert refused.value.status is Status.SPLIT
    for refused_step in (
        lambda: store.working.take(whole, who="a", now=NOW),
        lambda: store.answer(whole, "x", who="a", way="call", recipient="", now=NOW),
        lambda: store.working.close(whole, who="a", why="x", now=NOW),
        lambda: split(store, whole, part("a"), part("b")),
    ):
        with pytest.raises(NotAllowed):
            refused_step()
    assert sound(store)


def test_a_part_may_be_merged_and_stands_where_the_other_case_stands(store: Store) -> None:
    whole, other = open_case(store), open_case(store)
    road, _ = split(store, whole, part(ROAD), part(LEVY))
    store.merging.merge(road, other, (), now=NOW, **WHO)
    store.answer(other, "Diperbaiki.", who="ani", way="call", recipient="", now=NOW)
    assert [one.status for one in case(store, whole).parts] == [Status.ANSWERED, Status.ROUTED]
    store.merging.unmerge(road, now=NOW, **WHO)
    assert [one.status for one in case(store, whole).parts] == [Status.ROUTED, Status.ROUTED]
    assert sound(store)


def test_a_case_that_stands_for_others_can_be_split_and_they_stay(store: Store) -> None:
    whole, again = open_case(store), open_case(store)
    store.merging.merge(again, whole, (), now=NOW, **WHO)
    split(store, whole, part(ROAD), part(LEVY))
    with pytest.raises(NotAllowed) as refused:
        store.merging.unmerge(again, now=NOW, **WHO)
    assert (refused.value.number, refused.value.status) == (whole, Status.SPLIT)
    assert case(store, whole).merged == (again,)
    unsplit(store, whole)
    store.merging.unmerge(again, now=NOW, **WHO)
    assert sound(store)


def test_unsplitting_gives_back_the_case_and_keeps_the_parts_as_its_own(store: Store) -> None:
    whole = open_case(store)
    store.working.take(whole, who="ani", now=NOW)
    road, levy = split(store, whole, part(ROAD), part(LEVY))
    assert unsplit(store, whole) is Status.IN_PROGRESS
    parent = case(store, whole)
    assert (parent.status, parent.parts) == (Status.IN_PROGRESS, ())
    assert [t.number for t in store.tickets(TicketFilter())] == [whole]
    withdrawn = case(store, road)
    assert (withdrawn.status, withdrawn.merged_into) == (Status.MERGED, whole)
    assert withdrawn.events[-1].details == {"of": whole, "why": WHO["why"]}
    reply(store, levy)
    assert "complainant.replied" in [e.what for e in case(store, whole).events]
    with pytest.raises(NotAllowed) as refused:
        store.merging.unmerge(road, now=NOW, **WHO)
    assert refused.value.because == "withdrawn"
    assert sound(store)


def test_a_case_made_whole_can_be_split_anew(store: Store) -> None:
    whole = open_case(store)
    split(store, whole, part(ROAD), part(LEVY))
    unsplit(store, whole)
    again = split(store, whole, part(ROAD), part(LEVY), part("Kantor tutup."))
    assert [one.number for one in case(store, whole).parts] == again
    assert unsplit(store, whole) is Status.ROUTED
    assert sound(store)


@pytest.mark.parametrize("step", ["take", "assign", "note", "answer", "close", "reply", "merge"])
def test_what_somebody_worked_on_or_wrote_about_is_not_taken_back(store: Store, step: str) -> None:
    whole, other = open_case(store), open_case(store)
    road, levy = split(store, whole, part(ROAD), part(LEVY))
    match step:
        case "take":
            store.working.take(road, who="a", now=NOW)
        case "assign":
            store.working.assign(road, "dinsos", (), who="a", why="", now=NOW)
        case "note":
            store.working.note(road, "sudah ditelepon", who="a", now=NOW)
        case "answer":
            store.answer(road, "x", who="a", way="call", recipient="", now=NOW)
        case "close":
            store.working.close(road, who="a", why="x", now=NOW)
        case "reply":
            reply(store, road)
        case "merge":
            store.merging.merge(road, other, (), now=NOW, **WHO)
    with pytest.raises(NotAllowed) as refused:
        unsplit(store, whole)
    assert (refused.value.number, refused.value.because) == (road, "busy")
    assert store.ticket(whole).status is Status.SPLIT  # type: ignore[union-attr]
    assert store.ticket(levy).status is Status.ROUTED  # type: ignore[union-attr]
    assert sound(store)


def test_a_number_in_use_changes_nothing(store: Store) -> None:
    whole, other = open_case(store), open_case(store)
    before = case(store, whole)
    with pytest.raises(NumberTaken):
        split(store, whole, part(ROAD), part(LEVY, number=other))
    assert case(store, whole) == before
    assert len(store.tickets(TicketFilter())) == 2


def test_a_report_whose_writer_asks_for_secrecy_later_is_secret_in_all_its_parts(
    store: Store,
) -> None:
    identity = "lapor:9165816"
    whole = open_case(store, message=report(), identity=identity)
    road, levy = split(store, whole, part(ROAD), part(LEVY))
    wishes = report(secret=True, anonymous=True)
    again = intake(message=wishes, identity=identity, restricted=True, notices=EXAMINER)
    put(store, again)
    for number in (whole, road, levy):
        asked = case(store, number)
        assert asked.restricted
        assert (asked.complainant.anonymous, asked.complainant.name) == (True, "")
    assert [n.kind for n in store.notices(road)] == [NoticeKind.TEAM_RESTRICTED]


def test_parts_of_one_complaint_are_not_compared_with_each_other_nor_with_it(store: Store) -> None:
    whole = open_case(store)
    split(store, whole, part(ROAD), part(LEVY))
    a, b, c = store.duplicates.uncompared(NOW - timedelta(days=1), 10)
    assert a.related(b)
    assert b.related(c)
    assert not a.related(replace(b, number="MR-XXXX-XXX", split_from=""))


def test_the_number_of_statements_does_not_grow_with_the_number_of_cases(store: Store) -> None:
    def asked(numbers: list[str]) -> int:
        with statements(store) as sent:
            assert set(store.journeys.of(numbers)) == set(numbers)
        return len(sent)

    wholes = [open_case(store) for _ in range(4)]
    parts = [one for whole in wholes[:2] for one in split(store, whole, part(ROAD), part(LEVY))]
    assert asked([*wholes, *parts]) == asked([wholes[0]])


def test_a_backup_holds_the_parts_and_the_migration_finds_nothing_missing(store: Store) -> None:
    whole = open_case(store)
    split(store, whole, part(ROAD), part(LEVY))
    assert store.examination().broken_references() == {}
    assert store.examination().without_deadline() == []
    assert all(n.state is NoticeState.WAITING for n in store.notices(whole))


def test_praise_beside_a_complaint_becomes_a_part_without_a_clock(store: Store) -> None:
    praise = Verdict(Kind.APRESIASI, None, True, None, (), (), "d1")
    whole = open_case(store)
    thanks, _ = split(
        store, whole, part("Terima kasih.", verdict=praise, due_at=None, limit=""), part(ROAD)
    )
    assert case(store, thanks).due_at is None
    assert store.examination().without_deadline() == []
    assert sound(store)


def test_a_step_is_refused_for_what_it_is(store: Store) -> None:
    whole = open_case(store)
    with pytest.raises(NotAllowed) as refused:
        unsplit(store, whole)
    assert (refused.value.step, refused.value.status) == (Step.UNSPLIT, Status.ROUTED)
