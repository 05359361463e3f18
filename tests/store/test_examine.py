"""What a health check asks the database."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from channels.types import Position
from classify.types import Kind
from store import Store
from store.types import Account, Damage, Decision, Fate
from tests.store.samples import NOW, VERDICT, arrival, intake, message, open_case, put, sql


def without_references(url: str, statement: str) -> None:
    """Change the database as somebody would who does not care for foreign keys."""
    if url.startswith("sqlite"):
        sql(url, statement)  # SQLite enforces them only for connections that ask for it
        return
    sql(url, f"SET session_replication_role = replica; {statement}")


def crosschecked(store: Store) -> list[Damage]:
    return store.examination().crosscheck()


def test_a_sound_database_gives_no_answers(store: Store) -> None:
    number = open_case(store)
    decision = Decision(
        Kind.PENGADUAN, None, "lain", NOW + timedelta(days=3), "5 wd", "c", "wayan", "dibaca"
    )
    store.reclassify(number, decision, (), now=NOW)
    store.answer(open_case(store), "Sudah cair.", who="wayan", way="phone", recipient="", now=NOW)
    ask = store.examination()
    assert ask.integrity() == []
    assert ask.broken_references() == {}
    assert ask.missing_bytes() == []
    assert ask.without_deadline() == []
    assert ask.stuck(NOW) == 0
    assert [name for _, name in ask.changed_bytes()] == ["", ""]
    assert ask.newest_event() == NOW
    assert crosschecked(store) == []
    assert ask.size() > 0


def test_the_accounts_of_a_folder_tell_every_fate(store: Store) -> None:
    big = replace(arrival(item="1"), truncated=True)
    put(store, intake(arrival=big), intake(arrival=arrival(item="2"), message=None, error="x"))
    store.note_history("gmail", [Position("INBOX", "7", "3")], NOW)
    assert store.examination().accounts("gmail", "INBOX", "7") == {
        "1": Account(Fate.CASE, truncated=True),
        "2": Account(Fate.QUARANTINED, truncated=False),
        "3": Account(Fate.HISTORY, truncated=False),
    }
    assert store.examination().accounts("gmail", "INBOX", "8") == {}


def test_rows_that_refer_to_nothing_are_counted(store: Store, url: str) -> None:
    number = open_case(store)
    without_references(url, f"DELETE FROM cases WHERE number = '{number}'")
    assert store.examination().broken_references() == {
        "arrivals.number": 1,
        "complainants.number": 1,
        "events.number": 3,
        "notices.number": 1,
    }


def test_bytes_that_are_gone_or_changed_are_found(store: Store, url: str) -> None:
    put(store, *(intake(arrival=arrival(item=item)) for item in ("1", "2", "3")))
    names = dict(sql(url, "SELECT item, sha256 FROM arrivals"))
    sql(url, "DELETE FROM raws WHERE sha256 = :name", name=names["1"])
    sql(url, "UPDATE raws SET data = :junk WHERE sha256 = :name", junk=b"junk", name=names["2"])
    ask = store.examination()
    assert ask.missing_bytes() == ["gmail INBOX 1"]
    assert {name for _, name in ask.changed_bytes()} == {"", names["2"]}


def test_a_note_of_old_mail_needs_no_bytes(store: Store) -> None:
    store.note_history("gmail", [Position("INBOX", "7", "3")], NOW)
    assert store.examination().missing_bytes() == []


@pytest.mark.parametrize(
    ("verdict", "owed"),
    [
        (VERDICT, True),
        (replace(VERDICT, tier=None, certain=False), True),
        (replace(VERDICT, tier=None), False),
        (replace(VERDICT, kind=Kind.APRESIASI, tier=None), False),
    ],
)
def test_an_open_case_without_its_deadline_is_found(
    store: Store, verdict: object, owed: bool
) -> None:
    number = open_case(store, verdict=verdict, due_at=None, limit="")
    assert store.examination().without_deadline() == ([number] if owed else [])


def test_a_notice_counts_as_stuck_once_its_time_is_long_over(store: Store) -> None:
    open_case(store)
    assert store.examination().stuck(NOW + timedelta(minutes=1)) == 1
    assert store.examination().stuck(NOW) == 0


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ("team = 'lain'", "team"),
        ("tier = 'ringan'", "tier"),
        ("kind = 'apresiasi'", "kind"),
        ("due_at = '2027-11-24 03:30:15.123456'", "due_at"),
        ("due_at = NULL, promise = '60 wd'", "promise, due_at"),
        ("status = 'answered'", "status"),
        ("status = 'closed'", "status"),
        ("status = 'merged'", "status"),
    ],
)
def test_a_case_changed_behind_our_back_does_not_agree_with_its_log(
    store: Store, url: str, change: str, fields: str
) -> None:
    number, other = open_case(store), open_case(store)
    sql(url, f"UPDATE cases SET {change} WHERE number = '{number}'")
    assert crosschecked(store) == [Damage("", 0, number, "case_differs", fields)]
    assert store.verify() == []
    assert other


def test_an_answer_and_a_reply_agree_with_the_log(store: Store) -> None:
    number = open_case(store)
    store.answer(number, "Sudah cair.", who="wayan", way="phone", recipient="", now=NOW)
    assert crosschecked(store) == []
    put(store, intake(joins=number, message=message(text="Belum!")))
    assert crosschecked(store) == []


def test_a_case_merged_and_parted_again_agrees_with_its_log(store: Store) -> None:
    number, target = open_case(store), open_case(store)
    store.answer(number, "Sudah cair.", who="wayan", way="phone", recipient="", now=NOW)
    store.merging.merge(number, target, (), who="wayan", why="sama", now=NOW)
    assert crosschecked(store) == []
    store.merging.unmerge(number, who="wayan", why="keliru", now=NOW)
    assert crosschecked(store) == []


def test_a_case_whose_log_was_removed_is_found(store: Store, url: str) -> None:
    number = open_case(store)
    sql(url, f"DELETE FROM events WHERE number = '{number}'")
    assert crosschecked(store) == [Damage("", 0, number, "case_unlogged")]


def test_a_case_removed_with_its_log_kept_is_found(store: Store, url: str) -> None:
    number = open_case(store)
    without_references(url, f"DELETE FROM cases WHERE number = '{number}'")
    assert crosschecked(store) == [Damage("", 0, number, "case_gone")]


def test_a_whole_case_removed_leaves_a_hole_in_its_chain(store: Store, url: str) -> None:
    gone, _kept = open_case(store), open_case(store)
    for table in ("events", "notices", "arrivals", "complainants", "cases"):
        sql(url, f"DELETE FROM {table} WHERE number = '{gone}'")
    assert [(one.seq, one.what) for one in store.verify()] == [(1, "missing")]


def test_the_last_case_removed_whole_is_missed_at_the_end_of_its_chain(
    store: Store, url: str
) -> None:
    _kept, gone = open_case(store), open_case(store)
    for table in ("events", "notices", "arrivals", "complainants", "cases"):
        sql(url, f"DELETE FROM {table} WHERE number = '{gone}'")
    assert store.verify() == [Damage("gmail", 6, "", "missing")]


def cut_off_with_its_head(url: str) -> None:
    """What the chain alone cannot show: the attacker moves the head back too."""
    sql(url, "DELETE FROM events WHERE seq > 3")
    sql(url, "UPDATE chains SET seq = 3, hash = (SELECT hash FROM events WHERE seq = 3)")


def test_a_witness_stays_true_while_the_log_grows(store: Store) -> None:
    ask = store.examination()
    empty = ask.witness()
    open_case(store)
    noted = ask.witness()
    assert noted.startswith("gmail:3=")
    open_case(store)
    open_case(store, channel="webmail")
    store.record(open_case(store), "staff.noted", "wayan", {"text": "x"}, NOW)
    assert all(ask.holds(one) for one in (empty, noted, f" {noted}\n", ask.witness()))
    assert ask.witness().startswith("gmail:9+staff:1+webmail:3=")


def test_a_witness_finds_a_log_cut_off_together_with_its_head(store: Store, url: str) -> None:
    open_case(store)
    early = store.examination().witness()
    open_case(store)
    noted = store.examination().witness()
    cut_off_with_its_head(url)
    assert store.verify() == []
    assert store.examination().holds(early)
    assert not store.examination().holds(noted)


def test_a_witness_finds_a_chain_written_anew(store: Store, url: str) -> None:
    open_case(store)
    noted = store.examination().witness()
    sql(url, "UPDATE events SET hash = 'forged' WHERE seq = 3")
    sql(url, "UPDATE chains SET hash = 'forged'")
    assert not store.examination().holds(noted)


@pytest.mark.parametrize("text", ["abc", "gmail=0", "gmail:3=xyz", "gmail:3"])
def test_what_is_no_witness_is_refused(store: Store, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        store.examination().holds(text)


def test_checking_while_others_write_raises_no_false_alarm(store: Store, url: str) -> None:
    stop = threading.Event()
    writer = Store(url)

    def write() -> None:
        while not stop.is_set():
            number = open_case(writer)
            writer.answer(number, "Sudah.", who="wayan", way="phone", recipient="", now=NOW)

    put(store, *(intake() for _ in range(400)))
    busy = threading.Thread(target=write)
    busy.start()
    try:
        found = [store.verify() + crosschecked(store) for _ in range(15)]
        noted = store.examination().witness()
        held = store.examination().holds(noted)
    finally:
        stop.set()
        busy.join()
        writer.close()
    assert found == [[]] * 15
    assert held
