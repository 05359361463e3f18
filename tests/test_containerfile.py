"""The Containerfile, as far as it can be checked where nothing can be pulled; its build step is run for real on request."""

import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "Containerfile").read_text("utf-8")


def instructions() -> list[tuple[str, str]]:
    """Every instruction with what follows it; lines that go on are joined, comments left out."""
    lines = [line for line in TEXT.splitlines() if line and not line.startswith("#")]
    whole = re.sub(r"\\\n", " ", "\n".join(lines))
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in whole.splitlines()]


def stage(number: int) -> list[tuple[str, str]]:
    starts = [place for place, (name, _) in enumerate(instructions()) if name == "FROM"]
    return instructions()[starts[number] : [*starts, None][number + 1]]


def copied() -> set[str]:
    names = (shlex.split(rest)[:-1] for name, rest in stage(0) if name == "COPY")
    return {one for each in names for one in each}


def test_it_knows_only_instructions_that_there_are() -> None:
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "STOPSIGNAL"}
    known |= {"HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert {name for name, _ in instructions()} <= known
    assert len(stage(1)) > 5


def test_everything_it_copies_is_there_and_not_ignored() -> None:
    for file in (".containerignore", ".dockerignore"):
        allowed = {line[1:] for line in (ROOT / file).read_text().splitlines() if line[0] == "!"}
        assert copied() - {"scripts/install.sh"} <= allowed
    assert all((ROOT / name).exists() for name in copied())


def test_it_copies_every_package_that_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    packages = {name.rstrip("*") for name in project["packages"]["find"]["include"]}
    assert packages <= copied()
    for name in packages:
        assert name in (ROOT / "scripts" / "install.sh").read_text("utf-8")


def test_it_runs_as_nobody_special_and_has_no_installer_left() -> None:
    last = stage(1)
    assert ("USER", "muara") in last
    names = [name for name, _ in last]
    assert names.index("USER") > max(i for i, name in enumerate(names) if name == "RUN")
    assert any("pip uninstall" in rest for name, rest in last if name == "RUN")
    assert "apt-get" not in TEXT


def test_images_go_by_their_short_names() -> None:
    """Whoever builds decides where images come from."""
    for name, rest in instructions():
        if name == "FROM":
            assert "/" not in rest.split()[0]


def test_data_and_keys_are_volumes_and_health_is_asked_for() -> None:
    last = dict(stage(1))
    assert last["VOLUME"] == '["/var/lib/muara", "/etc/muara"]'
    assert "/healthz" in last["HEALTHCHECK"]


@pytest.mark.skipif("MUARA_INSTALL" not in os.environ, reason="downloads: set MUARA_INSTALL=1")
@pytest.mark.timeout(600)
def test_its_build_step_makes_a_muara_that_starts_without_an_installer(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run(["sh", str(ROOT / "scripts" / "install.sh"), str(venv)], check=True)
    run = [str(venv / "bin" / "muara"), "init", str(tmp_path / "kantor")]
    assert subprocess.run(run, check=False, cwd=tmp_path).returncode == 0
    assert (tmp_path / "kantor" / "muara.toml").is_file()
    pip = subprocess.run([str(venv / "bin" / "python"), "-m", "pip"], check=False)
    assert pip.returncode != 0
