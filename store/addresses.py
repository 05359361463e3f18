"""Mail addresses in what a server answers: whoever looks at the service is not to learn who wrote."""

import re

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'“”]+@[^\s<>()\[\]:;,\"'“”]*")
_HIDDEN = "•••"


def without_addresses(text: str) -> str:
    """Return a text with every mail address in it hidden."""
    return _ADDRESS.sub(_HIDDEN, text)
