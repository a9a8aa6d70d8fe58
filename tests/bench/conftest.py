"""A tiny PublicTest that shows one real face, the public-domain portrait that scikit-image brings."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

HAPPY, SAD = 3, 4  # in moodtrain's LABELS
COUNT = 8


@pytest.fixture(scope="session")
def portrait() -> np.ndarray:
    """Return the face as FER2013 frames one: 48x48 grey."""
    path = Path(pytest.importorskip("skimage").__file__).parent / "data" / "astronaut.png"
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    return cv2.resize(grey[62:194, 158:290], (48, 48), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory, portrait: np.ndarray) -> Path:
    """Return packed PublicTest: the smile in eight lights; two labels say sad, and one picture has no majority."""
    folder = tmp_path_factory.mktemp("packed")
    images = np.stack([np.clip(portrait * share, 0, 255).astype(np.uint8) for share in np.linspace(0.7, 1.1, COUNT)])
    cv2.imwrite(str(folder / "faces_000.webp"), images.reshape(-1, 48), [cv2.IMWRITE_WEBP_QUALITY, 101])
    votes = np.zeros((COUNT, 10), np.uint8)
    votes[:, 1] = 10  # happiness
    votes[0] = [5, 5, 0, 0, 0, 0, 0, 0, 0, 0]
    np.savez(
        folder / "labels.npz",
        emotion=np.array([SAD, SAD] + [HAPPY] * (COUNT - 2), np.uint8),
        usage=np.ones(COUNT, np.uint8),
        votes=votes,
        image=np.arange(COUNT, dtype=np.uint16),
    )
    return folder
