"""`moodbox look`: say what is seen in photographs, folders of photographs and videos."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from moodbox.errors import CameraError, ModelError
from moodbox.events import Expression, Reading
from moodbox.mood import summary
from moodbox.settings import WatchSettings
from moodbox.watch.camera.photos import SUFFIXES, pictures_in
from moodbox.watch.camera.video import open_video
from moodbox.watch.picture import Image, decode
from moodbox.watch.sight import Sight


def look(paths: Sequence[Path], settings: WatchSettings, state: Path, *, as_json: bool) -> int:
    """Print one line per face, or one JSON object per picture or frame, and return the exit code.

    A path that cannot be read gives one sentence on stderr and, at the end, exit code 1. Raises ModelError when no
    expression can be read at all.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # what fails is told in our words
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    sight = _open_sight(settings, state)
    failed = False
    for path in paths:
        for file in _files(path):
            try:
                _look_at(file, sight, as_json=as_json)
            except CameraError as error:
                failed = True
                print(f"moodbox look: {error}", file=sys.stderr)
            except BrokenPipeError:  # `| head` has seen enough; Python's own last flush must not complain either
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                return int(failed)
    return int(failed)


def _open_sight(settings: WatchSettings, state: Path) -> Sight:
    sight = Sight(settings, state)
    for problem in sight.problems:
        sentence = f"{problem.cause}. {problem.action}."
        if problem.key == "model":
            raise ModelError(sentence)
        print(f"moodbox look: {sentence}", file=sys.stderr)
    return sight


def _files(path: Path) -> list[Path]:
    """List the pictures of a folder; a file stands for itself, and so does what cannot be listed, to fail in turn."""
    try:
        return pictures_in(path) or [path]
    except CameraError:
        return [path]


def _look_at(path: Path, sight: Sight, *, as_json: bool) -> None:
    """Print what one file shows. Raises CameraError when it shows nothing."""
    for number, image, still in _images(path):
        reading = sight.read(image, number, 0.0, closer=still)
        if as_json:
            print(json.dumps(_object(path, reading), allow_nan=False), flush=True)
        else:
            where = f"{path}" if still else f"{path} frame {number}"
            print("\n".join(_lines(where, reading)), flush=True)


def _images(path: Path) -> Iterator[tuple[int, Image, bool]]:
    """Yield (number, BGR picture, whether it is a still) of one file."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            raise CameraError(f"the folder {path} has no pictures in it: name another one")
        still = decode(path.read_bytes()) if path.suffix.lower() in SUFFIXES else None
    except (OSError, ValueError) as error:
        raise CameraError(f"{path} cannot be read ({_reason(error)}): check its name and permissions") from error
    if still is not None:
        yield 0, still, True
    elif path.suffix.lower() in SUFFIXES:
        raise CameraError(f"{path} is damaged or no picture: open it with another program, or leave it out")
    else:
        yield from _frames(path)


def _frames(path: Path) -> Iterator[tuple[int, Image, bool]]:
    capture = open_video(path)
    try:
        number = 0
        while True:
            found, image = capture.read()
            if not found:
                break
            yield number, image.astype(np.uint8, copy=False), False
            number += 1
    finally:
        capture.release()
    if number == 0:
        raise CameraError(f"{path} is damaged or no video: play it with another program, or leave it out")


def _object(path: Path, reading: Reading) -> dict[str, Any]:
    return {
        "path": str(path),
        "frame": reading.number,
        "faces": [_face(reading.labels, expression) for expression in reading.faces],
    }


def _face(labels: Sequence[str], expression: Expression) -> dict[str, Any]:
    rect = expression.face.rect
    valence, arousal, confidence = summary(labels, expression.probabilities)
    return {
        "box": [round(side, 1) for side in (rect.x, rect.y, rect.w, rect.h)],
        "score": round(expression.face.score, 4),
        "probabilities": {
            label: round(share, 6) for label, share in zip(labels, expression.probabilities, strict=True)
        },
        "valence": round(valence, 4),
        "arousal": round(arousal, 4),
        "confidence": round(confidence, 4),
    }


def _lines(where: str, reading: Reading) -> Iterator[str]:
    if not reading.faces:
        yield f"{where}: no face"
    for expression in reading.faces:
        face = _face(reading.labels, expression)
        x, y, w, h = (round(side) for side in face["box"])
        shares = sorted(face["probabilities"].items(), key=lambda pair: -pair[1])
        yield (
            f"{where}: face at {x},{y} {w}x{h}  "
            + " ".join(f"{label} {share:.2f}" for label, share in shares)
            + f"  valence {face['valence']:+.2f} arousal {face['arousal']:+.2f} confidence {face['confidence']:.2f}"
        )


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
