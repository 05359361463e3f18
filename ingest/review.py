"""Where rules and people disagree, from people's decisions: which rule spoke for the wrong tier, how often."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from classify.engine import Explanation, RuleSet, Say
from classify.types import Tier
from classify.verdict import TIERS
from store.types import Judged


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case whose tier a person decided otherwise than the rules say now."""

    number: str
    rules: Tier | None
    certain: bool
    person: Tier | None
    why: str


@dataclass(slots=True)
class Reviewed:
    """One rule's record: disagreements in which it spoke for a wrong tier, and cases it got right.

    The empty rule stands for disagreements in which no rule spoke against the person.
    """

    rule: str
    meaning: str = ""
    wrong: list[Disagreement] = field(default_factory=list)
    right: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """How many decisions there are, how often the rules agree, and the rules at fault, worst first."""

    decisions: int
    agreed: int
    rules: tuple[Reviewed, ...]


def review(rules: RuleSet, decided: Iterable[Judged]) -> Review:
    """Judge the rules by what people decided; what was mended since is no longer held against them."""
    records: dict[str, Reviewed] = {}
    decisions = agreed = 0
    for case in decided:
        found = rules.explain(case.subject, case.words, case.medium)
        decisions += 1
        agreed += _note(records, case, found)
    at_fault = (record for record in records.values() if record.wrong)
    worst = sorted(at_fault, key=lambda one: (-len(one.wrong), one.right, one.rule))
    return Review(decisions, agreed, tuple(worst))


def _note(records: dict[str, Reviewed], case: Judged, found: Explanation) -> bool:
    said = found.verdict.tier or found.verdict.suggested
    against: list[Say] = []
    for say in found.says:
        if not say.meaning or max(say.scores) <= 0:
            continue
        record = records.setdefault(say.name, Reviewed(say.name, say.meaning))
        if TIERS[say.scores.index(max(say.scores))] == case.tier:
            record.right += 1
        else:
            against.append(say)
    if said == case.tier:
        return True
    told = Disagreement(case.number, said, found.verdict.certain, case.tier, case.why)
    for name in [say.name for say in against] or [""]:
        records.setdefault(name, Reviewed(name)).wrong.append(told)
    return False
