"""What is in a data set, and what of it is doubtful."""

import numpy as np

from moodtrain.expression.data import LABELS, SPLITS, Faces, without_leaks

FLAT = 3.0  # a picture whose grey values spread less than this shows nothing


def told(faces: Faces) -> str:
    """Return rows by split and class, pictures that show nothing, copies, and copies that leak between splits."""
    present = [name for number, name in enumerate(SPLITS) if (faces.usage == number).any()]
    lines = [" " * 12 + "".join(f"{name:>9}" for name in (*LABELS, "all"))]
    for name in present:
        part = faces.split(name)
        counts = [*np.bincount(part.labels, minlength=len(LABELS)), len(part)]
        lines.append(f"{name:12}" + "".join(f"{count:9}" for count in counts))
    distinct = len(np.unique(faces.images.reshape(len(faces), -1), axis=0))
    lines.append(f"pictures that show nothing: {int((faces.images.std(axis=(1, 2)) < FLAT).sum())}")
    lines.append(f"rows that repeat the picture of another row: {len(faces) - distinct}")
    if {"Training", "PublicTest"} <= set(present):
        training = faces.split("Training")
        lost = len(training) - len(without_leaks(training, faces.split("PublicTest")))
        lines.append(f"Training rows that show a PublicTest picture: {lost} (train leaves them out)")
    if faces.votes is not None:
        lines.append(f"rows that all FER+ voters call no face: {int((faces.votes[:, -1] >= 10).sum())}")
    return "\n".join(lines)
