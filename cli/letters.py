"""A letter to the complainant as a text to read out or paste, for who is not reached by mail."""

from collections.abc import Callable

from cli.output import printable
from config.texts import LANGUAGES, Texts
from ingest.language import spoken_by
from ingest.letters.envelope import Desk
from store.types import Ticket
from wiring.parts import Parts


def ready_text(parts: Parts, ticket: Ticket, write: Callable[[Desk, Ticket], str]) -> str:
    """Return what a letter says, in the complainant's language."""
    zone = parts.settings.general.timezone
    languages = {name: Texts(name, zone) for name in LANGUAGES}
    desk = Desk(parts.office, parts.words, parts.rules.meaning, languages)
    return printable(write(desk.speaking(spoken_by(ticket)), ticket)).strip()
