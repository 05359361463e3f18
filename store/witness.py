"""A witness of the event log, to be noted where nobody who can change the database can change it too.

It names every chain with its length, and one hash over their last hashes:
``gmail:1200+staff:33=5f0c...``. A log that only grew still holds it.
"""

import hashlib
import re
from collections.abc import Mapping

from sqlalchemy import Connection, select

from store import chain
from store.models import EventRow

_FORM = re.compile(r"(?:[^:+=]+:\d+(?:\+[^:+=]+:\d+)*)?=[0-9a-f]{32}")


def head(connection: Connection) -> str:
    """Return the witness of the log as it is now."""
    return _witness(chain.heads(connection))


def holds(connection: Connection, witness: str) -> bool:
    """Whether the log still has the events a witness was taken of. Raises ValueError for another text.

    It compares stored hashes: only together with `chain.verify` it proves something.
    """
    witness = witness.strip()
    if not _FORM.fullmatch(witness):
        raise ValueError(witness)
    named = witness.partition("=")[0]
    lengths = (part.rpartition(":") for part in named.split("+") if part)
    ends = {name: int(length) for name, _, length in lengths}
    return _witness({n: (end, _hash_at(connection, n, end)) for n, end in ends.items()}) == witness


def _witness(heads: Mapping[str, tuple[int, str]]) -> str:
    ends = sorted(heads.items())
    content = "\n".join(f"{name}:{length}:{last}" for name, (length, last) in ends)
    named = "+".join(f"{name}:{length}" for name, (length, _) in ends)
    return f"{named}={hashlib.sha256(content.encode()).hexdigest()[:32]}"


def _hash_at(connection: Connection, name: str, seq: int) -> str:
    wanted = select(EventRow.hash).where(EventRow.chain == name, EventRow.seq == seq)
    return connection.scalar(wanted) or ""
