"""The plain values every decision is made of. They hold no behaviour beyond reading themselves."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Tier(StrEnum):
    """Severity tier (tingkat) of a complaint, by the office's service standard."""

    RINGAN = "ringan"
    NORMATIF = "normatif"
    TIDAK_BERKADAR = "tidak_berkadar"
    BERKADAR = "berkadar"

    @property
    def gravity(self) -> int:
        """1 (answered at the front desk) to 4 (needs examination)."""
        return list(Tier).index(self) + 1


class Kind(StrEnum):
    """What a message is, apart from how grave it is."""

    PENGADUAN = "pengaduan"
    SARAN = "saran"
    PERMINTAAN_INFORMASI = "permintaan_informasi"
    APRESIASI = "apresiasi"
    SPAM = "spam"

    @property
    def wants_answer(self) -> bool:
        """Praise and spam are kept and findable, but carry no tier and no clock."""
        return self not in (Kind.APRESIASI, Kind.SPAM)


class Medium(StrEnum):
    """The way a complainant reached the office."""

    EMAIL = "email"
    LAPOR = "lapor"
    PHONE = "phone"
    BOX = "box"
    WALK_IN = "walk_in"

    @property
    def typed_in(self) -> bool:
        """Entered by staff rather than pulled by a channel."""
        return self in (Medium.PHONE, Medium.BOX, Medium.WALK_IN)


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule's match (kecocokan).

    ``start`` and ``end`` are character offsets into the message's text as given; both are None
    where the words stand in the subject.
    """

    rule: str
    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The classifier's decision (putusan), with its reasons.

    A certain verdict names its tier, or none for praise and spam. An uncertain one has no tier,
    a suggestion where there is any cue at all, and every tier that remains plausible.
    """

    kind: Kind
    tier: Tier | None
    certain: bool
    suggested: Tier | None
    plausible: tuple[Tier, ...]
    hits: tuple[Hit, ...]
    rules_digest: str

    def for_a_person(self) -> "Verdict":
        """The same where files may say what words do not: a person decides, the shortest clock runs."""
        open_to = (Tier.RINGAN, Tier.NORMATIF, Tier.TIDAK_BERKADAR)
        return replace(self, kind=Kind.PENGADUAN, tier=None, certain=False, plausible=open_to)

    @property
    def needs_people(self) -> bool:
        """False where it surely is praise or spam."""
        return not self.certain or self.kind.wants_answer

    @property
    def gravest(self) -> Tier | None:
        """The highest plausible tier: confidentiality and routing follow it."""
        return max(self.plausible, key=lambda tier: tier.gravity, default=None)

    @property
    def restricted(self) -> bool:
        """True when tier 4 is plausible: only the examiners see content and identity."""
        return Tier.BERKADAR in self.plausible
