#!/usr/bin/env bash
# Runs the box's own code and its int8 model on emulated Arm processors and compares with this one.
# Usage: setup/arm.sh [bundle folder]. Needs root, Debian, the network, 1 GB of disk; about two minutes.
# Emulated times say nothing of a Pi's speed; what is shown is "loads, and gives the same answers".
set -euo pipefail
cd "$(dirname "$0")/.."
bundle=$(realpath "${1:-device/moodbox/models/expression}")
work=${MOODBOX_ARM:-/var/tmp/moodbox-arm}
cpus="cortex-a72 cortex-a76" # Pi 4; Pi 5, which has dot products
suite=trixie python=3.13     # Raspberry Pi OS's
mirror=http://deb.debian.org/debian
key=/usr/share/keyrings/debian-archive-keyring.gpg

[ "$(id -u)" = 0 ] || { echo "setup/arm.sh makes a root file system: run it as root" >&2; exit 1; }
mkdir -p "$work"/apt/{lists,cache}

# Debian 12's own qemu 7.2 crashes in onnxruntime: take the one of backports, and do not install it.
if [ ! -x "$work/qemu/usr/bin/qemu-aarch64" ]; then
    printf 'deb [signed-by=%s] %s %s-backports main\n' "$key" "$mirror" "$suite" > "$work/apt/sources.list"
    apt=(apt-get -qq -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=-
        -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=root)
    "${apt[@]}" update
    (cd "$work" && "${apt[@]}" download qemu-user && dpkg -x qemu-user_*.deb qemu)
fi
if [ ! -x "$work/debian/usr/bin/python$python" ]; then
    command -v mmdebstrap >/dev/null || apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
    rm -rf "$work/debian"
    mmdebstrap --quiet --variant=extract --mode=root --arch=arm64 --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --include=base-files,libc-bin,python3,libgomp1,libstdc++6 "$suite" "$work/debian" "deb [signed-by=$key] $mirror $suite main" >"$work/debian.log" 2>&1
fi
if [ ! -d "$work/debian/opt/site/onnxruntime" ]; then
    platforms=(--platform manylinux2014_aarch64)
    for minor in $(seq 17 41); do platforms+=(--platform "manylinux_2_${minor}_aarch64"); done
    .venv/bin/python -m pip install -q --target "$work/debian/opt/site" --only-binary=:all: --implementation cp \
        --python-version "$python" "${platforms[@]}" numpy onnxruntime 'opencv-python-headless>=4.14,<5'
fi

rm -rf "$work/debian/opt/moodbox" "$work/debian/opt/bundle"
cp -r device/moodbox "$work/debian/opt/moodbox"
cp -r "$bundle" "$work/debian/opt/bundle"
cp "$work/qemu/usr/bin/qemu-aarch64" "$work/debian/"
cat > "$work/debian/opt/read.py" <<'EOF'
import sys
from pathlib import Path

import numpy as np
from moodbox.watch.expression import ExpressionModel

folder, out = Path(sys.argv[1]), sys.argv[2]
model = ExpressionModel(folder / "model.onnx", threads=1)  # compares its golden samples itself
with np.load(folder / "golden.npz") as samples:
    inputs = samples["input"]
    dim = inputs * np.float32(0.04)  # the same faces with a twenty-fifth of their contrast
    np.save(out, model.probabilities(np.concatenate([inputs, dim])))
EOF
here="$work/x86.npy"
PYTHONPATH=device .venv/bin/python "$work/debian/opt/read.py" "$bundle" "$here"
# Without /sys onnxruntime cannot tell which instructions there are; a mount of our own ends with us.
for cpu in $cpus; do
    unshare --mount sh -c "mount --rbind /sys '$work/debian/sys' && mount -t proc proc '$work/debian/proc' &&
        exec chroot '$work/debian' /qemu-aarch64 -cpu $cpu -E PYTHONPATH=/opt/site:/opt \
        /usr/bin/python$python /opt/read.py /opt/bundle /opt/$cpu.npy"
    .venv/bin/python - "$here" "$work/debian/opt/$cpu.npy" "$cpu" <<'EOF'
import sys

import numpy as np

here, there = (np.load(path) for path in sys.argv[1:3])
off, same = float(np.abs(here - there).max()), int((here.argmax(1) == there.argmax(1)).sum())
print(f"{sys.argv[3]}: {same} of {len(here)} faces the same class, no probability more than {off:.4f} away")
sys.exit(off > 0.01)
EOF
done
