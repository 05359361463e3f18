"""[escalation]: who is reminded, and every mistake told where it stands."""

from datetime import time
from pathlib import Path

import pytest

from classify.stages import Stage
from config.init import Written, write
from config.settings import examine, load
from ingest.escalation import Role
from wiring.reminding import plan_of


@pytest.fixture
def written(tmp_path: Path) -> Written:
    made = write(tmp_path / "muara", command=Path("/bin/true"))
    for name in ("gmail", "webmail"):
        (made.secrets / name).write_text("sandi\n")
        (made.secrets / name).chmod(0o600)
    text = made.config.read_text("utf-8")
    made.config.write_text(text.replace("members = []", 'members = ["petugas@example.id"]'))
    return made


def change(written: Written, line: str, other: str) -> None:
    text = written.config.read_text("utf-8")
    assert line in text
    written.config.write_text(text.replace(line, other), "utf-8")


def problems(written: Written) -> list[tuple[str, str]]:
    return [(problem.key, problem.sentence) for problem in examine(written.config)[1]]


def test_what_init_writes_reminds_at_half_at_80_percent_and_at_the_end(written: Written) -> None:
    plan = plan_of(load(written.config).escalation)
    assert (plan.enabled, plan.digest_at, plan.empty_digest) == (True, time(7, 45), False)
    assert (plan.shares.half, plan.shares.soon, plan.supervisor_after) == (50, 80, 3)
    assert plan.told == {
        Stage.HALF: (Role.PERSON,),
        Stage.SOON: (Role.PERSON, Role.TEAM),
        Stage.PASSED: (Role.PERSON, Role.TEAM, Role.HEAD),
    }
    assert plan.late(2) == (Role.PERSON, Role.TEAM, Role.HEAD)
    assert plan.late(3) == tuple(Role)


def test_without_the_table_it_is_the_same(written: Written) -> None:
    plan = plan_of(load(written.config).escalation)
    text = written.config.read_text("utf-8")
    start, end = text.index("[escalation]"), text.index("[rules]")
    written.config.write_text(text[:start] + text[end:], "utf-8")
    assert plan_of(load(written.config).escalation) == plan


def test_one_address_needs_no_list(written: Written) -> None:
    change(written, "head = []", 'head = "kabag@example.id"')
    assert load(written.config).escalation.head == ("kabag@example.id",)


@pytest.mark.parametrize(
    ("line", "other", "key"),
    [
        ('digest_at = "07:45"', 'digest_at = "25:00"', "digest_at"),
        ('digest_at = "07:45"', "digest_at = 7", "digest_at"),
        ("half_percent = 50", "half_percent = 0", "half_percent"),
        ("soon_percent = 80", "soon_percent = 100", "soon_percent"),
        ("head = []", 'head = ["bukan alamat"]', "head"),
        ('# daily = ["person"', 'daily = ["bupati"', "daily"),
        ("supervisor_after_days = 3", "supervisor_after_day = 3", "supervisor_after_day"),
    ],
)
def test_a_mistake_is_told_where_it_stands(
    written: Written, line: str, other: str, key: str
) -> None:
    change(written, line, other)
    ((where, sentence),) = problems(written)
    assert where.startswith(f"escalation.{key}")
    assert sentence


def test_shares_that_do_not_rise_are_told(written: Written) -> None:
    change(written, "half_percent = 50", "half_percent = 90")
    ((where, sentence),) = problems(written)
    assert where == "escalation"
    assert "soon_percent" in sentence


def test_reminders_to_a_mailbox_that_we_read_would_come_back(written: Written) -> None:
    change(written, "head = []", 'head = ["kesrasetda@bulelengkab.go.id"]')
    ((where, sentence),) = problems(written)
    assert where.startswith("escalation.head")
    assert "kembali sebagai pengaduan" in sentence
