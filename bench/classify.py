"""The classifier against simple ones on labelled texts it has not seen.

    python bench/classify.py [--train DEV.jsonl] FILE...

Each line of a file: id, channel, subject, text, tier (0 none to 4). Prints aggregates only, never texts.
The SVM needs scikit-learn: used if importable, else installed once into build/bench-venv.
"""

import argparse
import importlib.util
import json
import random
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)  # this file has the name of the package it measures

from classify.engine import RuleSet, compile_rules  # noqa: E402
from classify.types import Medium  # noqa: E402
from config.rules import sources  # noqa: E402

DEVELOPMENT = ROOT.parent / "shared" / "domain" / "dev-complaints.jsonl"
KEYWORDS = ("pungli", "korupsi", "suap", "gratifikasi", "penyalahgunaan", "pemerasan")
MEDIA = {"gmail": Medium.EMAIL, "webmail": Medium.EMAIL}
TIERS = range(5)


@dataclass(frozen=True)
class Guess:
    tier: int
    certain: bool = True


@dataclass(frozen=True)
class Score:
    name: str
    hits: int
    of: int

    def __str__(self) -> str:
        if not self.of:
            return "-"
        low, high = wilson(self.hits, self.of)
        return f"{self.hits / self.of:6.1%} [{low:.0%}-{high:.0%}] {self.hits}/{self.of}"


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """95 % confidence interval of a share (Wilson)."""
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * ((share * (1 - share) + spread / 4) / of) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def ours(rules: RuleSet, row: dict) -> Guess:
    medium = MEDIA.get(row["channel"]) or Medium(row["channel"])
    verdict = rules.classify(row.get("subject") or "", row["text"], medium)
    tier = verdict.tier if verdict.certain else verdict.suggested
    return Guess(tier.gravity if tier else 0, verdict.certain)


def keywords(row: dict) -> Guess:
    text = f"{row.get('subject') or ''} {row['text']}".lower()
    return Guess(4 if any(word in text for word in KEYWORDS) else 3)


def svm(train: Path, files: Sequence[Path]) -> list[Guess]:
    command = [python_with_sklearn(), str(ROOT / "bench" / "svm_baseline.py"), str(train)]
    out = subprocess.run([*command, *map(str, files)], check=True, capture_output=True, text=True)
    return [Guess(tier) for tier in json.loads(out.stdout)]


def python_with_sklearn() -> str:
    if importlib.util.find_spec("sklearn"):
        return sys.executable
    home = ROOT / "build" / "bench-venv"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "scikit-learn"], check=True)
    return str(python)


def scores(gold: Sequence[int], guesses: Sequence[Guess]) -> list[Score]:
    pairs = list(zip(gold, guesses, strict=True))
    certain = [(g, guess) for g, guess in pairs if guess.certain]
    four = [guess for g, guess in pairs if g == 4]
    other = [guess for g, guess in pairs if g != 4]
    return [
        Score("coverage (certain)", len(certain), len(pairs)),
        Score("certain and right", sum(g == guess.tier for g, guess in certain), len(certain)),
        Score("tier 4 caught", sum(guess.tier == 4 for guess in four), len(four)),
        Score("silent misses", sum(g.certain and g.tier != 4 for g in four), len(four)),
        Score("false alarms", sum(g.certain and g.tier == 4 for g in other), len(other)),
        Score("right or suggested", sum(g == guess.tier for g, guess in pairs), len(pairs)),
    ]


def macro_f1(gold: Sequence[int], guesses: Sequence[Guess]) -> float:
    """Mean F1 of tiers 1 to 4, the suggestion counting where uncertain."""
    total = 0.0
    for tier in TIERS[1:]:
        both = sum(g == guess.tier == tier for g, guess in zip(gold, guesses, strict=True))
        either = sum(g == tier for g in gold) + sum(guess.tier == tier for guess in guesses)
        total += 2 * both / either if either else 0.0
    return total / 4


def bootstrap(
    gold: Sequence[int], guesses: Sequence[Guess], rounds: int = 1000
) -> tuple[float, float]:
    chance = random.Random(1)
    places = range(len(gold))
    values = []
    for _ in range(rounds):
        drawn = chance.choices(places, k=len(gold))
        values.append(macro_f1([gold[i] for i in drawn], [guesses[i] for i in drawn]))
    values.sort()
    return values[rounds // 40], values[-rounds // 40]


def show(name: str, gold: Sequence[int], guesses: Sequence[Guess]) -> None:
    print(f"\n{name}")
    for score in scores(gold, guesses):
        print(f"  {score.name:20s} {score}")
    low, high = bootstrap(gold, guesses)
    print(f"  {'macro-F1':20s} {macro_f1(gold, guesses):6.3f} [{low:.2f}-{high:.2f}]")


def show_confusion(gold: Sequence[int], guesses: Sequence[Guess]) -> None:
    print("\nconfusion (rows: labelled; columns: said, +N of them uncertain)")
    print("      " + "".join(f"{tier:>10d}" for tier in TIERS))
    for tier in TIERS:
        cells = [
            [g for t, g in zip(gold, guesses, strict=True) if t == tier and g.tier == said]
            for said in TIERS
        ]
        shown = (f"{len(cell)} (+{sum(not g.certain for g in cell)})" for cell in cells)
        print(f"  {tier:>3d} " + "".join(f"{text:>10s}" for text in shown))


def show_channels(rows: Sequence[dict], guesses: Sequence[Guess]) -> None:
    print("\nper channel: certain, certain and right, right or suggested")
    for channel in sorted({row["channel"] for row in rows}):
        chosen = [i for i, row in enumerate(rows) if row["channel"] == channel]
        found = scores([rows[i]["tier"] for i in chosen], [guesses[i] for i in chosen])
        print(f"  {channel:8s} {found[0]!s:28s} {found[1]!s:28s} {found[5]!s}")


def read_rows(paths: Sequence[Path]) -> list[dict]:
    lines = (line for path in paths for line in path.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--train", type=Path, default=DEVELOPMENT, help="what the SVM learns from")
    options = parser.parse_args()
    rows = read_rows(options.files)
    rules = compile_rules(sources())
    gold = [row["tier"] for row in rows]
    own = [ours(rules, row) for row in rows]
    print(f"{len(rows)} texts, rule set {rules.digest}")
    show("our rules", gold, own)
    show("always tier 3", gold, [Guess(3)] * len(rows))
    show("six keywords", gold, [keywords(row) for row in rows])
    show(
        "TF-IDF and linear SVM, trained on the development examples",
        gold,
        svm(options.train, options.files),
    )
    show_confusion(gold, own)
    show_channels(rows, own)


if __name__ == "__main__":
    main()
