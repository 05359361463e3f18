"""Feed damaged mails to the reader: `python bench/fuzz_mail.py [SECONDS]` (60 by default).

With atheris installed (by hand; it is no dependency) coverage guides the damage; without it the
mails of the tests are spliced and damaged at random. Stops at the first crash, at a mail that takes
over 2 s or falls back to the minimal reading, and at a string that could not be stored; the mail is then written to fuzz_mail.eml.
"""

import importlib
import importlib.util
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from structlog.testing import capture_logs

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from channels.mail import read_mail  # noqa: E402 - the repository is no installed package here

SEEDS = [path.read_bytes() for path in sorted((ROOT / "tests/channels/mail/mails").glob("*.eml"))]
RECEIVED = datetime(2026, 11, 24, tzinfo=UTC)
LIMIT = 2.0  # seconds


def check(raw: bytes) -> float:
    """Read one mail; returns the seconds it took."""
    start = time.process_time()
    try:
        with capture_logs() as complaints:
            message = read_mail(raw, received_at=RECEIVED)
        repr(message).encode("utf-8")
        took = time.process_time() - start
        if (
            complaints
            or took > LIMIT
            or "\0" in message.text + message.reply_text + message.subject
        ):
            raise AssertionError(f"{took:.1f} s, {message.subject!r}, {complaints}")  # noqa: TRY301
    except BaseException:
        Path("fuzz_mail.eml").write_bytes(raw)
        raise
    return took


def damaged(rng: random.Random) -> Iterator[bytes]:
    while True:
        raw = bytearray(rng.choice(SEEDS))
        for _ in range(rng.randint(1, 12)):
            place, other = rng.randrange(len(raw) + 1), rng.choice(SEEDS)
            begin = rng.randrange(len(other))
            piece = rng.choice(
                (
                    rng.randbytes(rng.randint(0, 8)),
                    other[begin : begin + rng.randint(1, 300)],
                    bytes(raw[place : place + rng.randint(1, 60)]) * rng.choice((2, 50, 2000)),
                )
            )
            raw[place : place + rng.choice((0, 0, 1, len(piece), 200))] = piece
        yield bytes(raw)


def by_chance(seconds: float) -> None:
    count, slowest, end = 0, 0.0, time.monotonic() + seconds
    for raw in damaged(random.Random()):
        slowest, count = max(slowest, check(raw)), count + 1
        if time.monotonic() > end:
            break
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count} mails, slowest {slowest:.3f} s, at most {memory} MB, no crash")


def by_coverage(seconds: float) -> None:
    atheris = importlib.import_module("atheris")
    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}"], check)
    atheris.Fuzz()


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    run = by_coverage if importlib.util.find_spec("atheris") else by_chance
    run(seconds)


if __name__ == "__main__":
    main()
