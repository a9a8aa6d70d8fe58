"""The heap: freed buffers leave the process."""

import subprocess
import sys

# Freeing 30 MB once teaches glibc to keep such blocks in its heap; small objects made in between then pin them there.
SCRIPT = """
import sys
from pathlib import Path
if sys.argv[1] == "settled":
    from moodbox.heap import give_back_large_blocks
    give_back_large_blocks()
bytearray(30_000_000)
buffers, pins = [], []
for _ in range(20):
    buffers.append(bytearray(4_000_000))
    pins.append(bytearray(100_000))
del buffers
print(int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 1_000_000)
"""


def megabytes(how: str) -> int:
    return int(subprocess.run([sys.executable, "-c", SCRIPT, how], capture_output=True, check=True).stdout)


def test_freed_buffers_leave_the_process():
    assert megabytes("settled") < 40 < megabytes("as it is")
