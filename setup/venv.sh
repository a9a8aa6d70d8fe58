#!/usr/bin/env bash
# Makes or completes .venv. Usage: setup/venv.sh light|all
#   light: the device package alone (no torch); all: device, training and test tools.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${1:?say light or all}

say() { printf 'moodbox set-up: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

python=${PYTHON:-}
for name in python3 python3.13 python3.12 python3.11; do
    [ -n "$python" ] && break
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$name; fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed and was not found. On Debian: sudo apt install python3 python3-venv"

if [ ! -x .venv/bin/python ]; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "installing python3-venv"
            apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
        else
            fail "Python's venv module is missing. On Debian: sudo apt install python3-venv"
        fi
    fi
    options=()
    # Picamera2, libcamera and lgpio come from Raspberry Pi OS's own packages, so the box must see them.
    [ -e /etc/rpi-issue ] && options+=(--system-site-packages)
    say "making .venv with $("$python" --version)"
    "$python" -m venv "${options[@]}" .venv
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check "$@"; }
pip install -q --upgrade 'pip>=25.1' # 25.1 brought --group
case $profile in
light)
    say "installing the device package (about a minute the first time)"
    pip install -q -e 'device[demo]'
    ;;
all)
    say "installing device, training and test tools (some minutes the first time: PyTorch is large)"
    pip install -q -e 'device[demo]' -e training --group dev
    ;;
*) fail "unknown profile $profile: say light or all" ;;
esac

# The face detector is somebody else's file (MIT), so it is fetched, never committed. Without it the box uses a
# simpler detector and says so on its page.
.venv/bin/moodbox fetch-detector || say "going on without it; 'make detector' tries again"
