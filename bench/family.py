"""A program and its children as Linux sees them: memory, threads, open files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What one process uses. Memory is in MB (10^6 bytes); PSS shares common pages between their users.

    `own` are the anonymous pages, which no file backs: a leak shows there, and no other program's coming or going does.
    """

    pid: int
    rss: float
    pss: float
    own: float
    threads: int
    files: int


def family(pid: int) -> list[int]:
    """List a process and all its descendants, the process first."""
    found = [pid]
    for one in found:
        found += _children(one)  # grows while walked: grandchildren follow
    return found


def usage(pid: int) -> Usage | None:
    """Return what a process uses now, None when it is gone."""
    process = Path("/proc") / str(pid)
    try:
        memory = dict(_sizes((process / "smaps_rollup").read_text(encoding="ascii")))
        threads, files = len(list((process / "task").iterdir())), len(list((process / "fd").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Usage(pid, memory["Rss"], memory["Pss"], memory["Anonymous"], threads, files)


def _children(pid: int) -> list[int]:
    try:
        tasks = list((Path("/proc") / str(pid) / "task").iterdir())
        return sorted({int(child) for task in tasks for child in (task / "children").read_text().split()})
    except (FileNotFoundError, ProcessLookupError):
        return []


def _sizes(rollup: str) -> list[tuple[str, float]]:
    rows = (line.split() for line in rollup.splitlines()[1:])
    return [(name.rstrip(":"), int(size) * 1024 / 1e6) for name, size, unit in rows if unit == "kB"]
