"""What an operator fills in about one complaint: asked one by one, read back, and mended before it is stored."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from channels.manual import Entry
from classify.types import Medium
from cli.moments import parse_moment
from cli.named import Named
from cli.output import shortened
from cli.read_back import line_to_mend
from config.texts import Texts

with contextlib.suppress(ImportError):
    import readline  # noqa: F401 - arrow keys, and lines longer than a terminal's 4096 bytes

MEDIUMS = (Medium.PHONE, Medium.BOX, Medium.WALK_IN, Medium.LAPOR)
ORDER = (
    "medium",
    "external_id",
    "name",
    "phone",
    "address",
    "text",
    "location",
    "received_at",
    "secret",
)
SHOWN_TEXT = 300


class Form:
    """The values of one entry by name. Wrong ones raise ValueError with a sentence that says why."""

    def __init__(self, words: Texts, clock: Callable[[], datetime]) -> None:
        self.words = words
        self.clock = clock
        self.values: dict[str, Any] = {}
        self._readers: dict[str, Callable[[str], Any]] = {
            "medium": self._medium,
            "external_id": self._external_id,
            "email": self._email,
            "text": self._text,
            "received_at": self._moment,
            "secret": self._yes,
        }

    def put(self, name: str, given: str) -> None:
        """Take what somebody gave for one field. Raises ValueError."""
        self.values[name] = self._readers.get(name, str.strip)(given)

    def wanted(self, name: str) -> bool:
        """Whether a field belongs to this kind of entry: nobody asks a slip for its telephone."""
        medium, anonymous = self.values.get("medium"), self.values.get("anonymous", False)
        if name == "external_id":
            return medium is Medium.LAPOR
        if name in ("phone", "address"):
            return not anonymous and medium in (Medium.PHONE, Medium.WALK_IN)
        if name in ("name", "secret"):
            return not anonymous
        return True

    def check(self) -> None:
        """Raise ValueError where something is missing that cannot be done without."""
        for name in ("medium", "text", "external_id"):
            if self.wanted(name) and not self.values.get(name):
                raise ValueError(self.words("cli.option_needed", option=option(name)))

    def entry(self) -> Entry:
        """Return the entry as it stands. Raises ValueError where it is not whole."""
        self.check()
        return Entry(**{"received_at": self.clock(), **self.values})

    def _medium(self, given: str) -> Medium:
        if given.isdecimal() and 1 <= int(given) <= len(MEDIUMS):
            return MEDIUMS[int(given) - 1]
        try:
            return Medium(Named(self.words, "mediums", MEDIUMS).convert(given, None, None))
        except click.BadParameter as error:
            raise ValueError(self.words("form.bad_medium", given=given)) from error

    def _external_id(self, given: str) -> str:
        number = given.strip().lstrip("#").strip()
        if not number:
            raise ValueError(self.words("form.no_external_id"))
        return number

    def _email(self, given: str) -> str:
        return mail_address(self.words, given)

    def _text(self, given: str) -> str:
        if not given.strip():
            raise ValueError(self.words("form.no_text"))
        return given.strip()

    def _moment(self, given: str) -> datetime:
        try:
            return parse_moment(given, self.clock(), self.words.zone)
        except ValueError as error:
            raise ValueError(self.words("form.bad_moment", given=given)) from error

    def _yes(self, given: str) -> bool:
        answer = given.strip().casefold()
        if answer in self.words("form.yes").split():
            return True
        if answer and answer not in self.words("form.no").split():
            raise ValueError(self.words("form.yes_or_no"))
        return False


def mail_address(words: Texts, given: str) -> str:
    """Return an address as it is kept; empty for none. Raises ValueError."""
    address = given.strip()
    if address and ("@" not in address.strip("@") or " " in address):
        raise ValueError(words("form.bad_email", given=given))
    return address


def option(name: str) -> str:
    """Return a field's option on the command line."""
    return "--" + name.replace("_", "-")


def fill_in(form: Form) -> None:
    """Ask a person for every field that is not given yet, read all back and mend what they point at.

    Raises click.Abort when they leave.
    """
    for name in ORDER:
        if name not in form.values and form.wanted(name):
            _ask(form, name)
    while number := _read_back(form):
        _ask(form, number)
        if form.wanted("external_id") and "external_id" not in form.values:
            _ask(form, "external_id")


def _ask(form: Form, name: str) -> None:
    words = form.words
    while True:
        given = _lines(words) if name == "text" else _line(words, name)
        if name == "name":
            form.values["anonymous"] = given.strip() == "-"
            given = "" if form.values["anonymous"] else given
        try:
            form.put(name, given)
        except ValueError as error:
            click.echo(str(error), err=True)
        else:
            return


def _line(words: Texts, name: str) -> str:
    if name == "medium":
        for number, medium in enumerate(MEDIUMS, 1):
            click.echo(f"  {number}  {words(f'mediums.{medium}')}")
    default = "1" if name == "medium" else ""
    answer: str = click.prompt(words(f"form.ask_{name}"), default=default, show_default=False)
    return answer


def _lines(words: Texts) -> str:
    """Take lines until an empty one, or the end of input."""
    click.echo(words("form.ask_text"))
    lines: list[str] = []
    with contextlib.suppress(EOFError):
        while line := input("> "):
            lines.append(line)
    return "\n".join(lines)


def _read_back(form: Form) -> str:
    """Show the whole entry; return the name of the field to mend, "" when it is right."""
    names = [name for name in ORDER if form.wanted(name)]
    lines = [(form.words(f"form.{name}"), _shown(form, name)) for name in names]
    at = line_to_mend(form.words, lines)
    return "" if at is None else names[at]


def _shown(form: Form, name: str) -> str:
    value, words = form.values.get(name), form.words
    if isinstance(value, Medium):
        return words(f"mediums.{value}")
    if isinstance(value, bool):
        return words("form.shown_yes" if value else "form.shown_no")
    if isinstance(value, datetime):
        return words.moment(value)
    if name == "name" and form.values.get("anonymous"):
        return words("letters.anonymous")
    return shortened(value or "-", SHOWN_TEXT)
