"""No English on an Indonesian screen, no missing sentence in either language."""

import ast
import io
import re
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import IO

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from classify.types import Kind, Medium, Tier
from cli.app import build
from cli.catalogue import COMMANDS
from cli.native import speak
from config.texts import LANGUAGES, Texts
from ingest.answer import Way
from store.numbers import ALPHABET
from store.types import ChannelHealth, Fate, NoticeKind, Status

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "config/locale/id/LC_MESSAGES/click.po"
FOR_PROGRAMMERS = re.compile(
    "defined twice|Boolean option|Could not determine name|No options defined|take exactly one"
    "|Invalid start character|Unknown standard stream|Unknown color|Windows error|Bash"
)
ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Show|Error|Try|Missing|TEXT|PATH|INTEGER|default)\b"
)


def commands(group: click.Group, *before: str) -> Iterator[list[str]]:
    """The names of all commands, those below groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield [*before, name]
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)


ALL = [[], *commands(build(Texts("id")))]


def help_of(arguments: list[str], language: str, capsys: pytest.CaptureFixture[str]) -> str:
    speak(language)
    with pytest.raises(SystemExit) as ended:
        build(Texts(language)).main([*arguments, "--help"], prog_name="muara")
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("arguments", ALL, ids=" ".join)
def test_the_help_of_every_command_is_indonesian(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    shown = help_of(arguments, "id", capsys)
    assert shown.startswith("Pemakaian: muara")
    assert not ENGLISH.search(shown), shown


@pytest.mark.parametrize("arguments", ALL, ids=" ".join)
def test_the_help_of_every_command_is_english_on_request(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    shown = help_of(arguments, "en", capsys)
    assert shown.startswith("Usage: muara")
    assert "Pilihan" not in shown
    assert "BERKAS" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_fits_on_its_line_of_the_list(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = help_of([], language, capsys)
    assert all(f"\n  {name}" in shown for name in COMMANDS)
    assert not re.search(r"[\w,]\.\.\.\n", shown)


def test_everything_click_says_to_people_has_its_indonesian_words() -> None:
    with CATALOGUE.open("rb") as file:
        known = {message.id for message in read_po(file) if message.id and message.string}
    said = {found[2] for found in extract_from_dir(str(Path(click.__file__).parent))}
    missing = {m for m in said if m not in known and not FOR_PROGRAMMERS.search(str(m))}
    assert not missing


def test_the_compiled_words_are_those_of_the_source() -> None:
    made = io.BytesIO()
    with CATALOGUE.open("rb") as file:
        write_mo(made, read_po(file))
    made.seek(0)
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert sentences(file) == sentences(made)


def sentences(compiled: IO[bytes]) -> dict[object, str]:
    """Everything but the head, which holds the time of compiling."""
    found = GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    return {message: translated for message, translated in found.items() if message}


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("fates", Fate),
        ("healths", ChannelHealth),
        ("kinds", Kind),
        ("mediums", Medium),
        ("notices", NoticeKind),
        ("statuses", Status),
        ("tiers", Tier),
        ("tiers_short", Tier),
        ("ways", Way),
        ("spelling", ALPHABET),
    ],
)
def test_every_code_people_meet_has_a_word(part: str, codes: Iterable[str]) -> None:
    assert set(map(str, codes)) <= Texts("id").part(part).keys()


def test_every_fixed_key_of_a_text_in_the_code_exists() -> None:
    for path in ROOT.glob("cli/**/*.py"):
        for key in keys(path):
            part, _, name = key.partition(".")
            assert name in Texts("id").part(part), f"{path.name}: {key}"


def keys(path: Path) -> Iterator[str]:
    """What is written as a whole in calls such as words("cli.help")."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "words":
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


def test_every_sentence_of_the_command_line_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in ROOT.glob("cli/**/*.py"))
    families = (
        "meta_",
        "group_",
        "add_",
        "by_",
        "only_",
        "count_",
        "answered_",
        "added_",
        "channel_",
        "late_",
    )
    for name in Texts("id").part("cli"):
        assert f"cli.{name}" in code or f'"{name}"' in code or name.startswith(families), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_of_a_rule_file_has_a_sentence(language: str) -> None:
    sources = [path.read_text("utf-8") for path in ROOT.glob("classify/*.py")]
    codes = {code for source in sources for code in trouble_codes(ast.parse(source))}
    assert len(codes) > 10
    assert codes <= Texts(language).part("rules").keys()


def trouble_codes(tree: ast.AST) -> Iterator[str]:
    """The third value of every Problem(...), and the first of every pair that is yielded."""
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem":
            given = node.args[2:3]
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            given = node.value.elts[:1]
        yield from (str(code.value) for code in given if isinstance(code, ast.Constant))
