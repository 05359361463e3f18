"""The fixed words around an answer: how it greets and how it closes, unless its author did so already."""

from dataclasses import dataclass

from ingest.letters.envelope import one_line
from ingest.office import Words
from store.types import Ticket

_LAST_LINES = 3


@dataclass(frozen=True, slots=True)
class Framed:
    """An answer as a letter; ``salutation`` and ``closing`` are empty where the text has its own."""

    salutation: str
    text: str
    closing: str

    @property
    def body(self) -> str:
        """All of it, a blank line between the parts."""
        return "\n\n".join(filter(None, (self.salutation, self.text, self.closing)))


def framed(words: Words, ticket: Ticket, text: str) -> Framed:
    """Return an answer with the words around it, in the language of ``words``."""
    lines = [line.casefold().lstrip(" *_") for line in text.splitlines() if line.strip()] or [""]
    greets = _begins(lines[:1], words("answers.own_greetings"))
    closes = _begins(lines[1:][-_LAST_LINES:], words("answers.own_closings"))
    return Framed(
        "" if greets else words("answers.salutation", name=addressee(words, ticket)),
        text.strip(),
        "" if closes else words("answers.closing"),
    )


def addressee(words: Words, ticket: Ticket) -> str:
    """The complainant's name, as far as they wish to be known by one."""
    who = ticket.complainant
    return ("" if who.anonymous else one_line(who.name)) or words("letters.dear_unnamed")


def _begins(lines: list[str], openings: str) -> bool:
    known = tuple(opening.strip() for opening in openings.split(","))
    return any(line.startswith(known) for line in lines)
