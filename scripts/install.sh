#!/bin/sh
# Install muara and the pinned packages into a new virtual environment, which afterwards has no installer in it.
# Usage: install.sh FOLDER     The Containerfile's one build step; works outside a container too.
set -eu
cd "$(dirname "$0")/.."
target=${1:?Usage: install.sh FOLDER}

"${PYTHON:-python3}" -m venv "$target"
pip() { "$target/bin/python" -m pip --disable-pip-version-check --no-cache-dir "$@"; }
pip install -q --require-hashes --no-deps -r requirements.lock
tools=$(mktemp -d)
copy=$(mktemp -d)
trap 'rm -rf "$tools" "$copy"' EXIT
# Built elsewhere, so that a tree that can only be read will do and nothing is left in it.
cp -R requirements.lock pyproject.toml README.md service.py channels classify cli config health ingest \
    printing report store wiring "$copy"
pip install -q --target "$tools" 'setuptools>=77'
PYTHONPATH=$tools pip install -q --no-deps --no-build-isolation "$copy"
"$target/bin/python" -m compileall -q "$target"
pip uninstall -q --yes setuptools wheel pip
