"""The long run: the program sees as fast as it can and is pressed every 20 seconds, to see whether anything grows.

python -m bench.soak --minutes 60 [--camera FILE] [--json FILE]
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.drift import Drift, drift
from bench.family import family, usage
from bench.figures import Goal, Report
from bench.onlooker import Onlooker
from bench.portrait import SHARED
from bench.program import Program

_CLIP = SHARED / "data" / "video" / "head-pose-male.mp4"
_FLAT = 5.0  # percent
_TAP = 0.1  # seconds
_ANSWER = 15.0  # seconds until a press counts as unanswered; patient, for a run at low priority


@dataclass(frozen=True)
class Sample:
    """The whole family at one moment; memory in MB. `children` are the pids below the parent."""

    time: float
    parent_rss: float
    child_rss: float
    parent_pss: float
    child_pss: float
    parent_own: float
    child_own: float
    threads: int
    files: int
    children: tuple[int, ...]

    @property
    def rss(self) -> float:
        """Return the resident memory of all."""
        return self.parent_rss + self.child_rss

    @property
    def pss(self) -> float:
        """Return the resident memory of all, common pages counted once (and those of other programs in part)."""
        return self.parent_pss + self.child_pss

    @property
    def own(self) -> float:
        """Return the anonymous memory of all, where leaks are."""
        return self.parent_own + self.child_own


@dataclass(frozen=True)
class Plan:
    """How long to run, and the seconds between two samples and between two presses."""

    seconds: float
    every: float = 10.0
    press_every: float = 20.0


@dataclass
class Run:
    """What a long run showed."""

    samples: list[Sample] = field(default_factory=list)
    presses: int = 0
    unanswered: int = 0
    troubles: list[str] = field(default_factory=list)


def sample(pid: int, since: float) -> Sample | None:
    """Look at a program and its children now; None when it is gone or changing this very moment."""
    used = [usage(one) for one in family(pid)]
    parent, children = used[0], [one for one in used[1:] if one]
    if parent is None:
        return None
    return Sample(
        time.monotonic() - since,
        parent.rss,
        sum(one.rss for one in children),
        parent.pss,
        sum(one.pss for one in children),
        parent.own,
        sum(one.own for one in children),
        parent.threads + sum(one.threads for one in children),
        parent.files + sum(one.files for one in children),
        tuple(one.pid for one in children),
    )


def soak(program: Program, onlooker: Onlooker, run: Run, plan: Plan) -> None:
    """Press and sample until the time is over or the program ends; `run` is filled on the way."""
    over = threading.Event()
    finger = threading.Thread(target=_press_on, args=(program, onlooker, run, plan, over), name="finger", daemon=True)
    finger.start()
    try:
        _sample_on(program, onlooker, run, plan)
    finally:
        over.set()
        finger.join(2 * _ANSWER)


def _sample_on(program: Program, onlooker: Onlooker, run: Run, plan: Plan) -> None:
    started = next_word = time.monotonic()
    while time.monotonic() < started + plan.seconds:
        if not program.running:
            run.troubles.append("the program ended by itself")
            return
        if taken := sample(program.pid, started):
            run.samples.append(taken)
        if run.samples and time.monotonic() >= next_word:
            next_word += 60.0
            _say(run, onlooker)
        time.sleep(plan.every)


def _press_on(program: Program, onlooker: Onlooker, run: Run, plan: Plan, over: threading.Event) -> None:
    """Press again and again, in a thread of its own: an answer that takes long must not hold up the samples."""
    while not over.wait(plan.press_every):
        _press(program, onlooker, run)


def _press(program: Program, onlooker: Onlooker, run: Run) -> None:
    """Tap the drawn button, so that the mock pins take part, and wait for another piece."""
    before = onlooker.key
    run.presses += 1
    try:
        program.visitor.touch(down=True)
        time.sleep(_TAP)
        program.visitor.touch(down=False)
        key = onlooker.wait_for_another(before, _ANSWER)
        if key is None:
            run.unanswered += 1
        else:
            program.visitor.get(f"/music/{key}.wav")  # as the page's <audio> does
    except (OSError, http.client.HTTPException) as error:
        run.troubles.append(f"press {run.presses}: {error}")


def _say(run: Run, onlooker: Onlooker) -> None:
    last = run.samples[-1]
    print(
        f"{last.time / 60:6.1f} min  RSS {last.parent_rss:6.1f} + {last.child_rss:6.1f} MB  PSS {last.pss:6.1f} MB  "
        f"{last.threads} threads  {last.files} files  {len(last.children)} children  "
        f"{run.presses} presses ({run.unanswered} unanswered)  {len(onlooker.pieces)} pieces",
        file=sys.stderr,
        flush=True,
    )


def summary(run: Run, warm_up: float) -> tuple[Report, list[Drift]]:
    """Judge a run by its samples after the warm-up; all of them when it was shorter."""
    samples = [one for one in run.samples if one.time >= warm_up] or run.samples
    drifts = [
        _drift("resident memory of all", samples, [one.rss for one in samples]),
        _drift("anonymous memory of all", samples, [one.own for one in samples]),
        _drift("anonymous memory of the parent", samples, [one.parent_own for one in samples]),
        _drift("anonymous memory of the child", samples, [one.child_own for one in samples]),
        _drift("fair share (PSS) of all", samples, [one.pss for one in samples]),
        _drift("threads", samples, [float(one.threads) for one in samples]),
        _drift("open files", samples, [float(one.files) for one in samples]),
        _drift("children", samples, [float(len(one.children)) for one in samples]),
    ]
    counted = drifts[5:]
    new = {pid for one in samples for pid in one.children} - set(samples[0].children)
    goals = (
        Goal("resident memory grew by", 100.0 * drifts[0].growth, _FLAT, "%"),
        Goal("anonymous memory grew by", 100.0 * drifts[1].growth, _FLAT, "%"),
        *(Goal(f"{one.name} grew by", one.last - one.first, 0.0, "") for one in counted),
        Goal("children started anew", float(len(new)), 0.0, ""),
        Goal("presses unanswered", float(run.unanswered), 0.0, ""),
        Goal("troubles", float(len(run.troubles)), 0.0, ""),
    )
    title = f"The long run: {samples[-1].time / 60:.1f} min, {run.presses} presses, {len(samples)} samples"
    return Report(title, (), goals, tuple(map(_words, drifts)) + tuple(run.troubles[:10])), drifts


def _drift(name: str, samples: Sequence[Sample], values: Sequence[float]) -> Drift:
    return drift(name, [one.time for one in samples], values)


def _words(one: Drift) -> str:
    return (
        f"{one.name}: {one.lowest:.1f} to {one.highest:.1f}, first quarter {one.first:.1f}, last {one.last:.1f}, "
        f"slope {one.per_hour:+.2f} per hour"
    )


def main() -> int:
    """Run, print the summary (after Ctrl+C as well), and return 1 when a goal was missed."""
    given = _arguments()
    settings = ["box.watching=always", "watch.fast=true", *given.set]
    run = Run()
    with Program(given.camera, settings, deadline=300.0) as program:
        print(f"ready after {program.ready:.1f} s at {program.address}, camera {given.camera}", file=sys.stderr)
        onlooker = Onlooker(program.visitor)
        try:
            soak(program, onlooker, run, Plan(60.0 * given.minutes, given.every, given.press_every))
        except KeyboardInterrupt:
            run.troubles.append("interrupted")
        onlooker.close()
        log = program.log.read_text(errors="replace")
    if not run.samples:
        raise SystemExit(f"nothing was measured: {'; '.join(run.troubles)} {log[-2000:]}")
    report, drifts = summary(run, 60.0 * given.warm_up)
    print(report)
    print(f"  (the page: {onlooker.views} views, {onlooker.breaks} broken streams, {len(onlooker.pieces)} pieces)")
    print(f"  (problems shown: {'; '.join(sorted(onlooker.problems)) or 'none'}; log: {len(log.splitlines())} lines)")
    if given.json:
        told = {**report.to_json(), "drifts": [{**asdict(one), "growth": one.growth} for one in drifts]}
        told |= {"page": {"views": onlooker.views, "breaks": onlooker.breaks, "pieces": len(onlooker.pieces)}}
        told |= {"states": dict(onlooker.states), "problems": sorted(onlooker.problems), "log": log[-5000:]}
        told |= {"samples": [asdict(one) for one in run.samples]}
        given.json.write_text(json.dumps(told, indent=1), "utf-8")
    return 0 if all(goal.met for goal in report.goals) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="Run the box for long; look for leaks.")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--warm-up", type=float, default=2.0, help="minutes that are not judged")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between samples")
    parser.add_argument("--press-every", type=float, default=20.0, help="seconds between presses")
    parser.add_argument("--camera", default=str(_CLIP) if _CLIP.exists() else "demo", help="a video, looped")
    parser.add_argument("--set", action="append", default=[], metavar="PART.KEY=VALUE", help="as for the program")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write samples and summary there as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
