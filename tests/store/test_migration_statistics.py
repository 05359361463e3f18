"""The migrations of the monthly evaluation: what lasts goes over, and says since when it is written down."""

from alembic import command
from alembic.config import Config

from store import Store, migrate
from store.engine import Database
from store.types.statistics import OutageKind
from tests.store.samples import sql
from tests.store.test_statistics import read

CHANNEL = (
    "INSERT INTO channels (name, health, failures, last_success, next_due, error, arrivals, "
    "told_down, silent_since) VALUES ('{name}', 'down', 1, '2026-11-20 03:00:00.000000', "
    "'2026-11-24 03:00:00.000000', '', 0, {down}, {silent})"
)


def at_revision(url: str, revision: str) -> None:
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    with database.alone() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()


def test_outages_that_last_go_over_and_the_page_can_say_since_when(empty_url: str) -> None:
    at_revision(empty_url, "0007")
    yes, no = ("1", "0") if empty_url.startswith("sqlite") else ("true", "false")
    silent = "'2026-11-22 03:00:00.000000'"
    sql(empty_url, CHANNEL.format(name="down", down=yes, silent="NULL"))
    sql(empty_url, CHANNEL.format(name="silent", down=no, silent=silent))
    sql(empty_url, CHANNEL.format(name="fine", down=no, silent="NULL"))
    store = Store(empty_url)
    store.upgrade()
    found = read(store)
    store.close()
    assert [(one.channel, one.kind, one.began_at.day) for one in found.outages] == [
        ("down", OutageKind.DOWN, 20),
        ("silent", OutageKind.SILENT, 22),
    ]
    assert found.outages_since is not None
