"""Whole mails beside this file, each with what reading must make of it.

With MUARA_REGENERATE=1 in the environment the expectations are written anew; read the difference
before committing it.
"""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels.mail import read_mail
from channels.types import Message

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
RECEIVED = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
OWN = frozenset({"Kesra@bulelengkab.go.id", "pengaduan@bulelengkab.go.id"})
SHOWN = (
    "sender", "to", "cc", "reply_to", "subject", "sent_at", "message_id", "in_reply_to",
    "references", "text", "reply_text", "attachments", "machine", "may_answer",
    "bounce_recipients", "forwarded", "truncated",
)  # fmt: skip


def read(path: Path) -> Message:
    return read_mail(
        path.read_bytes(),
        received_at=RECEIVED,
        own_addresses=OWN,
        own_message_domain="muara.local",
    )


def shown(message: Message) -> dict[str, Any]:
    values = asdict(message)
    plain: dict[str, Any] = json.loads(json.dumps({k: values[k] for k in SHOWN}, default=str))
    return plain


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_whole_mail_is_read_as_expected(path: Path) -> None:
    found = shown(read(path))
    golden = path.with_suffix(".json")
    if os.environ.get("MUARA_REGENERATE"):
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(golden.read_text("utf-8"))


def test_the_servers_receipt_time_is_kept_whatever_the_date_field_says() -> None:
    assert all(read(path).received_at == RECEIVED for path in MAILS)
