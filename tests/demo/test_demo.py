import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from testing import dovecot
from testing.require import require

ROOT = Path(__file__).parents[2]
SUMMARY = re.compile(
    r"(?P<fed_in>\d+) arrivals: (?P<cases>\d+) complaints, (?P<merged>\d+) merged, "
    r"(?P<replied>\d+) replies, (?P<machine>\d+) machine mails kept apart, "
    r"(?P<quarantined>\d+) quarantined; (?P<notices>\d+) team notices and "
    r"(?P<acknowledgements>\d+) acknowledgements sent"
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def environment(**more: str) -> Mapping[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "MUARA_LANG": "en"} | more


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "demo", "--folder", str(folder), *more]


@pytest.mark.parametrize("server", ["Dovecot", "pymap"])
def test_the_demo_runs_from_end_to_end_and_accounts_for_every_sample(
    server: str, tmp_path: Path
) -> None:
    if server == "Dovecot":
        require(server, dovecot.available())
    done = subprocess.run(
        command(tmp_path / "demo"),
        env=environment(MUARA_DEMO_IMAP=server),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert f"Mail server {server}" in done.stdout
    summary = SUMMARY.search(" ".join(done.stdout.split()))
    assert summary is not None, done.stdout
    count = {name: int(value) for name, value in summary.groupdict().items()}
    assert count["cases"] >= 40
    assert (count["merged"], count["replied"], count["quarantined"]) == (1, 1, 1)
    assert count["machine"] == 4
    assert count["notices"] >= count["cases"] - 4
    assert count["acknowledgements"] >= 30
    assert "Every sample is accounted for" in done.stdout


def test_the_demo_ends_its_daemon_and_says_so_when_it_is_interrupted(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        command(tmp_path / "demo"),
        env=environment(MUARA_DEMO_IMAP="pymap"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert demo.stdout is not None
    with demo:
        lines = iter(demo.stdout.readline, "")
        started = next(line for line in lines if "daemon is running" in line)
        demo.send_signal(signal.SIGTERM)
        rest = "".join(lines)
    assert demo.returncode == 130
    assert "have been ended" in rest
    assert "Traceback" not in rest
    assert not _alive(int(re.findall(r"process (\d+)", started)[0]))


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "skripsi.odt").write_text("bab satu")
    done = subprocess.run(
        command(tmp_path), env=environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "something other than the demo" in " ".join(done.stdout.split())
    assert (tmp_path / "skripsi.odt").read_text() == "bab satu"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
