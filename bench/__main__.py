"""The benchmark: how fast the box sees, answers and starts, how much memory it takes, and how that compares.

python -m bench [PART ...] [--json FILE] [--quick] [--strict]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench import alone, machine, starting
from bench.figures import Report

USUAL = ("seeing", "pressing", "starting", "faces")
PARTS = (*USUAL, "steadiness", "crops", "household")


def main() -> int:
    """Run the parts, print their tables, and return 1 when `--strict` is given and a goal was missed."""
    given = _arguments()
    measured = machine.described()
    print(f"{measured}\n", flush=True)
    parts = _parts(given)
    reports = []
    for name in given.parts or given.only:
        reports.append(parts[name]())
        print(f"{reports[-1]}\n", flush=True)
    if given.json:
        told = {"machine": measured, "parts": [report.to_json() for report in reports]}
        given.json.write_text(json.dumps(told, indent=1), "utf-8")
    missed = [goal for report in reports for goal in report.goals if not goal.met]
    return 1 if given.strict and missed else 0


def _parts(given: argparse.Namespace) -> dict[str, Callable[[], Report]]:
    rounds, presses, starts = (4, 3, 1) if given.quick else (40, 30, 3)
    faces, crops = ("300", "50") if given.quick else ("0", "800")
    model = ("--model", given.model)
    data = _words(given, "data", "votes")
    compared = (*_words(given, "fp32", "checkpoint", "seed-checkpoint", "peers"), "--most", faces)
    clips = ("--clips", *map(str, given.clips)) if given.clips else ()
    return {
        "seeing": lambda: alone.report("bench.seeing", "--rounds", str(rounds), *model, one_core=True),
        "pressing": lambda: alone.report("bench.pressing", "--presses", str(presses), "--camera", given.camera),
        "starting": lambda: starting.run(starts=starts, camera=given.camera),
        "faces": lambda: alone.report("bench.faces", "--rounds", str(rounds), *model, *data, *compared, one_core=True),
        "steadiness": lambda: alone.report("bench.steadiness", *model, *clips, one_core=True),
        "household": lambda: alone.report("bench.household"),
        "crops": lambda: alone.report("bench.crops", *model, *data, "--count", crops, one_core=True),
    }


def _words(given: argparse.Namespace, *names: str) -> tuple[str, ...]:
    """Return the options of those names that were given, as words again."""
    values = {f"--{name}": getattr(given, name.replace("-", "_")) for name in names}
    return tuple(word for option, value in values.items() if value for word in (option, str(value)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the box.")
    known = f"some of {', '.join(PARTS)}; the first {len(USUAL)} if not given"
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=known)
    parser.add_argument("--only", type=_comma, default=USUAL, metavar="PART,PART", help="the same in one word")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--quick", action="store_true", help="a few rounds only, to see that it runs")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a goal is missed")
    parser.add_argument("--camera", default="demo", help="what pressing and starting look at")
    parser.add_argument("--model", default="", help="an expression model (int8 ONNX); the shipped one if not given")
    faces = parser.add_argument_group("faces and crops")
    faces.add_argument("--data", type=Path, help="FER2013, for the accuracy; ../shared/data/fer2013 if not given")
    faces.add_argument("--votes", type=Path, help="fer2013new.csv, when --data is a fer2013.csv")
    faces.add_argument("--fp32", type=Path, help="our model as fp32 ONNX, to run beside the int8 one")
    faces.add_argument("--checkpoint", type=Path, help="or the checkpoint to make that of")
    faces.add_argument("--seed-checkpoint", type=Path, help="the seed network, trained at 3x128x128")
    faces.add_argument("--peers", type=Path, help="a folder of public networks; ../shared/models/peers if not given")
    steadiness = parser.add_argument_group("steadiness")
    steadiness.add_argument("--clips", type=Path, nargs="+", help="videos or folders of them; ../shared/data/video")
    return parser.parse_args()


def _comma(given: str) -> tuple[str, ...]:
    return tuple(map(_part, given.split(",")))


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(PARTS)}")
    return name


if __name__ == "__main__":
    sys.exit(main())
