#!/usr/bin/env bash
# Installs what tests and sound want from Debian, when root; otherwise says what to install. Usage: setup/apt.sh PACKAGE...
set -euo pipefail
missing=()
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "moodbox set-up: installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "moodbox set-up: not installed: ${missing[*]}. Tests that need them are skipped. On Debian: sudo apt install ${missing[*]}"
fi
