"""Rules made ready to use: `compile_rules` once, then `RuleSet.classify` for each message."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classify.clauses import Reading, read
from classify.explanation import Explanation, Say
from classify.lexicon import NEGATED, Lexicon
from classify.patterns import Pattern, parse
from classify.problems import Problem, RulesError
from classify.quoted import without_quoted
from classify.rules import Book, Rule, literals, read_book
from classify.types import Hit, Kind, Medium, Verdict
from classify.verdict import (
    GRAVEST,
    TIERS,
    Decision,
    decide,
    kind_of,
    likelihoods,
    packed,
    unpacked,
)

__all__ = ["Explanation", "Problem", "Rule", "RuleSet", "RulesError", "Say", "compile_rules"]

_BREAK = " \n\n "


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that matched, with the runs of tokens it matched."""

    rule: Rule
    runs: tuple[tuple[int, int], ...]


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
        self._index = self._indexed()
        self._rule_mask = sum(1 << place for place in self._index)
        self._cues = {self._bit(cue).bit_length() - 1: (cue, w) for cue, w in book.cues.items()}
        self._cue_mask = sum(1 << place for place in self._cues)
        self._cue_sums = {place: packed(weights) for place, (_, weights) in self._cues.items()}
        self._words = book.words
        self._word_sums = {word: packed(weights) for word, weights in book.words.items()}

    def classify(self, subject: str, text: str, medium: Medium) -> Verdict:
        """Decide kind and tier of one message; never raises for any text."""
        del medium  # every medium is judged by its words alone
        reading = self._read(subject, text)
        matched = list(self._matched(reading))
        decision = decide(
            self._scores(reading, matched),
            self.policy,
            ruled=any(match.rule.level == GRAVEST for match in matched),
            alarmed=any(match.rule.strong for match in matched),
        )
        return self._verdict(reading, matched, decision, len(subject) + len(_BREAK))

    def explain(self, subject: str, text: str, medium: Medium) -> Explanation:
        """The verdict and each rule's and cue's say in it, the loudest first."""
        reading = self._read(subject, text)
        matched = list(self._matched(reading))
        shift = len(subject) + len(_BREAK)
        says = [
            Say(m.rule.id, m.rule.meaning, _rule_scores(m.rule), tuple(_hits(reading, [m], shift)))
            for m in matched
        ]
        says += [self._cue_say(reading, place, shift) for place in self._heard(reading)]
        says += [
            self._word_say(reading, word, shift) for word in reading.stems & self._words.keys()
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
        return any(match.rule.id == rule_id for match in self._matched(self._read("", text)))

    def features(self, subject: str, text: str) -> tuple[list[str], list[str], list[str]]:
        """The rules that match, all concepts and all words read: for measuring and fitting."""
        reading = self._read(subject, text)
        rules = [match.rule.id for match in self._matched(reading)]
        bits = self._lexicon.bits.items()
        concepts = [name for name, bit in bits if reading.mask & bit]
        concepts += [f"tidak:{name}" for name, bit in bits if reading.mask & bit << NEGATED]
        return rules, concepts, [token.stem for token in reading.tokens]

    def forget(self) -> None:
        """Empty the memory of words read before; answers do not change."""
        self._lexicon.forget()

    def _bit(self, atom: str) -> int:
        name = atom.removeprefix("tidak:")
        bits = self._lexicon.bits
        members = self._groups.get(name, (name,))
        bit = sum(bits[member] for member in members)
        return bit if name == atom else bit << NEGATED

    def _indexed(self) -> dict[int, list[tuple[Rule, Pattern]]]:
        """Patterns under the bits of the step that is met least often in the rules' own examples."""
        seen = Counter(
            place
            for rule in self.rules
            for text in (*rule.examples, *rule.counter_examples)
            for place in _places(self._read("", text).mask)
        )
        index: dict[int, list[tuple[Rule, Pattern]]] = {}
        for rule in self.rules:
            for source in rule.patterns:
                pattern = parse(source, self._bit)
                rarest = min(pattern.needs, key=lambda need: sum(seen[p] for p in _places(need)))
                for place in _places(rarest):
                    index.setdefault(place, []).append((rule, pattern))
        return index

    def _read(self, subject: str, text: str) -> Reading:
        return read(subject + _BREAK + without_quoted(text), self._lexicon)

    def _matched(self, reading: Reading) -> Iterator[Matched]:
        mask = reading.mask
        done: set[str] = set()
        for place in _places(mask & self._rule_mask):
            for rule, pattern in self._index[place]:
                for need in pattern.needs:
                    if not mask & need:
                        break
                else:
                    if rule.id not in done and (runs := pattern.find(reading)):
                        done.add(rule.id)
                        yield Matched(rule, runs)

    def _heard(self, reading: Reading) -> list[int]:
        return _places(reading.mask & self._cue_mask)

    def _scores(self, reading: Reading, matched: Sequence[Matched]) -> list[int]:
        total = packed(self.policy.bias)
        total += sum(map(self._cue_sums.__getitem__, self._heard(reading)))
        words = reading.stems & self._word_sums.keys()
        total += sum(map(self._word_sums.__getitem__, words))
        scores = unpacked(total)
        for match in matched:
            if match.rule.level is not None:
                scores[match.rule.level] += match.rule.strength
        return scores

    def _verdict(
        self, reading: Reading, matched: Sequence[Matched], decision: Decision, shift: int
    ) -> Verdict:
        kinds = Counter[Kind]()
        for match in matched:
            if match.rule.kind is not None:
                kinds[match.rule.kind] += match.rule.strength
        tier = TIERS[decision.place]
        plausible = (TIERS[place] for place in decision.plausible)
        return Verdict(
            kind=kind_of(decision.place, kinds),
            tier=tier if decision.certain else None,
            certain=decision.certain,
            suggested=tier if not decision.certain else None,
            plausible=tuple(tier for tier in plausible if tier is not None),
            hits=tuple(_hits(reading, matched, shift)),
            rules_digest=self.digest,
        )

    def _cue_say(self, reading: Reading, place: int, shift: int) -> Say:
        cue, weights = self._cues[place]
        named = [(cue, (i, i)) for i, mask in enumerate(reading.masks) if mask >> place & 1]
        return Say(cue, "", weights, tuple(_marked(reading, named, shift)))

    def _word_say(self, reading: Reading, word: str, shift: int) -> Say:
        name = f"'{word}'"
        named = [(name, (i, i)) for i, token in enumerate(reading.tokens) if token.stem == word]
        return Say(name, "", self._words[word], tuple(_marked(reading, named, shift)))


def _rule_scores(rule: Rule) -> tuple[int, ...]:
    return tuple(rule.strength if level == rule.level else 0 for level in range(len(TIERS)))


def _hits(reading: Reading, matched: Sequence[Matched], shift: int) -> Iterator[Hit]:
    named = [(match.rule.id, run) for match in matched for run in match.runs]
    yield from _marked(reading, named, shift)


def _marked(
    reading: Reading, named: Sequence[tuple[str, tuple[int, int]]], shift: int
) -> Iterator[Hit]:
    spans = reading.spans([run for _, run in named])
    for (name, _), (start, end) in zip(named, spans, strict=True):
        words = reading.text[start:end]
        if end <= shift:
            yield Hit(name, words, None, None)
        else:
            yield Hit(name, words, start - shift, end - shift)


def _places(mask: int) -> list[int]:
    """The numbers of the bits that are set."""
    places = []
    while mask:
        lowest = mask & -mask
        places.append(lowest.bit_length() - 1)
        mask ^= lowest
    return places
