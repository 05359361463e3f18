"""Rules made ready to use: `compile_rules` once, then `RuleSet.classify` for each message."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from classify.clauses import Reading, passages, read
from classify.cues import Cues, Heard
from classify.explanation import Explanation, Say
from classify.extent import extent
from classify.hits import Spans, marked
from classify.lexicon import Lexicon
from classify.matching import Matched, Matcher, Run
from classify.problems import Problem, RulesError
from classify.rules import Book, Rule, literals, read_book
from classify.tokens import NEGATED
from classify.types import Hit, Kind, Medium, Verdict
from classify.verdict import (
    EMPTY,
    GRAVEST,
    TIERS,
    Decision,
    decide,
    kind_of,
    likelihoods,
    packed,
    raised,
    unpacked,
)

__all__ = ["Explanation", "Problem", "Rule", "RuleSet", "RulesError", "Say", "compile_rules"]

_NOTHING = " \t\r\n.,-_()*"
_CUES_SHOWN = 3
_LONG_LETTER = 700
_PASSAGE = 3
"""In letters of so many characters, so many sentences in a row are also judged alone."""
_HITS_SHOWN = 20


def compile_rules(sources: Mapping[str, str]) -> "RuleSet":
    """Make a rule set of TOML texts by file name. Raises RulesError with every problem at once."""
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(f"{name}\0{sources[name]}\0".encode())
    return RuleSet(read_book(sources), digest.hexdigest()[:16])


class RuleSet:
    """A compiled set of rules. Classifying is pure: same rules and text, same verdict."""

    def __init__(self, book: Book, digest: str) -> None:
        self.digest = digest
        self.rules: tuple[Rule, ...] = tuple(book.rules)
        self.policy = book.policy
        self._groups = book.groups
        concepts = [*book.concepts.values(), *literals(book)]
        pairs = (tuple(word.split()) for word in book.words if " " in word)
        self._lexicon = Lexicon(concepts, book.slang, pairs)
        self._spans = Spans(self._lexicon)
        self._matcher = Matcher(self.rules, self._bit)
        self._bias = packed(book.policy.bias)
        self._cues = Cues(book.cues, book.words, self._bit)

    def classify(self, subject: str, text: str, medium: Medium) -> Verdict:
        """Decide kind and tier of one message; never raises for any text."""
        del medium  # every medium is judged by its words alone
        reading = self._read(subject, text)
        matched = self._matcher.matched(reading)
        heard = self._cues.heard(reading)
        decision = EMPTY
        if (subject + text).strip(_NOTHING):
            decision = decide(
                self._scores(heard, matched),
                self.policy,
                ruled={match.rule.level for match in matched if match.rule.level is not None},
                alarmed=any(match.rule.strong for match in matched),
                whole=reading.extent.whole,
            )
        if decision.place != GRAVEST and self._grave_passage(reading):
            decision = raised(decision)
        return self._verdict(decision, matched, self._hits(reading, matched, heard, decision.place))

    def explain(self, subject: str, text: str, medium: Medium) -> Explanation:
        """The verdict and each rule's and cue's say in it, the loudest first."""
        reading = self._read(subject, text)
        matched = self._matcher.matched(reading)
        heard, places = self._cues.heard(reading), self._cues.places
        says = [
            Say(rule.id, rule.meaning, _rule_scores(rule), self._said(reading, rule.id, runs))
            for rule, runs in matched
        ]
        says += [
            Say(name, "", weights, self._said(reading, name, places(reading, name, _HITS_SHOWN)))
            for name, weights in self._cues.weights(heard).items()
        ]
        says.sort(key=lambda say: (-max(map(abs, say.scores)), say.name))
        shares = likelihoods(self._scores(heard, matched))
        return Explanation(self.classify(subject, text, medium), tuple(says), tuple(shares))

    def examples_check(self) -> list[tuple[str, str]]:
        """Rule and text, for each example that does not match and counter-example that does."""
        return [
            (rule.id, text)
            for rule in self.rules
            for texts, wanted in ((rule.examples, True), (rule.counter_examples, False))
            for text in texts
            if self.matches(rule.id, text) != wanted
        ]

    def matches(self, rule_id: str, text: str) -> bool:
        """True where this rule matches the text."""
        return any(
            match.rule.id == rule_id for match in self._matcher.matched(self._read("", text))
        )

    def features(self, subject: str, text: str) -> tuple[list[str], list[str], list[str]]:
        """The rules that match, all concepts and all words read: for measuring and fitting."""
        reading = self._read(subject, text)
        rules = [match.rule.id for match in self._matcher.matched(reading)]
        bits = self._lexicon.bits.items()
        concepts = [name for name, bit in bits if reading.mask & bit]
        concepts += [f"tidak:{name}" for name, bit in bits if reading.mask & bit << NEGATED]
        return rules, concepts, list(reading.stems)

    def forget(self) -> None:
        """Empty the memory of words read before; answers do not change."""
        self._lexicon.forget()
        self._spans.clear()
        self._matcher.forget()

    def _bit(self, atom: str) -> int:
        name = atom.removeprefix("tidak:")
        bits = self._lexicon.bits
        members = self._groups.get(name, (name,))
        bit = sum(bits[member] for member in members)
        return bit if name == atom else bit << NEGATED

    def _read(self, subject: str, text: str) -> Reading:
        return read(extent(subject, text), self._lexicon)

    def _scores(self, heard: Heard, matched: Sequence[Matched]) -> list[int]:
        scores = unpacked(self._bias + self._cues.score(heard))
        for rule, _ in matched:
            if rule.level is not None:
                scores[rule.level] += rule.strength
        return scores

    def _grave_passage(self, reading: Reading) -> bool:
        """True where a few sentences of a long letter, read alone, clearly are tier 4."""
        if len(reading.extent.read) < _LONG_LETTER:
            return False
        return any(
            likelihoods(self._scores(self._cues.heard(part), self._matcher.matched(part)))[GRAVEST]
            * 100
            >= self.policy.passage
            for part in passages(reading, _PASSAGE)
        )

    def _verdict(
        self, decision: Decision, matched: Sequence[Matched], hits: tuple[Hit, ...]
    ) -> Verdict:
        kinds = Counter[Kind]()
        for rule, _ in matched:
            if rule.kind is not None:
                kinds[rule.kind] += rule.strength
        tier = TIERS[decision.place]
        plausible = (TIERS[place] for place in decision.plausible)
        return Verdict(
            kind=kind_of(decision, kinds),
            tier=tier if decision.certain else None,
            certain=decision.certain,
            suggested=tier if not decision.certain else None,
            plausible=tuple(tier for tier in plausible if tier is not None),
            hits=hits,
            rules_digest=self.digest,
        )

    def _hits(
        self, reading: Reading, matched: Sequence[Matched], heard: Heard, level: int
    ) -> tuple[Hit, ...]:
        """The rules' hits; where none is of the tier decided on, its loudest weak cues as well."""
        named = [(rule.id, run) for rule, runs in matched for run in runs]
        if not any(rule.level == level for rule, _ in matched):
            for name in self._cues.loudest(heard, level, _CUES_SHOWN):
                named += [(name, run) for run in self._cues.places(reading, name, 1)]
        return tuple(marked(reading, self._spans, named))

    def _said(self, reading: Reading, name: str, runs: Iterable[Run]) -> tuple[Hit, ...]:
        return tuple(marked(reading, self._spans, [(name, run) for run in runs]))


def _rule_scores(rule: Rule) -> tuple[int, ...]:
    return tuple(rule.strength if level == rule.level else 0 for level in range(len(TIERS)))
