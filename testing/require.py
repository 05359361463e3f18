"""A missing server: skipped with a loud line, or a failure where MUARA_REQUIRE_SERVERS=1 is set (CI)."""

import os

import pytest


def require(server: str, reason: str | None) -> None:
    """Go on when ``reason`` is None; otherwise skip, or fail, saying which server is missing and why."""
    if reason is None:
        return
    line = f"{server} is missing: {reason}"
    if os.environ.get("MUARA_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{line} (MUARA_REQUIRE_SERVERS=1 forbids skipping)", pytrace=False)
    pytest.skip(f"!! SKIPPED, NOT TESTED: {line}")
