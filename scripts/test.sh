#!/bin/sh
# The whole test suite, from nothing, three tests at a time: most of their time they wait. Extra arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh dev
sh scripts/servers.sh
echo "==> Running the tests"
.venv/bin/python -m pytest -n 3 --dist worksteal --cov --cov-report=term:skip-covered "$@"
