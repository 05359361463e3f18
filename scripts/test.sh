#!/bin/sh
# The whole test suite, from nothing. Extra arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh dev
sh scripts/servers.sh
echo "==> Running the tests"
.venv/bin/python -m pytest --cov --cov-report=term:skip-covered "$@"
# A person wants the next step; a program wants pytest's summary last.
[ ! -t 1 ] || echo "==> All tests passed. Next: make demo (watch it work), or make check (lint and types too)."
