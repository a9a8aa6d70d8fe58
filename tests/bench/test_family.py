"""A program and its children, counted by what Linux says."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.family import family, usage

PARENT = "import subprocess,sys;subprocess.run([sys.executable,'-c','print(1,flush=True);input()'])"


def test_children_and_grandchildren_are_found_and_measured():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"1\n"  # the grandchild lives
        pids = family(process.pid)
        assert pids[0] == process.pid
        assert len(pids) == 2
        used = usage(pids[1])
        assert used.rss >= used.pss > 0
        assert used.threads == 1
        assert used.files >= 3
        process.stdin.write(b"\n")
        process.stdin.close()
        process.wait(10)


def test_our_own_open_files_are_counted():
    before = usage(os.getpid()).files
    read, write = os.pipe()
    try:
        assert usage(os.getpid()).files == before + 2
    finally:
        os.close(read)
        os.close(write)


def test_a_process_that_is_gone_is_nothing():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(10)
    assert usage(process.pid) is None
    assert family(process.pid) == [process.pid]
