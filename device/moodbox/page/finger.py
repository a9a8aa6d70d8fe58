"""The finger on the drawn button: the page says when it goes down and up, the panel tells the gestures apart."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.exceptions import Conflict, TooManyRequests

from moodbox.page.desk import Desk
from moodbox.page.fields import truth
from moodbox.page.pace import Pace


def finger(desk: Desk, pace: Pace) -> Blueprint:
    """Build the route of the on-screen button."""
    routes = Blueprint("finger", __name__)

    @routes.post("/touch")
    def touch() -> tuple[str, int]:
        down = truth("down")
        if not desk.simulated or desk.panel is None:
            raise Conflict("This box has a real button: press that one.")
        if down and not pace.allows():  # letting go is always allowed
            raise TooManyRequests("That was too much at once: wait a second.")
        desk.panel.touch(down)
        return "", 204

    return routes
