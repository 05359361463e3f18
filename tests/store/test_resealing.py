"""From an open database to a sealed one, from one key to the next, and what is said without the key."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from channels.types import Address, Message
from store import Store, keyfile
from store.errors import KeyMissing, KeyNone, KeyOther, KeyUnknown, SealBroken
from store.keyring import Keyring
from store.models import Base
from store.resealing import Use
from store.types import NoticeKind, Ticket, TicketFilter
from tests.store.samples import NOW, behind, message, open_case, sql

NAME = "Zamrudwati"
RING = Keyring.fresh()


@pytest.fixture
def url(own_url: str) -> str:
    """These tests look at every byte: each has a database that no other test uses."""
    return own_url


@contextmanager
def opened(url: str, keyring: Keyring | None) -> Iterator[Store]:
    store = Store(url, keyring=keyring, message_domain="muara.test")
    try:
        yield store
    finally:
        store.close()


def told(name: str) -> Message:
    return message(
        sender=Address(name, f"{name.lower()}@warga.test"),
        subject=f"Tentang {name}",
        text=f"Saya {name}, hibah pura belum cair.",
        reply_text=f"Saya {name}, hibah pura belum cair.",
        phone="081234567890",
        location=f"Banjar {name}",
    )


def with_cases(store: Store, count: int = 3) -> list[str]:
    numbers = [open_case(store, message=told(f"{NAME}{place}")) for place in range(count)]
    store.working.note(numbers[0], f"{NAME} menelepon lagi", who="ketut", now=NOW)
    store.set_value("token", f"{NAME}-token")
    return numbers


def everything(url: str) -> bytes:
    """All that the database holds, as bytes."""
    with behind(url) as connection:
        if connection.dialect.name == "sqlite":
            file = Path(str(connection.engine.url.database))
            return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))
        rows: list[str] = []
        for table in [*(t.name for t in Base.metadata.sorted_tables), "case_words"]:
            rows += connection.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
    return "\n".join(rows).encode()


def readable(url: str) -> bool:
    """Whether the name stands anywhere in the database, in letters or in PostgreSQL's way to show bytes."""
    found = everything(url).lower()
    name = NAME.lower().encode()
    capital = NAME.encode().hex().encode()
    return name in found or name.hex().encode() in found or capital in found


def tickets(store: Store, numbers: list[str]) -> list[Ticket | None]:
    return [store.ticket(number) for number in numbers]


def test_no_name_stands_in_a_sealed_database(url: str) -> None:
    with opened(url, RING) as store:
        store.upgrade()
        (number, *_) = with_cases(store)
        ticket = store.ticket(number)
        assert ticket is not None
        assert ticket.complainant.name == f"{NAME}0"
        assert not readable(url)  # also while it is open: the write-ahead log
    assert not readable(url)


def test_an_open_database_shows_what_this_test_looks_for(url: str) -> None:
    with opened(url, None) as store:
        with_cases(store)
    assert readable(url)


def test_what_was_open_is_sealed_and_reads_the_same(url: str) -> None:
    with opened(url, None) as store:
        numbers = with_cases(store)
        before, heads = tickets(store, numbers), store.heads()
    said: list[tuple[int, int]] = []
    with opened(url, RING) as store:
        assert store.upgrade(lambda done, total: said.append((done, total)))
        assert tickets(store, numbers) == before
        assert store.heads() == heads
        assert store.verify() == []
        assert store.value("token") == f"{NAME}-token"
        assert [t.number for t in store.tickets(TicketFilter(words="menelepon"))] == numbers[:1]
        assert store.seals.left() == 0
        assert not store.upgrade()
    assert said[-1][0] == said[-1][1] > 0
    assert not readable(url)


def test_search_finds_the_same_sealed_or_not(url: str) -> None:
    words = (
        "hibah",
        "hib",
        "HIBAH pura",
        "zamrud",
        "cair belum",
        "081",
        "tidak ada",
        "zamrudwati1",
    )
    with opened(url, None) as store:
        with_cases(store)
        before = [[t.number for t in store.tickets(TicketFilter(words=w))] for w in words]
    with opened(url, RING) as store:
        store.upgrade()
        after = [[t.number for t in store.tickets(TicketFilter(words=w))] for w in words]
    assert after == before
    assert any(before)


def test_without_its_key_a_sealed_database_is_not_opened(url: str) -> None:
    with opened(url, RING) as store:
        store.upgrade()
        with_cases(store)
    with opened(url, None) as store, pytest.raises(KeyMissing):
        store.upgrade()


def test_with_another_key_a_sealed_database_is_not_opened(url: str) -> None:
    with opened(url, RING) as store:
        store.upgrade()
    with opened(url, Keyring.fresh()) as store, pytest.raises(KeyUnknown) as caught:
        store.upgrade()
    assert caught.value.values["used"] == RING.current


def test_the_right_key_beside_a_wrong_one_for_finding_is_refused(url: str) -> None:
    with opened(url, RING) as store:
        store.upgrade()
    lookup = Keyring.fresh().lines()[0]
    mixed = Keyring.parse("\n".join([lookup, *RING.lines()[1:]]))
    with opened(url, mixed) as store, pytest.raises(KeyOther):
        store.upgrade()


def test_a_key_of_the_same_id_that_is_another_is_refused(url: str) -> None:
    with opened(url, RING) as store:
        store.upgrade()
    value = Keyring.fresh().lines()[1].split()[1]
    forged = Keyring.parse("\n".join([RING.lines()[0], f"{RING.current} {value}"]))
    with opened(url, forged) as store, pytest.raises(SealBroken):
        store.upgrade()


def test_nothing_is_stored_before_there_is_a_key(empty_url: str) -> None:
    store = Store(empty_url, must_seal=True)
    with pytest.raises(KeyNone):
        store.upgrade()
    store.close()


def test_a_new_key_takes_over_everything(url: str) -> None:
    newer = RING.rotated()
    with opened(url, RING) as store:
        store.upgrade()
        numbers = with_cases(store)
        before = tickets(store, numbers)
    with opened(url, newer) as store:
        assert store.upgrade()
        assert {one.key for one in store.seals.uses()} == {newer.current}
    with opened(url, newer.newest()) as store:
        store.upgrade()
        assert tickets(store, numbers) == before
        assert [t.number for t in store.tickets(TicketFilter(words="menelepon"))] == numbers[:1]
        assert store.notices_since("kesra@office.test", NoticeKind.TEAM_NEW, NOW) == len(numbers)


def test_who_still_has_the_old_key_cannot_seal_with_it(url: str) -> None:
    newer = RING.rotated()
    with opened(url, RING) as stale:
        stale.upgrade()
        with opened(url, newer) as store:
            store.upgrade()
        with pytest.raises(KeyUnknown):
            stale.set_value("token", NAME)


def test_the_old_key_goes_only_when_everything_opens_without_it(url: str, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "muara.key"
    file.parent.mkdir()
    newer = RING.rotated()
    keyfile.create(file, newer, heading="Kunci\nSimpan salinannya.", owner_of=tmp_path)
    with opened(url, RING) as store:
        store.upgrade()
        with_cases(store)
    with opened(url, newer) as store:
        with pytest.raises(KeyUnknown):
            store.seals.drop_older_keys(file)
        assert Keyring.parse(file.read_text()).ids == newer.ids
        store.upgrade()
        store.seals.drop_older_keys(file)
    assert Keyring.parse(file.read_text()).ids == (newer.current,)
    assert file.read_text().startswith("# Kunci\n# Simpan salinannya.\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_counted_names_every_key(url: str) -> None:
    with opened(url, None) as store:
        with_cases(store)
        ((key, plain),) = store.seals.uses()
    assert (key, plain > 10) == ("", True)
    with opened(url, RING) as store:
        store.upgrade()
        assert store.seals.uses() == [Use(RING.current, plain)]


def test_an_event_whose_seal_was_broken_shows_as_changed(url: str) -> None:
    with opened(url, RING) as store:
        store.upgrade()
        number = with_cases(store)[0]
        other = "(SELECT details FROM events WHERE what = 'staff.noted')"
        sql(url, f"UPDATE events SET details = {other} WHERE what = 'complaint.received'")
        assert {damage.what for damage in store.verify()} == {"changed"}
        sql(url, "UPDATE events SET details = (SELECT name FROM complainants LIMIT 1)")
        assert {damage.what for damage in store.verify()} == {"changed"}
    assert number


KILLED = """
import os, sys
from store import Store
from store.keyring import Keyring

url, at, keys = sys.argv[1], int(sys.argv[2]), sys.argv[3]
store = Store(url, keyring=Keyring.parse(keys))


def die(done, total):
    if done >= at:
        os.kill(os.getpid(), 9)


store.upgrade(die)
"""


@pytest.mark.parametrize("at", [1, 6, 12])
@pytest.mark.parametrize("was", ["open", "sealed"])
def test_a_kill_in_the_middle_loses_nothing_and_the_next_start_goes_on(
    url: str, at: int, was: str
) -> None:
    before = RING if was == "sealed" else None
    after = RING.rotated() if was == "sealed" else RING
    with opened(url, before) as store:
        store.upgrade()
        numbers = with_cases(store)
        as_it_was = tickets(store, numbers)
    keys = "\n".join(after.lines())
    killed = subprocess.run([sys.executable, "-c", KILLED, url, str(at), keys], check=False)
    assert killed.returncode == -9
    with opened(url, after) as store:
        assert store.seals.left() > 0
        assert tickets(store, numbers) == as_it_was  # half of it under another key
        store.upgrade()
        assert store.seals.left() == 0
        assert tickets(store, numbers) == as_it_was
        assert store.verify() == []
    assert not readable(url)


def test_a_backup_holds_no_name_and_needs_the_key(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'muara.db'}"
    copy = tmp_path / "copy.db"
    with opened(url, RING) as store:
        store.upgrade()
        with_cases(store)
        store.back_up(copy)
        assert store.seals.plain_copies(tmp_path) == []
    assert NAME.encode() not in copy.read_bytes()
    with opened(url, RING) as store:
        restored = store.restore(copy, NOW, anyway=False)
        assert restored.copy.cases == 3


def test_a_backup_from_before_the_key_is_sealed_when_it_is_restored(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'muara.db'}", tmp_path / "copy.db"
    with opened(url, None) as store:
        store.upgrade()
        with_cases(store)
        store.back_up(copy)
    with opened(url, RING) as store:
        store.upgrade()
        assert store.seals.plain_copies(tmp_path) == [copy]
        store.restore(copy, NOW, anyway=False)
    assert NAME.encode() not in (tmp_path / "muara.db").read_bytes()


def test_a_value_that_does_not_open_is_found_and_the_mail_it_was_is_named(url: str) -> None:
    with opened(url, RING) as store:
        store.upgrade()
        with_cases(store)
        assert store.seals.broken() == ""
        sql(url, "UPDATE complainants SET name = phone")
        assert store.seals.broken() == "complainants.name"
