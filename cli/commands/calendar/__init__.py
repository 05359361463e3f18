"""``muara calendar``: a month with its closed days, and the days the office decides about."""

import click

from cli.commands.calendar import decide, month
from config.texts import Texts

SHOW = "show"


class _Calendar(click.Group):
    """A group whose first word may also be a month: nobody wants to type ``calendar show``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; without a command among them it is a month's page that is wanted."""
        asks_help = any(arg in ctx.help_option_names for arg in args)
        if not asks_help and not any(arg in self.commands for arg in args):
            args = [SHOW, *args]
        return super().parse_args(ctx, args)


def command(words: Texts) -> click.Group:
    """Build the command."""
    commands = {
        SHOW: month.command(words, SHOW),
        "set": decide.set_command(words),
        "unset": decide.unset_command(words),
    }
    return _Calendar("calendar", commands, help=words("calendar.help"))
