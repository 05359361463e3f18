"""What the sealed column types put into a database, and what they give back."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, insert, select

from store.errors import KeyFileWrong, KeyMissing, KeyUnknown, SealBroken
from store.keyring import Keyring
from store.sealing import Keyed, Sealed, SealedBytes, SealedJson, give

RING = Keyring.fresh()
STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSON = st.recursive(STORABLE | st.integers() | st.booleans(), st.lists)
TABLE = Table(
    "people",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", Sealed("people.name")),
    Column("said", SealedJson("people.said")),
    Column("raw", SealedBytes("people.raw")),
    Column("found", Keyed),
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://")
    TABLE.metadata.create_all(made)
    give(made, RING)
    yield made
    made.dispose()


def put(engine: Engine, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(insert(TABLE), [values])


def stored(engine: Engine) -> tuple[object, ...]:
    with engine.connect() as connection:
        return tuple(connection.exec_driver_sql("SELECT name, said, raw FROM people").one())


def test_what_is_stored_comes_back_and_cannot_be_read_in_the_database(engine: Engine) -> None:
    put(engine, name="Zamrud", said={"text": "Zamrud"}, raw=b"Zamrud", found="Zamrud")
    with engine.connect() as connection:
        row = connection.execute(select(TABLE)).one()
        dump = "\n".join(engine.raw_connection().driver_connection.iterdump())  # type: ignore[union-attr]
    assert (row.name, row.said, row.raw) == ("Zamrud", {"text": "Zamrud"}, b"Zamrud")
    assert "Zamrud" not in dump
    assert b"Zamrud".hex().upper() not in dump.upper()


def test_a_keyed_text_is_found_by_its_value_only_with_the_key(engine: Engine) -> None:
    put(engine, found="warga@contoh.test")
    wanted = select(TABLE.c.id).where(TABLE.c.found == "warga@contoh.test")
    with engine.connect() as connection:
        assert connection.scalar(wanted) == 1
        written = connection.scalar(select(TABLE.c.found))
        assert connection.scalar(select(TABLE.c.id).where(TABLE.c.found == written)) == 1
    assert str(written).startswith("#")
    give(engine, Keyring.fresh())
    with engine.connect() as connection:
        assert connection.scalar(wanted) is None


def test_nothing_empty_is_sealed(engine: Engine) -> None:
    put(engine, name="", said={}, raw=b"")
    assert stored(engine) == ("", "{}", b"")
    with engine.connect() as connection:
        assert connection.scalar(select(TABLE.c.id).where(TABLE.c.name == "")) == 1


def test_a_value_moved_to_another_column_is_not_opened(engine: Engine) -> None:
    put(engine, name="Zamrud")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE people SET said = name")
        with pytest.raises(SealBroken) as caught:
            connection.execute(select(TABLE.c.said)).all()
    assert caught.value.values == {"place": "people.said", "used": RING.current}


def test_a_changed_value_is_not_opened(engine: Engine) -> None:
    put(engine, name="Zamrud")
    (name, *_) = stored(engine)
    assert isinstance(name, bytes)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE people SET name = ?", (name[:-1] + bytes([name[-1] ^ 1]),)
        )
        with pytest.raises(SealBroken):
            connection.execute(select(TABLE.c.name)).all()


def test_without_a_key_sealed_values_are_not_opened_and_plain_ones_are(engine: Engine) -> None:
    put(engine, name="Zamrud")
    give(engine, None)
    put(engine, name="terang")
    with engine.connect() as connection:
        assert connection.scalar(select(TABLE.c.name).where(TABLE.c.id == 2)) == "terang"
        with pytest.raises(KeyMissing):
            connection.execute(select(TABLE.c.name)).all()


def test_plain_values_from_before_the_key_are_read_with_it(engine: Engine) -> None:
    give(engine, None)
    put(engine, name="terang", said=["a"], raw=b"x\x9c")
    give(engine, RING)
    with engine.connect() as connection:
        row = connection.execute(select(TABLE)).one()
    assert (row.name, row.said, row.raw) == ("terang", ["a"], b"x\x9c")


def test_values_of_an_older_key_are_read_after_a_new_one_came(engine: Engine) -> None:
    put(engine, name="lama")
    newer = RING.rotated()
    give(engine, newer)
    put(engine, name="baru")
    with engine.connect() as connection:
        assert list(connection.scalars(select(TABLE.c.name))) == ["lama", "baru"]
    give(engine, newer.newest())
    with engine.connect() as connection, pytest.raises(KeyUnknown) as caught:
        connection.execute(select(TABLE.c.name)).all()
    assert caught.value.values["used"] == RING.current


def test_the_database_is_not_asked_what_it_cannot_know() -> None:
    with pytest.raises(TypeError, match="sealed"):
        TABLE.c.name.contains("Zam")
    with pytest.raises(TypeError, match="sealed"):
        TABLE.c.name == "Zamrud"  # noqa: B015 - it is the comparison that raises
    with pytest.raises(TypeError, match="sealed"):
        TABLE.c.name + "!"


@given(STORABLE, JSON)
def test_every_text_and_every_json_comes_back(text: str, value: object) -> None:
    engine = create_engine("sqlite://")
    give(engine, RING)
    kinds = (
        (Sealed("a.b"), text),
        (SealedJson("a.c"), [value]),
        (SealedBytes("a.d"), text.encode()),
    )
    for kind, given_value in kinds:
        kept = kind.process_bind_param(given_value, engine.dialect)
        assert kind.process_result_value(kept, engine.dialect) == given_value


def test_a_key_file_is_read_as_it_was_written_and_shows_nothing_when_printed() -> None:
    text = "# kunci muara\n\n" + "\n".join(RING.lines()) + "\n"
    again = Keyring.parse(text)
    assert again.lines() == RING.lines()
    assert again.derived("x") == RING.derived("x")
    assert all(line.split()[1] not in repr(again) for line in RING.lines())


@pytest.mark.parametrize(
    ("spoilt", "line"),
    [
        ("rahasia\n", "1"),
        ("# ya\nlookup AAAA\n", "2"),
        ("", "-"),
        (RING.lines()[0], "-"),
        (RING.lines()[1], "-"),
        ("\n".join(RING.lines()).replace("=", "!"), "1"),
    ],
    ids=["words", "short", "empty", "lookup only", "no lookup", "no base64"],  # keys are random
)
def test_a_spoilt_key_file_is_named_by_its_line_and_never_quoted(spoilt: str, line: str) -> None:
    with pytest.raises(KeyFileWrong) as caught:
        Keyring.parse(spoilt)
    assert caught.value.values == {"line": line}
