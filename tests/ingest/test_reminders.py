"""Who is reminded when, on the daemon's own parts over SQLite, with a mail server and a clock that is set."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from classify.calendar import ClosedDay
from classify.stages import is_open
from store.types import NoticeState
from testing.daemon import EXAMINER, OWN, TEAM, Site
from testing.smtp_sink import SmtpSink
from tests.ingest.clockwork import (
    BUDI,
    HEAD,
    SARI,
    SUPERVISOR,
    UNCERTAIN,
    WITA,
    Clockwork,
    Landed,
)
from tests.store.samples import intake


@pytest.fixture
def site(tmp_path: Path, sink: SmtpSink) -> Site:
    made = Site(tmp_path, sink.port)
    made.imap("gmail", ("localhost", 1), OWN, "x")
    return made


@pytest.fixture
def clock(site: Site, sink: SmtpSink) -> Iterator[Clockwork]:
    """Tuesday morning before the office opens."""
    made = Clockwork(site, sink, "24 Nov 2026 07:00")
    yield made
    made.close()


def told(landed: list[Landed], kind: str = "reminder") -> list[tuple[str, str]]:
    return [(one.clock, one.to) for one in landed if one.kind == kind]


def passed(clock: Clockwork, number: str) -> int:
    return [event.what for event in clock.ticket(number).events].count("deadline.passed")


def test_three_hours_are_reminded_of_in_minutes_first_the_person_then_the_team_then_the_head(
    clock: Clockwork,
) -> None:
    clock.at("24 Nov 2026 08:00")
    number = clock.arrive("3 h")
    clock.take(number)
    landed = clock.until("24 Nov 2026 16:00", minutes=1)
    assert told(landed) == [
        ("24 09:30", SARI),
        ("24 10:24", SARI),
        ("24 10:24", TEAM),
        ("24 11:00", SARI),
        ("24 11:00", TEAM),
        ("24 11:00", HEAD),
    ]
    assert passed(clock, number) == 1


def test_where_nobody_took_it_the_team_is_the_person(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    clock.arrive("3 h", UNCERTAIN)
    (first,) = [m for m in clock.until("24 Nov 2026 09:30") if m.kind == "reminder"]
    assert first.to == TEAM
    assert "Sisa 1 jam 30 menit" in first.subject
    assert "muara reclassify" in first.body


@pytest.mark.parametrize("who", ["kesra1", "Ni Luh Sari", "ni luh sari", SARI])
def test_who_took_a_case_is_known_by_account_name_or_address(clock: Clockwork, who: str) -> None:
    clock.at("24 Nov 2026 08:00")
    clock.take(clock.arrive("3 h"), who)
    (first,) = [m for m in clock.until("24 Nov 2026 09:30") if m.kind == "reminder"]
    assert first.to == SARI
    assert "Ni Luh Sari" in first.body


def test_somebody_the_configuration_does_not_know_is_reminded_through_the_team(
    clock: Clockwork,
) -> None:
    clock.at("24 Nov 2026 08:00")
    clock.take(clock.arrive("3 h"), "root")
    (first,) = [m for m in clock.until("24 Nov 2026 09:30") if m.kind == "reminder"]
    assert (first.to, "root" in first.body) == (TEAM, True)


def test_hours_go_on_the_next_morning_and_nobody_is_told_at_night(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 15:00")
    clock.arrive("3 h")
    landed = clock.until("25 Nov 2026 12:00", minutes=5)
    assert told(landed) == [
        ("25 08:00", TEAM),
        ("25 08:55", TEAM),  # 08:54
        ("25 09:30", TEAM),
        ("25 09:30", HEAD),
    ]


def test_working_days_are_reminded_of_in_the_digest_of_the_morning(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 10:00")
    number = clock.arrive("5 wd")
    clock.take(number)
    landed = clock.until("04 Dec 2026 16:00")
    assert told(landed) == []
    sections = [(one.clock, one.to, _sections(one)) for one in landed if number in one.body]
    assert sections == [
        ("25 07:45", TEAM, ["BARU SEJAK RINGKASAN TERAKHIR"]),
        ("27 07:45", SARI, ["SUDAH SETENGAH WAKTU"]),
        ("30 07:45", TEAM, ["SEGERA JATUH TEMPO"]),
        ("30 07:45", SARI, ["SEGERA JATUH TEMPO"]),
        ("01 07:45", TEAM, ["JATUH TEMPO HARI INI"]),
        ("01 07:45", SARI, ["JATUH TEMPO HARI INI"]),
        *(
            (f"0{day} 07:45", to, ["TERLAMBAT"])
            for day, people in ((2, ()), (3, ()), (4, (SUPERVISOR,)))
            for to in (TEAM, SARI, HEAD, *people)
        ),
    ]
    assert "lewat 3 hari kerja" in landed[-1].body


def _sections(mail: Landed) -> list[str]:
    return [line.partition(" (")[0] for line in mail.body.splitlines() if line.isupper()]


def test_there_is_one_digest_a_morning_however_much_there_is(clock: Clockwork) -> None:
    for limit in ("3 h", "5 wd", "14 wd"):
        for _ in range(8):
            clock.arrive(limit)
    clock.arrive_restricted("3 h")
    landed = clock.until("02 Dec 2026 16:00", minutes=30)
    digests = Counter((one.at.date(), one.to) for one in landed if one.kind == "digest")
    assert set(digests.values()) == {1}
    assert {day.weekday() for day, _ in digests} == {0, 1, 2, 3, 4}


def test_without_anything_to_say_there_is_no_digest_unless_it_is_wanted(
    clock: Clockwork, site: Site, sink: SmtpSink
) -> None:
    assert clock.until("26 Nov 2026 16:00") == []
    other = Clockwork(site, sink, "27 Nov 2026 07:00", f'head = ["{HEAD}"]\nempty_digest = true')
    landed = other.until("27 Nov 2026 14:00")
    assert Counter(told(landed, "digest"))["27 07:45", HEAD] == 1
    assert "tidak ada yang menunggu" in landed[0].body
    other.close()


def test_a_restricted_case_is_number_tier_and_clock_to_all_but_the_examiners(
    clock: Clockwork,
) -> None:
    clock.at("24 Nov 2026 07:50")
    number = clock.arrive_restricted("3 h")
    landed = clock.until("27 Nov 2026 08:00")
    about = [one for one in landed if number in one.body]
    assert {one.to for one in about} == {EXAMINER, HEAD, SUPERVISOR}
    for one in about:
        assert ("Bupati" in one.subject + one.body) is (one.to == EXAMINER)
        assert "Ketut" not in one.body
        assert "Berkadar" in one.body


def test_a_case_that_is_answered_closed_or_merged_is_not_reminded_of(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    answered, closed, merged, other = (clock.arrive("3 h") for _ in range(4))
    clock.answer(answered)
    clock.at_work.working.close(closed, who="sari", why="salah alamat", now=clock.now)
    clock.at_work.merging.merge(merged, other, (), who="sari", why="sama", now=clock.now)
    landed = clock.until("25 Nov 2026 08:00")
    reminded = [one for one in landed if one.kind != "digest"]
    assert not [one for one in reminded if answered in one.body]
    for number in (closed, merged):
        assert not [one for one in landed if number in one.body]
    assert [one for one in landed if other in one.body]


def test_a_case_opened_again_begins_anew(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    number = clock.arrive("3 h")
    clock.until("24 Nov 2026 10:00")
    clock.answer(number)
    clock.until("24 Nov 2026 10:05", minutes=5)
    clock.reopen(number)
    landed = clock.until("24 Nov 2026 12:00", minutes=1)
    assert told(landed) == [
        ("24 10:06", TEAM),
        ("24 10:24", TEAM),
        ("24 11:00", TEAM),
        ("24 11:00", HEAD),
    ]


def test_a_deadline_that_moves_near_tells_the_latest_stage_only(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    number = clock.arrive("3 h")
    clock.move(number, clock.now + timedelta(minutes=20))
    landed = clock.until("24 Nov 2026 08:15", minutes=1)
    assert [one.subject[:25].partition("] ")[2] for one in landed] == ["SEGERA, sis"]


def test_a_deadline_that_moves_away_and_comes_back_tells_no_stage_twice(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    number = clock.arrive("3 h")
    due = clock.ticket(number).due_at
    assert due
    assert len(told(clock.until("24 Nov 2026 10:30", minutes=5))) == 2
    clock.move(number, due + timedelta(days=7))
    assert told(clock.until("24 Nov 2026 10:40", minutes=5)) == []
    clock.move(number, due)
    landed = clock.until("24 Nov 2026 11:00", minutes=5)
    assert [to for _, to in told(landed)] == [TEAM, HEAD]


def test_a_day_that_is_closed_moves_the_reminders_and_nothing_comes_twice(
    clock: Clockwork,
) -> None:
    clock.at("24 Nov 2026 10:00")
    number = clock.arrive("5 wd")
    clock.until("27 Nov 2026 10:00", minutes=60)
    clock.close_day(date(2026, 11, 30))
    landed = [m for m in clock.until("03 Dec 2026 16:00") if number in m.body]
    # half was told on the 27th; the 30th is closed, so 80 % is the day after
    assert [(one.clock, _sections(one)) for one in landed if one.to == TEAM] == [
        ("01 07:45", ["SEGERA JATUH TEMPO"]),
        ("02 07:45", ["JATUH TEMPO HARI INI"]),
        ("03 07:45", ["TERLAMBAT"]),
    ]
    assert passed(clock, number) == 1


def test_a_daemon_that_was_off_for_days_sends_one_digest_and_no_flood(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 10:00")
    numbers = [clock.arrive("3 h") for _ in range(5)] + [clock.arrive("5 wd")]
    mails = [
        mail for mail in clock.at("03 Dec 2026 10:00") if mail.message["X-Muara"] == "reminder"
    ]
    assert mails == []
    digests = [m for m in clock.sink.received if m.recipients == (TEAM,)]
    assert len(digests) == 1
    assert "6 terlambat" in str(digests[0].message["Subject"])
    assert [passed(clock, number) for number in numbers] == [1] * 6


def test_a_clock_that_jumps_back_sends_nothing_again(clock: Clockwork) -> None:
    number = clock.arrive("3 h")
    assert len(clock.until("25 Nov 2026 12:00")) == 7
    clock.at("24 Nov 2026 07:00")
    assert clock.until("25 Nov 2026 12:00") == []
    assert passed(clock, number) == 1


def test_after_a_jump_far_ahead_the_mornings_go_on(clock: Clockwork) -> None:
    clock.arrive("5 wd")
    clock.at("05 Jan 2027 08:00")
    clock.now -= timedelta(days=42)
    landed = clock.until("26 Nov 2026 08:00")
    assert [at for at, to in told(landed, "digest") if to == TEAM] == ["24 08:15"]


def weeks(clock: Clockwork, each: Callable[[], None] = lambda: None) -> list[tuple[str, str, str]]:
    clock.at("24 Nov 2026 08:00")
    for limit in ("3 h", "5 wd", "14 wd"):
        clock.take(clock.arrive(limit))
    clock.arrive("3 h", UNCERTAIN)
    landed = clock.until("04 Dec 2026 16:00", minutes=30, each=each)
    return [(one.clock, one.kind, one.to) for one in landed]


def test_a_restart_at_every_step_changes_nothing(
    clock: Clockwork, tmp_path: Path, sink: SmtpSink
) -> None:
    calm = weeks(clock)
    other = tmp_path / "other"
    other.mkdir()
    site = Site(other, sink.port)
    site.imap("gmail", ("localhost", 1), OWN, "x")
    restless = Clockwork(site, sink, "24 Nov 2026 07:00")
    assert weeks(restless, restless.restart) == calm
    restless.close()
    assert len(calm) > 20


def test_a_mail_server_that_was_down_gets_only_what_still_matters(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    number = clock.arrive("3 h")
    answered = clock.arrive("3 h")
    with clock.sink.down():
        assert clock.until("24 Nov 2026 10:40", minutes=5) == []
        clock.answer(answered)
    clock.outbox._rest_until = 0.0
    landed = clock.until("24 Nov 2026 11:25", minutes=40)
    assert not [one for one in landed if answered in one.body and one.kind == "reminder"]
    assert [to for _, to in told(landed)] == [TEAM, HEAD]
    states = Counter(notice.state for notice in clock.at_work.notices(number))
    assert states == {NoticeState.SENT: 2, NoticeState.DROPPED: 2}


def test_yesterdays_digest_is_not_sent_today(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    clock.arrive("14 wd")
    with clock.sink.down():
        clock.until("25 Nov 2026 18:00", minutes=60)
    clock.outbox._rest_until = 0.0
    landed = clock.until("26 Nov 2026 16:00", minutes=30)
    assert [one.clock for one in landed if one.to == TEAM] == ["26 08:00"]
    assert "1 baru" in landed[0].body


def test_reminders_that_are_off_still_record_the_end_of_a_deadline(
    site: Site, sink: SmtpSink
) -> None:
    clock = Clockwork(site, sink, "24 Nov 2026 08:00", "enabled = false")
    number = clock.arrive("3 h")
    assert clock.until("25 Nov 2026 16:00", minutes=60) == []
    assert passed(clock, number) == 1
    clock.close()


def test_who_hears_of_what_can_be_settled_otherwise(site: Site, sink: SmtpSink) -> None:
    plan = f'head = "{HEAD}"\nhalf = ["team", "head"]\nsoon = []\npassed = "head"\ndaily = []'
    clock = Clockwork(site, sink, "24 Nov 2026 07:50", f"{plan}\nhalf_percent = 10")
    clock.at("24 Nov 2026 08:00")
    clock.arrive("3 h")
    landed = clock.until("25 Nov 2026 08:00", minutes=1)
    assert told(landed) == [("24 08:18", TEAM), ("24 08:18", HEAD), ("24 11:00", HEAD)]
    assert [to for at, to in told(landed, "digest") if at == "25 07:45"] == [HEAD]
    clock.close()


def test_the_weeks_around_galungan_and_lebaran_bring_mail_on_working_days_only(
    site: Site, sink: SmtpSink
) -> None:
    """Nyepi 19 March 2026, lebaran 20 and 21, cuti bersama around; then Galungan declared closed."""
    clock = Clockwork(site, sink, "10 Mar 2026 07:00")
    rows = (*clock.calendar.days, ClosedDay(date(2026, 4, 1), "Galungan", "SE Gubernur"))
    clock.calendar = replace(clock.calendar, days=rows)
    numbers = []
    landed = []
    for day in (10, 16, 17, 25):
        landed += clock.until(f"{day} Mar 2026 10:00", minutes=60)
        numbers += [clock.arrive(limit) for limit in ("3 h", "5 wd", "14 wd")]
    landed += clock.until("24 Apr 2026 16:00", minutes=30)
    days = {one.at.date() for one in landed}
    assert all(clock.calendar.work_day(day) for day in days)
    assert date(2026, 3, 19) not in days
    assert date(2026, 4, 1) not in days
    assert {one.at.strftime("%H:%M") for one in landed if one.kind == "digest"} <= {
        "08:00",
        "07:45",
        "07:30",
    }
    for one in landed:
        assert is_open(one.at.astimezone(WITA), clock.calendar)
    assert [passed(clock, number) for number in numbers] == [1] * len(numbers)
    clock.close()


def test_the_digest_tells_what_else_waits(clock: Clockwork) -> None:
    """Answers to bring across, mails that were lost, and what could not be read."""
    called, handed, lost = (clock.arrive("14 wd") for _ in range(3))
    for number, way in ((called, "call"), (handed, "post")):
        clock.at_work.answer(number, "Sudah.", who="sari", way=way, recipient="", now=clock.now)
    clock.at_work.answer(lost, "Sudah.", who="s", way="mail", recipient="x@y.test", now=clock.now)
    (waiting,) = clock.at_work.due_notices(clock.now)
    clock.at_work.notice_failed(waiting.id, "ditolak", None, clock.now)
    clock.at_work.commit(
        [intake(error="kacau", message=None, verdict=None)], cursor=None, now=clock.now
    )
    landed = clock.until("24 Nov 2026 08:00")
    (mail,) = [one for one in landed if (one.kind, one.to) == ("digest", TEAM)]
    assert f"1 pelapor menunggu ditelepon ({called}): muara calls" in mail.body
    assert f"2 jawaban menunggu disampaikan ({handed}, {lost}): muara deliveries" in mail.body
    assert f"tidak sampai: {lost}" in mail.body
    assert "1 kiriman tidak terbaca" in mail.body
    assert "tidak ada yang menunggu" not in mail.body


def test_a_digest_shows_some_of_many_and_counts_all(clock: Clockwork) -> None:
    for _ in range(20):
        clock.arrive("14 wd")
    (mail,) = [one for one in clock.until("24 Nov 2026 08:00") if one.to == TEAM]
    assert "20 baru" in mail.body
    assert mail.body.count("MR-") == 15
    assert "... dan 5 lainnya" in mail.body


def test_nobody_but_those_concerned_hears_anything(clock: Clockwork) -> None:
    clock.at("24 Nov 2026 08:00")
    clock.take(clock.arrive("3 h"))
    landed = clock.until("04 Dec 2026 16:00", minutes=60)
    assert {one.to for one in landed} == {SARI, TEAM, HEAD, SUPERVISOR}
    assert BUDI not in {one.to for one in landed}
