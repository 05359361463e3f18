"""Rules made ready to use: `compile_rules` once, then `RuleSet.classify` for each message."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise

from classify.clauses import Reading, passages, read
from classify.explanation import Explanation, Say
from classify.extent import extent
from classify.hits import hits_of, marked
from classify.lexicon import Lexicon
from classify.matching import Matched, Matcher, bits
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
        self._lexicon = Lexicon([*book.concepts.values(), *literals(book)], book.slang)
        self._matcher = Matcher(self.rules, self._bit, self._met())
        self._cues = {self._bit(cue).bit_length() - 1: (cue, w) for cue, w in book.cues.items()}
        self._cue_mask = sum(1 << place for place in self._cues)
        self._cue_sums = {place: packed(weights) for place, (_, weights) in self._cues.items()}
        self._words = book.words
        self._single_words = frozenset(word for word in book.words if " " not in word)
        self._pairs = frozenset(tuple(word.split()) for word in book.words if " " in word)
        self._word_sums = {word: packed(weights) for word, weights in book.words.items()}

    def classify(self, subject: str, text: str, medium: Medium) -> Verdict:
        """Decide kind and tier of one message; never raises for any text."""
        del medium  # every medium is judged by its words alone
        reading = self._read(subject, text)
        matched = self._matcher.matched(reading)
        decision = EMPTY
        if (subject + text).strip(_NOTHING):
            decision = decide(
                self._scores(reading, matched),
                self.policy,
                ruled={match.rule.level for match in matched if match.rule.level is not None},
                alarmed=any(match.rule.strong for match in matched),
                whole=reading.extent.whole,
            )
        if decision.place != GRAVEST and self._grave_passage(reading):
            decision = raised(decision)
        return self._verdict(reading, matched, decision)

    def explain(self, subject: str, text: str, medium: Medium) -> Explanation:
        """The verdict and each rule's and cue's say in it, the loudest first."""
        reading = self._read(subject, text)
        matched = self._matcher.matched(reading)
        says = [
            Say(m.rule.id, m.rule.meaning, _rule_scores(m.rule), tuple(hits_of(reading, [m])))
            for m in matched
        ]
        cues = dict(self._cues[place] for place in self._heard(reading))
        cues |= {f"'{word}'": self._words[word] for word in self._heard_words(reading)}
        says += [
            Say(name, "", weights, self._cue_hits(reading, name, _HITS_SHOWN))
            for name, weights in cues.items()
        ]
        says.sort(key=lambda say: (-max(map(abs, say.scores)), say.name))
        shares = likelihoods(self._scores(reading, matched))
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
        return rules, concepts, reading.stems

    def forget(self) -> None:
        """Empty the memory of words read before; answers do not change."""
        self._lexicon.forget()
        self._matcher.forget()

    def _bit(self, atom: str) -> int:
        name = atom.removeprefix("tidak:")
        bits = self._lexicon.bits
        members = self._groups.get(name, (name,))
        bit = sum(bits[member] for member in members)
        return bit if name == atom else bit << NEGATED

    def _met(self) -> Counter[int]:
        """How many of the rules' own examples each concept is met in, by its place."""
        return Counter(
            place
            for rule in self.rules
            for text in (*rule.examples, *rule.counter_examples)
            for place in bits(self._read("", text).mask)
        )

    def _read(self, subject: str, text: str) -> Reading:
        return read(extent(subject, text), self._lexicon)

    def _heard(self, reading: Reading) -> list[int]:
        return bits(reading.mask & self._cue_mask)

    def _heard_words(self, reading: Reading) -> list[str]:
        """The weak cues that are words, or two words one after the other."""
        stems = reading.stems
        pairs = self._pairs.intersection(pairwise(stems))
        return [*self._single_words.intersection(stems), *map(" ".join, pairs)]

    def _scores(self, reading: Reading, matched: Sequence[Matched]) -> list[int]:
        total = packed(self.policy.bias)
        total += sum(map(self._cue_sums.__getitem__, self._heard(reading)))
        total += sum(map(self._word_sums.__getitem__, self._heard_words(reading)))
        scores = unpacked(total)
        for match in matched:
            if match.rule.level is not None:
                scores[match.rule.level] += match.rule.strength
        return scores

    def _grave_passage(self, reading: Reading) -> bool:
        """True where a few sentences of a long letter, read alone, clearly are tier 4."""
        if len(reading.extent.read) < _LONG_LETTER:
            return False
        return any(
            likelihoods(self._scores(part, self._matcher.matched(part)))[GRAVEST] * 100
            >= self.policy.passage
            for part in passages(reading, _PASSAGE)
        )

    def _verdict(self, reading: Reading, matched: Sequence[Matched], decision: Decision) -> Verdict:
        kinds = Counter[Kind]()
        for match in matched:
            if match.rule.kind is not None:
                kinds[match.rule.kind] += match.rule.strength
        tier = TIERS[decision.place]
        plausible = (TIERS[place] for place in decision.plausible)
        return Verdict(
            kind=kind_of(decision, kinds),
            tier=tier if decision.certain else None,
            certain=decision.certain,
            suggested=tier if not decision.certain else None,
            plausible=tuple(tier for tier in plausible if tier is not None),
            hits=self._reasons(reading, matched, decision),
            rules_digest=self.digest,
        )

    def _reasons(
        self, reading: Reading, matched: Sequence[Matched], decision: Decision
    ) -> tuple[Hit, ...]:
        """The rules' hits; where none is of the tier decided on, its loudest weak cues as well."""
        hits = tuple(hits_of(reading, matched))
        if any(match.rule.level == decision.place for match in matched):
            return hits
        level = decision.place
        loud = sorted(
            [(-self._cues[place][1][level], self._cues[place][0]) for place in self._heard(reading)]
            + [(-self._words[w][level], f"'{w}'") for w in self._heard_words(reading)]
        )
        names = [name for weight, name in loud[:_CUES_SHOWN] if weight < 0]
        return hits + tuple(hit for name in names for hit in self._cue_hits(reading, name, 1))

    def _cue_hits(self, reading: Reading, name: str, most: int) -> tuple[Hit, ...]:
        """The first places of a weak cue: a concept, a word, or two words in a row."""
        if name[0] == "'":
            words = tuple(name[1:-1].split(" "))
            stems = reading.stems
            runs = zip(*(stems[step:] for step in range(len(words))), strict=False)
            places = (i for i, run in enumerate(runs) if run == words)
        else:
            words = (name,)
            bit = self._bit(name)
            places = (i for i, mask in enumerate(reading.masks) if mask & bit)
        named = [(name, (i, i + len(words) - 1)) for i in islice(places, most)]
        return tuple(marked(reading, named))


def _rule_scores(rule: Rule) -> tuple[int, ...]:
    return tuple(rule.strength if level == rule.level else 0 for level in range(len(TIERS)))
