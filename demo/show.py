"""What the demo puts on the screen."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.status import Status
from rich.table import Table
from rich.text import Text

from demo.account import Tally
from demo.desk import Json
from demo.words import Words
from testing.smtp_sink import Received

WIDEST = 120
WHERE_NO_TERMINAL = 110
TIER_COLOURS = {
    "ringan": "green",
    "normatif": "cyan",
    "tidak_berkadar": "yellow",
    "berkadar": "bold red",
}
HEALTH_COLOURS = {"healthy": "green", "degraded": "yellow", "down": "red"}
HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")


class Screen:
    """Everything printed goes through here, in one language and width."""

    def __init__(self, words: Words) -> None:
        self._words = words
        wide = Console().width if sys.stdout.isatty() else WHERE_NO_TERMINAL
        self._console = Console(width=min(wide, WIDEST), highlight=False)

    def title(self) -> None:
        self._console.rule(Text(self._words("title"), style="bold"))
        self._console.print(Text(self._words("intro"), style="dim"))
        self._console.print()

    def step(self, sentence: str) -> None:
        """Something that has been done."""
        self._console.print(Text.assemble(("  ✓ ", "green"), sentence))

    def problem(self, sentence: str, details: str = "") -> None:
        self._console.print(Text.assemble(("  ✗ ", "red"), (sentence, "bold")))
        if details:
            self._console.print(Text(_printable(details)))

    def waiting(self) -> AbstractContextManager[Status]:
        """A line that changes while something is waited for; nothing where there is no terminal."""
        return self._console.status("")

    def tickets(self, tickets: Iterable[Json]) -> None:
        self._console.print()
        names = ("number", "channel", "tier", "due", "team", "why")
        table = self._table("tickets_title", names)
        table.columns[-1].no_wrap, table.columns[-1].overflow = True, "ellipsis"
        table.columns[-1].ratio = 1
        table.expand = True
        for ticket in tickets:
            table.add_row(
                ticket["number"],
                self._channel(ticket),
                self._tier(ticket),
                Text(self._moment(ticket["due_at"]), style="red" if _late(ticket) else ""),
                ticket["team"],
                self._why(ticket),
            )
        self._console.print(table)
        self._console.print(Text(self._words("legend"), style="dim"))

    def letter(self, title: str, letter: Received) -> None:
        """A mail with the headers that matter, as it came."""
        message = letter.message
        head = Text("\n").join(
            Text.assemble((f"{name}: ", "bold"), _printable(str(message[name]).strip()))
            for name in HEADERS
            if message[name]
        )
        body = message.get_content().replace("\r\n", "\n").rstrip()
        text = Text.assemble(head, "\n\n", _printable(body))
        self._console.print()
        self._console.print(
            Panel(
                text, title=self._words(title), title_align="left", box=box.ROUNDED, padding=(0, 1)
            )
        )

    def health(self, states: Iterable[Json]) -> None:
        names = ("channel", "health", "arrivals", "last_success", "failures")
        table = self._table("health_title", names)
        for state in states:
            health = str(state["health"])
            table.add_row(
                state["name"],
                Text(self._words.shared(f"healths.{health}"), style=HEALTH_COLOURS.get(health, "")),
                str(state["arrivals"]),
                self._moment(state["last_success"]),
                str(state["failures"]),
            )
        self._console.print()
        self._console.print(table)
        self._console.print()

    def commands(self, title: str, commands: Mapping[str, str]) -> None:
        """Commands to try, each under what it does."""
        self._console.print()
        self._console.print(Text(self._words(title), style="bold"))
        for key, command in commands.items():
            self._console.print(Text(f"  # {self._words(key)}", style="dim"))
            # Not wrapped: it has to be copied whole.
            self._console.print(Text(f"  {command}"), soft_wrap=True)

    def next_steps(self) -> None:
        self.commands(
            "next",
            {
                "next_keep": "make demo ARGS=--keep",
                "next_init": ".venv/bin/muara init kantor",
                "next_test": "make test",
            },
        )

    def summary(self, tally: Tally) -> None:
        values = {name: getattr(tally, name) for name in Tally.__dataclass_fields__}
        self._console.print()
        self._console.print(Text(self._words("summary", **values), style="bold"))
        for what in tally.unaccounted:
            self.problem(self._words("unaccounted", what=what))
        if not tally.unaccounted:
            self.step(self._words("all_accounted"))

    def _table(self, title: str, names: Sequence[str]) -> Table:
        table = Table(
            title=self._words(title),
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
        )
        for name in names:
            table.add_column(self._words(name), no_wrap=True)
        return table

    def _channel(self, ticket: Json) -> str:
        medium = str(ticket["medium"])
        by_hand = medium in ("phone", "box", "walk_in")
        return self._words.shared(f"mediums.{medium}") if by_hand else str(ticket["channel"])

    def _tier(self, ticket: Json) -> Text:
        tier = ticket["tier"] or ticket["suggested"]
        if not tier:
            return Text(self._words("no_tier") if ticket["certain"] else "?", style="dim")
        mark = "" if ticket["tier"] else " ?"
        return Text(self._words(f"tier_{tier}") + mark, style=TIER_COLOURS[tier])

    def _moment(self, iso: str | None) -> str:
        return self._words.shared.short_moment(datetime.fromisoformat(iso)) if iso else "-"

    def _why(self, ticket: Json) -> Text:
        if ticket["restricted"]:
            return Text(self._words("restricted"), style="dim")
        words = {" ".join(hit["text"].split()) for hit in ticket["hits"]}
        if not words:
            return Text(self._words("no_why"), style="dim")
        # There is room for few: the longest say most.
        shown = sorted(words, key=lambda word: (-len(word), word))
        return Text(_printable(", ".join(f"“{word}”" for word in shown)))


def _late(ticket: Json) -> bool:
    due = ticket["due_at"]
    return due is not None and datetime.fromisoformat(due) < datetime.now(UTC)


def _printable(text: str) -> str:
    """Samples are strangers' texts: they must not drive the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "�" for char in text)
