"""One report on one model and one labelled set: as data (JSON), as a page with pictures, and as text."""

import json
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from moodtrain.expression import page, plots, stress, truths
from moodtrain.expression.data import Faces, copies, read
from moodtrain.expression.evaluate import figures
from moodtrain.expression.facts import facts
from moodtrain.expression.predict import open_model
from moodtrain.expression.targets import NOBODY


@dataclass(frozen=True)
class Order:
    """What to measure, on what."""

    model: Path
    data: Path
    votes: Path | None = None
    head: str | None = None  # the model's first
    split: str = "PublicTest"
    stressed: bool = False


def make(order: Order) -> dict[str, Any]:
    """Measure and return the report; raise CheckpointError or DataError when model or faces cannot be used."""
    model = open_model(order.model, order.head)
    every = read(order.data, order.votes)
    faces = every.split(order.split)
    said = facts(order.model, model)
    clean = _clean(every, order.split)
    known = truths.known(faces, model.head)
    # every kind of truth is answered by the head that learnt it, unless one head was asked for
    heads = {truth: model if order.head else model.beside(truth) for truth in known}
    made = {
        "made": {
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{platform.machine()}, onnxruntime {onnxruntime.__version__}",
        },
        "model": {**said, "answered_by": {truth: head.head for truth, head in heads.items()}},
        "faces": len(faces),
        "data": {
            "name": order.data.resolve().name,
            "split": order.split,
            "digest": faces.digest(),
            "in_training": None if clean is None else int((~clean).sum()),
            "left_out": None if faces.votes is None else truths.left_out(faces),
        },
        "truths": {
            truth: _measured(
                heads[truth].logits(faces.images),
                true,
                clean,
                said.get("temperature") if heads[truth].head == model.head else None,  # it was fitted to that head
            )
            for truth, true in known.items()
        },
    }
    if order.stressed:
        made["stress"] = stress.measure(heads, faces)
    return made


def _clean(every: Faces, split: str) -> NDArray[np.bool_] | None:
    """Return which rows of a split show no picture of Training; None where that cannot be said."""
    training = every.rows(every.usage == 0)
    if split == "Training" or not len(training):
        return None
    return ~copies(every.split(split).images, training.images)


def _measured(
    logits: NDArray[np.float32], true: NDArray[np.int64], clean: NDArray[np.bool_] | None, stated: float | None
) -> dict[str, Any]:
    rows = true != NOBODY
    made = {"all": figures(logits[rows], true[rows], stated)}
    if clean is not None and (rows & clean).any():
        made["clean"] = figures(logits[rows & clean], true[rows & clean], stated)
    return made


def write(report: dict[str, Any], folder: Path) -> None:
    """Write report.md, report.json and three pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(report, folder / "report.json")
    measured = {head: parts["all"] for head, parts in report["truths"].items()}
    plots.write(measured, page.title(report), folder)
    (folder / "report.md").write_text(page.written(report), encoding="utf-8")


def write_json(report: dict[str, Any], path: Path) -> None:
    """Write the report as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
