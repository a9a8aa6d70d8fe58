"""Crops: what is left of the accuracy when a face comes through the whole box instead of as its 48x48 picture.

PublicTest pictures are enlarged, laid into a camera frame, found by the box's detector, cut out by its crop and read by
its model, all with the device's own code. The same model reads the plain pictures for comparison. These pictures end at
chin and forehead: YuNet, which learnt whole heads in rooms, finds fewer of them than of real faces as large.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench import contestant
from bench.faces import DATA
from bench.figures import Report, Table
from bench.part import tell
from bench.portrait import detector
from moodbox.errors import ModelError
from moodbox.events import Expression
from moodbox.settings import WatchSettings, state_folder
from moodbox.watch.picture import Image
from moodbox.watch.sight import Sight, shipped_model
from moodtrain.errors import DataError
from moodtrain.expression.data import LABELS, Faces, read
from moodtrain.expression.evaluate import score
from moodtrain.expression.targets import NOBODY, majority

_WIDTH, _HEIGHT = 640, 480
# Pixels of the picture in the frame: a face 15 cm wide at about 0.9 m, 0.5 m and 0.35 m from a lens of 60 degrees.
_SIDES = (96, 160, 240)
_SEED = 2013
_COLUMNS = {
    "picture in a frame of 640x480": "",
    "faces": ",",
    "found %": ".1f",
    "plain 48x48 %": ".2f",
    "through the box %": ".2f",
    "lost points": ".2f",
    "plain F1": ".3f",
    "through the box F1": ".3f",
}
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Faces with a FER+ majority, what the model says of the plain pictures, and where each lies in its frame."""

    images: Image
    labels: Numbers
    plain: Numbers
    corners: NDArray[np.float64]  # 0..1 of the room that is left, x and y

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.labels)


def measure(data: Path, votes: Path | None, model: Path, count: int, sides: Sequence[int] = _SIDES) -> Report:
    """Show every face at every size; raises DataError, ModelError or CheckpointError."""
    if not data.exists():
        raise DataError(f"{data} is not there; say where FER2013 is with --data")
    sample = _sample(read(data, votes).split("PublicTest"), model, count)
    sight = Sight(WatchSettings(threads=1, detector=detector(), model=str(model)), state_folder())
    for problem in sight.problems:
        if problem.key == "model":
            raise ModelError(f"{problem.cause}. {problem.action}.")
    answers = {side: look(sample, sight, side) for side in sides}
    rows = [_row(f"{side} x {side}", sample, [said]) for side, said in answers.items()]
    rows.append(_row("all sizes", sample, list(answers.values())))
    eyes = f"{sight.detector or 'no detector'} + {sight.model} ({model.name})"
    return Report(
        "Crops: accuracy through detector and crop, FER+ majority",
        notes=(
            f"{eyes}; {len(sample)} random faces of PublicTest with a FER+ majority, seed {_SEED}",
            "both accuracies and macro-F1 are of the faces that were found",
        ),
        table=Table(tuple(_COLUMNS), tuple(_COLUMNS.values()), tuple(rows)),
    )


def look(sample: Sample, sight: Sight, side: int) -> Numbers:
    """Return the class that the box reads for every face, NOBODY where it finds none."""
    frames = (framed(image, side, *corner) for image, corner in zip(sample.images, sample.corners, strict=True))
    return np.array([_answer(sight, *one) for one in frames], np.int64)


def framed(image: Image, side: int, right: float, down: float) -> tuple[Image, tuple[int, int, int]]:
    """Lay a grey picture into a frame; return it (BGR) and the picture's left, top and side.

    The room is as grey as the picture on average. Of 250 faces 96 pixels large YuNet finds 61 % so, and 38 % where the
    picture's edge is smeared over the room.
    """
    large = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC)
    left, top = round(right * (_WIDTH - side)), round(down * (_HEIGHT - side))
    room = (top, _HEIGHT - side - top, left, _WIDTH - side - left)
    whole = cv2.copyMakeBorder(large, *room, cv2.BORDER_CONSTANT, value=int(image.mean()))
    return cv2.cvtColor(whole, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False), (left, top, side)


def _answer(sight: Sight, frame: Image, place: tuple[int, int, int]) -> int:
    """Read the surest face that lies in the picture; a face in the empty room is no face."""
    reading = sight.read(frame, 0, 0.0)
    for seen in reading.faces:
        if _inside(seen, place):
            return LABELS.index(reading.labels[int(np.argmax(seen.probabilities))])
    return NOBODY


def _inside(seen: Expression, place: tuple[int, int, int]) -> bool:
    rect, (left, top, side) = seen.face.rect, place
    return 0 <= rect.x + rect.w / 2 - left <= side and 0 <= rect.y + rect.h / 2 - top <= side


def _sample(faces: Faces, model: Path, count: int) -> Sample:
    dice = np.random.default_rng(_SEED)
    true = majority(faces)
    rows = dice.permutation(np.flatnonzero(true != NOBODY))[:count]
    if not len(rows):
        raise DataError("no face here has a FER+ majority; give other data")
    plain = contestant.ours(model, model.name).answers(faces.images[rows]).argmax(1)
    return Sample(faces.images[rows], true[rows], plain, dice.uniform(0.05, 0.95, (len(rows), 2)))


def _row(name: str, sample: Sample, answers: Sequence[Numbers]) -> tuple[str | float | None, ...]:
    said, labels = np.concatenate(answers), np.tile(sample.labels, len(answers))
    plain, found = np.tile(sample.plain, len(answers)), said != NOBODY
    if not found.any():
        return (name, len(said), 0.0, *[None] * 5)
    before, after = (score(_certain(one[found]), labels[found]) for one in (plain, said))
    return (
        name,
        len(said),
        100 * float(found.mean()),
        100 * before["accuracy"],
        100 * after["accuracy"],
        100 * (before["accuracy"] - after["accuracy"]),
        before["macro_f1"],
        after["macro_f1"],
    )


def _certain(classes: Numbers) -> NDArray[np.float32]:
    """Return classes as N x 7 answers that leave no doubt."""
    return np.eye(len(LABELS), dtype=np.float32)[classes]


def main() -> None:
    """Measure and print JSON; `bench.alone` gives this process one core."""
    parser = argparse.ArgumentParser(prog="python -m bench.crops", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--votes", type=Path)
    parser.add_argument("--model", default="", help="an expression model; the shipped one if not given")
    parser.add_argument("--count", type=int, default=800, help="faces")
    given = parser.parse_args()
    model = Path(given.model) if given.model else shipped_model()
    tell(lambda: measure(given.data, given.votes, model, given.count))


if __name__ == "__main__":
    main()
