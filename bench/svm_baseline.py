"""TF-IDF with a linear SVM, trained on one labelled file, guessing the tiers of others.

    python svm_baseline.py TRAIN.jsonl TEST.jsonl...

Needs scikit-learn, which the project itself does not: bench/classify.py runs this in a venv of its own.
"""

import json
import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC


def read(path: str) -> tuple[list[str], list[int]]:
    rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]
    return [f"{row.get('subject') or ''}\n{row['text']}" for row in rows], [r["tier"] for r in rows]


def main() -> None:
    train, *tests = sys.argv[1:]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(class_weight="balanced")
    )
    model.fit(*read(train))
    print(json.dumps([int(tier) for test in tests for tier in model.predict(read(test)[0])]))


if __name__ == "__main__":
    main()
