"""Speed and memory of the composer, in a process of its own on one core: python -m bench.composing.speed.

Added memory is what the process grows by from "numpy is loaded", which the box has anyway, to "a piece is composed
and sounded": the model and its runtime, the soundfont, the piece's samples.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy  # noqa: F401, ICN001 - loaded before the memory is looked at: the box has it anyway

from bench import part
from bench.figures import Goal, Report, row
from moodbox.events import Step
from moodbox.mood import COORDINATES

if TYPE_CHECKING:
    from moodbox.music.composer.take import Take

COMPOSING, SOUNDING, MEMORY = 0.3, 0.05, 120.0  # goals: seconds, share of real time, MB
_LOUDNESS = -16.0  # LUFS
_FIRST_SEED = 5_800_000

Result = TypeVar("Result")


def measure(seconds: float, rounds: int) -> Report:
    """Compose and sound pieces of `seconds`, `rounds` of every mood."""
    before = _megabytes()
    from moodbox.music.composer.author import Author  # noqa: PLC0415 - its memory is measured
    from moodbox.music.composer.sound.rack import Rack  # noqa: PLC0415
    from moodbox.music.composer.take import Take  # noqa: PLC0415

    author, loading = _timed(Author)
    steps = [Step(label, *point) for label, point in COORDINATES.items()]
    score, first = _timed(partial(author.compose, steps[0], _FIRST_SEED, seconds))
    sounder, fetching = _timed(Rack("").sounder)
    _, begun = _timed(partial(_sounded, Take(score, sounder, _LOUDNESS)))
    after = _megabytes()

    composing, shares, lengths = [], [begun / score.seconds], []
    for number, step in ((number, step) for number in range(1, rounds + 1) for step in steps):
        score, took = _timed(partial(author.compose, step, _FIRST_SEED + number, seconds))
        composing.append(took)
        lengths.append(score.seconds)
        _, took = _timed(partial(_sounded, Take(score, sounder, _LOUDNESS)))
        shares.append(took / score.seconds)
    composed = row(f"composing a piece of about {seconds:.0f} s, warm", composing, "s")
    sounded = row("sounding, share of real time", shares, "")
    factors = [length / took for length, took in zip(lengths, composing, strict=True)]
    rows = (
        row("loading the composer", [loading], "s"),
        row("composing the first piece", [first], "s"),
        composed,
        row("  faster than it plays, times", factors, "x", worst_is_low=True),
        row("loading the soundfont", [fetching], "s"),
        sounded,
        row("  faster than it plays, times", [1 / share for share in shares], "x", worst_is_low=True),
        row("memory before", [before], "MB"),
        row("memory with composer, soundfont and one piece", [after], "MB"),
        row("memory, highest", [_megabytes("VmHWM")], "MB"),
    )
    goals = (
        Goal(f"composing the first piece of {seconds:.0f} s", first, COMPOSING, "s"),
        Goal(f"composing a piece of {seconds:.0f} s, warm, 95 %", composed.p95, COMPOSING, "s"),
        Goal("sounding, share of real time, 95 %", sounded.p95, SOUNDING, ""),
        Goal("memory added", after - before, MEMORY, "MB"),
    )
    notes = (
        f"One core, its own process; author {author.origin}, sounded by {sounder.name}",
        (
            f"Ratios: the goal for composing is {seconds / COMPOSING:.0f} times faster than it plays, reached"
            f" {seconds / composed.median:.0f}; memory added is {(after - before) / MEMORY:.0%} of the goal"
        ),
    )
    return Report("Speed and memory", rows, goals, notes)


def _sounded(take: Take) -> None:
    for _ in take.work():
        pass


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    begun = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begun


def _megabytes(name: str = "VmRSS") -> float:
    """Return this process's memory as Linux counts it: VmRSS is in use now, VmHWM the most so far."""
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
    return float(line.split()[1]) * 1024 / 1e6


def main() -> None:
    """Measure and print the report as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.composing.speed")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    part.tell(lambda: measure(given.seconds, given.rounds))


if __name__ == "__main__":
    main()
