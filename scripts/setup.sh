#!/bin/sh
# Make the private virtual environment with exactly the pinned packages. Usage: setup.sh [run|dev]
# Says what it does; does nothing when the environment already matches the lock.
set -eu
cd "$(dirname "$0")/.."

case "${1:-dev}" in
    run) lock=requirements.lock ;;
    *) lock=requirements-dev.lock ;;
esac
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "muara needs Python 3.11 or later. Install it (Debian: apt-get install python3) or set PYTHON=/path/to/python3." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "==> Installing python3-venv (Debian keeps it apart)"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        echo "Python's venv module is missing. Run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

stamp() { echo "$1 $(cat "$1" pyproject.toml | cksum)"; }
made=$(cat .venv/muara-lock 2>/dev/null || true)
# The development packages include everything the daemon needs.
for fitting in "$lock" requirements-dev.lock; do
    if [ "$made" = "$(stamp "$fitting")" ] && .venv/bin/python -c '' 2>/dev/null; then
        exit 0
    fi
done
echo "==> Making .venv with the packages pinned in $lock (about half a minute, once)"
[ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || "$python" -m venv --clear .venv
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r "$lock"
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
stamp "$lock" > .venv/muara-lock
