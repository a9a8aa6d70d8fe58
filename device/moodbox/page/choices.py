"""Everything a visitor may choose: each choice becomes one event for the box."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest, TooManyRequests

from moodbox.events import (
    Event,
    Gesture,
    HandSet,
    PauseChosen,
    Press,
    Strategy,
    StrategyChosen,
    VolumeChosen,
    Watching,
    WatchingChosen,
)
from moodbox.mood import COORDINATES
from moodbox.page.desk import Desk
from moodbox.page.pace import Pace

LARGEST = 1024  # bytes of a choice; the longest one has about 30
GESTURES = {"short": Gesture.SHORT, "double": Gesture.DOUBLE, "hold": Gesture.HOLD}  # no shutdown by a stray click
NOTHING = ("", 204)


def choices(desk: Desk, pace: Pace) -> Blueprint:
    """Build the routes; `pace` limits how many choices a second reach the box."""
    routes = Blueprint("choices", __name__)

    @routes.before_request
    def slow_down() -> None:
        if not pace.allows():
            raise TooManyRequests("That was too much at once: wait a second.")

    @routes.post("/press")
    def press() -> tuple[str, int]:
        gesture = GESTURES[_one_of("gesture", GESTURES)]
        return _put(Press(gesture, "page", time.monotonic()))

    @routes.post("/choose/strategy")
    def strategy() -> tuple[str, int]:
        return _put(StrategyChosen(Strategy(_one_of("strategy", Strategy))))

    @routes.post("/choose/watching")
    def watching() -> tuple[str, int]:
        return _put(WatchingChosen(Watching(_one_of("watching", Watching))))

    @routes.post("/choose/mood")
    def mood() -> tuple[str, int]:
        label = None if _field("label") is None else _one_of("label", COORDINATES)
        return _put(HandSet(label))

    @routes.post("/choose/volume")
    def volume() -> tuple[str, int]:
        return _put(VolumeChosen(_level("volume")))

    @routes.post("/choose/pause")
    def pause() -> tuple[str, int]:
        return _put(PauseChosen(truth("paused")))

    def _put(event: Event) -> tuple[str, int]:
        desk.put(event)
        return NOTHING

    return routes


def truth(name: str) -> bool:
    """Read a true or false of the request's JSON."""
    value = _field(name)
    if not isinstance(value, bool):
        raise BadRequest(f'"{name}" must be true or false.')
    return value


def _field(name: str) -> Any:
    request.max_content_length = LARGEST
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or name not in given:
        raise BadRequest(f'This needs a JSON object with "{name}".')
    return given[name]


def _one_of(name: str, known: Any) -> str:
    value = _field(name)
    if not isinstance(value, str) or value not in list(known):
        raise BadRequest(f'"{name}" must be one of {", ".join(known)}.')
    return value


def _level(name: str) -> float:
    value = _field(name)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0.0 <= value <= 1.0:  # NaN is in no range
        raise BadRequest(f'"{name}" must be a number from 0 to 1.')
    return float(value)
