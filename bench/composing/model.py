"""The shipped model's own measures, read from its file: what it knows of songs it never saw."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import onnx

import moodbox
from bench.figures import Goal, Report

BUNDLE = Path(moodbox.__file__).parent / "models" / "composer"
_NATS = 1.60  # per token of the 127-token vocabulary
_WORSE = 0.001  # nats; any real loss, 0.02 was measured when the goal was set
_SIZE = 1.5  # MB
_SHIPPED = "val.int8"  # the split, and the form that ships


def report(bundle: Path = BUNDLE) -> Report:
    """Show the validation measures of the model's training; only a note where there is no model."""
    file = bundle / "model.onnx"
    if not file.is_file():
        return Report("Model", notes=(f"Not measured: no model in {bundle}, the rules compose",))
    stored = {each.key: each.value for each in onnx.load(file).metadata_props}
    told = json.loads(stored["moodbox"])
    measures = dict(_numbers(told.get("metrics", {})))
    nats = measures.get(f"{_SHIPPED}.nats_per_token", float("nan"))  # nan misses every goal
    shuffled = measures.get(f"{_SHIPPED}, conditions shuffled.nats_per_token", float("nan"))
    size = file.stat().st_size / 1e6
    goals = (
        Goal("surprise by songs it never saw, a token", nats, _NATS, "nats"),
        Goal("more surprise with shuffled conditions, a token", shuffled - nats, _WORSE, "nats", at_most=False),
        Goal("size of the model", size, _SIZE, "MB"),
    )
    notes = (
        (
            f"{told.get('name')} {told.get('version')}, {size:.2f} MB,"
            f" {len(told.get('vocabulary', ()))} tokens; measured by its training"
        ),
        *(f"{name}: {value:.4g}" for name, value in measures.items()),
    )
    return Report("Model", (), goals, notes)


def _numbers(given: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, float]]:
    """Flatten nested measures into names with dots."""
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{above}{name}.")
        elif isinstance(value, (int, float)):
            yield f"{above}{name}", float(value)
