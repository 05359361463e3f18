"""Who a mail is from, by the word of our own server; everybody else's word counts nothing."""

import time

import pytest

from channels.mail.authentication import proven_domains
from channels.mail.headers import Headers

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
