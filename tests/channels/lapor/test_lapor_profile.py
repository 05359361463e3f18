"""Profiles: what is wrong with one is said all at once."""

from pathlib import Path

import pytest

from channels.lapor import profile_from
from config.profiles import read_profile


def test_the_shipped_profile_of_2016_is_sound() -> None:
    profile = profile_from(read_profile("lapor-v2"))
    assert profile.login.header == "KEYTOKEN"
    assert profile.paging.source == "last_activity"
    assert profile.newest_first


def test_the_empty_profile_says_what_is_missing() -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the lines below look closer
        profile_from(read_profile("sp4n"))
    assert str(caught.value).splitlines() == [
        "list: missing",
        "fields.external_id: missing",
    ]


def test_every_problem_is_named_with_its_place() -> None:
    broken = {
        "name": 3,
        "list": {"path": "x", "method": "PUT", "foo": 1},
        "fields": {"external_id": 1, "zap": "x"},
        "dates": {"zone": "Mars/Olympus"},
        "auth": {"kind": "header"},
        "paging": {"kind": "cursor", "tie_seconds": -1},
        "status": [{"when": {"status": "1"}, "means": "hilang"}],
        "followups": {"at": "x"},
        "surplus": True,
    }
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the lines below look closer
        profile_from(broken)
    places = {line.split(":")[0] for line in str(caught.value).splitlines()}
    assert places == {
        *("name", "list.method", "list.foo", "fields.external_id", "fields.zap", "dates.zone"),
        *("auth.header", "paging.param", "paging.from", "paging.tie_seconds"),
        *("status[0].means", "followups.inline", "surplus"),
    }


def test_a_profile_at_a_path(tmp_path: Path) -> None:
    path = tmp_path / "kantor.toml"
    path.write_text('name = "kantor"\n', "utf-8")
    assert read_profile(str(path)) == {"name": "kantor"}


def test_a_profile_that_is_not_there() -> None:
    with pytest.raises(OSError, match="tidak-ada"):
        read_profile("tidak-ada.toml")
