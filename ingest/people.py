"""When two addresses are the same person's."""

PROGRAM = "muara"  # who takes mail in when nobody of the office does
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def mailbox(address: str) -> str:
    """Return the one form of a mail address: case never counts.

    Google promises that dots and what follows a plus do not change the mailbox, and that
    googlemail.com is gmail.com. Elsewhere they may be another person's.
    """
    local, _, domain = address.strip().casefold().rpartition("@")
    if domain not in _GMAIL:
        return f"{local}@{domain}" if local else domain
    return f"{local.partition('+')[0].replace('.', '')}@gmail.com"


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox; an empty one is nobody's."""
    return bool(one) and mailbox(one) == mailbox(other)
