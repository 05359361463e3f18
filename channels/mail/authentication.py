"""Who a mail is from, by the word of our own server: Authentication-Results (RFC 8601).

Anybody can write that field. Only the topmost one that carries the name of our server counts: a server
puts its own on top, and takes away what came in under its name (RFC 8601, section 5).
"""

import re

import authres
import structlog

from channels.mail.headers import Headers

_log = structlog.get_logger()
_NAME = re.compile(r'\s*(?:\([^()]*\)\s*)?"?([^\s;"()]+)')
_LIMIT = 4_096  # characters; the parser takes the square of it
_COMMENTS = 50  # and recurses for each
# Which property names the domain that a method has proved.
_PROVED = {
    "dkim": (("header", "d"), ("header", "i")),
    "spf": (("smtp", "mailfrom"),),
}


def proven_domains(headers: Headers, authserv_id: str) -> tuple[str, ...]:
    """Return the domains, lower case, whose DKIM signature or SPF our server ``authserv_id`` found good."""
    value = _ours(headers, authserv_id)
    if not value or len(value) > _LIMIT or value.count("(") > _COMMENTS:
        return ()
    try:
        results = authres.AuthenticationResultsHeader.parse_value(value).results
    except (authres.AuthResError, RecursionError, ValueError, IndexError) as error:
        _log.warning("authentication.unreadable", error=type(error).__name__)
        return ()
    found = (domain for result in results for domain in _proved_by(result))
    return tuple(dict.fromkeys(found))


def _ours(headers: Headers, authserv_id: str) -> str:
    """The topmost field in the name of our server; empty where there is none."""
    name = authserv_id.casefold()
    for value in headers.all("authentication-results") if name else ():
        found = _NAME.match(value)
        if found and found[1].casefold() == name:
            return value
    return ""


def _proved_by(result: authres.AuthenticationResult) -> list[str]:
    if str(result.result).lower() != "pass":
        return []
    wanted = _PROVED.get(str(result.method).lower(), ())
    return [
        str(one.value).rpartition("@")[2].strip("<> ").lower()
        for one in result.properties
        if (one.type, one.name) in wanted and one.value
    ]
