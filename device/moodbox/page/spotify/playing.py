"""What plays at Spotify: its cover, and liking it."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.exceptions import BadRequest, NotFound

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.values import is_uri
from moodbox.page.desk import Desk
from moodbox.page.fields import text, truth
from moodbox.page.pace import Pace
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.routes import NOTHING, blueprint, room

LONGEST = 60  # characters of a URI
PICTURES = ("image/jpeg", "image/png")
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def playing(desk: Desk, memory: Memory, pace: Pace) -> Blueprint:
    """Build the routes."""
    routes = blueprint("playing", memory, pace)

    @routes.get("/spotify/cover/<key>")
    def cover(key: str) -> Response:
        """Hand on a cover that the page shows, and no other; 204 when it cannot be had, which is no failure."""
        url = memory.gallery.url(key)
        if url is None:
            raise NotFound
        try:
            picture, kind = room(desk).cover(url)
        except SpotifyError:
            return Response(status=204)
        if kind not in PICTURES:
            return Response(status=204)
        return Response(picture, mimetype=kind, headers={"Content-Security-Policy": POLICY})

    @routes.post("/spotify/like")
    def like() -> tuple[str, int]:
        uri = text("uri", most=LONGEST)
        if not is_uri(uri, "track"):
            raise BadRequest("Only a song can be liked.")
        room(desk).like(uri, liked=truth("liked"))
        return NOTHING

    return routes
