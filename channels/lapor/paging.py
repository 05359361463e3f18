"""From page to page, and never in a circle."""

from collections.abc import Callable, Iterator
from typing import Any

import structlog

from channels.lapor.dates import later
from channels.lapor.dialect import key_of
from channels.lapor.kept import Answer
from channels.lapor.mapping import as_text, dig
from channels.lapor.profile import Profile

_MOST_PAGES = 10_000
_log = structlog.get_logger()

Ask = Callable[[dict[str, str]], Answer]
Page = list[Any]


class Pages:
    """Iterates over the pages of a list; a page holds only rows this walk has not given yet.

    ``ask`` gets a page by parameters, ``follow`` by address, ``rows`` takes the rows out of an answer.
    The walk ends with an empty page, or where a page brings nothing new: some servers repeat their last
    page for ever, some hand back a cursor they gave before.
    """

    def __init__(
        self,
        profile: Profile,
        ask: Ask,
        follow: Callable[[str], Answer],
        rows: Callable[[Any], Page],
    ) -> None:
        self._profile = profile
        self._paging = profile.paging
        self._ask = ask
        self._follow = follow
        self._rows = rows
        self._given: set[str] = set()

    def __iter__(self) -> Iterator[Page]:
        walks = {
            "cursor": self._by_cursor,
            "page": self._by_number,
            "link": self._by_link,
            "none": self._once,
        }
        return walks[self._paging.kind]()

    def _fresh(self, answer: Answer) -> Page:
        fresh = []
        for row in self._rows(answer.value):
            key = key_of("", row)
            if key not in self._given:
                self._given.add(key)
                fresh.append(row)
        return fresh

    def _once(self) -> Iterator[Page]:
        yield self._fresh(self._ask({}))

    def _by_number(self) -> Iterator[Page]:
        start = int(self._paging.first or 1)
        for number in range(start, start + _MOST_PAGES):
            page = self._fresh(self._ask({self._paging.param: str(number)}))
            if not page:
                return
            yield page
        self._endless()

    def _by_cursor(self) -> Iterator[Page]:
        page = self._fresh(self._ask({self._paging.param: self._paging.first}))
        for _ in range(_MOST_PAGES):
            if not page:
                return
            yield page
            cursor = as_text(dig(page[-1], self._paging.source))
            if not cursor:
                _log.warning("feed.cursor_missing", profile=self._profile.name)
                return
            page = self._after(cursor)
        self._endless()

    def _after(self, cursor: str) -> Page:
        """Ask from a little before ``cursor``, and from it where that brings nothing new.

        Rows of the very same time may stand on both sides of a page's end.
        """
        ties = self._paging.tie_seconds
        around = later(cursor, ties, self._profile.dates) if ties else None
        page = self._fresh(self._ask({self._paging.param: around})) if around else []
        return page or self._fresh(self._ask({self._paging.param: cursor}))

    def _by_link(self) -> Iterator[Page]:
        answer = self._ask({})
        followed: set[str] = set()
        for _ in range(_MOST_PAGES):
            yield self._fresh(answer)
            link = as_text(dig(answer.value, self._paging.source)) if self._paging.source else ""
            link = link or answer.next_url
            if not link:
                return
            if link in followed:
                _log.warning("feed.circle_left", profile=self._profile.name)
                return
            followed.add(link)
            answer = self._follow(link)
        self._endless()

    def _endless(self) -> None:
        _log.error("feed.endless", profile=self._profile.name, pages=_MOST_PAGES)
