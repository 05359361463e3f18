"""Rules made ready to use: `compile_rules` once, then `RuleSet.classify` for each message."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from classify.clauses import Reading, read
from classify.explanation import Explanation, Say
from classify.hits import Matched, hits_of, marked
from classify.lexicon import NEGATED, Lexicon
from classify.patterns import Pattern, parse
from classify.problems import Problem, RulesError
from classify.quoted import without_quoted
from classify.rules import Book, Rule, literals, read_book
from classify.types import Hit, Kind, Medium, Verdict
from classify.verdict import (
    EMPTY,
    TIERS,
    Decision,
    decide,
    kind_of,
    likelihoods,
    packed,
    unpacked,
)

__all__ = ["Explanation", "Problem", "Rule", "RuleSet", "RulesError", "Say", "compile_rules"]

_NOTHING = " \t\r\n.,-_()*"
_CUES_SHOWN = 3
_HITS_SHOWN = 20
_BREAK = " \n\n "


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
        decision = (
            EMPTY
            if not (subject + text).strip(_NOTHING)
            else decide(
                self._scores(reading, matched),
                self.policy,
                ruled={match.rule.level for match in matched if match.rule.level is not None},
                alarmed=any(match.rule.strong for match in matched),
            )
        )
        return self._verdict(reading, matched, decision, len(subject) + len(_BREAK))

    def explain(self, subject: str, text: str, medium: Medium) -> Explanation:
        """The verdict and each rule's and cue's say in it, the loudest first."""
        reading = self._read(subject, text)
        matched = list(self._matched(reading))
        shift = len(subject) + len(_BREAK)
        says = [
            Say(
                m.rule.id, m.rule.meaning, _rule_scores(m.rule), tuple(hits_of(reading, [m], shift))
            )
            for m in matched
        ]
        cues = dict(self._cues[place] for place in self._heard(reading))
        cues |= {f"'{word}'": self._words[word] for word in self._heard_words(reading)}
        says += [
            Say(name, "", weights, self._cue_hits(reading, name, shift, _HITS_SHOWN))
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

    def _heard_words(self, reading: Reading) -> set[str]:
        return reading.stems & self._word_sums.keys()

    def _scores(self, reading: Reading, matched: Sequence[Matched]) -> list[int]:
        total = packed(self.policy.bias)
        total += sum(map(self._cue_sums.__getitem__, self._heard(reading)))
        total += sum(map(self._word_sums.__getitem__, self._heard_words(reading)))
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
            kind=kind_of(decision, kinds),
            tier=tier if decision.certain else None,
            certain=decision.certain,
            suggested=tier if not decision.certain else None,
            plausible=tuple(tier for tier in plausible if tier is not None),
            hits=self._reasons(reading, matched, decision, shift),
            rules_digest=self.digest,
        )

    def _reasons(
        self, reading: Reading, matched: Sequence[Matched], decision: Decision, shift: int
    ) -> tuple[Hit, ...]:
        """The rules' hits; where none is of the tier decided on, its loudest weak cues as well."""
        hits = tuple(hits_of(reading, matched, shift))
        if any(match.rule.level == decision.place for match in matched):
            return hits
        level = decision.place
        loud = sorted(
            [(-self._cues[place][1][level], self._cues[place][0]) for place in self._heard(reading)]
            + [(-self._words[w][level], f"'{w}'") for w in self._heard_words(reading)]
        )
        names = [name for weight, name in loud[:_CUES_SHOWN] if weight < 0]
        return hits + tuple(
            hit for name in names for hit in self._cue_hits(reading, name, shift, 1)
        )

    def _cue_hits(self, reading: Reading, name: str, shift: int, most: int) -> tuple[Hit, ...]:
        """The first places of a weak cue: a concept, or a single word."""
        word = name.strip("'")
        if word != name:
            places = (i for i, token in enumerate(reading.tokens) if token.stem == word)
        else:
            bit = self._bit(name)
            places = (i for i, mask in enumerate(reading.masks) if mask & bit)
        named = [(name, (i, i)) for i in islice(places, most)]
        return tuple(marked(reading, named, shift))


def _rule_scores(rule: Rule) -> tuple[int, ...]:
    return tuple(rule.strength if level == rule.level else 0 for level in range(len(TIERS)))


def _places(mask: int) -> list[int]:
    """The numbers of the bits that are set."""
    places = []
    while mask:
        lowest = mask & -mask
        places.append(lowest.bit_length() - 1)
        mask ^= lowest
    return places
