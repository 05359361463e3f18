"""How the things a report counts are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from report.values import DESKS, INFORMATION, UNCERTAIN
from report.words import Words


@dataclass(frozen=True, slots=True)
class Naming:
    """``promises`` are the office's limits such as ``3 h`` by tier or kind, ``teams`` the labels of its teams."""

    words: Words
    promises: Mapping[str, str]
    teams: Mapping[str, str]

    def tier(self, name: str) -> str:
        """A row among the tiers."""
        if name == UNCERTAIN:
            return self.words("report.uncertain")
        if name == INFORMATION:
            return self.kind(name)
        return self.words(f"tiers.{name}")

    def kind(self, name: str) -> str:
        """What a message is."""
        return self.words(f"kinds.{name}")

    def channel(self, name: str) -> str:
        """A way into the office."""
        return self.words(f"report.desk_{name}") if name in DESKS else name

    def team(self, name: str) -> str:
        """A team, by its bare name where it is gone from the configuration."""
        return self.teams.get(name, name)

    def promise(self, name: str) -> str:
        """How soon an answer is promised."""
        number, _, unit = self.promises.get(name, "").partition(" ")
        if not number:
            return "-"
        return self.words(f"report.promise_{unit}", count=number)
