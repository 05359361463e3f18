"""The `mapped-json` dialect on other shapes: paging kinds, auth kinds, follow-ups inside the report."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.errors import Permanent
from channels.lapor import (
    Credentials,
    HttpSettings,
    MappedJson,
    MappedSettings,
    profile_from,
)
from channels.types import FollowUp
from tests.channels.contract import Ledger
from tests.channels.lapor.feed import Call, Reply, Token, channel_for, profile, serving

ROWS: list[dict[str, Any]] = [
    {"id": number, "title": f"laporan {number}", "changed": 1730516400 + number}
    for number in range(7)
]


def titles(base_url: str, mapping: dict[str, Any], credentials: Any = None) -> list[str]:
    channel = channel_for(base_url, mapping, credentials)
    found = [channel.read(arrival).subject for arrival in channel.fetch(Ledger())]
    channel.close()
    return found


ALL = [f"laporan {number}" for number in range(7)]


def test_no_paging_is_one_call() -> None:
    with serving(lambda _call: (200, {}, {"data": ROWS})) as (url, calls):
        assert titles(url, profile()) == ALL
        assert len(calls) == 1


def test_numbered_pages() -> None:
    def answer(call: Call) -> Reply:
        start = (int(call.params["page"]) - 1) * 3
        return 200, {}, {"data": ROWS[start : start + 3]}

    with serving(answer) as (url, calls):
        assert titles(url, profile(paging={"kind": "page", "param": "page"})) == ALL
        assert [call.params["page"] for call in calls] == ["1", "2", "3", "4"]


def test_numbered_pages_that_never_end_with_an_empty_one() -> None:
    def answer(call: Call) -> Reply:
        start = min((int(call.params["page"]) - 1) * 3, 6)
        return 200, {}, {"data": ROWS[start : start + 3]}

    with serving(answer) as (url, calls):
        assert titles(url, profile(paging={"kind": "page", "param": "page"})) == ALL
        assert len(calls) == 4


CURSOR = {"kind": "cursor", "param": "before", "from": "changed", "tie_seconds": 1}


@pytest.mark.parametrize("scale", [1, 1000])
def test_a_cursor_in_seconds_or_milliseconds_keeps_ties_together(scale: int) -> None:
    rows = [
        row | {"changed": (1730516400 + number // 3) * scale} for number, row in enumerate(ROWS)
    ]

    def answer(call: Call) -> Reply:
        before = int(call.params.get("before", 10**15))
        older = [row for row in reversed(rows) if row["changed"] < before]
        return 200, {}, {"data": older[:4]}

    with serving(answer) as (url, _):
        assert sorted(titles(url, profile(paging=CURSOR))) == ALL


def test_a_row_without_the_cursor_ends_the_walk() -> None:
    with serving(lambda _call: (200, {}, {"data": [{"id": 1, "title": "a"}]})) as (url, calls):
        assert titles(url, profile(paging=CURSOR)) == ["a"]
        assert len(calls) == 1


def test_an_answer_in_an_old_encoding_is_read() -> None:
    body = '{"data": [{"id": 1, "title": "Café"}]}'.encode("cp1252")
    with serving(lambda _call: (200, {}, body)) as (url, _):
        assert titles(url, profile()) == ["Café"]


@pytest.mark.parametrize("where", ["body", "header"])
def test_next_links(where: str) -> None:
    def answer(call: Call) -> Reply:
        start = int(call.params.get("from", 0))
        link = f"/api/reports?from={start + 3}" if start + 3 < len(ROWS) else ""
        headers = {"Link": f'<{link}>; rel="next"'} if link and where == "header" else {}
        return (
            200,
            headers,
            {"data": ROWS[start : start + 3], "next": link if where == "body" else ""},
        )

    with serving(answer) as (url, calls):
        assert titles(url, profile(paging={"kind": "link", "from": "next"})) == ALL
        assert len(calls) == 3


def test_a_next_link_keeps_our_scheme_and_port() -> None:
    def answer(call: Call) -> Reply:
        link = "" if call.params else "https://127.0.0.1/api/reports?from=3"
        return 200, {}, {"data": ROWS[3:] if call.params else ROWS[:3], "next": link}

    with serving(answer) as (url, _):
        assert titles(url, profile(paging={"kind": "link", "from": "next"})) == ALL


def test_next_links_in_a_circle_are_left() -> None:
    with serving(lambda _call: (200, {}, {"data": ROWS, "next": "reports?x=1"})) as (url, calls):
        assert titles(url, profile(paging={"kind": "link", "from": "next"})) == ALL
        assert len(calls) == 2


def test_a_next_link_to_another_server_is_not_followed() -> None:
    reply = {"data": ROWS, "next": "http://localhost:1/steal"}
    mapping = profile(paging={"kind": "link", "from": "next"})
    with (
        serving(lambda _call: (200, {}, reply)) as (url, _),
        pytest.raises(Permanent, match="lapor_foreign_link"),
    ):
        titles(url, mapping)


@pytest.mark.parametrize(
    ("auth", "username", "header", "value"),
    [
        ({"kind": "header", "header": "Apikey"}, "", "Apikey", "rahasia"),
        ({"kind": "bearer"}, "", "Authorization", "Bearer rahasia"),
        (
            {"kind": "basic"},
            "kesra",
            "Authorization",
            "Basic " + base64.b64encode(b"kesra:rahasia").decode(),
        ),
    ],
)
def test_kinds_of_sign_in(auth: dict[str, str], username: str, header: str, value: str) -> None:
    with serving(lambda _call: (200, {}, {"data": ROWS})) as (url, calls):
        titles(url, profile(auth=auth), Credentials(Token("rahasia"), username))
        assert calls[0].headers[header] == value


def test_client_credentials_fetch_a_token_and_renew_one_taken_back() -> None:
    tokens = iter(["lama", "baru"])

    def answer(call: Call) -> Reply:
        if call.path == "/api/oauth/token":
            assert call.params == {"grant_type": "client_credentials", "scope": "baca"}
            return 200, {}, {"access_token": next(tokens), "expires_in": 3600}
        fresh = call.headers["Authorization"] == "Bearer baru"
        return (200, {}, {"data": ROWS}) if fresh else (401, {}, {})

    auth = {"kind": "oauth2", "token_url": "oauth/token", "scope": "baca"}
    with serving(answer) as (url, calls):
        assert titles(url, profile(auth=auth), Credentials(Token("rahasia"), "kesra")) == ALL
        assert [call.method for call in calls] == ["POST", "GET", "POST", "GET"]


@pytest.mark.parametrize("status", [400, 401])
def test_refused_client_credentials_are_permanent(status: int) -> None:
    with serving(lambda _call: (status, {}, {"error": "invalid_client"})) as (url, _):
        auth = {"kind": "oauth2", "token_url": "oauth/token"}
        with pytest.raises(Permanent):
            titles(url, profile(auth=auth), Credentials(Token("rahasia"), "kesra"))


def test_a_sign_in_without_its_secret_is_a_problem_of_the_settings() -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        channel_for("http://127.0.0.1:1/", profile(auth={"kind": "bearer"}))


def test_a_token_replaced_while_running_is_used_at_once() -> None:
    token = Token("lama")
    with serving(lambda _call: (200, {}, {"data": ROWS})) as (url, calls):
        channel = channel_for(url, profile(auth={"kind": "bearer"}), Credentials(token))
        list(channel.fetch(Ledger()))
        token.value = "baru"
        list(channel.fetch(Ledger()))
        channel.close()
    assert [call.headers["Authorization"] for call in calls] == ["Bearer lama", "Bearer baru"]


@pytest.mark.parametrize("token", ["ku\nnci", "ku\r\nX-Lain: 1", "kunci☹"])
def test_a_token_that_cannot_be_a_header_is_permanent_and_not_shown(token: str) -> None:
    with (
        serving(lambda _call: (200, {}, {"data": ROWS})) as (url, calls),
        pytest.raises(Permanent) as caught,
    ):
        titles(
            url, profile(auth={"kind": "header", "header": "KEYTOKEN"}), Credentials(Token(token))
        )
    assert caught.value.code == "lapor_bad_token"
    assert token not in str(caught.value)
    assert calls == []


def test_a_post_list_sends_its_parameters_as_a_form() -> None:
    with serving(lambda _call: (200, {}, {"data": ROWS})) as (url, calls):
        search = {"path": "reports", "items": "data", "method": "POST", "params": {"opd": "kesra"}}
        assert titles(url, profile(list=search)) == ALL
        assert (calls[0].method, calls[0].params) == ("POST", {"opd": "kesra"})


def test_a_history_inside_the_report_is_its_follow_ups() -> None:
    history = [
        {
            "tracking_at": "2024-11-02 11:00 WITA",
            "tracking_by": "Admin",
            "tracking_note": "Diteruskan",
        }
    ]
    mapping = profile(
        followups={
            "inline": "history",
            "at": "tracking_at",
            "by": "tracking_by",
            "text": "tracking_note",
        },
        dates={"formats": ["%Y-%m-%d %H:%M"]},
    )
    with serving(lambda _call: (200, {}, {"data": [ROWS[0] | {"history": history}]})) as (url, _):
        channel = channel_for(url, mapping)
        (arrival,) = channel.fetch(Ledger())
        at = datetime(2024, 11, 2, 3, 0, tzinfo=UTC)
        assert channel.read(arrival).followups == (FollowUp(at, "Admin", "Diteruskan"),)
        channel.close()


@pytest.mark.parametrize("empty", [{"data": []}, {"data": None}, {}, None, {"data": {}}])
def test_the_many_ways_to_say_nothing(empty: Any) -> None:
    with serving(lambda _call: (200, {}, empty)) as (url, _):
        assert titles(url, profile()) == []


def test_an_empty_list_with_a_failed_status_is_an_error() -> None:
    reply = {"status": "error", "message": "kunci salah", "data": []}
    with serving(lambda _call: (200, {}, reply)) as (url, _), pytest.raises(Permanent) as caught:
        titles(url, profile())
    assert caught.value.code == "lapor_error"


def test_a_list_with_gaps_as_php_writes_it() -> None:
    rows = {str(number): row for number, row in enumerate(ROWS) if number != 3}
    with serving(lambda _call: (200, {}, {"data": rows})) as (url, _):
        assert titles(url, profile()) == [title for title in ALL if title != "laporan 3"]


def test_rows_that_are_no_objects_are_handed_over_and_unreadable() -> None:
    with serving(lambda _call: (200, {}, {"data": [ROWS[0], None, "x", 7]})) as (url, _):
        channel = channel_for(url, profile())
        assert len(list(channel.fetch(Ledger()))) == 4
        channel.close()


@pytest.mark.parametrize(
    "address",
    ["http://lapor.test/", "lapor.test", "", "ftp://lapor.test/", "https://a:b@lapor.test/"],
)
def test_an_address_that_will_not_do_is_a_problem_of_the_settings(address: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        MappedJson(MappedSettings(HttpSettings(address), profile_from(profile())))
