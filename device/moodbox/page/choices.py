"""Everything a visitor may choose: each choice becomes one event for the box."""

from __future__ import annotations

import time

from flask import Blueprint
from werkzeug.exceptions import TooManyRequests

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
from moodbox.page.fields import field, level, one_of, truth
from moodbox.page.pace import Pace

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
        gesture = GESTURES[one_of("gesture", GESTURES)]
        return _put(Press(gesture, "page", time.monotonic()))

    @routes.post("/choose/strategy")
    def strategy() -> tuple[str, int]:
        return _put(StrategyChosen(Strategy(one_of("strategy", Strategy))))

    @routes.post("/choose/watching")
    def watching() -> tuple[str, int]:
        return _put(WatchingChosen(Watching(one_of("watching", Watching))))

    @routes.post("/choose/mood")
    def mood() -> tuple[str, int]:
        label = None if field("label") is None else one_of("label", COORDINATES)
        return _put(HandSet(label))

    @routes.post("/choose/volume")
    def volume() -> tuple[str, int]:
        return _put(VolumeChosen(level("volume")))

    @routes.post("/choose/pause")
    def pause() -> tuple[str, int]:
        return _put(PauseChosen(truth("paused")))

    def _put(event: Event) -> tuple[str, int]:
        desk.put(event)
        return NOTHING

    return routes
