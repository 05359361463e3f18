#!/bin/sh
# The whole test suite, from nothing. Extra arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh dev
sh scripts/servers.sh
echo "==> Running the tests"
.venv/bin/python -m coverage run -m pytest "$@"
.venv/bin/python -m coverage report --skip-covered --sort=cover | tail -n 15
echo "==> All tests passed. Next: make demo (watch it work), or make check (lint and types too)."
