"""How long one complaint of 600 characters takes, and what grows with what.

    python bench/classify_speed.py

Processor time, the least of several rounds, so that a busy machine counts little. The headline is
*different texts*: letters of 600 characters joined from training texts by writers d, e and f, each
read once, after texts by other writers (a, b, c). The same letters again (no word new, each still read
in full: nothing is remembered but words), one text over and over, and with nothing remembered stand
beside it. The loop of regular expressions has one for each concept and literal of the rule set, with all its
words and phrases, and finds every place of it: what the rule set would be without an engine.
"""

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)  # this folder holds a classify.py of its own

from classify.engine import RuleSet, compile_rules  # noqa: E402
from classify.rules import literals, read_book  # noqa: E402
from classify.types import Medium  # noqa: E402
from config.rules import sources  # noqa: E402

SIZE = 600
TEXT = (
    "Selamat pagi Bapak dan Ibu, kami dari sekaa di Banjar Dinas Kelodan ingin menyampaikan "
    "sesuatu. Waktu pencairan dana hibah bulan lalu, bendahara desa meminta buku tabungan kami "
    "dan mengembalikannya dengan saldo berkurang dua juta rupiah. Katanya untuk uang lelah yang "
    "mengurus berkas di kantor. Di kuitansi tetap tertulis utuh, sepuluh juta. Sampai sekarang "
    "laporan penggunaannya belum pernah dibuka di paruman, dan setiap kali ditanya jawabannya "
    "selalu nanti. Kami tidak ingin ribut, tetapi mohon kiranya diperiksa. Jam berapa kami dapat "
    "datang membawa fotokopi buku tabungan itu? Atas perhatiannya kami ucapkan terima kasih."
)[:SIZE]
ROUNDS = 7
REGEX_LETTERS = 10


def written_by(writers: str) -> list[str]:
    """The training texts of some writers."""
    files = [path for w in writers for path in (ROOT / "bench/data").glob(f"train-{w}*.jsonl")]
    lines = [line for path in sorted(files) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines]


def letters(texts: Sequence[str]) -> Iterator[str]:
    """Texts joined, in a fixed random order, into letters of 600 characters; each is used once."""
    order = random.Random(1).sample(texts, len(texts))
    letter = ""
    for text in order:
        letter += text + " "
        if len(letter) >= SIZE:
            yield letter[:SIZE]
            letter = ""


def least(run: Callable[[], object], prepare: Callable[[], object] = lambda: None) -> float:
    """Seconds of the fastest of several rounds; what prepares a round is not counted."""
    found = []
    for _ in range(ROUNDS):
        prepare()
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return min(found)


def read_all(rules: RuleSet, texts: Sequence[str]) -> None:
    for text in texts:
        rules.classify("", text, Medium.EMAIL)


def expressions() -> list[re.Pattern[str]]:
    """One regular expression for each concept and literal of the rule set: its words and phrases."""
    book = read_book(sources())
    found = []
    for concept in [*book.concepts.values(), *literals(book)]:
        words = [*concept.words, *concept.roots, *(" ".join(p) for p in concept.phrases)]
        found.append(
            re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\w*", re.IGNORECASE)
        )
    return found


def search_all(patterns: Sequence[re.Pattern[str]], texts: Sequence[str]) -> None:
    for text in texts:
        for pattern in patterns:
            list(pattern.finditer(text))


def strange(count: int) -> str:
    """Words nobody has seen before."""
    chance = random.Random(7)
    alphabet = "abcdefghijklmnoprstuwy"
    return " ".join(
        "".join(chance.choices(alphabet, k=chance.randint(4, 10))) for _ in range(count)
    )


def typical(rules: RuleSet) -> None:
    """What a complaint takes, and how many times longer the loop takes on the same texts."""
    before, different = written_by("abc"), list(letters(written_by("def")))
    patterns = expressions()

    def warm_up() -> None:
        rules.forget()
        read_all(rules, before)

    first = least(partial(read_all, rules, different), warm_up) / len(different)
    again = least(partial(read_all, rules, different)) / len(different)
    same = least(partial(read_all, rules, [TEXT] * 200)) / 200
    cold = least(partial(read_all, rules, [TEXT]), rules.forget)
    some = different[:REGEX_LETTERS]
    loop = least(partial(search_all, patterns, some)) / len(some)
    loop_same = least(partial(search_all, patterns, [TEXT]))
    print(f"{len(rules.rules)} rules, {len(patterns)} concepts, {len(different)} letters of {SIZE}")
    for name, taken, regex in (
        ("different texts", first, loop),
        ("no word new", again, loop),
        ("one text again", same, loop_same),
        ("nothing remembered", cold, loop_same),
    ):
        print(f"{name:20s}{taken * 1e6:8.0f} µs   regex loop {regex / taken:4.0f} times as long")
    print(f"{'regex loop':20s}{loop * 1e6:8.0f} µs")


def growth(rules: RuleSet) -> None:
    """Long and hostile texts."""
    for name, text in (
        ("1 MB, known words", (TEXT + " ") * (1_000_000 // len(TEXT))),
        ("1 MB, new words", strange(125_000)),
        ("1 MB, one word", "a" * 1_000_000),
        ("1 MB, no spaces", "a.b,c-" * 166_666),
        ("1 MB, one sentence", "petugas minta uang " * 52_000),
        ("1 MB, line breaks", "petugas\n" * 125_000),
        ("1 MB, NULs", "\0" * 1_000_000),
    ):
        start = time.process_time()
        read_all(rules, [text])
        print(f"{name:20s}{time.process_time() - start:8.2f} s")
    for times in (1, 2, 10, 100, 1000):
        text = (TEXT + " ") * times
        taken = least(partial(read_all, rules, [text]))
        print(f"{len(text):>8d} characters {taken / len(text) * 1e9:8.1f} ns each")


def main() -> None:
    print(f"{'loading':20s}{least(lambda: compile_rules(sources())) * 1e3:8.0f} ms")
    rules = compile_rules(sources())
    typical(rules)
    growth(rules)


if __name__ == "__main__":
    main()
