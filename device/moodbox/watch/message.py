"""Readings and states as plain values for the wire, and back, checked."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from moodbox.events import CameraState, Expression, Face, Problem, Reading, Rect, WatchState
from moodbox.watch.wire import WireError


def reading_values(reading: Reading) -> dict[str, Any]:
    """Return a reading as plain values."""
    return asdict(reading)


def read_reading(values: dict[str, Any]) -> Reading:
    """Return the reading of plain values. Raises WireError when they are none."""
    try:
        return Reading(
            number=int(values["number"]),
            time=_finite(values["time"]),
            width=int(values["width"]),
            height=int(values["height"]),
            labels=tuple(map(str, values["labels"])),
            faces=tuple(map(_expression, values["faces"])),
            seconds={str(stage): _finite(cost) for stage, cost in values["seconds"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise WireError(f"the child's reading cannot be read ({error})") from error


def state_values(state: WatchState) -> dict[str, Any]:
    """Return a state as plain values."""
    return asdict(state)


def read_state(values: dict[str, Any]) -> WatchState:
    """Return the state of plain values. Raises WireError when they are none."""
    try:
        return WatchState(
            camera=CameraState(values["camera"]),
            camera_name=str(values["camera_name"]),
            detector=str(values["detector"]),
            model=str(values["model"]),
            rate=_finite(values["rate"]),
            ready=bool(values["ready"]),
            problems=tuple(Problem(str(p["key"]), str(p["cause"]), str(p["action"])) for p in values["problems"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise WireError(f"the child's state cannot be read ({error})") from error


def _expression(values: dict[str, Any]) -> Expression:
    face = values["face"]
    rect = Rect(*(_finite(face["rect"][side]) for side in ("x", "y", "w", "h")))
    landmarks = tuple((_finite(x), _finite(y)) for x, y in face["landmarks"])
    return Expression(
        Face(rect, _finite(face["score"]), landmarks, _finite(face["sharpness"])),
        tuple(map(_finite, values["probabilities"])),
    )


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number to work with")
    return number
