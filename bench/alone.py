"""A part of the benchmark in a process of its own, so that no other part is in its way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.figures import Report

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_DEADLINE = 1800.0  # seconds


def report(module: str, *words: str, one_core: bool = False) -> Report:
    """Run `python -m module words`, which prints its report as JSON; with `one_core` it gets one core and thread."""
    environment = {**os.environ, **(dict.fromkeys(_THREADS, "1") if one_core else {})}
    environment.pop("CI", None)  # pyfluidsynth prints a line of its own into the report where it is set
    with _pinned(one_core=one_core):
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", module, *words], env=environment, stdout=subprocess.PIPE
        )
    try:
        out, _ = process.communicate(timeout=_DEADLINE)
    finally:
        process.kill()  # does nothing when it has ended
        process.wait()
    if process.returncode != 0:
        raise SystemExit(f"{module} could not be measured: see above")
    return Report.from_json(json.loads(out))


@contextmanager
def _pinned(*, one_core: bool) -> Iterator[None]:
    """Let a child that is started now inherit one core, from before any of its libraries starts a thread."""
    cores = os.sched_getaffinity(0)
    if one_core:
        os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
