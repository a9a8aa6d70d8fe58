"""Steadiness on video: how often the shown label jumps from one frame to the next, before and after smoothing.

Every frame of a clip is read as the box reads it, at the time the clip gives it. Before smoothing a frame speaks for
itself; after it, the box's own `MoodTracker` remembers. Nobody labelled these clips: what most frames say stands in for
the truth, so the figures tell steady from jumpy, not right from wrong.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from bench.figures import Report, Table
from bench.part import tell
from bench.portrait import SHARED, detector
from moodbox.errors import CameraError, ModelError
from moodbox.events import Reading
from moodbox.mood import MoodTracker
from moodbox.settings import WatchSettings, state_folder
from moodbox.watch.camera.video import open_video
from moodbox.watch.picture import Image, fit
from moodbox.watch.sight import Sight, shipped_model

CLIPS = SHARED / "data" / "video"
_SUFFIXES = frozenset({".mp4", ".mkv", ".avi", ".mov", ".webm"})
_USUAL_RATE = 25.0  # frames per second, where a file does not say
_COLUMNS = {
    "clip": "",
    "frames": "d",
    "with a face": "d",
    "most say": "",
    "differ, raw %": ".1f",
    "differ, smoothed %": ".1f",
    "changes a minute, raw": ".1f",
    "smoothed": ".1f",
}


@dataclass(frozen=True)
class Clip:
    """The labels of one clip, for every frame with a face that can be read."""

    name: str
    frames: int
    rate: float  # frames per second
    raw: tuple[str, ...]  # of each frame alone
    smoothed: tuple[str, ...]  # as the box would say

    @property
    def majority(self) -> str:
        """Name what most frames say by themselves, "" without a face."""
        return Counter(self.raw).most_common(1)[0][0] if self.raw else ""

    @property
    def minutes(self) -> float:
        """Return how long a face was there."""
        return len(self.raw) / self.rate / 60

    def differing(self, labels: Sequence[str]) -> float:
        """Return the share of labels that are not the majority of the raw ones."""
        return sum(label != self.majority for label in labels) / max(1, len(labels))


def changes(labels: Sequence[str]) -> int:
    """Count how often a label follows another one."""
    return sum(one != other for one, other in pairwise(labels))


def follow(name: str, rate: float, readings: Sequence[Reading]) -> Clip:
    """Label the readings of a clip one by one, and with the memory that the box has."""
    tracker = MoodTracker()
    raw, smoothed = [], []
    for reading in readings:
        mood, alone = tracker.add(reading), MoodTracker(memory=0.0).add(reading)
        if alone.faces:
            raw.append(alone.label)
            smoothed.append(mood.label)
    return Clip(name, len(readings), rate, tuple(raw), tuple(smoothed))


def measure(clips: Sequence[Path], model: Path) -> Report:
    """Watch the clips; raises CameraError for what is no video, ModelError for what is no expression model."""
    files = [file for path in clips for file in _files(path)]
    settings = WatchSettings(threads=1, detector=detector(), model=str(model))
    sight = Sight(settings, state_folder())
    for problem in sight.problems:
        if problem.key == "model":
            raise ModelError(f"{problem.cause}. {problem.action}.")
    seen = [_watch(file, sight, settings) for file in files]
    return Report(
        "Steadiness: how often the label jumps on video",
        notes=(
            f"{sight.detector or 'no detector'} + {sight.model} ({model.name}), every frame at its own time",
            "differ: share of the frames with a face whose label is not what most of them say by themselves",
            "smoothed: after the box's MoodTracker, which remembers 1.5 s",
        ),
        table=Table(tuple(_COLUMNS), tuple(_COLUMNS.values()), (*map(_row, seen), _whole(seen))),
    )


def _files(path: Path) -> list[Path]:
    """List the videos of a folder; a file stands for itself."""
    if not path.exists():
        raise CameraError(f"{path} is not there: name a video or a folder of videos with --clips")
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES) if path.is_dir() else [path]
    if not found:
        raise CameraError(f"the folder {path} has no videos in it: name another one with --clips")
    return found


def _watch(file: Path, sight: Sight, settings: WatchSettings) -> Clip:
    capture = open_video(file)
    try:
        rate = capture.get(cv2.CAP_PROP_FPS)
        rate = rate if math.isfinite(rate) and 1 <= rate <= 240 else _USUAL_RATE
        frames = enumerate(_frames(capture))
        readings = [
            sight.read(fit(frame, settings.width, settings.height), number, number / rate) for number, frame in frames
        ]
    finally:
        capture.release()
    if not readings:
        raise CameraError(f"{file} is damaged or no video: play it with another program, or leave it out")
    return follow(file.name, rate, readings)


def _frames(capture: cv2.VideoCapture) -> Iterator[Image]:
    while True:
        found, frame = capture.read()
        if not found:
            return
        yield frame.astype(np.uint8, copy=False)


def _row(clip: Clip) -> tuple[str | float | None, ...]:
    if not clip.raw:
        return (clip.name, clip.frames, 0, *[None] * 5)
    return (
        clip.name,
        clip.frames,
        len(clip.raw),
        clip.majority,
        *(100 * clip.differing(labels) for labels in (clip.raw, clip.smoothed)),
        *(changes(labels) / clip.minutes for labels in (clip.raw, clip.smoothed)),
    )


def _whole(clips: Sequence[Clip]) -> tuple[str | float | None, ...]:
    """Sum up all clips, every frame with a face weighing alike."""
    faces, minutes = sum(len(clip.raw) for clip in clips), sum(clip.minutes for clip in clips)
    if not faces:
        return ("all", sum(clip.frames for clip in clips), 0, *[None] * 5)
    raw = sum(clip.differing(clip.raw) * len(clip.raw) for clip in clips)
    smoothed = sum(clip.differing(clip.smoothed) * len(clip.raw) for clip in clips)
    return (
        "all",
        sum(clip.frames for clip in clips),
        faces,
        None,
        100 * raw / faces,
        100 * smoothed / faces,
        sum(changes(clip.raw) for clip in clips) / minutes,
        sum(changes(clip.smoothed) for clip in clips) / minutes,
    )


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.steadiness", description=__doc__)
    parser.add_argument("--clips", type=Path, nargs="+", default=[CLIPS], help="videos, or folders of them")
    parser.add_argument("--model", default="", help="an expression model; the shipped one if not given")
    given = parser.parse_args()
    tell(lambda: measure(given.clips, Path(given.model) if given.model else shipped_model()))


if __name__ == "__main__":
    main()
