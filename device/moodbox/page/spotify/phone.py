"""Signing in with a phone: the door in the local network, and the picture that the phone reads."""

from __future__ import annotations

import time

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from moodbox.errors import LinkError
from moodbox.page.desk import Desk
from moodbox.page.fields import truth
from moodbox.page.guard import browser
from moodbox.page.pace import Pace
from moodbox.page.spotify.desk import SpotifyDesk
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.routes import NOTHING, blueprint, room
from moodbox.page.spotify.visit import Visit

POLICY = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"


def phone(desk: Desk, memory: Memory, pace: Pace) -> Blueprint:
    """Build the routes."""
    routes = blueprint("phone", memory, pace)

    @routes.post("/spotify/link/door")
    def door() -> tuple[str, int]:
        """Open the door for a phone, or close it."""
        spotify, here = room(desk), memory.visits.of(browser())
        if not truth("open"):
            close_door(spotify, here)
        elif here.begun is None:
            raise LinkError("This sign-in is over: begin signing in again")
        else:
            here.door = spotify.open_lan(browser(), here.client_id, here.features)
        return NOTHING

    @routes.get("/spotify/link/qr.svg")
    def qr() -> Response:
        open_door = memory.visits.of(browser()).door
        if open_door is None or time.time() >= open_door.closes_at:
            raise NotFound
        response = Response(open_door.qr, mimetype="image/svg+xml")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return routes


def close_door(spotify: SpotifyDesk, visit: Visit) -> Visit:
    """Close the door that this browser opened, if it did."""
    if visit.door is not None:
        spotify.close_lan()
        visit.door = None
    return visit
