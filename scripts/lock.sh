#!/bin/sh
# Write both lock files anew from pyproject.toml: pinned, hashed, naming no package host.
set -eu
cd "$(dirname "$0")/.."
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install -qq --disable-pip-version-check uv
for lock in "requirements.lock --extra demo" "requirements-dev.lock --extra dev"; do
    set -- $lock
    .venv/bin/uv pip compile pyproject.toml "$2" "$3" --universal --generate-hashes --quiet \
        --no-header --no-annotate --no-emit-index-url -o "$1"
done
