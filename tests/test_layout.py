"""The import table of docs/architecture.md, enforced."""

import ast
import importlib
import importlib.metadata
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {
    "config",
    "classify",
    "channels",
    "store",
    "ingest",
    "cli",
    "health",
    "service",
    "wiring",
    "report",
    "printing",
}
MAY_IMPORT = {
    "config": set[str](),
    "classify": set[str](),
    "channels": {"classify.types"},
    "store": {"classify.types", "channels.types"},
    "ingest": {"channels", "classify", "store"},
    "health": {"ingest", "store"},
    "printing": set[str](),
    "report": {"classify", "store", "printing"},
}
CONFINED = {
    "pydantic": {"config"},
    "holidays": {"config"},
    "imapclient": {"channels"},
    "mailparser": {"channels"},
    "requests": {"channels"},
    "openpyxl": {"channels"},
    "authres": {"channels"},
    "smtplib": {"channels"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "apscheduler": {"service"},
    "prometheus_client": {"health"},
    "structlog": {"service", "wiring", "health", "ingest", "channels", "store", "cli"},
    "cryptography": {"store"},
    "typst": {"printing"},
    "pygal": {"report"},
    "xlsxwriter": {"report"},
    "click": {"cli"},
    "rich": {"cli"},
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def modules(folder: str) -> list[Path]:
    single = ROOT / f"{folder}.py"
    return [single] if single.exists() else sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_a_folder_imports_only_what_the_table_allows(folder: str) -> None:
    allowed = MAY_IMPORT[folder] | {folder}
    for path in modules(folder):
        for name in imports(path):
            if name.split(".")[0] in OURS:
                assert any(name == a or name.startswith(a + ".") for a in allowed) or any(
                    a.startswith(name + ".") for a in allowed
                ), f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("library", sorted(CONFINED))
def test_a_third_party_library_stays_in_its_folder(library: str) -> None:
    for folder in OURS - CONFINED[library]:
        for path in modules(folder):
            tops = {name.split(".")[0] for name in imports(path)}
            assert library not in tops, f"{path.relative_to(ROOT)} imports {library}"


def test_classify_needs_nothing_but_the_standard_library() -> None:
    for path in modules("classify"):
        tops = {name.split(".")[0] for name in imports(path)} - {"classify"}
        assert tops <= set(sys.stdlib_module_names), path


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_top_level_names_come_from_this_repository(name: str) -> None:
    origin = importlib.import_module(name).__file__
    assert origin is not None
    assert Path(origin).is_relative_to(ROOT)
    owners = importlib.metadata.packages_distributions().get(name, [])
    assert set(owners) <= {"muara"}
