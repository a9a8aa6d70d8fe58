"""Fixtures shared by every test."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import settings

# Timing on a shared machine says nothing about the code. The gate repeats its examples; other runs look further.
settings.register_profile("moodbox", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("moodbox")

# Tests import onnxruntime themselves; its wheels report every session to Microsoft unless told not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_path() -> Callable[..., Path]:
    """Return a function that finds a file of ../shared, or skips the test where that folder is missing."""

    def find(*parts: str) -> Path:
        path = SHARED.joinpath(*parts)
        if not path.exists():
            pytest.skip(f"../shared/{'/'.join(parts)} is not here: only the developers' machines and CI have it")
        return path

    return find


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 1 MB, to fill it for real; skips where that is not allowed."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a full disk needs a small tmpfs, and mounting one needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every test away from the state folder of whoever runs it."""
    state = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("MOODBOX_STATE", str(state))
    return state


@pytest.fixture(scope="session")
def shared_detector() -> str:
    """Name the YuNet file of ../shared; "" on a user's clone, where the Haar cascade stands in."""
    path = SHARED / "models" / "face_detection_yunet_2023mar.onnx"
    return str(path) if path.exists() else ""


@pytest.fixture(scope="session")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of photos with a face: the public-domain portrait that scikit-image brings, twice."""
    package = importlib.util.find_spec("skimage")
    if package is None or package.origin is None:
        pytest.skip("the demo portrait needs scikit-image: make setup")
    picture = cv2.imread(str(Path(package.origin).parent / "data" / "astronaut.png"))
    folder = tmp_path_factory.mktemp("faces")
    for number, shift in enumerate((0, 12)):
        cv2.imwrite(str(folder / f"{number}.jpg"), np.roll(picture, shift, axis=1))
    return folder
