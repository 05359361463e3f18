"""Profiles of JSON feeds: those that ship, and the office's own."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

SHIPPED = ("lapor-v2", "sp4n")


def profile_text(name: str) -> str:
    """Return the TOML of a shipped profile by its name, or of the file at a path.

    Raises OSError where there is no such file, UnicodeDecodeError where it is no text.
    """
    if name in SHIPPED:
        return files(__package__).joinpath(f"{name}.toml").read_text("utf-8")
    return Path(name).read_text("utf-8-sig")


def read_profile(name: str) -> dict[str, Any]:
    """Return a profile as tomllib reads it. Raises as ``profile_text``, and ValueError where it is no TOML."""
    return tomllib.loads(profile_text(name))
