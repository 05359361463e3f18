"""What a request for data still needs, for the page of its case."""

from collections.abc import Sequence

from config.texts import Texts
from ingest.office import Requirement
from ingest.requirements import checklist, labels, missing, waits
from store.types import Ticket


def requirement_notes(
    words: Texts, requirements: Sequence[Requirement], ticket: Ticket
) -> list[tuple[str, str]]:
    """Return labels and values; nothing where nothing has to be shown."""
    items = checklist(requirements, ticket)
    if not items:
        return []
    lacking = ", ".join(labels(words, missing(requirements, ticket)))
    if waits(requirements, ticket):
        shown = words("requirements.shown_waiting", missing=lacking)
        return [(words("requirements.label_waiting"), shown)]
    state = lacking or words("requirements.shown_complete")
    return [(words("requirements.label_needs"), state)]


def still_needed(words: Texts, requirements: Sequence[Requirement], ticket: Ticket) -> list[str]:
    """Return the sentence to tell whoever stands at the counter or is on the line."""
    lacking = ", ".join(labels(words, missing(requirements, ticket)))
    return [words("requirements.say", missing=lacking)] if lacking else []
