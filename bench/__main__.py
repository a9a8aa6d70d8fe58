"""The benchmark: how fast the box sees, answers and starts, how much memory it takes, and how that compares.

python -m bench [--only seeing,pressing,starting] [--json FILE] [--quick]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench import alone, starting
from bench.figures import Report

PARTS = ("seeing", "pressing", "starting")


def main() -> int:
    """Run the parts, print their tables, and return 1 when `--strict` is given and a goal was missed."""
    given = _arguments()
    rounds, presses, starts = (4, 3, 1) if given.quick else (40, 30, 3)
    parts: dict[str, Callable[[], Report]] = {
        "seeing": lambda: alone.report("bench.seeing", "--rounds", str(rounds), "--model", given.model, one_core=True),
        "pressing": lambda: alone.report("bench.pressing", "--presses", str(presses), "--camera", given.camera),
        "starting": lambda: starting.run(starts=starts, camera=given.camera),
    }
    reports = []
    for name in given.only:
        reports.append(parts[name]())
        print(f"{reports[-1]}\n", flush=True)
    if given.json:
        given.json.write_text(json.dumps({"parts": [report.to_json() for report in reports]}, indent=1), "utf-8")
    missed = [goal for report in reports for goal in report.goals if not goal.met]
    return 1 if given.strict and missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the box.")
    parser.add_argument("--only", type=_parts, default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--quick", action="store_true", help="a few rounds only, to see that it runs")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a goal is missed")
    parser.add_argument("--camera", default="demo", help="what pressing and starting look at")
    parser.add_argument("--model", default="", help="an expression model for seeing; the shipped one if not given")
    return parser.parse_args()


def _parts(given: str) -> tuple[str, ...]:
    names = tuple(given.split(","))
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(PARTS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
