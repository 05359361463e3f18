"""Feed damaged mails to the reader: `python -m bench.fuzz_mail [SECONDS]`. See bench/fuzzing.py.

The mails of the tests are what is damaged. A mail that only the minimal reading could take is a
failure, and so is a text that could not be stored.
"""

from datetime import UTC, datetime

from structlog.testing import capture_logs

from bench import fuzzing

with fuzzing.instrumented():
    from channels.mail import read_mail

SEEDS = [
    path.read_bytes() for path in sorted((fuzzing.ROOT / "tests/channels/mail/mails").glob("*.eml"))
]
RECEIVED = datetime(2026, 11, 24, tzinfo=UTC)


def check(raw: bytes) -> None:
    """Read one mail. AssertionError when it was read minimally or cannot be stored."""
    with capture_logs() as complaints:
        message = read_mail(raw, received_at=RECEIVED)
    repr(message).encode("utf-8")
    if complaints or "\0" in message.text + message.reply_text + message.subject:
        raise AssertionError(f"{message.subject!r}, {complaints}")


if __name__ == "__main__":
    fuzzing.run(check, SEEDS)
