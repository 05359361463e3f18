from typing import Protocol


class Secret(Protocol):
    """Something that must not be printed: its value comes out only when asked for."""

    def reveal(self) -> str:
        """Return the secret itself, to be handed straight to the server that asks for it."""
        ...
