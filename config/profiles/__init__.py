"""Profiles of JSON feeds: those that ship, and the office's own."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

SHIPPED = ("lapor-v2", "sp4n")


def read_profile(name: str) -> dict[str, Any]:
    """Return a shipped profile by its name, or the TOML file at a path, as tomllib reads it.

    Raises OSError where there is no such file, ValueError (``tomllib.TOMLDecodeError``) where it is
    not TOML.
    """
    if name in SHIPPED:
        return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    return tomllib.loads(Path(name).read_text("utf-8"))
