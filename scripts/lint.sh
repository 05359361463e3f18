#!/bin/sh
# Format, lint and types.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh dev
echo "==> Format and lint"
.venv/bin/ruff format --check .
.venv/bin/ruff check .
echo "==> Types"
.venv/bin/mypy
