"""What a feed answered: JSON, and in it the rows that were asked for, or an error object."""

import json
from collections.abc import Mapping
from typing import Any

from channels.errors import ChannelError, InDoubt, Permanent, Temporary
from channels.lapor.mapping import as_text, dig
from channels.lapor.profile import ErrorObject

_SHOWN = 200
_FAILED = ("false", "error", "fail", "failed", "gagal")
_NOT_DONE = ("0", "400", "403", "404", "422", "429", "500", "503")
_TRY_LATER = ("408", "429", "500", "502", "503", "504")


def parse_json(body: bytes, host: str) -> Any:
    """Return the JSON value. Raises Temporary: a half or foreign page is the server's bad moment."""
    try:
        return json.loads(_decoded(body))
    except (ValueError, RecursionError) as error:
        if body.lstrip()[:1] == b"<":
            raise Temporary("lapor_html", host=host) from error
        raise Temporary("lapor_bad_json", host=host) from error


def rows(value: Any, items: str, error: ErrorObject, host: str) -> list[Any]:
    """Return the rows at ``items``. Raises Permanent or Temporary for an error object in their place."""
    found = dig(value, items)
    if isinstance(found, list) and (found or not _failed(value)):
        return found
    if not found and not _failed(value) and not _message(value, error):
        return []
    if isinstance(found, Mapping) and _is_numbered(found):
        return list(found.values())  # PHP writes a list with gaps as an object
    raise _refusal(value, error, host)


def check_accepted(value: Any, error: ErrorObject, host: str) -> None:
    """Check what was said to something we sent. Raises Permanent, Temporary, or InDoubt without a reason."""
    status = as_text(dig(value, "status"))
    told = status in _NOT_DONE and _message(value, error)
    if not (told or _failed(value)):
        return
    refusal = _refusal(value, error, host)
    if refusal.code == "lapor_unexpected":
        raise InDoubt("lapor_in_doubt", host=host, reason=refusal.values["answer"])
    raise refusal


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _failed(value: Any) -> bool:
    return as_text(dig(value, "status")).casefold() in _FAILED


def _is_numbered(found: Mapping[str, Any]) -> bool:
    return all(name.isdecimal() and isinstance(row, Mapping) for name, row in found.items())


def _message(value: Any, error: ErrorObject) -> str:
    for name in error.message:
        said = dig(value, name)
        if isinstance(said, Mapping | list):
            return json.dumps(said, ensure_ascii=False)
        if as_text(said):
            return as_text(said)
    return ""


def _refusal(value: Any, error: ErrorObject, host: str) -> ChannelError:
    said = _message(value, error)
    if not isinstance(value, Mapping) or not said:
        return Temporary("lapor_unexpected", host=host, answer=json.dumps(value)[:_SHOWN])
    later = any(word.casefold() in said.casefold() for word in error.temporary)
    if later or any(as_text(dig(value, name)) in _TRY_LATER for name in ("status", "code")):
        return Temporary("lapor_error_later", host=host, answer=said[:_SHOWN])
    return Permanent("lapor_error", host=host, answer=said[:_SHOWN])
