"""``muara inspect``: what reading makes of a mail file. Never a traceback, whatever the bytes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from channels.errors import Unreadable
from channels.mail import read_mail
from channels.types import Address, Attachment, Machine, Message
from classify.types import Medium
from cli.errors import reason
from cli.output import facts, json_line, size
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
                continue
            if result["reply_text"] == result["text"]:
                del result["reply_text"]  # nothing was quoted: once is enough for people
            facts((words(f"mail.{n}"), _shown(words, v)) for n, v in result.items() if v)
            click.echo()

    return inspect


def inspected(path: Path, words: Texts) -> dict[str, Any]:
    """Return what reading makes of one file; ``error`` says why where it makes nothing."""
    try:
        message = read_mail(path.read_bytes(), received_at=datetime.now(UTC))
    except (OSError, ValueError) as error:  # ValueError: a name with NUL
        why = reason(words, error)
        return _result(path, None, words("cli.file_unreadable", file=path, reason=why))
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
        "attachments": [_attachment(one) for one in read.attachments],
        "auto_reply": read.machine is Machine.AUTO_REPLY,
        "bounce": read.machine is Machine.BOUNCE,
        "bounce_recipients": list(read.bounce_recipients),
        "forwarded": read.forwarded,
        "error": error,
    }


def _attachment(one: Attachment) -> dict[str, Any]:
    return {
        "filename": one.filename,
        "content_type": one.content_type,
        "size": one.size,
        "sha256": one.sha256,
    }


def _emails(addresses: tuple[Address, ...]) -> list[str]:
    return [address.email for address in addresses]


def _shown(words: Texts, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_file(one) if isinstance(one, dict) else str(one) for one in value)
    return words("form.shown_yes") if value is True else str(value)


def _file(one: dict[str, Any]) -> str:
    return f"{one['filename']} ({one['content_type']}, {size(one['size'])})"
