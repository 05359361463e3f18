"""Who a mail is from, by the word of our own server; everybody else's word counts nothing."""

import time

import pytest

from channels.mail.authentication import author_proof, proven_domains
from channels.mail.headers import Headers
from channels.types import Address, Proof

OURS = "mx.kantor.test"


def fields(*values: str) -> Headers:
    headers = Headers()
    for value in values:
        headers.add(b"Authentication-Results", value.encode())
    return headers


def proven(*values: str) -> tuple[str, ...]:
    return proven_domains(fields(*values), OURS)


@pytest.mark.parametrize(
    ("value", "domains"),
    [
        (f"{OURS}; dkim=pass header.d=Lapor.GO.id", ("lapor.go.id",)),
        (f"{OURS}; dkim=pass header.i=@lapor.go.id header.s=a; dkim=fail header.d=b.test",
         ("lapor.go.id",)),
        (f"{OURS}; spf=pass smtp.mailfrom=x@lapor.go.id; dkim=pass header.d=b.test",
         ("lapor.go.id", "b.test")),
        (f"(kami) {OURS} 1;\r\n\tdkim=pass (2048-bit key) header.d=lapor.go.id", ("lapor.go.id",)),
        (f"{OURS}; none", ()),
        (f"{OURS}; dkim=neutral header.d=lapor.go.id", ()),
        (f"{OURS}; dmarc=pass header.from=lapor.go.id", ()),
        (f"{OURS}; iprev=pass policy.iprev=10.0.0.1", ()),
        (f"{OURS}; spf=pass smtp.helo=lapor.go.id", ()),
        (f"x{OURS}; dkim=pass header.d=lapor.go.id", ()),
        (f"{OURS}.penipu.test; dkim=pass header.d=lapor.go.id", ()),
        ("", ()),
        (";", ()),
    ],
)  # fmt: skip
def test_only_what_our_server_proved_counts(value: str, domains: tuple[str, ...]) -> None:
    assert proven(value) == domains


def test_the_topmost_field_of_our_server_counts_and_no_other() -> None:
    honest, forged = f"{OURS}; dkim=none", f"{OURS}; dkim=pass header.d=lapor.go.id"
    assert proven(honest, forged) == ()
    assert proven("mx.lain.test; dkim=fail header.d=a.test", forged) == ("lapor.go.id",)


def split(*fields: tuple[str, str]) -> Proof:
    """What is said of petugas@kantor.test by a header with these fields above its From."""
    headers = Headers()
    for name, value in (*fields, ("From", "petugas@kantor.test")):
        headers.add(name.encode(), value.encode())
    return author_proof(headers, [Address("", "petugas@kantor.test")], OURS)


RESULTS = "Authentication-Results"
DKIM = (RESULTS, f"{OURS}; dkim=pass header.d=kantor.test")
NO_DKIM = (RESULTS, f"{OURS}; dkim=none")
DMARC = (RESULTS, f"{OURS}; dmarc=pass header.from=kantor.test")
NO_DMARC = (RESULTS, f"{OURS}; dmarc=fail header.from=kantor.test")
NONE = (RESULTS, f"{OURS}; none")
RECEIVED = ("Received", "from jahat.test by mx.kantor.test; Wed, 25 Nov 2026 09:00:00 +0800")
FILTER = ("DMARC-Filter", "OpenDMARC Filter v1.4.2 mx.kantor.test 4C1F2")
OTHER = (RESULTS, "mx.lain.test; dmarc=pass header.from=kantor.test")


@pytest.mark.parametrize(
    ("fields", "proof"),
    [
        ((NO_DKIM, DMARC), Proof.PASSED),
        ((DMARC, FILTER, NO_DKIM), Proof.PASSED),
        ((RECEIVED, NO_DKIM, FILTER, DMARC, RECEIVED), Proof.PASSED),
        ((DKIM, NO_DMARC), Proof.FAILED),
        ((NO_DKIM, NO_DMARC, DMARC), Proof.FAILED),
        ((NO_DMARC, NO_DKIM, DKIM, DMARC), Proof.FAILED),
        ((NO_DKIM, RECEIVED, DMARC), Proof.FAILED),
        ((NO_DKIM, ("Subject", "x"), DMARC), Proof.FAILED),
        ((NO_DKIM, OTHER, DMARC), Proof.FAILED),
        ((NONE, DMARC), Proof.FAILED),
        (((RESULTS, f"{OURS}; ((("), DMARC), Proof.FAILED),
        ((OTHER,), Proof.ABSENT),
        ((OTHER, RECEIVED, DMARC), Proof.PASSED),
    ],
)
def test_fields_of_our_server_in_one_block_are_read_together(
    fields: tuple[tuple[str, str], ...], proof: Proof
) -> None:
    assert split(*fields) is proof


def test_without_a_name_of_our_server_nobody_is_believed() -> None:
    assert proven_domains(fields("; dkim=pass header.d=lapor.go.id"), "") == ()


@pytest.mark.parametrize(
    "rest",
    ["(" * 60_000, "(" * 40, "dkim=pass " + "x.y=z " * 5_000, "dkim=pass header.d=x; " * 3_000,
     'dkim=pass header.d="' + "\\" * 4_000, "=" * 4_000, "dkim/1=pass\x00"],
    ids=["nested", "some-nested", "properties", "results", "quoted", "equals", "nul"],
)  # fmt: skip
def test_hostile_fields_prove_nothing_in_no_time(rest: str) -> None:
    began = time.monotonic()
    proven(f"{OURS}; {rest}")
    assert time.monotonic() - began < 2
