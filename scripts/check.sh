#!/bin/sh
# Format, lint, types, tests: the one habit before a commit.
set -eu
cd "$(dirname "$0")/.."
sh scripts/lint.sh
sh scripts/test.sh "$@"
