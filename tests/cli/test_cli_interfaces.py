"""The two exact interfaces, as the programs that call them see them: processes, bytes, exit codes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

MUARA = [sys.executable, "-c", "import cli; cli.main()"]
FIELDS = ["id", "kind", "tier", "certain", "suggested", "hits"]


def run(
    *arguments: str, stdin: bytes = b"", folder: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    root = str(Path(__file__).parents[2])
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {root!r}); import cli; cli.main()",
    ]
    return subprocess.run(
        [*command, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=folder,
        timeout=60,
    )


def answers(stdin: bytes) -> list[dict[str, Any]]:
    done = run("classify", "--jsonl", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def stream() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """A running classifier: where to write, where to read."""
    with subprocess.Popen(
        [*MUARA, "classify", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdin, process.stdout
        process.stdin.close()
        assert process.wait(60) == 0


def test_one_line_in_gives_one_line_out_at_once(stream: tuple[IO[bytes], IO[bytes]]) -> None:
    into, out = stream
    for number in range(3):
        into.write(json.dumps({"id": number, "text": "Jam berapa loket buka?"}).encode() + b"\n")
        into.flush()
        answer = json.loads(out.readline())
        assert (answer["id"], list(answer)) == (number, FIELDS)


def test_a_verdict_names_tier_certainty_and_the_words() -> None:
    text = "Jam berapa loket buka hari Jumat?"
    (answer,) = answers(
        json.dumps({"id": "a", "subject": "", "text": text, "channel": "gmail"}).encode()
    )
    assert answer["tier"] == "ringan"
    assert answer["certain"] is True
    assert answer["suggested"] is None
    for hit in answer["hits"]:
        assert list(hit) == ["rule", "text", "start", "end"]
        assert text[hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize(
    "bad",
    [b"{", b"[1]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"id": NaN}', b"1" * 5000],
)
def test_a_bad_line_is_answered_and_the_next_goes_on(bad: bytes) -> None:
    first, second = answers(bad + b"\n" + b'{"id": 2, "text": "halo"}\n')
    assert first["id"] is None
    assert first["certain"] is False
    assert first["error"].startswith("line 1: ")
    assert second["id"] == 2


def test_bytes_that_are_no_text_and_characters_that_are_none_do_not_stop_it() -> None:
    lines = b'{"id": 1, "text": "jalan \xff rusak"}\n\xef\xbb\xbf{"id": "\\ud800", "text": "\\ud800 jalan rusak"}\n'
    first, second = answers(lines)
    assert (first["id"], second["id"]) == (1, "\ud800")


def test_odd_values_are_taken_as_they_come() -> None:
    lines = b'{"id": {"a": [1]}, "text": null}\n{"text": 12, "subject": ["x"]}\n\n{}\n'
    found = answers(lines)
    assert [entry["id"] for entry in found] == [{"a": [1]}, None, None]


def test_a_huge_line_is_classified() -> None:
    text = "Jalan di depan pura rusak parah. " * 40_000
    (answer,) = answers(json.dumps({"id": 1, "text": text}).encode())
    assert answer["id"] == 1


def test_a_closed_pipe_ends_quietly() -> None:
    script = f"yes '{{\"text\": \"jalan rusak\"}}' | {sys.executable} -c 'import cli; cli.main()' classify --jsonl | head -2"
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=False, timeout=60)
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == b""


def test_classifying_needs_neither_database_nor_tables() -> None:
    code = "import sys, cli.app, cli.commands.classify; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "sqlalchemy",
        "alembic",
        "pydantic",
        "rich",
        "structlog",
        "requests",
        "holidays",
    }


MAIL = (
    b"From: =?utf-8?q?Putu?= <putu@warga.test>\r\nTo: kesra@office.test\r\nSubject: Hibah\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0800\r\nMessage-ID: <1@warga.test>\r\n\r\nHalo.\r\n> lama\r\n"
)


def test_inspecting_answers_every_file_and_never_fails(tmp_path: Path) -> None:
    (tmp_path / "good.eml").write_bytes(MAIL)
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "noise.eml").write_bytes(bytes(range(256)) * 50)
    names = ["good.eml", "empty.eml", "noise.eml", "none.eml", "."]
    done = run("inspect", "--json", *names, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [entry["file"] for entry in found] == names
    assert list(found[0]) == [
        "file", "from_addr", "from_name", "to", "cc", "reply_to", "subject", "date", "message_id", "text",
        "reply_text", "attachments", "auto_reply", "bounce", "bounce_recipients", "forwarded", "error",
    ]  # fmt: skip
    assert found[0]["from_addr"] == "putu@warga.test"
    assert found[0]["date"] == "2026-11-24T10:00:00+08:00"
    assert found[0]["error"] is None
    assert found[3]["error"] == "none.eml tidak dapat dibaca: tidak ada."


def test_people_see_what_was_read_with_names_in_their_language(tmp_path: Path) -> None:
    (tmp_path / "surat.eml").write_bytes(MAIL)
    shown = run("inspect", "surat.eml", folder=tmp_path).stdout.decode()
    lines = [line.split(maxsplit=1) for line in shown.splitlines()]
    assert ["Dari", "putu@warga.test"] in lines
    assert "from_addr" not in shown
    assert not any(line.endswith(" ") for line in shown.splitlines())
