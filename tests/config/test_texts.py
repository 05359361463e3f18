"""Both languages say the same things."""

from importlib.resources import files
from string import Formatter

import pytest

from config.texts import Texts


def parts() -> list[str]:
    return sorted(
        file.name.removesuffix(".toml")
        for file in files("config.texts").joinpath("id").iterdir()
        if file.name.endswith(".toml")
    )


def placeholders(sentence: str) -> set[str]:
    return {field.split(":")[0] for _, field, _, _ in Formatter().parse(sentence) if field}


@pytest.mark.parametrize("part", parts())
def test_both_languages_have_the_same_sentences_and_values(part: str) -> None:
    indonesian, english = Texts("id").part(part), Texts("en").part(part)
    assert indonesian.keys() == english.keys()
    for name, sentence in indonesian.items():
        assert placeholders(sentence) == placeholders(english[name]), name


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="klingon"):
        Texts("klingon")
