"""``muara guests``: the guest book (buku tamu)."""

import click

from cli.commands.guests import add, listing, looks
from config.texts import Texts


def command(words: Texts) -> click.Group:
    """Build the command."""
    commands = {
        "add": add.command(words),
        "list": listing.command(words),
        "looks": looks.command(words),
    }
    return click.Group("guests", commands, help=words("guests.help"))
