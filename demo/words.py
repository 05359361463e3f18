"""What the demo says, in Indonesian or English (MUARA_LANG=en): one file of sentences for each."""

import os
import tomllib
from pathlib import Path

from config.texts import LANGUAGES, Texts

_FOLDER = Path(__file__).with_name("texts")


class Words:
    """The demo's own sentences; ``shared`` are those of muara itself, such as the tiers' names."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.shared = Texts(language)
        text = (_FOLDER / f"{language}.toml").read_text("utf-8")
        self._sentences: dict[str, str] = tomllib.loads(text)

    def __call__(self, key: str, **values: object) -> str:
        return self._sentences[key].format(**values)


def chosen_language() -> str:
    wanted = os.environ.get("MUARA_LANG", "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]
