"""What the office's terms are over for goes; numbers, dates and figures stay, and the log proves itself."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from channels.types import Address, Attachment, Message
from classify.types import Kind, Tier
from store import Store
from store.crosscheck import _SAYS
from store.errors import CasePurged
from store.models import Base
from store.numbers import new_number
from store.purging import _LEFT
from store.types import (
    Decision,
    Fate,
    FileToSend,
    Guest,
    Intake,
    NewAnswer,
    NewPart,
    TicketFilter,
)
from store.types.retention import Cutoffs, Held
from store.types.statistics import Span
from tests.store.samples import (
    GRAVE,
    NOW,
    VERDICT,
    arrival,
    behind,
    bounce,
    followup,
    intake,
    message,
    open_case,
    put,
    report,
    sql,
)

LATER = datetime(2032, 1, 5, 2, tzinfo=UTC)
ALL: Cutoffs = dict.fromkeys(Held, LATER - timedelta(days=365))
CASES: Cutoffs = {Held.CASES: ALL[Held.CASES]}
WORD = "Zamrudwati"


def purge(store: Store, cutoffs: Cutoffs = ALL) -> dict[Held, int]:
    return store.retention.purge(cutoffs, who="wayan", now=LATER)


def sent(store: Store) -> None:
    """Nothing is on its way any more."""
    for notice in store.due_notices(NOW, 500):
        store.notice_sent(notice.id, NOW)


def close(store: Store, number: str) -> None:
    sent(store)
    store.working.close(number, who="wayan", why=f"selesai {WORD}", now=NOW)


def closed(store: Store, **values: Any) -> str:
    number = open_case(store, **values)
    close(store, number)
    return number


def told(**values: Any) -> Message:
    return message(
        sender=Address(WORD, f"{WORD}@warga.test"), subject=f"dari {WORD}",
        text=f"Saya {WORD}.", reply_text=f"Saya {WORD}.", phone=f"0812 {WORD}", **values,
    )  # fmt: skip


def dump(url: str) -> str:
    """Everything in the tables as text, as somebody with the database sees it."""
    names = [table.name for table in Base.metadata.sorted_tables]
    with behind(url) as connection:
        rows = [
            [bytes(v) if isinstance(v, bytes | memoryview) else v for v in row]
            for name in (*names, "case_words")
            for row in connection.exec_driver_sql(f"SELECT * FROM {name}")
        ]
    return repr(rows)


def unsound(store: Store) -> list[object]:
    ask = store.examination()
    names = [name for _, name in ask.changed_bytes() if name]
    return [*store.verify(), *ask.crosscheck(), *ask.missing_bytes(), *ask.integrity(), *names]


def test_who_wrote_and_what_goes_and_the_figures_stay(store: Store, url: str) -> None:
    number = closed(store, message=told(), arrival=arrival(raw=f"From: {WORD}".encode()))
    before = store.ticket(number)
    assert WORD in dump(url)
    assert purge(store, CASES) == {Held.CASES: 1}
    assert WORD not in dump(url)
    after = store.ticket(number)
    assert before
    assert after
    assert after.purged_at == LATER
    for name in ("number", "status", "tier", "kind", "channel", "team", "received_at", "due_at"):
        assert getattr(after, name) == getattr(before, name)
    assert (after.subject, after.text, after.complainant.name, after.hits) == ("", "", "", ())
    assert store.raw(number) == []
    assert unsound(store) == []
    last = after.events[-1]
    assert (last.what, last.who, last.details["arrivals"]) == ("case.purged", "wayan", "1")


def test_nothing_goes_that_is_open_young_or_kept(store: Store) -> None:
    open_case(store)
    kept = closed(store)
    store.retention.keep(kept, who="wayan", why="perkara di PTUN", now=NOW)
    young = closed(store)
    store.working.note(young, "menelepon lagi", who="wayan", now=LATER - timedelta(days=30))
    assert store.retention.due(CASES) == []
    assert purge(store, CASES) == {Held.CASES: 0}
    assert store.retention.is_kept(kept)
    store.retention.release(kept, who="wayan", why="sudah diputus", now=LATER)
    assert [one.numbers for one in store.retention.due(CASES)] == [(kept,)]


def test_a_look_makes_no_case_younger(store: Store) -> None:
    number = closed(store)
    store.views.note(number, "identity.viewed", "wayan", LATER - timedelta(days=1))
    assert purge(store, CASES) == {Held.CASES: 1}


def test_a_mail_on_its_way_keeps_a_case(store: Store) -> None:
    number = open_case(store)
    store.working.close(number, who="wayan", why="", now=NOW)
    assert store.retention.due(CASES) == []


def test_cases_for_the_examiners_have_a_term_of_their_own(store: Store) -> None:
    number = closed(store, verdict=GRAVE, restricted=True)
    assert purge(store, CASES) == {Held.CASES: 0}
    examined = {Held.EXAMINED: ALL[Held.EXAMINED]}
    assert store.retention.due(examined)[0].numbers == (number,)
    assert purge(store, examined) == {Held.EXAMINED: 1}


def test_merged_cases_and_parts_go_when_all_of_them_are_due(store: Store) -> None:
    number, target = open_case(store), open_case(store)
    store.merging.merge(number, target, (), who="wayan", why="sama", now=NOW)
    assert store.retention.due(CASES) == []  # the other one is open
    close(store, target)
    assert store.retention.due(CASES)[0].numbers == tuple(sorted((number, target)))
    purge(store, CASES)
    assert unsound(store) == []


def test_parts_go_with_their_whole(store: Store) -> None:
    number = open_case(store)
    parts = [
        NewPart(
            f"MR-PART-{n}",
            f"bagian {n}",
            f"isi {n}",
            str(n),
            VERDICT,
            "kesra",
            NOW,
            "5 wd",
            "c",
            restricted=False,
        )
        for n in (1, 2)
    ]
    store.splitting.split(number, parts, (), who="wayan", why="dua hal", received_at=NOW, now=NOW)
    close(store, parts[0].number)
    assert store.retention.due(CASES) == []
    close(store, parts[1].number)
    assert purge(store, CASES) == {Held.CASES: 3}
    assert unsound(store) == []


def test_the_same_mail_is_not_fetched_again_and_comes_back_to_nothing(
    store: Store, url: str
) -> None:
    place, once = arrival(item="77", raw=f"isi {WORD}".encode()), {"identity": "mail:abc"}
    number = closed(store, arrival=place, message=told(), **once)
    purge(store, CASES)
    (again,) = put(store, intake(arrival=place, message=told(), **once))
    assert again.fate is Fate.KNOWN
    renumbered = replace(place, position=replace(place.position, generation="8"))
    (moved,) = put(store, intake(arrival=renumbered, message=told(), **once))
    assert (moved.fate, moved.number) == (Fate.MERGED, number)
    assert WORD not in dump(url)
    assert unsound(store) == []


def test_a_reply_that_comes_again_comes_back_to_nothing(store: Store, url: str) -> None:
    number = closed(store)
    reply = told(in_reply_to=("<x@muara.test>",))
    once: dict[str, Any] = {"message": reply, "identity": "mail:reply"}
    put(store, intake(joins=number, arrival=arrival(item="r", raw=WORD.encode()), **once))
    close(store, number)
    purge(store, CASES)
    other = arrival(item="r2", raw=WORD.encode())
    (again,) = put(store, intake(arrival=other, **once))
    assert (again.fate, again.number) == (Fate.MERGED, number)
    assert WORD not in dump(url)


def test_new_words_of_the_same_person_are_a_new_case(store: Store) -> None:
    number = closed(store, identity="mail:abc")
    mail = store.notices(number)[0].message_id
    purge(store, CASES)
    assert store.threads([mail])[mail].recipient == ""
    (new,) = put(store, intake(identity="mail:def"))
    assert new.fate is Fate.CASE


def test_a_report_that_says_more_after_the_purge_is_a_new_case(store: Store) -> None:
    first = arrival("lapor", item="9165816:aa")
    number = closed(store, arrival=first, message=report(), identity="lapor:9165816")
    purge(store, CASES)
    same = replace(first, position=replace(first.position, generation="2"))
    more = arrival("lapor", item="9165816:bb")
    outcomes = put(
        store,
        intake(arrival=same, message=report(), identity="lapor:9165816"),
        intake(arrival=more, message=report(text="Masih rusak."), identity="lapor:9165816"),
    )
    assert [one.fate for one in outcomes] == [Fate.MERGED, Fate.CASE]
    assert outcomes[0].number == number


def test_a_reply_read_before_the_purge_and_stored_after_it_waits_for_a_person(
    store: Store,
) -> None:
    number = closed(store)
    purge(store, CASES)
    (late,) = put(store, intake(joins=number))
    assert late.fate is Fate.QUARANTINED
    assert [one.error for one in store.quarantine()] == [f"case_purged (number={number})"]


def test_nothing_can_be_done_with_a_purged_case(store: Store) -> None:
    number, other = closed(store), open_case(store)
    purge(store, CASES)
    decision = Decision(Kind.PENGADUAN, Tier.RINGAN, "kesra", NOW, "3 h", "c", "wayan", "x")
    steps: tuple[Callable[[], object], ...] = (
        lambda: store.working.reopen(number, who="wayan", why="x", now=LATER),
        lambda: store.working.note(number, "x", who="wayan", now=LATER),
        lambda: store.reclassify(number, decision, (), now=LATER),
        lambda: store.merging.merge(number, other, (), who="wayan", why="x", now=LATER),
        lambda: store.answer(number, "x", who="wayan", way="phone", recipient="", now=LATER),
    )
    for step in steps:
        with pytest.raises(CasePurged):
            step()


def test_an_answer_that_nobody_brought_across_is_owed_no_more(store: Store) -> None:
    number = open_case(store)
    store.answer(number, "Sudah.", who="wayan", way="phone", recipient="", now=NOW)
    sent(store)
    assert len(store.answers.undelivered()) == 1
    purge(store, CASES)
    assert store.answers.undelivered() == []


def test_bytes_may_go_before_the_words(store: Store, url: str) -> None:
    number = closed(store, arrival=arrival(raw=f"From: {WORD}".encode()))
    secret = closed(store, verdict=GRAVE, restricted=True)
    assert purge(store, {Held.RAW: ALL[Held.RAW]}) == {Held.RAW: 1}
    assert store.raw(number) == []
    assert len(store.raw(secret)) == 1
    ticket = store.ticket(number)
    assert ticket
    assert ticket.text
    assert ticket.purged_at is None
    assert ticket.events[-1].what == "raw.purged"
    assert unsound(store) == []
    assert purge(store, CASES) == {Held.CASES: 1}
    assert unsound(store) == []


def test_bytes_that_another_case_has_too_stay(store: Store) -> None:
    same = b"Subject: sama\r\n\r\nisi"
    closed(store, arrival=arrival(raw=same))
    other = open_case(store, arrival=arrival(raw=same))
    purge(store, CASES)
    assert store.raw(other) == [same]
    assert unsound(store) == []


def test_mail_that_is_no_case_and_guests_have_terms_of_their_own(store: Store, url: str) -> None:
    put(
        store,
        intake(message=None, error=f"unreadable ({WORD})", arrival=arrival(raw=WORD.encode())),
        bounce("<nobody@muara.test>", text=WORD),
    )
    guest = Guest(NOW, name=WORD, agency=WORD, purpose=WORD, meets=WORD, phone=WORD, who="wayan")
    store.guests.add(guest, NOW)
    later: Cutoffs = {
        Held.OTHER_MAIL: LATER + timedelta(days=1),
        Held.GUESTS: LATER + timedelta(days=1),
    }
    assert purge(store, later) == {Held.OTHER_MAIL: 2, Held.GUESTS: 1}
    assert WORD not in dump(url)
    assert store.quarantine() == []
    assert store.machine_mail("") == []
    assert unsound(store) == []
    assert [(one.held, one.count) for one in store.retention.runs()] == [
        (Held.GUESTS, 1),
        (Held.OTHER_MAIL, 2),
    ]
    assert purge(store, later) == {Held.OTHER_MAIL: 0, Held.GUESTS: 0}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET purged = true WHERE number = '{open}' AND what = 'complaint.routed'",
        "UPDATE events SET who = 'lain' WHERE number = '{gone}' AND what = 'case.closed'",
        "UPDATE events SET hash = 'x' WHERE number = '{gone}' AND what = 'complaint.classified'",
        "UPDATE events SET details = '{{}}' WHERE number = '{gone}' AND what = 'complaint.routed'",
        "DELETE FROM events WHERE what = 'case.purged'",
    ],
)
def test_a_link_that_is_purged_otherwise_than_was_said_is_damage(
    store: Store, url: str, change: str
) -> None:
    gone, alive = closed(store), open_case(store)
    sent(store)
    purge(store, CASES)
    assert store.verify() == []
    sql(url, change.format(gone=gone, open=alive))
    found = {one.what for one in store.verify()}
    assert found & {"purged_otherwise", "missing", "no_head"}


def test_a_case_marked_purged_that_nobody_purged_does_not_agree_with_its_log(
    store: Store, url: str
) -> None:
    number = open_case(store)
    at = "2031-01-01 00:00:00.000000" + ("" if url.startswith("sqlite") else "+00")
    sql(url, f"UPDATE cases SET purged_at = '{at}' WHERE number = '{number}'")
    assert [one.fields for one in store.examination().crosscheck()] == ["purged_at"]


def test_verify_says_how_much_of_the_log_was_emptied(store: Store) -> None:
    closed(store)
    purge(store, CASES)
    emptied = store.retention.emptied()
    assert emptied.cases == 1
    assert emptied.events >= 4


def test_a_witness_of_before_still_holds(store: Store) -> None:
    closed(store)
    noted = store.examination().witness()
    purge(store, CASES)
    assert store.examination().holds(noted)


def test_what_a_case_is_checked_by_is_left_of_its_events() -> None:
    for what, columns in _SAYS.items():
        assert set(columns.values()) <= set(_LEFT[what]), what


def test_a_purge_broken_off_goes_on(store: Store) -> None:
    for _ in range(60):
        open_case(store)
    for notice in store.due_notices(NOW, 500):
        store.notice_sent(notice.id, NOW)
    for ticket in store.tickets(TicketFilter(limit=100)):
        store.working.close(ticket.number, who="w", why="", now=NOW)

    def pull_the_plug(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.retention.purge(CASES, who="w", now=LATER, progress=pull_the_plug)
    assert unsound(store) == []
    assert store.retention.due(CASES)[0].count == 10
    assert purge(store, CASES) == {Held.CASES: 10}


class History:
    """What an office does over years, at random. Whatever anybody writes has a word of its own in it."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.pick = random.Random(seed)
        self.words: list[str] = []
        self.numbers: list[str] = []
        self.at = NOW
        self.arrivals: list[Intake] = []

    def word(self) -> str:
        self.words.append(f"zq{len(self.words)}x{self.pick.getrandbits(40):x}")
        return self.words[-1]

    def go(self, steps: int) -> None:
        acts: tuple[Callable[[], None], ...] = (
            self.mail,
            self.mail,
            self.reply,
            self.note,
            self.answer,
            self.guest,
            self.staff,
        )
        acts += (self.merge, self.unmerge, self.split, self.reclassify, self.bounce, self.assign)
        for _ in range(steps):
            self.at += timedelta(hours=1)
            with suppress(ValueError, LookupError):  # the case is not where the step needs it
                self.pick.choice(acts)()
        sent(self.store)

    def end(self) -> None:
        for number in self.numbers:
            with suppress(ValueError):
                self.store.working.close(number, who="wayan", why=self.word(), now=self.at)

    def one(self) -> str:
        return self.pick.choice(self.numbers)

    def mail(self) -> None:
        made = intake(
            channel=self.pick.choice(("gmail", "webmail")),
            arrival=arrival(raw=self.word().encode()),
            identity=f"mail:{self.word()}",
            verdict=self.pick.choice((VERDICT, VERDICT, GRAVE)),
            message=self.message(external_id=self.word(), location=self.word()),
        )
        made = replace(made, restricted=made.verdict is GRAVE)
        self.arrivals.append(made)
        self.numbers.append(put(self.store, made)[0].number)

    def message(self, **values: Any) -> Message:
        texts: dict[str, Any] = {
            name: self.word() for name in ("subject", "text", "reply_text", "phone")
        }
        mid, sender = f"<{self.word()}@warga.test>", Address(self.word(), f"{self.word()}@w.test")
        file = Attachment(f"{self.word()}.pdf", "application/pdf", 12, "ab" * 32)
        said = (followup(self.word(), self.word()),)
        texts |= {"message_id": mid, "sender": sender, "attachments": (file,), "followups": said}
        return message(**texts | values)

    def reply(self) -> None:
        raw = arrival(raw=self.word().encode())
        put(self.store, intake(joins=self.one(), arrival=raw, message=self.message()))

    def bounce(self) -> None:
        notices = self.store.notices(self.one())
        put(self.store, bounce(notices[0].message_id, text=self.word()))

    def note(self) -> None:
        self.store.working.note(self.one(), self.word(), who="wayan", now=self.at)

    def answer(self) -> None:
        file = FileToSend(f"{self.word()}.pdf", "application/pdf", self.word().encode())
        new = NewAnswer(
            self.one(), self.word(), "wayan", "mail", f"{self.word()}@w.test", files=(file,)
        )
        self.store.answers.record(new, self.at)
        sent(self.store)

    def guest(self) -> None:
        told: dict[str, Any] = {
            name: self.word() for name in ("name", "agency", "purpose", "meets", "phone")
        }
        self.store.guests.add(Guest(self.at, number=self.one(), who="wayan", **told), self.at)

    def staff(self) -> None:
        self.store.views.note(self.one(), "identity.viewed", "wayan", self.at)
        self.store.receipts.make(self.one(), who="wayan", now=self.at)

    def merge(self) -> None:
        both: dict[str, Any] = {"who": "wayan", "why": self.word(), "now": self.at}
        self.store.merging.merge(self.one(), self.one(), (), **both)

    def unmerge(self) -> None:
        self.store.merging.unmerge(self.one(), who="wayan", why=self.word(), now=self.at)

    def split(self) -> None:
        parts = [
            NewPart(
                new_number(), self.word(), self.word(), self.word(), VERDICT, "umum",
                self.at + timedelta(days=3), "5 wd", "c", restricted=False,
            )
            for _ in range(2)
        ]  # fmt: skip
        self.store.splitting.split(
            self.one(), parts, (), who="wayan", why=self.word(), received_at=NOW, now=self.at
        )
        self.numbers += [part.number for part in parts]

    def reclassify(self) -> None:
        due = self.at + timedelta(days=9)
        decision = Decision(
            Kind.PENGADUAN, Tier.RINGAN, "umum", due, "3 h", "c", "wayan", self.word()
        )
        self.store.reclassify(self.one(), decision, (), now=self.at)

    def assign(self) -> None:
        told: dict[str, Any] = {"who": "wayan", "why": self.word(), "now": self.at}
        self.store.working.assign(self.one(), "umum", (), **told)


def figures(store: Store) -> list[object]:
    starts = tuple(datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13))
    span = Span(starts, datetime(2027, 1, 1, tzinfo=UTC), LATER)
    gone: dict[str, Any] = dict.fromkeys(GONE)
    cases = [replace(one, **gone) for one in store.tickets(TicketFilter(limit=500))]
    journeys = store.journeys.of([one.number for one in cases])
    read = store.statistics.read(span)
    read = replace(  # no figure depends on the order of rows, and PostgreSQL gives none
        read,
        cases=tuple(sorted(read.cases, key=repr)),
        answers_before=tuple(sorted(read.answers_before)),
    )
    return [read, store.counts(), cases, journeys]


GONE = (
    "subject", "text", "reply_text", "complainant", "hits", "attachments", "followups", "message_id",
    "external_id", "external_url", "location", "category", "platform_status", "purged_at",
)  # fmt: skip


def searched(url: str) -> str:
    """What can be read in the files of SQLite, in the tables of PostgreSQL, of which VACUUM is another's matter."""
    if not url.startswith("sqlite"):
        return dump(url)
    file = Path(str(make_url(url).database))
    return "".join(one.read_bytes().decode("latin-1") for one in file.parent.glob("muara.db*"))


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_no_word_is_left_and_every_figure_is(
    store: Store, url: str, seed: int
) -> None:
    history = History(store, seed)
    history.mail()
    history.go(70)
    history.end()
    assert unsound(store) == []
    before = figures(store)
    assert sum(word in searched(url) for word in history.words) > 50
    due = sum(
        one.count for one in store.retention.due(ALL) if one.held in (Held.CASES, Held.EXAMINED)
    )
    assert due == len(history.numbers)
    purge(store)
    assert unsound(store) == []
    left = searched(url)
    assert [word for word in history.words if word in left] == []
    assert figures(store) == before
    again = put(store, *history.arrivals)
    assert {one.fate for one in again} == {Fate.KNOWN}
