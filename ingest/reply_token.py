"""Signed tokens in the subject of what complainants get: for programs that drop In-Reply-To when answering.

Staff may have them in the address they reply to.

A token belongs to one case and one mailbox. Who copies it from another's mail gains nothing by it.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from ingest.people import mailbox
from store import Store
from store.numbers import normalise

KEY = "replies.key"
PURPOSE = "reply tokens"
_LENGTH = 12  # of base32: 60 bits, and each guess is a mail
_MOST = 8  # a mail full of tokens is not looked through to its end
_TAG = re.compile(r"\b(MR-?\w{4}-?\w{3})[ \t/]+([A-Za-z2-7]{12})\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?P<local>[^+@]+)\+(?P<number>mr[a-z0-9]{7})\.(?P<token>[a-z2-7]{12})@(?P<domain>[^@]+)",
    re.IGNORECASE,
)
_STAFF = "staff "  # no address begins so: a complainant's token is nobody's of the office


class ReplyTokens:
    """Makes and checks tokens. Their key comes from the key file; older offices have one in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tag(self, number: str, address: str) -> str:
        """Return the number with its token, to be put into a subject that goes to ``address``."""
        return f"{number} {self._token(number, address)}"

    def signed(self, text: str, address: str) -> tuple[str | None, str]:
        """Return the case for which a text holds the token of ``address``, and a case wrongly claimed, if any."""
        claimed = ""
        for number, token in islice(_tags(text), _MOST):
            if hmac.compare_digest(token, self._token(number, address)):
                return number, ""
            claimed = claimed or number
        return None, claimed

    def address(self, base: str, number: str, recipient: str) -> str:
        """Return ``base`` with a token behind a plus, for what ``recipient`` of the office replies to."""
        local, _, domain = base.rpartition("@")
        tag = f"{number.replace('-', '').lower()}.{self._token(number, _STAFF + recipient)}"
        return f"{local}+{tag}@{domain}"

    def addressed(self, address: str, people: Iterable[str]) -> tuple[str, str]:
        """Return the case in such an address, and whose of these ``people`` its token is; empty where nobody's."""
        found = _ADDRESS.fullmatch(address)
        number = normalise(found["number"]) if found else None
        if found is None or number is None:
            return "", ""
        token = found["token"].lower()
        for one in people:
            if hmac.compare_digest(token, self._token(number, _STAFF + one)):
                return number, one
        return "", ""

    def untagged(self, address: str) -> str:
        """Return an address without such a token."""
        found = _ADDRESS.fullmatch(address)
        return f"{found['local']}@{found['domain']}" if found else address

    def _token(self, number: str, address: str) -> str:
        signed = hmac.digest(self._key, f"{number}\0{mailbox(address)}".encode(), "sha256")
        return base64.b32encode(signed).decode()[:_LENGTH].lower()

    @cached_property
    def _key(self) -> bytes:
        if kept := self._store.value(KEY):
            return bytes.fromhex(kept)
        derived = self._store.seals.derived(PURPOSE)
        return derived or bytes.fromhex(self._store.kept(KEY, secrets.token_hex(32)))


def _tags(text: str) -> Iterator[tuple[str, str]]:
    for found in _TAG.finditer(text):
        if number := normalise(found[1]):
            yield number, found[2].lower()
