"""How long one complaint of 600 characters takes, and what grows with what.

    python bench/classify_speed.py

Processor time, so that a busy machine does not count. One run prints: known words (the memory warm), words never seen before (cold), the same number of
compiled regular expressions in a loop, growth with length, hostile texts, and loading.
"""

import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)  # this folder holds a classify.py of its own

from classify.engine import RuleSet, compile_rules  # noqa: E402
from classify.rules import literals, read_book  # noqa: E402
from classify.types import Medium  # noqa: E402
from config.rules import sources  # noqa: E402

TEXT = (
    "Selamat pagi Bapak dan Ibu, kami dari sekaa di Banjar Dinas Kelodan ingin menyampaikan "
    "sesuatu. Waktu pencairan dana hibah bulan lalu, bendahara desa meminta buku tabungan kami "
    "dan mengembalikannya dengan saldo berkurang dua juta rupiah. Katanya untuk uang lelah yang "
    "mengurus berkas di kantor. Di kuitansi tetap tertulis utuh, sepuluh juta. Sampai sekarang "
    "laporan penggunaannya belum pernah dibuka di paruman, dan setiap kali ditanya jawabannya "
    "selalu nanti. Kami tidak ingin ribut, tetapi mohon kiranya diperiksa. Jam berapa kami dapat "
    "datang membawa fotokopi buku tabungan itu? Atas perhatiannya kami ucapkan terima kasih."
)[:600]
LEAST_SECONDS = 0.3


def seconds(run: Callable[[], object]) -> float:
    """Median of seven timings, each long enough to trust."""
    loops = 1
    while _timed(run, loops) < LEAST_SECONDS / 7:
        loops *= 2
    return statistics.median(_timed(run, loops) / loops for _ in range(7))


def _timed(run: Callable[[], object], loops: int) -> float:
    start = time.process_time()
    for _ in range(loops):
        run()
    return time.process_time() - start


def classify(rules: RuleSet, text: str) -> None:
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


def strange(count: int) -> str:
    """Words nobody has seen before."""
    chance = random.Random(7)
    letters = "abcdefghijklmnoprstuwy"
    return " ".join("".join(chance.choices(letters, k=chance.randint(4, 10))) for _ in range(count))


def main() -> None:
    load = seconds(lambda: compile_rules(sources()))
    rules = compile_rules(sources())
    classify(rules, TEXT)
    warm = seconds(lambda: classify(rules, TEXT))

    def cold() -> None:
        rules.forget()
        classify(rules, TEXT)

    patterns = expressions()
    loop = seconds(lambda: [list(p.finditer(TEXT)) for p in patterns])
    print(f"{len(rules.rules)} rules, {len(patterns)} concepts, {len(TEXT)} characters")
    print(f"known words         {warm * 1e6:10.1f} µs")
    print(f"nothing remembered  {seconds(cold) * 1e6:10.1f} µs")
    print(f"regex loop          {loop * 1e6:10.1f} µs  ({loop / warm:.0f} times ours)")
    print(f"loading             {load * 1e3:10.1f} ms")
    for name, text in (
        ("1 MB, known words", (TEXT + " ") * (1_000_000 // len(TEXT))),
        ("1 MB, new words", strange(125_000)),
        ("1 MB, one word", "a" * 1_000_000),
        ("1 MB, no spaces", "a.b,c-" * 166_666),
        ("1 MB, one sentence", "petugas minta uang " * 52_000),
        ("1 MB, NULs", "\0" * 1_000_000),
    ):
        start = time.process_time()
        classify(rules, text)
        print(f"{name:20s}{time.process_time() - start:10.2f} s")
    for times in (1, 10, 100, 1000):
        text = (TEXT + " ") * times
        print(
            f"{len(text):>8d} characters {seconds(partial(classify, rules, text)) / len(text) * 1e9:8.1f} ns each"
        )


if __name__ == "__main__":
    main()
