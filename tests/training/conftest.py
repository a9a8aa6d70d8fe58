"""A tiny data set of drawn faces that a tiny network learns in seconds."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from moodtrain.expression.data import SIDE, Faces
from moodtrain.expression.golden import drawings
from moodtrain.expression.train import Settings, train

TRAINING, PUBLIC = 96, 32


def drawn(count: int, seed: int) -> Faces:
    """Draw faces from frown to smile; a frown is labelled angry (0), a smile happy (3)."""
    labels = np.where(np.linspace(-1, 1, count) < 0, 0, 3).astype(np.int64)
    return Faces(drawings(SIDE, count, seed), labels, np.zeros(count, np.uint8), np.zeros((count, 10), np.uint8))


def pack(folder: Path, faces: Faces) -> Path:
    """Write faces the way ../shared/data/fer2013 is packed."""
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "faces_000.webp"), faces.images.reshape(-1, SIDE), [cv2.IMWRITE_WEBP_QUALITY, 101])
    order = np.arange(len(faces), dtype=np.uint16)
    np.savez(
        folder / "labels.npz",
        emotion=faces.labels.astype(np.uint8),
        usage=faces.usage,
        votes=faces.votes,
        image=order,
    )
    return folder


def joined(training: Faces, public: Faces) -> Faces:
    """Put two sets into one, the first as Training, the second as PublicTest."""
    return Faces(
        np.concatenate([training.images, public.images]),
        np.concatenate([training.labels, public.labels]),
        np.repeat([0, 1], [len(training), len(public)]).astype(np.uint8),
        np.concatenate([training.votes, public.votes]),
    )


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Path:
    """Return a packed folder with 96 faces to learn from and 32 to measure on."""
    return pack(tmp_path_factory.mktemp("tiny"), joined(drawn(TRAINING, 1), drawn(PUBLIC, 2)))


@pytest.fixture(scope="session")
def settings(tiny) -> Settings:
    """Return settings that train in about a second an epoch; tests choose their own --out."""
    small = {"network": "seed", "width": 2, "threads": 1, "precision": "32-true", "optimizer": "adamw", "decay": 0.05}
    return Settings(data=str(tiny), epochs=3, batch=16, rate=3e-3, **small)


@pytest.fixture(scope="session")
def trained(settings, tmp_path_factory) -> Path:
    """Return the checkpoint of a tiny network that tells a frown from a smile."""
    out = tmp_path_factory.mktemp("trained")
    return train(replace(settings, epochs=12, width=4, rate=1e-2, average=0.9, out=str(out)))
