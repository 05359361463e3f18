"""Whatever a feed sends: an item is read or unreadable, and what is read can be stored and shown."""

import json
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from channels.errors import Unreadable
from channels.lapor import (
    ExportFolder,
    ExportSettings,
    HttpSettings,
    LaporChannel,
    MappedJson,
    MappedSettings,
    Open311,
    Open311Settings,
    profile_from,
)
from channels.types import Arrival, Message, Position
from config.profiles import read_profile

_PROFILE = profile_from(
    {name: value for name, value in read_profile("lapor-v2").items() if name != "auth"}
)
_HTTP = HttpSettings("https://lapor.test/")
_DIALECTS = (
    MappedJson(MappedSettings(_HTTP, _PROFILE)),
    Open311(Open311Settings(_HTTP, date(2024, 1, 1))),
    ExportFolder(ExportSettings(Path("/no/such/folder"))),
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
    *("is_anonim", "lampiran", "first_name", "topic_name", "service_request_id", "description"),
    *("media_url", "status_notes", "external_id", "title", "body", "anonymous", "row", "code"),
)
_ROWS = st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=8)
_EVIDENCE = st.fixed_dictionaries(
    {}, optional={"item": _ROWS, "followups": _VALUES, "detail": _ROWS, "row": _ROWS}
)


def read(raw: bytes) -> list[Message]:
    """What the dialects make of it; the contract of ``read`` allows one error."""
    arrival = Arrival("lapor", Position("streams", "", "x"), raw, datetime.now(UTC), len(raw))
    messages = []
    for dialect in _DIALECTS:
        with suppress(Unreadable):
            messages.append(LaporChannel("lapor", dialect).read(arrival))
    return messages


@given(_EVIDENCE | _ROWS | _VALUES)
@example({"item": {"nid": 1, "content": "<p>\ud800 \x00 &#0;</p>", "subject": "a\r\nBcc: x"}})
@example({"item": {"nid": 1, "lampiran": [{"id": "../../etc/passwd", "fileext": "x\x00y"}]}})
@example({"item": {"nid": 1, "tanggal": 1e308, "status": [1], "first_name": {"a": 1}}})
@example({"service_request_id": 1, "media_url": "../..\x00/", "status_notes": [1]})
@example({"row": {"external_id": "#1\n2", "title": "\x1b[31m"}})
def test_an_item_is_read_or_unreadable(evidence: Any) -> None:
    for message in read(json.dumps(evidence).encode()):
        for line in (message.subject, message.sender.name, message.external_id, message.category):
            assert len(line.splitlines()) < 2
            assert not any(unicodedata.category(letter) == "Cc" for letter in line)
            line.encode()
        message.text.encode()
        assert "\x00" not in message.text
        assert all("/" not in file.filename for file in message.attachments)


@given(st.binary(max_size=300))
@example(b"[" * 100_000)
@example(b'{"item": {"nid": ' + b"9" * 5000 + b"}}")
def test_bytes_are_read_or_unreadable(raw: bytes) -> None:
    read(raw)
