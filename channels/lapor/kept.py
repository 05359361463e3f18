"""Answers of a feed, kept so that it need not say the same again (RFC 9110, section 13)."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_COUNT = 32
_SIZE = 1024 * 1024  # bytes of one answer


@dataclass(frozen=True, slots=True)
class Answer:
    """A parsed answer, with the address of the next page where the Link header names one."""

    value: Any
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and the server's marks of its version."""

    etag: str
    modified: str
    answer: Answer

    @property
    def conditions(self) -> dict[str, str]:
        """Header fields that ask only for something newer."""
        conditions = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in conditions.items() if value}


class KeptAnswers:
    """The last few small answers that have a mark."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def get(self, url: str) -> Kept | None:
        """Return what is kept for an address."""
        return self._kept.get(url)

    def keep(self, url: str, headers: Mapping[str, str], answer: Answer, size: int) -> None:
        """Keep an answer of ``size`` bytes, unless it is too large or has no mark."""
        etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        if size > _SIZE or not (etag or modified):
            return
        self._kept[url] = Kept(etag, modified, answer)
        self._kept.move_to_end(url)
        while len(self._kept) > _COUNT:
            self._kept.popitem(last=False)
