#!/bin/sh
# Install Dovecot, PostgreSQL, and what reads a PDF's text, from Debian's packages when they are absent and we may.
# MUARA_NO_INSTALL=1 forbids it. Tests that lack a server say so themselves.
set -eu

missing=""
[ -x /usr/sbin/dovecot ] || command -v dovecot >/dev/null 2>&1 || missing="$missing dovecot-imapd"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
[ -n "$missing" ] || exit 0

if [ -n "${MUARA_NO_INSTALL:-}" ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "!! Not installed:$missing. Tests that need them will be skipped." >&2
    exit 0
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "!! Not installed:$missing (needs root). For the full tests: sudo apt-get install$missing" >&2
        exit 0
    fi
    sudo="sudo"
fi
echo "==> Installing what the tests need:$missing"
# The servers are only ever started by the tests, on loopback; Debian must not start them itself.
$sudo mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
{ $sudo apt-get update -qq &&
    $sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null; } ||
    echo "!! Could not install$missing. Tests that need them will be skipped." >&2
