"""What stands for telephone numbers and mailboxes in the database cannot be tried out by who has the file."""

from store import Store
from store.keyring import Keyring
from store.types import Comparable
from tests.store.samples import NOW, open_case, sql

PHONE = 4711


def case(store: Store) -> Comparable:
    number = open_case(store)
    found = store.duplicates.uncompared(NOW.replace(year=2020), 10)
    return next(one for one in found if one.number == number)


def test_a_key_is_found_again_but_does_not_stand_in_the_file(own_url: str) -> None:
    store = Store(own_url, keyring=Keyring.fresh())
    store.upgrade()
    first, second = case(store), case(store)
    store.duplicates.compared(first, [PHONE], ())
    alike = store.duplicates.sharing([PHONE], second, NOW.replace(year=2020), 5)
    assert [one.number for one in alike] == [first.number]
    assert store.duplicates.sharing([PHONE + 1], second, NOW.replace(year=2020), 5) == []
    store.close()
    assert PHONE not in [key for (key,) in sql(own_url, "SELECT key FROM case_keys")]


def test_keys_made_before_there_was_one_are_made_again(own_url: str) -> None:
    plain = Store(own_url)
    first = case(plain)
    plain.duplicates.compared(first, [PHONE], ())
    plain.close()
    store = Store(own_url, keyring=Keyring.fresh())
    store.upgrade()
    again = store.duplicates.uncompared(NOW.replace(year=2020), 10)
    assert [one.number for one in again] == [first.number]
    store.close()
