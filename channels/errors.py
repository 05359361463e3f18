"""Errors of the outside world, named by what to do next.

Each carries a code and the values of its sentence; the words are in ``config/texts/<language>/errors.toml``
and are put together where a person reads them.
"""


class ChannelError(Exception):
    """Something went wrong outside. ``code`` names the sentence, ``values`` fill it in.

    What servers say loses its full stop: it stands inside a sentence of ours.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = {name: str(value).rstrip(".") for name, value in values.items()}

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({details})" if details else self.code


class Temporary(ChannelError):  # noqa: N818 - named by what to do: try again later, with back-off
    """The same call may succeed later."""


class Permanent(ChannelError):  # noqa: N818 - named by what to do: tell a person
    """Trying again changes nothing until a person changes something."""


class InDoubt(ChannelError):  # noqa: N818 - named by what to do: ask a person, never try again
    """What was asked for may have been done, or not: nobody told us."""


class Unreadable(ChannelError):  # noqa: N818 - named by what to do: quarantine, go on
    """These bytes cannot be read; they are kept, and the next arrival goes on."""
