"""Who a mail is from, by the word of our own server: Authentication-Results (RFC 8601).

Anybody can write that field. Only the topmost that carry the name of our server count: a server puts its
own on top, and takes away what came in under its name (RFC 8601, section 5). Where each of its filters
writes a field, they stand in one block; of each method only the topmost word counts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, takewhile

import authres
import structlog

from channels.mail import parser
from channels.mail.headers import Headers
from channels.types import Address, Proof

_log = structlog.get_logger()
_NAME = re.compile(r'\s*(?:\([^()]*\)\s*)?"?([^\s;"()]+)')
_LIMIT = 4_096  # characters; the parser takes the square of it
_COMMENTS = 50  # and recurses for each
# Which property names the domain that a method has proved.
_PROVED = {
    "dkim": (("header", "d"), ("header", "i")),
    "spf": (("smtp", "mailfrom"),),
}
_FILTERS = ("dkim-filter", "dmarc-filter", "received-spf")  # fields they write beside
_NO_POLICY = ("none", "bestguesspass")  # DMARC's, where the domain asks for nothing
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}"
_ONE_AUTHOR = re.compile(rf"(?:[^<>@,;]*<{_ADDRESS}>|{_ADDRESS})")
_LONGEST_AUTHOR = 1_000  # characters


def proven_domains(headers: Headers, authserv_id: str) -> tuple[str, ...]:
    """Return the domains, lower case, whose DKIM signature or SPF our server ``authserv_id`` found good."""
    found = (domain for one in _results(_ours(headers, authserv_id)) for domain in _proved_by(one))
    return tuple(dict.fromkeys(found))


def author_proof(headers: Headers, authors: Sequence[Address], authserv_id: str) -> Proof:
    """Return whether our server found the one author of a mail to be who the From field says.

    That is DMARC's word (RFC 7489); where the domain has no policy, a good DKIM signature or SPF of the
    author's own domain or one above it. A Sender who is not the author makes the mail ambiguous.
    """
    if not _has_one_author(headers, authors):
        return Proof.AMBIGUOUS
    if not authserv_id:
        return Proof.UNASKED
    said = _ours(headers, authserv_id)
    if not said:
        return Proof.ABSENT
    domain = authors[0].email.rpartition("@")[2].lower()
    results = _results(said)
    policy = {_policy_of(domain, one) for one in results if _method(one) == "dmarc"}
    if policy - {"pass", *_NO_POLICY}:
        return Proof.FAILED
    proved = (one for result in results for one in _proved_by(result))
    passed = "pass" in policy or any(_within(domain, one) for one in proved)
    return Proof.PASSED if passed else Proof.FAILED


def _has_one_author(headers: Headers, authors: Sequence[Address]) -> bool:
    """One From field with one plain address: what two programs could read in two ways is nobody's."""
    fields = headers.all("from")
    if len(fields) != 1 or len(authors) != 1 or len(fields[0]) > _LONGEST_AUTHOR:
        return False
    if not _ONE_AUTHOR.fullmatch(_QUOTED.sub("", fields[0]).strip()):
        return False
    senders = parser.mailboxes(headers.all("sender"))
    return all(one.email.casefold() == authors[0].email.casefold() for one in senders)


def _ours(headers: Headers, authserv_id: str) -> list[str]:
    """The topmost fields in the name of our server, up to any other field but those of filters."""

    def is_ours(value: str) -> bool:
        found = _NAME.match(value)
        return found is not None and found[1].casefold() == authserv_id.casefold()

    for run in headers.runs("authentication-results", _is_of_filter) if authserv_id else ():
        if ours := list(takewhile(is_ours, dropwhile(lambda value: not is_ours(value), run))):
            return ours
    return []


def _is_of_filter(field: str) -> bool:
    return field in _FILTERS or field.startswith("x-")


def _results(values: Iterable[str]) -> list[authres.AuthenticationResult]:
    """What the fields say. A method that one has spoken of, no lower one speaks of again.

    Below one that says nothing, or cannot be read, nothing counts.
    """
    found: list[authres.AuthenticationResult] = []
    for value in values:
        settled = {_method(one) for one in found}
        if not (said := _read(value)):
            break
        found += [one for one in said if _method(one) not in settled]
    return found


def _read(value: str) -> list[authres.AuthenticationResult]:
    """What a field says; nothing where it cannot be read."""
    if len(value) > _LIMIT or value.count("(") > _COMMENTS:
        return []
    try:
        return list(authres.AuthenticationResultsHeader.parse_value(value).results)
    except (authres.AuthResError, RecursionError, ValueError, IndexError) as error:
        _log.warning("authentication.unreadable", error=type(error).__name__)
        return []


def _policy_of(domain: str, result: authres.AuthenticationResult) -> str:
    """DMARC's word about this domain; about another, or about two, it is no word about this one."""
    about = [str(one.value).lower() for one in result.properties if one.name == "from"]
    return _result(result) if about in ([domain], []) else "other"


def _method(one: authres.AuthenticationResult) -> str:
    return str(one.method).lower()


def _result(one: authres.AuthenticationResult) -> str:
    return str(one.result).lower()


def _proved_by(result: authres.AuthenticationResult) -> Iterator[str]:
    if _result(result) != "pass":
        return
    wanted = _PROVED.get(_method(result), ())
    for one in result.properties:
        if (one.type, one.name) in wanted and one.value:
            yield str(one.value).rpartition("@")[2].strip("<> ").lower()


def _within(domain: str, of: str) -> bool:
    """Whether a domain is another one or lies below it. A top-level domain proves nothing."""
    return "." in of and f".{domain}".endswith(f".{of}")
