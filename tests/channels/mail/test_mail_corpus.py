"""Real-world mails that another project collected, with what that project expects of each.

The mails stay outside the repository. Where we read one differently, the reason stands here; a
difference without a reason, or a reason without a difference, fails.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels.mail import read_mail
from channels.types import Address, Message

CORPUS = Path(__file__).parents[4] / "shared" / "domain" / "mail"
AS_SENT = "an attached mail is kept byte for byte; they write it anew with other line ends"
COMES_BACK = "a mail that comes back in a delivery report is attached, not part of the text"
NO_ZONE = "a time without a zone is UTC (RFC 5322 section 4.3)"
NO_ADDRESS = "what holds no address gives none"
NINE_BITS = "undeclared 8-bit characters are read as Windows-1252 rather than dropped"
REASONS = {
    ("attachment_2_base64", "text"): "an attached mail in base64 is decoded before it is read",
    ("attachment_7bit", "attachments"): AS_SENT,
    ("attachment_emails/attachment_message_rfc822", "text"): "parts are set apart by an empty line",
    ("attachment_emails/attachment_message_rfc822", "attachments"): AS_SENT,
    ("double_fields", "date"): NO_ZONE,
    ("error_emails/content_transfer_encoding_7-bit", "text"): "valid UTF-8 is UTF-8",
    ("error_emails/content_transfer_encoding_plain", "text"): NINE_BITS,
    ("error_emails/encoding_madness", "reply_to"): NO_ADDRESS,
    ("error_emails/invalid_subject_characters", "subject"): NINE_BITS,
    ("error_emails/missing_body", "to"): NO_ADDRESS,
    ("error_emails/missing_content_disposition", "attachments"): "an image is an attachment",
    ("error_emails/trademark_character_in_subject", "date"): NO_ZONE,
    ("mime_emails/raw_email11", "to"): "an address in place of a name is still the only address",
    ("mime_emails/raw_email4", "text"): "format=flowed is joined",
    ("mime_emails/raw_email_with_mimepart_without_content_type", "text"): COMES_BACK,
    ("mime_emails/raw_email_with_mimepart_without_content_type", "attachments"): AS_SENT,
    ("multipart_report_emails/multi_address_bounce1", "text"): COMES_BACK,
    ("multipart_report_emails/multi_address_bounce1", "attachments"): AS_SENT,
    ("multipart_report_emails/multi_address_bounce2", "text"): COMES_BACK,
    ("multipart_report_emails/multi_address_bounce2", "attachments"): AS_SENT,
    ("multipart_report_emails/multipart_report_multiple_status", "text"): COMES_BACK,
    ("multipart_report_emails/multipart_report_multiple_status", "attachments"): AS_SENT,
    ("plain_emails/mix_caps_content_type", "from_addr"): "an address has no spaces",
    ("plain_emails/mix_caps_content_type", "from_name"): "words before an address are a name",
    ("plain_emails/raw_email6", "text"): NINE_BITS,
    ("plain_emails/raw_email_with_at_display_name", "to"): "a name that looks like an address",
    ("rfc2822/example13", "text"): "old mail may put a space before the colon",
    ("rfc2822/example13", "from_addr"): "old mail may put a space before the colon",
    ("rfc2822/example13", "from_name"): "old mail may put a space before the colon",
    ("rfc2822/example14", "subject"): "the space before an encoded word counts (RFC 2047)",
    ("text_with_content_id", "attachments"): "the text itself is no attachment, whatever its id",
}


def corpus() -> list[dict[str, Any]]:
    listing = CORPUS / "imap_tools.jsonl"
    if not listing.exists():
        return []
    return [json.loads(row) for row in listing.read_text("utf-8").splitlines()]


def read(item: dict[str, Any]) -> Message:
    raw = (CORPUS / item["raw"]).read_bytes()
    return read_mail(raw, received_at=datetime(2026, 11, 24, tzinfo=UTC))


def emails(addresses: tuple[Address, ...]) -> list[str]:
    return [address.email for address in addresses]


def lines(text: str) -> list[str]:
    return [row.rstrip() for row in text.strip().splitlines()]


def ours(message: Message) -> dict[str, Any]:
    return {
        "from_addr": message.sender.email,
        "from_name": message.sender.name,
        "to": emails(message.to),
        "cc": emails(message.cc),
        "reply_to": emails(message.reply_to),
        "subject": message.subject,
        "date": message.sent_at and message.sent_at.isoformat(),
        "text": lines(message.text),
        "attachments": [
            (a.filename, a.content_type, a.size, a.sha256) for a in message.attachments
        ],
    }


def theirs(expected: dict[str, Any]) -> dict[str, Any]:
    return {
        **expected,
        "from_name": expected["from_name"] or "",
        "subject": expected["subject"].strip(),
        "text": lines(expected["text"]),
        "attachments": [
            (a["filename"], a["content_type"], a["size"], a["sha256"])
            for a in expected["attachments"]
        ],
    }


@pytest.mark.skipif(not corpus(), reason="the collected mails are not on this machine")
@pytest.mark.parametrize("item", corpus(), ids=lambda item: item["id"])
def test_a_collected_mail_is_read_as_its_collectors_expect_or_differs_for_a_reason(
    item: dict[str, Any],
) -> None:
    name = item["id"].removeprefix("imap_tools/").removesuffix(".eml")
    found, expected = ours(read(item)), theirs(item["expect"])
    if not expected["text"]:  # theirs is the plain part only; ours is then made of the HTML part
        found["text"] = []
    differing = {field for field in found if found[field] != expected[field]}
    assert differing == {field for mail, field in REASONS if mail == name}


@pytest.mark.skipif(not corpus(), reason="the collected mails are not on this machine")
def test_every_collected_mail_with_words_in_html_gives_text() -> None:
    silent = {item["id"] for item in corpus() if item["expect"]["html"] and not read(item).text}
    assert silent == {"imap_tools/attachment_inline2.eml"}  # nothing but an image
