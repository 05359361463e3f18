"""In these texts each number is the line it stands on, so the scanner can be held to its word."""

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.lines import line_numbers
from config.problems import KeyPath

TRICKY = '''\
a = 1
"quoted key" = 2 # not [a.header]
'single.dotted' = 3
x.y."z" = 4

[table]   # comment = 7
b = 7
text = """
c = 9
[[not.a.table]]
quotes at the end""\\""""""
after = 12
literal = \'\'\'
d = "14
\'\'\'
after2 = 16
brackets = "]] # [x" # ]
hash = '#'
after3 = 19
array = [
    21, 21, # 22 ]
    { f = 22, g = [22, 22] },
    [23,
     24],
]
after4 = 26
one.two = 27
when = 2026-03-01 07:30:00
float = 1.5e+3
inline = { h = 30, "i]" = 30, nested = { j = 30 } }

[[list]]
k = 33
[list.sub]
l = 35
[[list.deep]]
m = 37
[[list.deep]]
n = 39

[[list]]
o = 42
[[list.deep]]
p = 44
[implicit.parent]
q = 46
[implicit]
r = 48
last = 49'''


def numbers(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, int]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from numbers(item, (*path, index))
    elif isinstance(value, int):
        yield path, value


def test_every_key_is_found_on_its_line() -> None:
    lines = line_numbers(TRICKY)
    wrong = {
        path: (lines.get(path), number)
        for path, number in numbers(tomllib.loads(TRICKY))
        if lines.get(path) != number
    }
    assert not wrong


def test_tables_have_the_line_of_their_header() -> None:
    lines = line_numbers(TRICKY)
    assert lines["table",] == 6
    assert lines["list", 0] == lines["list",] == 32
    assert lines["list", 1] == 41
    assert lines["list", 0, "deep", 1] == 38
    assert lines["list", 1, "deep", 0] == 43
    assert lines["implicit",] == 47


def test_windows_line_ends_change_nothing() -> None:
    assert line_numbers(TRICKY.replace("\n", "\r\n")) == line_numbers(TRICKY)


WORDS = st.text("ab \"'#=[]{},.\\\n\t", max_size=12)


def basic(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


@given(st.lists(st.tuples(WORDS, WORDS, st.booleans()), unique_by=lambda pair: pair[0], min_size=1))
def test_no_text_in_keys_or_values_confuses_it(pairs: list[tuple[str, str, bool]]) -> None:
    text, expected, line = "", {}, 1
    for key, value, long in pairs:
        expected[key] = line
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        text += f"{basic(key)} = " + (f'"""\n{escaped}"""' if long else basic(value)) + "\n"
        line = text.count("\n") + 1
    assert tomllib.loads(text).keys() == expected.keys()
    assert line_numbers(text) == {(key,): line for key, line in expected.items()}
