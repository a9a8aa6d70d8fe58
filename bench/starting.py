"""Starting and living: seconds until the box is ready, and the memory of parent and child while it sees and plays."""

from __future__ import annotations

import time

from bench.family import family, usage
from bench.figures import Goal, Report, row
from bench.program import Program

_READY = 4.0  # seconds
_MEMORY = 300.0  # MB
_PRESS_EVERY = 5.0  # seconds


def run(starts: int = 3, seconds: float = 40.0, camera: str = "demo") -> Report:
    """Start the program some times; in the last one watch, play and sample the memory for `seconds`."""
    opened, ready = [], []
    resident: list[float] = []
    shared: list[float] = []
    parts: list[str] = []
    for number in range(starts):
        with Program(camera, ("box.watching=always",)) as program:
            opened.append(program.opened)
            ready.append(program.ready)
            if number == starts - 1:
                resident, shared, parts = _live(program, seconds)
    return Report(
        "Starting and living: the whole program",
        (
            row("start to page", opened, "s"),
            row("start to ready", ready, "s"),
            row("resident memory (RSS of parent + child)", resident, "MB"),
            row("its fair share (PSS of parent + child)", shared, "MB"),
        ),
        (
            Goal("start to ready, worst", max(ready), _READY, "s"),
            Goal("resident memory, peak of RSS", max(resident), _MEMORY, "MB"),
        ),
        (f"at the end: {', '.join(parts)}",),
    )


def _live(program: Program, seconds: float) -> tuple[list[float], list[float], list[str]]:
    """See all the time, play, and go to the next piece every few seconds: writing music takes the most."""
    resident, shared, parts = [], [], [""]
    next_press = time.monotonic()
    end = next_press + seconds
    while (now := time.monotonic()) < end:
        if now >= next_press:
            next_press = now + _PRESS_EVERY
            program.visitor.press("short")
        used = [one for pid in family(program.pid) if (one := usage(pid))]
        resident.append(sum(one.rss for one in used))
        shared.append(sum(one.pss for one in used))
        names = ["parent", *("child" for _ in used[1:])]
        parts = [f"{name} {one.rss:.0f} MB RSS / {one.pss:.0f} MB PSS" for name, one in zip(names, used, strict=True)]
        time.sleep(0.25)
    return resident, shared, parts
