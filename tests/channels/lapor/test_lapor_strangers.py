"""Whatever a feed sends: an item is read or unreadable, and what is read can be stored and shown."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from channels.errors import Unreadable
from channels.lapor import HttpSettings, LaporChannel, MappedJson, MappedSettings, profile_from
from channels.types import Arrival, Message, Position
from config.profiles import read_profile

_PROFILE = profile_from(
    {name: value for name, value in read_profile("lapor-v2").items() if name != "auth"}
)
_CHANNEL = LaporChannel(
    "lapor", MappedJson(MappedSettings(HttpSettings("https://lapor.test/"), _PROFILE))
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
_FIELDS = (
    *("nid", "subject", "content", "tanggal", "last_activity", "status", "verified", "report_type"),
    *("is_anonim", "lampiran", "first_name", "topic_name", "JmlTL"),
)
_ROWS = st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=8)
_EVIDENCE = st.fixed_dictionaries(
    {}, optional={"item": _ROWS, "followups": _VALUES, "detail": _ROWS}
)


def read(raw: bytes) -> Message | None:
    arrival = Arrival("lapor", Position("streams", "", "x"), raw, datetime.now(UTC), len(raw))
    try:
        return _CHANNEL.read(arrival)
    except Unreadable:
        return None


@given(_EVIDENCE | _VALUES)
@example({"item": {"nid": 1, "content": "<p>\ud800 \x00 &#0;</p>", "subject": "a\r\nBcc: x"}})
@example({"item": {"nid": 1, "lampiran": [{"id": "../../etc/passwd", "fileext": "x\x00y"}]}})
@example({"item": {"nid": 1, "tanggal": 1e308, "status": [1], "first_name": {"a": 1}}})
def test_an_item_is_read_or_unreadable(evidence: Any) -> None:
    message = read(json.dumps(evidence).encode())
    if message is None:
        return
    for line in (message.subject, message.sender.name, message.external_id, message.category):
        assert len(line.splitlines()) < 2
        line.encode()
    message.text.encode()
    assert "\x00" not in message.text
    assert all("/" not in file.filename for file in message.attachments)


@given(st.binary(max_size=300))
@example(b"[" * 100_000)
@example(b'{"item": {"nid": ' + b"9" * 5000 + b"}}")
def test_bytes_are_read_or_unreadable(raw: bytes) -> None:
    read(raw)
