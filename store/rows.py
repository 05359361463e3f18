"""From plain values to rows and back: one function for each kind of value."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from channels.types import Arrival, Attachment, FollowUp, Message
from classify.types import Hit, Kind, Verdict
from store import raw
from store.columns import clean, key
from store.types import Fate, Intake, NoticeKind, NoticeState, Status

_UNDECIDED = Verdict(Kind.PENGADUAN, None, False, None, (), (), "")


def message_key(message_id: str) -> str:
    """Return a Message-ID in the form the outbox holds, whether it came with angle brackets or not."""
    return key(f"<{message_id.strip(' <>')}>")


def arrival_row(intake: Intake, fate: Fate, number: str | None, now: datetime) -> dict[str, Any]:
    """Return the ledger row of an arrival that was handed over."""
    arrival, message = intake.arrival, intake.message
    return {
        **position_row(arrival),
        "fate": fate,
        "number": number,
        "identity": key(intake.identity) or None,
        "sha256": raw.sha256(arrival.raw),
        "size": arrival.size,
        "truncated": arrival.truncated,
        "received_at": arrival.received_at,
        "entered_at": now,
        "error": intake.error,
        "sender": message.sender.email if message else "",
        "subject": message.subject if message else "",
        "why": message.machine or "" if message else "",
        "purged_at": None,
    }


def position_row(arrival: Arrival) -> dict[str, Any]:
    """Return the columns that are the ledger's key."""
    place = arrival.position
    return {
        "channel": arrival.channel,
        "folder": place.folder,
        "generation": place.generation,
        "item": place.item,
    }


def case_row(intake: Intake, message: Message, now: datetime) -> dict[str, Any]:
    """Return the row of a new case."""
    verdict = intake.verdict or _UNDECIDED
    return {
        "number": intake.number,
        "identity": key(intake.identity) or None,
        "channel": intake.arrival.channel,
        "status": Status.ROUTED,
        "team": intake.team,
        "entered_at": now,
        "due_at": intake.due_at,
        "promise": intake.limit,
        "calendar": intake.calendar,
        **verdict_columns(verdict),
        "restricted": verdict.restricted or intake.restricted,
        **_message_columns(message),
    }


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """Return what the rules say about a case, as its row holds it."""
    return {
        "kind": verdict.kind,
        "tier": verdict.tier,
        "certain": verdict.certain,
        "suggested": verdict.suggested,
        "plausible": list(verdict.plausible),
        "restricted": verdict.restricted,
        "rules_digest": verdict.rules_digest,
        "hits": [hit_json(hit) for hit in verdict.hits],
    }


def _message_columns(message: Message) -> dict[str, Any]:
    return {
        "medium": message.medium,
        "subject": message.subject,
        "text": message.text,
        "reply_text": message.reply_text,
        "later_text": "\n".join(entry.text for entry in message.followups),
        "received_at": message.received_at,
        "attachments": [attachment_json(entry) for entry in message.attachments],
        "followups": [followup_json(entry) for entry in message.followups],
        "message_id": message.message_id,
        "external_id": message.external_id,
        "external_url": message.external_url,
        "location": message.location,
        "category": message.category,
        "platform_status": message.status,
        "forwarded": message.forwarded,
        "truncated": message.truncated,
    }


def complainant_row(intake: Intake, message: Message) -> dict[str, Any]:
    """Return who wrote."""
    return {
        "number": intake.number,
        "name": message.sender.name,
        "email": message.sender.email,
        "phone": message.phone,
        "address": intake.address or message.postal_address,
        "anonymous": message.anonymous,
        "secret": message.secret,
    }


class Tokens:
    """Message-IDs nobody can guess, for one transaction: the system is asked for randomness once.

    A notice's Message-ID is a token: who quotes it has seen the notice.
    """

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self._secret = secrets.token_bytes(32)
        self._count = 0

    def message_id(self, label: str, kind: NoticeKind) -> str:
        """Return a fresh Message-ID; ``label`` and ``kind`` only help people who read logs."""
        self._count += 1
        token = hashlib.blake2b(b"%d" % self._count, key=self._secret, digest_size=12).hexdigest()
        return f"<{label}.{kind.replace('_', '-')}.{token}@{self._domain}>"


def notice_row(kind: NoticeKind, recipient: str, message_id: str, now: datetime) -> dict[str, Any]:
    """Return an outbox row."""
    return {
        "kind": kind,
        "number": None,
        "recipient": recipient,
        "recipient_key": recipient,
        "message_id": message_id,
        "key": None,
        "state": NoticeState.WAITING,
        "attempts": 0,
        "created_at": now,
        "next_at": now,
        "sent_at": None,
        "error": "",
        "details": {},
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as it is stored."""
    return {"rule": hit.rule, "text": clean(hit.text), "start": hit.start, "end": hit.end}


def attachment_json(entry: Attachment) -> dict[str, Any]:
    """Return an attachment's description as it is stored."""
    return {
        "filename": clean(entry.filename),
        "content_type": clean(entry.content_type),
        "size": entry.size,
        "sha256": entry.sha256,
    }


def followup_json(entry: FollowUp) -> dict[str, Any]:
    """Return a follow-up as it is stored."""
    at = entry.at.isoformat() if entry.at else None
    return {"at": at, "by": clean(entry.by), "text": clean(entry.text)}


def followup(stored: dict[str, Any]) -> FollowUp:
    """Return the follow-up of `followup_json`."""
    at = datetime.fromisoformat(stored["at"]) if stored["at"] else None
    return FollowUp(at, stored["by"], stored["text"])


def names(values: Iterable[str]) -> str:
    """Return several values as one for an event's details."""
    return ", ".join(values)
