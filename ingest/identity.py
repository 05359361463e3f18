"""When are two arrivals the same message? The key that keeps one complaint one case."""

import hashlib
import re
import unicodedata

from channels.types import Arrival, Message
from classify.types import Medium
from ingest.people import mailbox
from store.platforms import identity_of

# What gateways put before a subject: [EXTERNAL], ***SPAM***, {Spam?}.
_TAG = re.compile(
    r"^\s*(?:[\[{(<]\s*|\*{2,}\s*)"
    r"(?:external|ext|eksternal|e[ks]+ternal email|suspected spam|spam|bulk|caution|hati-hati)\b"
    r"[^\]})>*]{0,20}(?:[\]})>]|\*{2,})\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*(?:[-_=*~]{3,}|-- ?)\s*$")
# What only gateways, list servers and mail programs write: a paragraph with such words is theirs.
_THEIRS = re.compile(
    r"\bdisclaimer\b|\bconfidential|\bintended (?:only|solely|recipient)|\bunsubscribe\b"
    r"|\bvirus[- ]?(?:free|checked)|\bbebas virus|\bscanned (?:by|for)\b|\bdipindai oleh"
    r"|\b(?:e-?mail|message|surel|pesan) (?:ini|this).{0,80}\brahasia"
    r"|\b(?:this|the) (?:e-?mail|message) (?:originated|was sent|came) from outside"
    r"|\b(?:e-?mail|surel|pesan) ini berasal dari luar"
    r"|\bjangan (?:meng)?klik tautan|\bdo not click (?:on )?(?:any )?links"
    r"|\b(?:sent from my|dikirim dari) (?:iphone|ipad|android|samsung|yahoo|ponsel)",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def identity(message: Message, arrival: Arrival) -> str:
    """Return the key of the case a message belongs to.

    A platform's report is its tracking ID there. A mail is its Message-ID together with its content, so
    that the same mail in two inboxes is one case and two mails with one Message-ID are two. Without
    a Message-ID the times stand in for it. A typed-in entry is always its own.

    What gateways do on the way does not count: charset, white space, punctuation, tags before the
    subject, addresses of links, and paragraphs at either end that are known to be theirs. Any other
    difference makes two messages: two cases can be merged, a swallowed one would be lost.
    """
    if message.medium is Medium.LAPOR and message.external_id:
        return identity_of(message.external_id, message.platform)
    if message.medium is Medium.EMAIL:
        return f"mail:{_digest(_origin(message), *_content(message))}"
    return f"{arrival.channel}:{arrival.position.item}"


def _origin(message: Message) -> str:
    return message.message_id or (message.sent_at or message.received_at).isoformat()


def _content(message: Message) -> tuple[str, ...]:
    return (
        mailbox(message.sender.email),
        _words(_untagged(message.subject)),
        _words(_own(message.text)),
        *(a.sha256 for a in message.attachments),
    )


def _untagged(subject: str) -> str:
    while found := _TAG.match(subject):
        subject = subject[found.end() :]
    return subject


def _own(text: str) -> str:
    """The text without the paragraphs of gateways before and after it; all of it where none is left."""
    own = _paragraphs(text)
    while own and _THEIRS.search(own[-1]):
        own.pop()
    while own and _THEIRS.search(own[0]):
        own.pop(0)
    return "\n".join(own) or text


def _paragraphs(text: str) -> list[str]:
    """Blocks between blank lines and ruled lines, which themselves are gone."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() and not _RULE.match(line):
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _LINK.sub(" ", text)).casefold()
    return " ".join(_WORD.findall(plain)) or " ".join(text.split())


def _digest(*parts: str) -> str:
    encoded = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(encoded).hexdigest()
