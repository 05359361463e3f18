"""What an operator types for a time, and how times are shown."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cli.moments import parse_moment
from cli.times import friendly
from config.texts import Texts

ZONE = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "2026-11-24T15:00"),
        ("14:30", "2026-11-24T14:30"),
        (" 14.30 ", "2026-11-24T14:30"),
        ("kemarin 16.05", "2026-11-23T16:05"),
        ("Yesterday 16:05", "2026-11-23T16:05"),
        ("kemarin", "2026-11-23T00:00"),
        ("20-11-2026", "2026-11-20T00:00"),
        ("20/11/2026 09.15", "2026-11-20T09:15"),
        ("2026-11-20 09:15", "2026-11-20T09:15"),
        ("2026-11-20T09:15", "2026-11-20T09:15"),
        ("2026-11-20T01:15Z", "2026-11-20T09:15"),
    ],
)
def test_a_time_is_read_as_people_write_it(given: str, expected: str) -> None:
    moment = parse_moment(given, NOW, ZONE)
    assert moment == datetime.fromisoformat(expected).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "given", ["15:02", "25:00", "besok", "31-02-2026", "2030-01-01", "jam dua"]
)
def test_the_future_and_nonsense_are_refused(given: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says it in words
        parse_moment(given, NOW, ZONE)


@pytest.mark.parametrize(
    ("minutes", "indonesian", "english"),
    [
        (0.2, "sebentar lagi", "in a moment"),
        (-0.2, "baru saja", "just now"),
        (3, "dalam 3 menit", "in 3 min"),
        (-59, "59 menit lalu", "59 min ago"),
        (180, "hari ini 18.00", "today 18:00"),
        (1440, "besok 15.00", "tomorrow 15:00"),
        (-1440, "kemarin 15.00", "yesterday 15:00"),
        (4320, "Jum 27 Nov 15.00", "Fri 27 Nov 15:00"),
        (60 * 24 * 60, "Sab 23 Jan 2027 15.00", "Sat 23 Jan 2027 15:00"),
    ],
)
def test_a_moment_is_shown_by_its_distance_or_its_day(
    minutes: float, indonesian: str, english: str
) -> None:
    at = (NOW + timedelta(minutes=minutes)).astimezone(UTC)
    assert friendly(Texts("id"), at, NOW.astimezone(UTC)) == indonesian
    assert friendly(Texts("en"), at, NOW.astimezone(UTC)) == english
