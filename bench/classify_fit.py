"""Fit rule strengths, weak cues and nothing else on labelled texts, and write them into config/rules.

    python bench/classify_fit.py [--check] [--write] FILE...

Multinomial logistic regression with a ridge penalty. A rule speaks for its own tier only and never
against it; a weak cue (a concept, a word or a pair of words) may speak for and against every tier. All weights are
written as integers, tenths of a natural logarithm. --check cross-validates the whole procedure.
"""

import argparse
import json
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)  # this folder holds a classify.py of its own

from classify.engine import RuleSet, compile_rules  # noqa: E402
from config.rules import sources  # noqa: E402

RULES = ROOT / "config" / "rules"
LEVELS = 5
RIDGE = {"rule": 2.0, "cue": 2.0, "word": 1.5, "pair": 3.0}
LEAST = {"cue": 1, "word": 1, "pair": 2}  # a cue with less to say is left out
PRIOR = {False: 0.3, True: 1.0}  # what an ordinary and a strong rule are worth before any text
EXPECTED = np.array([0.05, 0.14, 0.23, 0.32, 0.26])  # the mix of tiers an office is thought to see
ROUNDS = 250
FEWEST = {"cue": 3, "word": 3, "pair": 6}


class Features:
    """Texts as rows of ones and zeros: rules, concepts and words that occur often enough."""

    def __init__(self, rules: RuleSet, rows: list[dict]) -> None:
        self.level = {rule.id: rule.level for rule in rules.rules if rule.level is not None}
        read = [rules.features(row.get("subject") or "", row["text"]) for row in rows]
        found = [
            {"rule": fired, "cue": concepts, "word": words, "pair": _pairs(words)}
            for fired, concepts, words in read
        ]
        names = [
            *(("rule", name) for name in self.level),
            *(("cue", name) for name in _frequent(found, "cue") if "'" not in name),
            *(("word", name) for name in _frequent(found, "word") if name.strip()),
            *(("pair", name) for name in _frequent(found, "pair")),
        ]
        self.names = names
        place = {name: i for i, name in enumerate(names)}
        self.x = np.zeros((len(rows), len(names)))
        for row, sorts in enumerate(found):
            for key in ((sort, name) for sort, held in sorts.items() for name in held):
                if key in place:
                    self.x[row, place[key]] = 1
        self.y = np.array([row["tier"] for row in rows])
        self.prior = np.zeros((len(names), LEVELS))
        self.free = np.ones((len(names), LEVELS), bool)
        for rule in rules.rules:
            if rule.level is not None:
                self.free[place["rule", rule.id]] = False
                self.free[place["rule", rule.id], rule.level] = True
                self.prior[place["rule", rule.id], rule.level] = PRIOR[rule.strong]
        self.ridge = np.array([[RIDGE[sort]] for sort, _ in names])


def _pairs(words: list[str]) -> list[str]:
    return [
        f"{first} {second}" for first, second in pairwise(words) if first.strip() and second.strip()
    ]


def _frequent(found: list[dict[str, list[str]]], sort: str) -> list[str]:
    counts = Counter(name for sorts in found for name in set(sorts[sort]))
    return sorted(name for name, count in counts.items() if count >= FEWEST[sort])


class Sparse:
    """A matrix of ones and zeros by its ones: a text has some hundred of thousands of features."""

    def __init__(self, dense: np.ndarray) -> None:
        self.rows, self.columns = np.nonzero(dense)
        self.width = dense.shape[1]
        self.starts = np.searchsorted(self.rows, np.arange(len(dense)))

    def times(self, weights: np.ndarray) -> np.ndarray:
        """Rows by weights; every text has a feature, so no row is empty."""
        return np.add.reduceat(weights[self.columns], self.starts, axis=0)

    def turned_times(self, errors: np.ndarray) -> np.ndarray:
        of_ones = errors[self.rows]
        columns = (np.bincount(self.columns, e, self.width) for e in of_ones.T)
        return np.stack(list(columns), axis=1)


def fit(features: Features, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Accelerated projected gradient descent; returns weights and biases."""
    x, wanted = Sparse(features.x[chosen]), np.eye(LEVELS)[features.y[chosen]]
    free, rules = features.free, ~features.free.all(1)
    weights = features.prior.copy()
    bias = np.zeros(LEVELS)
    ahead, ahead_bias, momentum = weights, bias, 1.0
    steep = (
        0.5 * _largest(Sparse(np.c_[features.x[chosen], np.ones(len(chosen))]))
        + features.ridge.max()
    )
    for _ in range(ROUNDS):
        error = _shares(x.times(ahead) + ahead_bias) - wanted
        new = ahead - (x.turned_times(error) + features.ridge * (ahead - features.prior)) / steep
        new[~free] = 0
        new[rules] = np.maximum(new[rules], 0)
        new_bias = ahead_bias - error.sum(0) / steep
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / following * (new - weights)
        ahead_bias = new_bias + (momentum - 1) / following * (new_bias - bias)
        weights, bias, momentum = new, new_bias, following
    return weights, bias + np.log(EXPECTED / (wanted.sum(0) / len(wanted)))


def _largest(x: Sparse) -> float:
    vector = np.ones((x.width, 1))
    for _ in range(15):
        vector = x.turned_times(x.times(vector))
        size = float(np.linalg.norm(vector))
        vector /= size
    return size * 1.05


def _shares(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def cross_validate(features: Features, parts: int = 8, seed: int = 1) -> np.ndarray:
    """Likelihoods of every text by weights fitted without it."""
    order = np.random.RandomState(seed).permutation(len(features.y))
    shares = np.zeros((len(order), LEVELS))
    for part in range(parts):
        held = order[part::parts]
        weights, bias = fit(features, np.setdiff1d(order, held))
        shares[held] = _shares(features.x[held] @ weights + bias)
    return shares


def write(features: Features, weights: np.ndarray, bias: np.ndarray) -> None:
    """Put integers into the rule files and the files of weak cues."""
    tenths = np.rint(weights * 10).astype(int)
    tables: dict[str, list[str]] = {"cue": [], "word": [], "pair": []}
    strengths: dict[str, int] = {}
    for (sort, name), row in zip(features.names, tenths, strict=True):
        if sort == "rule":
            strengths[name] = int(row[features.level[name]])
        elif np.abs(row).max() >= LEAST[sort]:
            tables[sort].append(f"{json.dumps(name, ensure_ascii=False)} = {row.tolist()}")
    for sort, table, file in (
        ("cue", "petunjuk", "petunjuk.toml"),
        ("word", "petunjuk_kata", "petunjuk-kata.toml"),
        ("pair", "petunjuk_kata", "petunjuk-pasangan.toml"),
    ):
        head = (RULES / file).read_text("utf-8").split(f"[{table}]")[0]
        (RULES / file).write_text(f"{head}[{table}]\n" + "\n".join(tables[sort]) + "\n", "utf-8")
    for path in RULES.glob("t*.toml"):
        path.write_text(_with_strengths(path.read_text("utf-8"), strengths), "utf-8")
    policy = RULES / "putusan.toml"
    biases = np.rint(bias * 10).astype(int).tolist()
    policy.write_text(re.sub(r"(?m)^awal = \[.*?\]", f"awal = {biases}", policy.read_text("utf-8")))


def _with_strengths(text: str, strengths: dict[str, int]) -> str:
    def strength(found: re.Match[str]) -> str:
        return f"{found[1]}{max(strengths.get(found[2], 1), 1)}"

    return re.sub(r'(id = "([^"]+)"\n(?:(?!\nid =)[^\[])*?kekuatan = )\d+', strength, text)


def read_rows(paths: list[Path]) -> list[dict]:
    lines = (line for path in paths for line in path.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="cross-validate")
    parser.add_argument("--write", action="store_true", help="write the weights into config/rules")
    options = parser.parse_args()
    features = Features(compile_rules(sources()), read_rows(options.files))
    print(f"{len(features.y)} texts, {len(features.names)} features")
    if options.check:
        shares = cross_validate(features)
        print(f"cross-validated accuracy {np.mean(shares.argmax(1) == features.y):.3f}")
    if options.write:
        write(features, *fit(features, np.arange(len(features.y))))


if __name__ == "__main__":
    main()
