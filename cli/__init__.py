"""The small command line: parse arguments, call, print."""

from cli.app import main

__all__ = ["main"]
