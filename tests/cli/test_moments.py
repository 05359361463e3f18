from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cli.moments import parse_moment

WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in Singaraja


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "2026-11-24T02:00:00"),
        ("9:30", "2026-11-24T01:30:00"),
        ("09.30", "2026-11-24T01:30:00"),
        ("kemarin 14.30", "2026-11-23T06:30:00"),
        ("Yesterday 14:30", "2026-11-23T06:30:00"),
        ("24-11-2026 08:05", "2026-11-24T00:05:00"),
        ("24/11/2026 08.05", "2026-11-24T00:05:00"),
        ("2026-11-24T08:05", "2026-11-24T00:05:00"),
        ("2026-11-24T01:00:00.250000+00:00", "2026-11-24T01:00:00.250000"),
    ],
)
def test_a_moment_is_understood_as_an_operator_types_it(given: str, expected: str) -> None:
    assert parse_moment(given, NOW, WITA) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("given", ["10:02", "25:00", "besok", "31-11-2026 08:00", "tadi 9:30"])
def test_the_future_and_what_is_no_moment_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(given, NOW, WITA)
