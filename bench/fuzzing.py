"""Run a check on damaged input: guided by coverage where atheris is installed, else by chance.

Atheris is installed by hand and is no dependency. ``run`` stops at the first input on which the
check fails, which takes over SECONDS of this process's time, or at which the process has grown over
MEMORY_MB; the input is then written to fuzz-failure.bin.
"""

import importlib
import importlib.util
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECONDS = 2.0
MEMORY_MB = 256
Check = Callable[[bytes], object]
_GUIDED = importlib.util.find_spec("atheris") is not None


def instrumented() -> AbstractContextManager[object]:
    """Around the imports of what is to be tried: lets atheris see which of our lines run."""
    if not _GUIDED:
        return nullcontext()
    guided: AbstractContextManager[object] = importlib.import_module("atheris").instrument_imports(
        include=["channels", "mailparser", "html2text"]
    )
    return guided


def run(check: Check, seeds: Sequence[bytes]) -> None:
    """Try ``check`` for as many seconds as the first argument says, 60 by default."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    (_by_coverage if _GUIDED else _by_chance)(_limited(check), seeds, seconds)


def _limited(check: Check) -> Callable[[bytes], float]:
    def limited(raw: bytes) -> float:
        start = time.process_time()
        try:
            check(raw)
            took = time.process_time() - start
            if took > SECONDS or _peak_mb() > MEMORY_MB:
                raise AssertionError(f"{took:.1f} s, {_peak_mb()} MB")  # noqa: TRY301
        except BaseException:
            Path("fuzz-failure.bin").write_bytes(raw)
            raise
        return took

    return limited


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _by_coverage(check: Check, seeds: Sequence[bytes], seconds: float) -> None:
    atheris = importlib.import_module("atheris")
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup(
            [sys.argv[0], f"-max_total_time={int(seconds)}", "-timeout=60", folder], check
        )
        atheris.Fuzz()


def _by_chance(check: Callable[[bytes], float], seeds: Sequence[bytes], seconds: float) -> None:
    count, slowest, end = 0, 0.0, time.monotonic() + seconds
    for raw in _damaged(random.Random(), seeds):
        slowest, count = max(slowest, check(raw)), count + 1
        if time.monotonic() > end:
            break
    print(f"{count} inputs, slowest {slowest:.3f} s, at most {_peak_mb()} MB, no failure")


def _damaged(rng: random.Random, seeds: Sequence[bytes]) -> Iterator[bytes]:
    while True:
        raw = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 12)):
            place, other = rng.randrange(len(raw) + 1), rng.choice(seeds)
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
