"""Picture files as grey 48x48 faces; what cannot be read is kept for the report and ends nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import cv2
import cv2.utils.logging
import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression.faces import SIDE, Faces, Files

JPEG = b"\xff\xd8"  # the only common format without transparency
BEHIND = 129  # what shows through transparent pixels: the mean grey of FER2013


class Picture(NamedTuple):
    """A picture file and what is known about it."""

    path: Path
    label: int  # index into LABELS
    usage: int  # index into SPLITS


def gather(root: Path, pictures: Sequence[Picture], empty: Sequence[str] = ()) -> Faces:
    """Return the faces of all pictures that can be read, in the order given; raise DataError when there is none."""
    kept: list[tuple[Picture, NDArray[np.uint8]]] = []
    unreadable, sizes = [], Counter[str]()
    with _quiet():
        for picture in pictures:
            try:
                pixels = grey(picture.path)
            except DataError as error:
                unreadable.append((_name(picture.path, root), str(error)))
                continue
            height, width = pixels.shape
            if (height, width) != (SIDE, SIDE):
                sizes[f"{width} x {height}"] += 1
                pixels = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.uint8)
            kept.append((picture, pixels))
    if not kept:
        first = f", the first is {unreadable[0][0]}: {unreadable[0][1]}" if unreadable else ""
        raise DataError(f"{root} holds no picture that can be read ({len(unreadable)} files{first}); fetch it again")
    names = tuple(_name(picture.path, root) for picture, _ in kept)
    return Faces(
        np.stack([pixels for _, pixels in kept]),
        np.array([picture.label for picture, _ in kept], np.int64),
        np.array([picture.usage for picture, _ in kept], np.uint8),
        files=Files(names, tuple(unreadable), dict(sizes.most_common()), tuple(empty)),
    )


def grey(path: Path) -> NDArray[np.uint8]:
    """Return height x width grey pixels of one file; raise DataError with the reason alone."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise DataError(error.strerror or str(error)) from None
    if not data.size:
        raise DataError("the file is empty")
    try:
        pixels = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
        whole = None if data[:2].tobytes() == JPEG else cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except cv2.error as error:  # larger than OpenCV allows
        raise DataError(error.err) from None
    if pixels is None:
        raise DataError("no picture, or a broken one")
    if whole is not None and whole.shape[2:] == (4,) and whole.dtype.kind == "u":
        return _opaque(whole)
    return pixels.astype(np.uint8)


def _opaque(picture: cv2.typing.MatLike) -> NDArray[np.uint8]:
    """Lay a picture with transparency on an even grey; below it, files hide anything."""
    most = 255 if picture.dtype == np.uint8 else 65535
    alpha = picture[..., 3] / most
    pixels = cv2.cvtColor(picture[..., :3], cv2.COLOR_BGR2GRAY) * (255 / most)
    return np.rint(pixels * alpha + BEHIND * (1 - alpha)).astype(np.uint8)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep OpenCV from describing broken files on stderr: the report names them."""
    level = cv2.utils.logging.setLogLevel(0)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)
