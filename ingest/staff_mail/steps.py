"""What a reply of staff can do to a case: the steps of the commands, by the person who wrote."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Self

from classify.types import Kind, Tier
from ingest.handover import assign
from ingest.office import Office, Words
from ingest.reclassify import reclassify
from store import Store
from store.lifecycle import NotAllowed
from store.types import StaffMail, Ticket

_QUIET = ("off", "old")  # notes of which nobody needs to be told


class Refusal(ValueError):  # noqa: N818 - says what is the case
    """Something that cannot be done; ``code`` has a sentence in config/texts."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @classmethod
    def of(cls, error: Exception) -> Self:
        """Return why a step was refused, in our codes."""
        if isinstance(error, cls):
            return error
        if isinstance(error, NotAllowed):
            return cls("not_allowed", status=error.status.value)
        return cls("contradiction")


class Steps:
    """Each step returns what the person is told: a code under ``say``, and values; nothing for nothing."""

    def __init__(
        self, store: Store, office: Office, *, words: Words, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._office = office
        self._words = words
        self._clock = clock

    def note(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        """Keep a note. One by somebody who is not proven, or may do no more, is told as that."""
        why = one.details.get("why", "")
        who = one.who
        if why == "unproven":
            who = self._words("staff_mail.unproven_author", who=one.who)
        self._store.working.note(ticket.number, one.text, who=who, now=self._clock())
        if why in _QUIET:
            return {}
        return {"say": why or "noted", "staff_mail": str(one.id)}

    def assign(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        """Give the case to another team. Raises Refusal, NotAllowed."""
        team = self._team(one.details.get("team", ""))
        if team == ticket.team:
            raise Refusal("same_team", team=self._label(team))
        assign(
            self._store, self._office, ticket, team, who=one.who, why=one.text, clock=self._clock
        )
        return {"say": "assigned", "team": self._label(team)}

    def tier(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        """Put a person's decision on tier and kind in force. Raises Contradiction, NotAllowed."""
        tier, kind = one.details.get("tier", ""), one.details.get("kind", "")
        decision = reclassify(
            self._store,
            self._office,
            ticket,
            tier=Tier(tier) if tier else None,
            kind=Kind(kind) if kind else None,
            who=one.who,
            why=one.text,
            clock=self._clock,
        ).decision
        return {
            "say": "reclassified",
            "tier": decision.tier or "",
            "kind": decision.kind,
            "team": self._label(decision.team),
        }

    def close(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        """Nothing more is owed. Raises NotAllowed."""
        self._store.working.close(ticket.number, who=one.who, why=one.text, now=self._clock())
        return {"say": "closed"}

    def take(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        """Somebody works on the case now; what they say with it is a note. Raises NotAllowed."""
        now = self._clock()
        self._store.working.take(ticket.number, who=one.who, now=now)
        if one.text:
            self._store.working.note(ticket.number, one.text, who=one.who, now=now)
        return {"say": "taken"}

    def _team(self, given: str) -> str:
        """The team of this name or label; "tim" before it does not count."""
        wanted = _spoken(given)
        for team in self._office.teams.values():
            if wanted in (_spoken(team.name), _spoken(team.label)):
                return team.name
        known = ", ".join(sorted(self._office.teams))
        raise Refusal("unknown_team", team=given, teams=known)

    def _label(self, team: str) -> str:
        found = self._office.teams.get(team)
        return found.label if found else team


def _spoken(name: str) -> str:
    words = name.casefold().replace("_", " ").replace("-", " ").strip(" .\"'").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("tim", "team") else words)
