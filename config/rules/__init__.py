"""The shipped default rules: one TOML file for each tier, vocabulary and weak cues."""

from importlib.resources import files
from pathlib import Path


def sources(folder: Path | None = None) -> dict[str, str]:
    """Rule files by name: the shipped ones, each replaced by (or joined with) the office's own.

    Raises OSError or UnicodeDecodeError where a file of the folder cannot be read.
    """
    shipped = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml"))
    found = {entry.name: entry.read_text("utf-8") for entry in shipped}
    if folder is not None and folder.is_dir():
        found.update({path.name: path.read_text("utf-8") for path in folder.glob("*.toml")})
    return dict(sorted(found.items()))
