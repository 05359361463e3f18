"""``muara inspect``: what reading makes of a mail file. Never a traceback, whatever the bytes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from channels.errors import Unreadable
from channels.mail import read_mail
from channels.types import Address, Machine, Message
from classify.types import Medium
from cli.output import facts, json_line
from config.texts import Texts


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("inspect", help=words("cli.inspect_help"))
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--json", "as_json", is_flag=True, help=words("cli.json"))
    def inspect(files: tuple[Path, ...], as_json: bool) -> None:
        for path in files:
            result = inspected(path, words)
            if as_json:
                json_line(result)
            else:
                facts((name, _shown(value)) for name, value in result.items())

    return inspect


def inspected(path: Path, words: Texts) -> dict[str, Any]:
    """Return what reading makes of one file; ``error`` says why where it makes nothing."""
    try:
        message = read_mail(path.read_bytes(), received_at=datetime.now(UTC))
    except OSError as error:
        return _result(path, None, words("cli.file_unreadable", file=path, reason=error.strerror))
    except Unreadable as error:
        return _result(path, None, words(f"errors.{error.code}", **error.values))
    except Exception as error:  # noqa: BLE001 - the interface promises an answer whatever the bytes
        return _result(path, None, f"{type(error).__name__}: {error}")
    return _result(path, message, None)


def _result(path: Path, message: Message | None, error: str | None) -> dict[str, Any]:
    read = message or Message(Medium.EMAIL, datetime.now(UTC))
    return {
        "file": str(path),
        "from_addr": read.sender.email,
        "from_name": read.sender.name,
        "to": _emails(read.to),
        "cc": _emails(read.cc),
        "reply_to": _emails(read.reply_to),
        "subject": read.subject,
        "date": read.sent_at.isoformat() if read.sent_at else None,
        "message_id": read.message_id,
        "text": read.text,
        "reply_text": read.reply_text,
        "attachments": [
            {
                "filename": a.filename,
                "content_type": a.content_type,
                "size": a.size,
                "sha256": a.sha256,
            }
            for a in read.attachments
        ],
        "auto_reply": read.machine is Machine.AUTO_REPLY,
        "bounce": read.machine is Machine.BOUNCE,
        "bounce_recipients": list(read.bounce_recipients),
        "forwarded": read.forwarded,
        "error": error,
    }


def _emails(addresses: tuple[Address, ...]) -> list[str]:
    return [address.email for address in addresses]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(
            " ".join(map(str, v.values())) if isinstance(v, dict) else str(v) for v in value
        )
    return "" if value is None else str(value)
