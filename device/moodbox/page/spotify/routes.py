"""What every Spotify route shares: the room, a pace, and the note that something was changed."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import Conflict, TooManyRequests

from moodbox.page.desk import Desk
from moodbox.page.guard import SAFE
from moodbox.page.pace import Pace
from moodbox.page.spotify.desk import SpotifyDesk
from moodbox.page.spotify.memory import Memory

NOTHING = ("", 204)


def blueprint(name: str, memory: Memory, pace: Pace) -> Blueprint:
    """Make a blueprint whose changes are paced and noticed."""
    routes = Blueprint(name, __name__)

    @routes.before_request
    def slow_down() -> None:
        if request.method not in SAFE and not pace.allows():
            raise TooManyRequests("That was too much at once: wait a second.")

    @routes.after_request
    def notice(response: Response) -> Response:
        if request.method not in SAFE and response.status_code == NOTHING[1]:
            memory.changed()
        return response

    return routes


def room(desk: Desk) -> SpotifyDesk:
    """Return the Spotify room; refuses where it is switched off."""
    if desk.spotify is None:
        raise Conflict("Spotify is switched off in the settings of this box.")
    return desk.spotify
