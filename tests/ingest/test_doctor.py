"""The ledger against what lies in a channel, and what a health check says about it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ingest.checks
from channels.base import Channel
from channels.errors import Temporary
from channels.manual import ManualChannel
from channels.memory import MemoryChannel
from classify.types import Medium
from config.texts import Texts
from ingest.checks import DatabaseChecks, Surroundings
from ingest.daily import DailyBackup
from ingest.doctor import ChannelDoctor
from ingest.findings import Finding, Grade
from ingest.reconcile import Reconciled
from store.types import Fate
from tests.ingest.workshop import NOW, Workshop
from tests.store.samples import sql


def doctor(shop: Workshop) -> ChannelDoctor:
    return ChannelDoctor(shop.store, Texts("id"), shop.clock, pause=0)


def examined(shop: Workshop, channel: Channel) -> tuple[list[Reconciled], dict[str, Grade]]:
    """The folders, and the grade of every check; each sentence is complete in both languages."""
    found = list(doctor(shop).examine(channel))
    findings = [one for one in found if isinstance(one, Finding)]
    told(findings)
    folders = [one for one in found if isinstance(one, Reconciled)]
    return folders, {one.check: one.grade for one in findings}


def told(findings: Sequence[Finding]) -> None:
    for language in ("id", "en"):
        for one in findings:
            assert Texts(language)(f"doctor.{one.check}_{one.grade}", **one.values)


def forget(shop: Workshop, item: str) -> None:
    """Take an item out of the ledger, as no program of ours would."""
    sql(f"sqlite:///{shop.site.database}", f"DELETE FROM arrivals WHERE item = '{item}'")


def polled(shop: Workshop, *mails: bytes) -> None:
    """Let mails arrive, and a poll take them in a minute later."""
    for raw in mails:
        shop.mailbox.push(raw, shop.clock())
    shop.clock.pass_(minutes=1)
    shop.run(shop.turn(shop.mailbox))


def test_what_came_in_is_accounted_for_by_its_fate(shop: Workshop) -> None:
    same = shop.mail()
    machine = shop.mail(Auto_Submitted="auto-replied")
    polled(shop, shop.mail("Jalan ke pura rusak parah."), same, same, machine)
    (folder,), grades = examined(shop, shop.mailbox)
    assert folder.there == 4
    assert folder.fates == {Fate.CASE: 2, Fate.MERGED: 1, Fate.MACHINE: 1}
    assert folder.missing == folder.waiting == ()
    assert grades == {"ledger": Grade.FINE, "polled": Grade.FINE}


def test_what_the_ledger_lost_is_missing_until_the_next_poll(shop: Workshop) -> None:
    polled(shop, shop.mail(), shop.mail("Jalan ke pura rusak parah."))
    forget(shop, "1")
    (folder,), grades = examined(shop, shop.mailbox)
    assert [(one.item, one.received_at) for one in folder.missing] == [("1", NOW)]
    assert grades["ledger"] is Grade.PROBLEM
    polled(shop)
    (folder,), grades = examined(shop, shop.mailbox)
    assert folder.missing == ()
    assert folder.fates == {Fate.CASE: 1, Fate.MERGED: 1}
    assert grades["ledger"] is Grade.FINE


def test_what_came_after_the_last_poll_only_waits_for_its_turn(shop: Workshop) -> None:
    polled(shop, shop.mail())
    shop.clock.pass_(seconds=20)
    shop.mailbox.push(shop.mail(), shop.clock())
    (folder,), grades = examined(shop, shop.mailbox)
    assert [one.item for one in folder.waiting] == ["2"]
    assert folder.missing == ()
    assert grades["ledger"] is Grade.NOTE


def test_a_second_is_the_servers_smallest_part_of_time(shop: Workshop) -> None:
    polled(shop)
    received_at = shop.clock().replace(microsecond=0)
    shop.clock.pass_(seconds=0.9)
    shop.run(shop.turn(shop.mailbox))
    shop.mailbox.push(shop.mail(), received_at)
    (folder,), _ = examined(shop, shop.mailbox)
    assert (len(folder.waiting), len(folder.missing)) == (1, 0)


def test_before_the_first_poll_everything_is_missing(shop: Workshop) -> None:
    shop.mailbox.push(shop.mail(), NOW)
    (folder,), grades = examined(shop, shop.mailbox)
    assert len(folder.missing) == 1
    assert grades == {"ledger": Grade.PROBLEM, "polled": Grade.PROBLEM}


def test_a_channel_that_cannot_be_reached_is_a_finding(shop: Workshop) -> None:
    shop.mailbox.trouble = Temporary("imap_timeout", host="mail.kantor.test", port=993)
    found = list(doctor(shop).examine(shop.mailbox))
    assert [one.check for one in found if isinstance(one, Finding)] == ["reach", "polled"]
    assert "mail.kantor.test" in str(found[0])


def test_a_bug_in_a_channel_is_a_finding(shop: Workshop) -> None:
    shop.mailbox.trouble = ZeroDivisionError("satu")  # type: ignore[assignment]
    _, grades = examined(shop, shop.mailbox)
    assert grades["reach"] is Grade.PROBLEM


def test_a_channel_that_cannot_be_asked_says_what_is_not_proved(shop: Workshop) -> None:
    folders, grades = examined(shop, ManualChannel(Medium.PHONE, ()))
    assert folders == []
    assert grades["unproven"] is Grade.NOTE


def test_a_feed_has_sentences_of_its_own(shop: Workshop) -> None:
    feed = MemoryChannel("lapor", Medium.LAPOR)
    assert examined(shop, feed)[1]["feed"] is Grade.FINE
    feed.push(b"laporan", NOW)
    assert examined(shop, feed)[1]["feed"] is Grade.PROBLEM


def test_a_channel_whose_polls_fail_or_have_stopped_is_a_problem(shop: Workshop) -> None:
    polled(shop, shop.mail())
    shop.clock.pass_(hours=2)
    assert examined(shop, shop.mailbox)[1]["late"] is Grade.PROBLEM
    shop.mailbox.trouble = Temporary("imap_timeout", host="mail.kantor.test", port=993)
    shop.run(shop.turn(shop.mailbox))
    shop.mailbox.trouble = None
    assert examined(shop, shop.mailbox)[1]["failing"] is Grade.PROBLEM


# The database


def checks(shop: Workshop, *, deep: bool = False, **around: Any) -> dict[str, Grade]:
    parts = shop.parts
    folder, backups = shop.site.folder, shop.site.folder / "data" / "backup"
    usual = Surroundings(folder, backups, parts.office.calendar, Texts("id"), shop.clock)
    around_it = replace(usual, **around)
    found = list(DatabaseChecks(shop.store, around_it).run(deep=deep, progress=lambda _count: None))
    told(found)
    return {one.check: one.grade for one in found}


def test_deadlines_that_have_yet_to_follow_the_calendar_are_counted(shop: Workshop) -> None:
    shop.opened()
    shop.site.extra += "[calendar]\nlunch_stops_clock = true\n"
    shop.reopen()
    assert checks(shop, behind=shop.parts.dates.behind)["behind"] is Grade.NOTE
    shop.parts.dates.refresh()
    assert checks(shop, behind=shop.parts.dates.behind)["behind"] is Grade.FINE


def test_an_office_in_order_has_no_problem(shop: Workshop) -> None:
    shop.opened()
    shop.send()
    grades = checks(shop, deep=True)
    assert set(grades.values()) <= {Grade.FINE, Grade.NOTE}
    assert len(grades) == 17


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE events SET who = 'x' WHERE seq = 1", "chain"),
        ("UPDATE cases SET team = 'x'", "cases"),
        ("UPDATE cases SET due_at = NULL", "deadlines"),
        ("DELETE FROM raws", "bytes"),
        ("UPDATE raws SET data = x'00'", "deep"),
        ("UPDATE raws SET data = substr(data, 1, 20)", "opened"),
        ("UPDATE complainants SET name = 'terang'", "seals"),
        ("UPDATE arrivals SET number = 'MR-XXXX-XXX'", "references"),
    ],
)
def test_each_kind_of_damage_is_a_problem(shop: Workshop, change: str, check: str) -> None:
    shop.opened()
    sql(f"sqlite:///{shop.site.database}", change)
    assert checks(shop, deep=True)[check] is Grade.PROBLEM


def test_a_table_that_is_gone_does_not_hide_what_the_other_checks_say(shop: Workshop) -> None:
    shop.opened()
    sql(f"sqlite:///{shop.site.database}", "DROP TABLE raws")
    grades = checks(shop)
    assert grades["question"] is Grade.PROBLEM
    assert grades["chain"] is Grade.FINE


def test_notices_that_nobody_sends_are_a_problem_after_half_an_hour(shop: Workshop) -> None:
    shop.opened()
    assert checks(shop)["stuck"] is Grade.FINE
    shop.clock.pass_(minutes=31)
    assert checks(shop)["stuck"] is Grade.PROBLEM


def test_a_clock_set_back_is_a_problem(shop: Workshop) -> None:
    shop.opened()
    shop.clock.pass_(minutes=-1)
    assert checks(shop)["clock"] is Grade.FINE
    shop.clock.pass_(hours=-1)
    assert checks(shop)["clock"] is Grade.PROBLEM


def test_quarantine_and_undecreed_leave_are_notes(shop: Workshop) -> None:
    shop.opened()
    quarantined = "UPDATE arrivals SET fate = 'quarantined'"
    sql(f"sqlite:///{shop.site.database}", quarantined)
    calendar = replace(shop.parts.office.calendar, complete_years=frozenset())
    grades = checks(shop, calendar=calendar)
    assert grades["quarantine"] is Grade.NOTE
    assert grades["calendar"] is Grade.NOTE
    complete = replace(calendar, complete_years=frozenset(range(2020, 2040)))
    assert checks(shop, calendar=complete)["calendar"] is Grade.FINE


def test_a_folder_that_is_not_made_yet_is_no_crash(shop: Workshop, tmp_path: Path) -> None:
    assert "disk" in checks(shop, folder=tmp_path / "nanti" / "data")


def test_a_disk_without_room_for_a_copy_is_a_problem(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks(shop)["disk"] is Grade.FINE
    monkeypatch.setattr(ingest.checks, "LEAST_FREE", 10**18)
    assert checks(shop)["disk"] is Grade.PROBLEM


def test_a_daily_copy_that_is_missing_or_old_is_a_note(shop: Workshop) -> None:
    assert checks(shop)["backup_none"] is Grade.NOTE
    DailyBackup(shop.store, shop.site.folder / "data" / "backup", shop.clock).make()
    assert checks(shop)["backup"] is Grade.FINE
    shop.clock.pass_(days=4)
    assert checks(shop)["backup"] is Grade.NOTE
