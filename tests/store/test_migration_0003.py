"""The third migration: a channel known before it is not called silent by a start that nobody knows."""

from alembic import command
from alembic.config import Config

from store import Store, migrate
from store.engine import Database
from store.types import ChannelState
from tests.store.samples import sql

ROW = (
    "INSERT INTO channels (name, health, failures, last_success, last_arrival, next_due, error, "
    "arrivals, told_down) VALUES ('{name}', 'healthy', 0, {success}, {arrival}, "
    "'2026-11-24 03:00:00.000000', '', 0, {no})"
)


def at_revision_two(url: str) -> None:
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    with database.alone() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    database.close()


def upgraded(url: str) -> dict[str, ChannelState]:
    store = Store(url)
    store.upgrade()
    states = {state.name: state for state in store.channel_states()}
    store.close()
    return states


def test_a_channel_counts_from_what_its_row_says(empty_url: str) -> None:
    at_revision_two(empty_url)
    no = "0" if empty_url.startswith("sqlite") else "false"
    success, arrival = "'2026-11-20 03:00:00.000000'", "'2026-11-19 03:00:00.000000'"
    sql(empty_url, ROW.format(name="both", success=success, arrival=arrival, no=no))
    sql(empty_url, ROW.format(name="read", success=success, arrival="NULL", no=no))
    sql(empty_url, ROW.format(name="never", success="NULL", arrival="NULL", no=no))
    states = upgraded(empty_url)
    days = {name: state.known_since and state.known_since.day for name, state in states.items()}
    assert days == {"both": 19, "read": 20, "never": 24}
