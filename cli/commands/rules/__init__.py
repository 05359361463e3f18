"""``muara rules``: try the rules, see how they decide, and what a change would change."""

import click

from cli.commands.rules import examples, explain, replay, review
from config.texts import Texts


def command(words: Texts) -> click.Group:
    """Build the group with its commands."""
    group = click.Group("rules", help=words("rulebook.help"))
    for module in (examples, explain, replay, review):
        group.add_command(module.command(words))
    return group
