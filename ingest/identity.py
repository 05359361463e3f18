"""When are two arrivals the same message? The key that keeps one complaint one case."""

import hashlib

from channels.types import Arrival, Message
from classify.types import Medium


def identity(message: Message, arrival: Arrival) -> str:
    """Return the key of the case a message belongs to.

    A platform's report is its tracking ID. A mail is its Message-ID together with its content, so
    that the same mail in two inboxes is one case and two mails with one Message-ID are two. Without
    a Message-ID the times stand in for it. A typed-in entry is always its own.
    """
    if message.medium is Medium.LAPOR and message.external_id:
        return f"lapor:{message.external_id}"
    if message.medium is Medium.EMAIL:
        return f"mail:{_digest(_origin(message), *_content(message))}"
    return f"{arrival.channel}:{arrival.position.item}"


def _origin(message: Message) -> str:
    return message.message_id or (message.sent_at or message.received_at).isoformat()


def _content(message: Message) -> tuple[str, ...]:
    # Mail systems add footers' white space and re-encode; words and files survive the way.
    words = " ".join(message.text.split())
    return (
        message.sender.email.casefold(),
        message.subject,
        words,
        *(a.sha256 for a in message.attachments),
    )


def _digest(*parts: str) -> str:
    encoded = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(encoded).hexdigest()
