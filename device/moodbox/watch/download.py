"""The YuNet file: where it may lie, which bytes are right, and how it comes to the box."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from moodbox import atomic
from moodbox.errors import ModelError
from moodbox.settings import WatchSettings

FILE = "face_detection_yunet_2023mar.onnx"
DIGEST = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
# The same weights with the picture size declared free, and the larger YuNet-n, may be named as local copies.
KNOWN_DIGESTS = frozenset(
    {
        DIGEST,
        "353abed06fab749da88099df4523fc8c4a351dc1af81211be712e8d08e8abd7f",
        "b880b63dc8b4a663051ac83159056f4377bdaf6356f76a4805c92657156164b2",
    }
)
# Both by commit; the second place is the training repository of the same author, with byte-equal content.
_ZOO = "https://media.githubusercontent.com/media/opencv/opencv_zoo/966be4cb6eefc2a4f586ed0581bf4bbaa2533070"
_TRAINING = "https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/0047ac24afb1a50a0c6105001c89d1b5b805dbf1"
SOURCES = (f"{_ZOO}/models/face_detection_yunet/{FILE}", f"{_TRAINING}/onnx/yunet_s_640_640.onnx")
_LARGEST = 2_000_000  # bytes; the real file has 232,589
_SECONDS = 20.0


def find_detector(settings: WatchSettings, state: Path) -> Path | None:
    """Name the YuNet file to use: from settings, MOODBOX_DETECTOR, or the downloaded one; None when there is none."""
    for named in (settings.detector, os.environ.get("MOODBOX_DETECTOR", "")):
        if named:
            return Path(named).expanduser()
    path = _place(state)
    return path if path.exists() else None


def read_detector(path: Path) -> bytes:
    """Read a YuNet file and check its digest. Raises ModelError when it is missing or not one of the known files."""
    try:
        model = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the face detector {path} cannot be read ({error.strerror}): name another copy") from error
    if hashlib.sha256(model).hexdigest() not in KNOWN_DIGESTS:
        raise ModelError(f"the face detector {path} is not the published YuNet file (its SHA-256 differs): replace it")
    return model


def fetch_detector(state: Path, sources: Sequence[str] = SOURCES) -> Path:
    """Download the YuNet file into the state folder, unless it is there, and return its path.

    Raises ModelError when no source gave the right bytes, StorageError when the folder cannot be written.
    """
    path = _place(state)
    if path.exists() and _is_right(path.read_bytes()):
        return path
    reasons = []
    for source in sources:
        try:
            model = _download(source)
        except (OSError, ValueError) as error:  # URLError and timeouts are OSErrors
            reasons.append(_reason(error))
            continue
        if _is_right(model):
            atomic.write_bytes(path, model)
            return path
        reasons.append("the file there has another SHA-256")
    raise ModelError(
        f"the YuNet face detector could not be downloaded ({'; '.join(dict.fromkeys(reasons))}): "
        f"connect to the internet and run `moodbox fetch-detector`, or put {FILE} into {path.parent}"
    )


def _reason(error: OSError | ValueError) -> str:
    """Word what went wrong on the way, without the wrapping of urllib."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(getattr(cause, "strerror", None) or cause).lower()


def _place(state: Path) -> Path:
    return state / "detector" / FILE


def _is_right(model: bytes) -> bool:
    return hashlib.sha256(model).hexdigest() == DIGEST


def _download(source: str) -> bytes:
    with urllib.request.urlopen(source, timeout=_SECONDS) as answer:  # noqa: S310 - fixed https addresses above
        return bytes(answer.read(_LARGEST))
