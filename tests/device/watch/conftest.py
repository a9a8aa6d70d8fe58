"""What the tests of seeing share: pictures, models, and a watcher with an ear for its news."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from moodbox.events import Reading, WatchState
from moodbox.settings import WatchSettings
from moodbox.watch.life import Patience
from moodbox.watch.sight import shipped_model
from moodbox.watch.watcher import Watcher

LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
SECONDS = 30.0  # for news to come, on the slowest machine


@pytest.fixture
def yunet_file(shared_path: Callable[..., Path]) -> Path:
    return shared_path("models", "face_detection_yunet_2023mar.onnx")


@pytest.fixture(scope="session")
def portrait() -> np.ndarray:
    """Return scikit-image's photograph of an astronaut, 512x512, BGR."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or spec.origin is None:
        pytest.skip("scikit-image, whose portrait this needs, is not installed")
    image = cv2.imread(str(Path(spec.origin).parent / "data" / "astronaut.png"))
    assert image is not None
    return image


@pytest.fixture(autouse=True)
def _no_detector_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOODBOX_DETECTOR", raising=False)


@pytest.fixture
def make_model(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a small real model: each logit is the weighted mean of one row of the crop."""
    onnx = pytest.importorskip("onnx", reason="the training environment makes the models of this test")

    def make(path: Path | None = None, *, shape=("n", 1, 48, 48), outputs=7, card=None, description=None) -> Path:
        helper = onnx.helper
        count = int(np.prod(shape[1:]))
        weights = np.random.default_rng(0).normal(0, 0.1, (count, outputs)).astype(np.float32)
        graph = helper.make_graph(
            [helper.make_node("Flatten", ["input"], ["flat"]), helper.make_node("MatMul", ["flat", "w"], ["logits"])],
            "test",
            [helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, list(shape))],
            [helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, [shape[0], outputs])],
            [onnx.numpy_helper.from_array(weights, "w")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        text = json.dumps({**card_values(), **(card or {})}) if description is None else description
        if text:
            model.metadata_props.add(key="moodbox", value=text)
        path = path or tmp_path / "model.onnx"
        onnx.save(model, path)
        return path

    return make


def card_values() -> dict[str, Any]:
    """Return a right description of a 48x48 grey model."""
    return {
        "format": 1,
        "kind": "expression",
        "name": "tiny",
        "version": "1.0",
        "labels": list(LABELS),
        "input": {
            "layout": "NCHW",
            "height": 48,
            "width": 48,
            "color": "gray",
            "mean": [0.5],
            "std": [0.25],
            "crop": {"aligned": True, "margin": 0.1, "eye_distance": 0.375, "eye_line": 0.385},
        },
        "output": "logits",
        "temperature": 1.5,
    }


class News:
    """Collect what a watcher tells, and wait for what a test hopes for."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.readings: list[Reading] = []
        self.states: list[WatchState] = []

    def hear_reading(self, reading: Reading) -> None:
        with self.changed:
            self.readings.append(reading)
            self.changed.notify_all()

    def hear_state(self, state: WatchState) -> None:
        with self.changed:
            self.states.append(state)
            self.changed.notify_all()

    def state(self, wanted: Callable[[WatchState], bool], after: int = 0) -> WatchState:
        """Wait for a state as wanted among those told after the first `after`."""
        return self._first(self.states, wanted, after)

    def reading(self, wanted: Callable[[Reading], bool] = lambda _: True, after: int = 0) -> Reading:
        return self._first(self.readings, wanted, after)

    def _first(self, told: list, wanted: Callable[[Any], bool], after: int) -> Any:
        with self.changed:
            found = self.changed.wait_for(lambda: any(map(wanted, told[after:])), timeout=SECONDS)
            assert found, f"never came; the last of {len(told)} was {told[-1:]}"
            return next(one for one in told[after:] if wanted(one))


@pytest.fixture
def news() -> News:
    return News()


@pytest.fixture
def watch(tmp_path: Path, news: News) -> Iterator[Callable[..., Watcher]]:
    """Return a function that starts a watcher with a real child; all are closed afterwards."""
    made: list[Watcher] = []

    def start(patience: Patience | None = None, **values: Any) -> Watcher:
        wanted = replace(WatchSettings(camera="browser", model=str(shipped_model()), threads=1), **values)
        watcher = Watcher(
            wanted, state=tmp_path / "state", on_reading=news.hear_reading, on_state=news.hear_state, patience=patience
        )
        made.append(watcher)
        watcher.start()
        return watcher

    yield start
    for watcher in made:
        watcher.close()
