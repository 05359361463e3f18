"""How a suggestion reads. Who may not see a restricted case gets its number only: why is content too."""

from collections.abc import Iterator

from ingest.office import Words
from store.types import Suggestion

TOLD = 60  # percent below which the likeness of the texts says nothing


def told(words: Words, suggestion: Suggestion, number: str, *, examiner: bool) -> str:
    """Return the other case beside ``number``, and why they may be the same."""
    other = suggestion.beside(number)
    if suggestion.restricted and not examiner:
        return words("duplicates.number_only", number=other)
    return words("duplicates.alike", number=other, why=why(words, suggestion))


def why(words: Words, suggestion: Suggestion) -> str:
    """Return the reasons: same telephone, same mail address, texts alike."""
    return ", ".join(_reasons(words, suggestion))


def _reasons(words: Words, suggestion: Suggestion) -> Iterator[str]:
    if suggestion.same_phone:
        yield words("duplicates.same_phone")
    if suggestion.same_email:
        yield words("duplicates.same_email")
    if suggestion.likeness >= TOLD:
        yield words("duplicates.likeness", percent=suggestion.likeness)
