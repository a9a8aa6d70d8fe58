"""Seeing, on one core: ours against the inspiring projects' pipeline, in turns, so that noise hits both alike."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from pathlib import Path

import cv2

from bench.figures import Goal, Report, Row, row
from bench.portrait import detector, portrait
from bench.seed import SeedPipeline
from moodbox.mood import MoodTracker
from moodbox.settings import WatchSettings, state_folder
from moodbox.watch.sight import Sight

_WARM_UP = 10  # frames
_WANTED = 10.0  # times the frames per second of the inspiring projects


class _Race:
    """Two pipelines, one frame, and what every stage cost in milliseconds."""

    def __init__(self, model: str) -> None:
        before = _resident()
        self.sight = Sight(WatchSettings(threads=1, detector=detector(), model=model), state_folder())
        self.memory = _resident() - before
        self._tracker, self._theirs, self._frame = MoodTracker(), SeedPipeline(), portrait()
        cv2.setNumThreads(1)
        self.costs: dict[str, list[float]] = defaultdict(list)
        self.faces = [0, 0]  # found by us, by them
        self._number = 0

    def ours(self) -> float:
        """See once as the box does; return milliseconds."""
        self._number += 1
        started = time.perf_counter()
        reading = self.sight.read(self._frame, self._number, started)
        read = time.perf_counter()
        self._tracker.add(reading)
        ended = time.perf_counter()
        self.faces[0] = len(reading.faces)
        stages = {**reading.seconds, "mood": ended - read}
        return self._note("ours", stages, ended - started)

    def theirs(self) -> float:
        """See once as they do; return milliseconds."""
        detect, express, self.faces[1] = self._theirs.read(self._frame)
        return self._note("theirs", {"detect": detect, "express": express}, detect + express)

    def _note(self, who: str, stages: dict[str, float], whole: float) -> float:
        for stage, cost in (*stages.items(), ("whole", whole)):
            self.costs[f"{who}: {stage}"].append(1000.0 * cost)
        return 1000.0 * whole


def measure(rounds: int, block: int, model: str) -> Report:
    """Alternate blocks of our frames and of theirs; the ratio is taken within each round."""
    race = _Race(model)
    for _ in range(_WARM_UP):
        race.ours()
        race.theirs()
    race.costs.clear()
    ratios = []
    for _ in range(rounds):
        ours = sum(race.ours() for _ in range(block))
        ratios.append(sum(race.theirs() for _ in range(block)) / ours)
    ratio = row("ratio of a round", ratios, "x", worst_is_low=True)
    return Report(
        "Seeing: one core, 640x480, one face",
        (*_rows(race), ratio),
        (Goal("frames per second against the inspiring projects", ratio.median, _WANTED, "x", at_most=False),),
        (
            f"ours: {race.sight.detector or 'no detector'} + {race.sight.model or 'no model'}, {race.faces[0]} face",
            f"theirs: Haar 1.3/5 at full size + seed network fp32 3x128x128, {race.faces[1]} face",
            f"loading our eyes took {race.memory:.0f} MB of resident memory",
            f"{rounds} rounds of {block} frames each; for rates and ratios the second column is the 5th percentile",
        ),
    )


def _rows(race: _Race) -> list[Row]:
    rows = [row(stage, costs, "ms") for stage, costs in sorted(race.costs.items())]
    rates = {who: [1000.0 / cost for cost in race.costs[f"{who}: whole"]] for who in ("ours", "theirs")}
    return rows + [row(f"{who}: rate", values, "frames/s", worst_is_low=True) for who, values in rates.items()]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Measure and print JSON; `bench.alone` gives this process one core."""
    parser = argparse.ArgumentParser(prog="python -m bench.seeing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--block", type=int, default=5, help="frames of one side before it is the other's turn")
    parser.add_argument("--model", default="", help="an expression model; the shipped one if not given")
    given = parser.parse_args()
    print(json.dumps(measure(given.rounds, given.block, given.model).to_json()))


if __name__ == "__main__":
    main()
