#!/bin/sh
# The whole of muara on this machine, from nothing. Arguments go to the demo: --keep leaves it running.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh run
exec .venv/bin/python -m demo "$@"
