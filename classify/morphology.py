"""Indonesian word forms from affix patterns: which roots can a word be a form of, and which forms has a root.

The vocabulary decides whether a possible root means anything, so nothing is ever cut off a word
that nobody listed. Covers standard affixes with their nasal changes (Tata Bahasa Baku), spoken
ones (nge-, N-, -in) and the common Balinese ones (ka-, ma-, -ne, -a, -ang).
"""

from collections.abc import Iterator

CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu", "ne")
SUFFIXES = ("kan", "an", "in", "i", "ang", "e", "a")
MIN_ROOT = 3

# What stands before the rest of the root, and the letters the nasal may have replaced.
_NASAL: dict[str, tuple[str, tuple[str, ...]]] = {
    "meny": ("me", ("s",)),
    "meng": ("me", ("", "k")),
    "menge": ("me", ("",)),
    "mem": ("me", ("", "p", "m")),
    "men": ("me", ("", "t", "n")),
    "me": ("me", ("",)),
    "peny": ("pe", ("s",)),
    "peng": ("pe", ("", "k")),
    "penge": ("pe", ("",)),
    "pem": ("pe", ("", "p", "m")),
    "pen": ("pe", ("", "t", "n")),
    "pe": ("pe", ("",)),
    "per": ("pe", ("",)),
    "pel": ("pe", ("",)),
    "nge": ("nge", ("",)),
    "ng": ("nge", ("", "k")),
    "ny": ("nge", ("s", "c")),
    "n": ("nge", ("t",)),
    "m": ("nge", ("p",)),
    "di": ("di", ("",)),
    "diper": ("di", ("",)),
    "dipe": ("di", ("",)),
    "ke": ("ke", ("",)),
    "keter": ("ke", ("",)),
    "keber": ("ke", ("",)),
    "pember": ("pe", ("",)),
    "ka": ("di", ("",)),
    "ber": ("ber", ("",)),
    "be": ("ber", ("",)),
    "ma": ("ber", ("",)),
    "ter": ("ter", ("",)),
    "te": ("ter", ("",)),
    "se": ("se", ("",)),
    "memper": ("me", ("",)),
    "ku": ("ku", ("",)),
    "kau": ("ku", ("",)),
}
_NONE = ("", ())
_BEGINNINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    prefix[:size]: _NASAL.get(prefix[:size], _NONE)
    for prefix in _NASAL
    for size in range(1, len(prefix) + 1)
}
"""Every prefix and every beginning of one."""
_BY_LAST = {
    last: tuple(suffix for suffix in SUFFIXES if suffix[-1] == last)
    for last in {suffix[-1] for suffix in SUFFIXES}
}

PREFIXES = frozenset(kind for kind, _ in _NASAL.values()) | {""}


def candidates(word: str) -> list[tuple[str, str]]:
    """Every root the word can be a form of, each with its kind of prefix ("" for none)."""
    return [
        found
        for base in bases(word)
        for stem in _without_suffix(base)
        for found in _without_prefix(stem)
    ]


def bases(word: str) -> tuple[str, ...]:
    """The word itself, and what remains of it without clitics (-nya, -lah, -kah, -pun, -ku, -mu)."""
    if not word.endswith(CLITICS):
        return (word,)
    found = [word]
    for clitic in CLITICS:
        if word.endswith(clitic) and len(word) - len(clitic) >= MIN_ROOT:
            found += bases(word[: -len(clitic)])
    return tuple(found)


def forms(root: str) -> frozenset[str]:
    """The forms of a root, without clitics: the inverse of `candidates`."""
    stems = {root, *(prefix + root for prefix in _joined(root)), *_nasalised(root)}
    return frozenset(stem + suffix for stem in stems for suffix in ("", *SUFFIXES))


def _without_suffix(base: str) -> list[str]:
    suffixes = _BY_LAST.get(base[-1], ())
    cut = [base.removesuffix(suffix) for suffix in suffixes if base.endswith(suffix)]
    return [base, *(stem for stem in cut if len(stem) >= MIN_ROOT)]


def _without_prefix(stem: str) -> list[tuple[str, str]]:
    found = [(stem, "")]
    for size in range(1, len(stem) - 1):
        beginning = _BEGINNINGS.get(stem[:size])
        if beginning is None:
            break
        kind, restored = beginning
        for letter in restored:
            root = letter + stem[size:]
            if len(root) >= MIN_ROOT:
                found.append((root, kind))
    return found


def _joined(root: str) -> Iterator[str]:
    yield from ("di", "diper", "ke", "ka", "ber", "ter", "se", "per", "memper", "ku", "nge")
    if root[0] in "lrwymn":
        yield from ("me", "pe")
    elif root[0] in "bfv":
        yield from ("mem", "pem")
    elif root[0] in "dcjz":
        yield from ("men", "pen")
    elif root[0] in "aiueogh":
        yield from ("meng", "peng", "ng")


def _nasalised(root: str) -> Iterator[str]:
    rest = root[1:]
    if root[0] == "p":
        yield from ("mem" + rest, "pem" + rest, "m" + rest)
    elif root[0] == "t":
        yield from ("men" + rest, "pen" + rest, "n" + rest)
    elif root[0] == "s":
        yield from ("meny" + rest, "peny" + rest, "ny" + rest)
    elif root[0] == "k":
        yield from ("meng" + rest, "peng" + rest, "ng" + rest)
