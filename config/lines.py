"""Where each key of a TOML text stands. tomllib tells what a file says, but not on which line.

The text has been accepted by tomllib before, so nothing is checked here: the scanner only needs to
know strings, comments and brackets apart.
"""

import re
import tomllib
from collections.abc import Iterator

from config.problems import KeyPath

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*')
      | (?P<mark>[=\[\]{},.\n])
      | (?P<bare>[^\s\#"'=\[\]{},.]+)""",
    re.DOTALL | re.VERBOSE,
)
_END = ("end", "")


def line_numbers(text: str) -> dict[KeyPath, int]:
    """Return the line, counted from 1, of every key and array element, tables included."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._tokens = self._tokenise(text)
        self._line = 1
        self._token = _END
        self._lines: dict[KeyPath, int] = {}
        self._tables: dict[KeyPath, int] = {}
        self._next()

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._token != _END:
            if self._is("\n"):
                self._next()
            elif self._is("["):
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _tokenise(self, text: str) -> Iterator[tuple[str, str, int]]:
        line, position = 1, 0
        for match in _TOKEN.finditer(text):
            line += text.count("\n", position, match.start())
            position = match.start()
            if match.lastgroup and match.lastgroup != "comment":
                yield match.lastgroup, match[0], line

    def _next(self) -> None:
        kind, token, self._line = next(self._tokens, (*_END, self._line))
        self._token = (kind, token)

    def _is(self, mark: str) -> bool:
        return self._token == ("mark", mark)

    def _header(self) -> KeyPath:
        line = self._line
        self._next()
        repeated = self._is("[")
        if repeated:
            self._next()
        table: KeyPath = ()
        keys = self._keys("]")
        for number, key in enumerate(keys, 1):
            table = (*table, key)
            self._note(table, line)
            if repeated and number == len(keys):
                self._tables[table] = self._tables.get(table, -1) + 1
            if table in self._tables:
                table = (*table, self._tables[table])
                self._note(table, line)
        while self._is("]"):
            self._next()
        # A table opened implicitly by an earlier, deeper header has its own line here.
        self._lines[table] = line
        return table

    def _keys(self, closing: str) -> list[str]:
        keys = []
        while not self._is(closing):
            kind, token = self._token
            if kind == "string":
                keys.append(str(tomllib.loads(f"key = {token}")["key"]))
            elif kind == "bare":
                keys.append(token)
            self._next()
        return keys

    def _pair(self, table: KeyPath) -> None:
        line = self._line
        for key in self._keys("="):
            table = (*table, key)
            self._note(table, line)
        self._next()
        self._value(table)

    def _value(self, path: KeyPath) -> None:
        if self._is("["):
            self._array(path)
        elif self._is("{"):
            self._inline_table(path)
        else:
            while self._token != _END and not any(map(self._is, "\n,]}")):
                self._next()

    def _array(self, path: KeyPath) -> None:
        self._next()
        index = 0
        while not self._is("]"):
            if self._is(","):
                index += 1
                self._next()
            elif self._is("\n"):
                self._next()
            else:
                self._note((*path, index), self._line)
                self._value((*path, index))
        self._next()

    def _inline_table(self, path: KeyPath) -> None:
        self._next()
        while not self._is("}"):
            if self._is(",") or self._is("\n"):
                self._next()
            else:
                self._pair(path)
        self._next()

    def _note(self, path: KeyPath, line: int) -> None:
        self._lines.setdefault(path, line)
