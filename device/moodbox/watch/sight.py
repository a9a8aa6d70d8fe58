"""Sight: one frame in, one `Reading` out, without any camera."""

from __future__ import annotations

import importlib.resources
import time as clock
from pathlib import Path
from typing import Protocol

import cv2

from moodbox.errors import ModelError
from moodbox.events import Face, Problem, Reading, Rect
from moodbox.settings import WatchSettings
from moodbox.watch.download import find_detector, read_detector
from moodbox.watch.expression import ExpressionModel
from moodbox.watch.haar import Haar
from moodbox.watch.picture import Image
from moodbox.watch.pose import from_the_side
from moodbox.watch.problem import problem_of
from moodbox.watch.yunet import YuNet

_LOOK_CLOSER = 640  # long side of the second try at a still without faces
_MOST_FACES = 16  # the largest; a crowd must not slow the eyes


class Detector(Protocol):
    """Find faces in a BGR picture."""

    name: str

    def faces(self, image: Image, long_side: int = ...) -> tuple[Face, ...]:
        """Return the faces, in pixels of the picture."""


class Sight:
    """Detector and expression model together. What cannot be loaded is in `problems`; the rest still works."""

    def __init__(self, settings: WatchSettings, state: Path) -> None:
        cv2.setNumThreads(1)  # pictures this small gain nothing from more
        self._problems: dict[str, Problem] = {}
        self._detector = self._load_detector(settings, state)
        path = Path(settings.model).expanduser() if settings.model else shipped_model()
        self._model = self._load_model(path, settings.threads)

    @property
    def detector(self) -> str:
        """Return "yunet" or "haar", or "" when neither could be loaded."""
        return self._detector.name if self._detector else ""

    @property
    def model(self) -> str:
        """Return name and version of the expression model, or "" when it could not be loaded."""
        return self._model.name if self._model else ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels of the probabilities in every reading."""
        return self._model.labels if self._model else ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what could not be loaded and what to do about it."""
        return tuple(self._problems.values())

    def read(
        self, frame_bgr: Image, number: int, time: float, *, small: Image | None = None, closer: bool = False
    ) -> Reading:
        """Return what one frame shows.

        `small` is the same view in fewer pixels, for finding faces, when the camera gives one; `closer` looks a second
        time with more pixels when no face is found. Without an expression model there are no faces in the reading.
        """
        height, width = frame_bgr.shape[:2]
        started = clock.perf_counter()
        faces = self._faces(frame_bgr, small, closer=closer)
        found = clock.perf_counter()
        expressions = self._model.read(frame_bgr, faces) if self._model else ()
        seconds = {"detect": found - started, "express": clock.perf_counter() - found}
        return Reading(number, time, width, height, self.labels, expressions, seconds)

    def _faces(self, frame: Image, small: Image | None, *, closer: bool) -> tuple[Face, ...]:
        if self._detector is None:
            return ()
        if small is not None:
            faces = tuple(_grown(face, small, frame) for face in self._detector.faces(small))
        else:
            faces = self._detector.faces(frame)
        if not faces and closer:
            faces = self._detector.faces(frame, _LOOK_CLOSER)
        faces = tuple(face for face in faces if not from_the_side(face))
        if len(faces) > _MOST_FACES:
            faces = tuple(sorted(faces, key=lambda face: face.rect.w * face.rect.h, reverse=True)[:_MOST_FACES])
        return faces

    def _load_detector(self, settings: WatchSettings, state: Path) -> Detector | None:
        try:
            return _yunet(settings, state)
        except ModelError as error:
            self._problems["detector"] = problem_of("detector", error, "The weaker Haar detector looks instead")
        try:
            return Haar()
        except ModelError as error:
            self._problems["detector"] = problem_of("detector", error, "Nobody can be seen")
        return None

    def _load_model(self, path: Path, threads: int) -> ExpressionModel | None:
        try:
            return ExpressionModel(path, threads)
        except ModelError as error:
            self._problems["model"] = problem_of("model", error, "Expressions cannot be read")
        return None


def shipped_model() -> Path:
    """Name the expression model that came with this program."""
    return Path(str(importlib.resources.files("moodbox") / "models" / "expression" / "model.onnx"))


def _yunet(settings: WatchSettings, state: Path) -> YuNet:
    path = find_detector(settings, state)
    if path is None:
        raise ModelError("the face detector YuNet is not on this machine: go online and run `moodbox fetch-detector`")
    return YuNet(read_detector(path), settings.threads)


def _grown(face: Face, small: Image, frame: Image) -> Face:
    """Map a face found in the small view to the pixels of the frame."""
    right, down = frame.shape[1] / small.shape[1], frame.shape[0] / small.shape[0]
    rect = Rect(face.rect.x * right, face.rect.y * down, face.rect.w * right, face.rect.h * down)
    return Face(rect, face.score, tuple((x * right, y * down) for x, y in face.landmarks))
