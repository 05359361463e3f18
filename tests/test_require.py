import pytest

from testing.require import require


def test_a_server_that_is_there_is_used() -> None:
    require("Dovecot", None)


def test_a_missing_server_skips_saying_which_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUARA_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"NOT TESTED: Dovecot is missing: not there"):
        require("Dovecot", "not there")


def test_a_missing_server_fails_where_servers_are_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MUARA_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="Dovecot is missing: not there"):
        require("Dovecot", "not there")
