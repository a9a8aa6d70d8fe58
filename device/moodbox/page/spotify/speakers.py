"""The speaker that Spotify plays on: those there are, the one that is chosen, and how loud it may be."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import BadRequest

from moodbox.music.spotify.values import SpeakerKind
from moodbox.page.desk import Desk
from moodbox.page.fields import level, one_of, text
from moodbox.page.guard import browser
from moodbox.page.pace import Pace
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.routes import NOTHING, blueprint, room
from moodbox.page.spotify.view import offered

LONGEST = 200  # characters of a speaker's id or name


def speakers(desk: Desk, memory: Memory, pace: Pace) -> Blueprint:
    """Build the routes."""
    routes = blueprint("speakers", memory, pace)

    @routes.post("/spotify/speakers")
    def look() -> Response:
        spotify = room(desk)
        found = spotify.speakers()
        memory.offers = tuple(offer.choice for offer in found)
        chosen = spotify.view().preferences.speaker
        return jsonify(speakers=[offered(offer, chosen) for offer in found])

    @routes.post("/spotify/speaker")
    def use() -> tuple[str, int]:
        wanted = text("name", most=LONGEST), text("id", most=LONGEST), one_of("kind", SpeakerKind)
        # As it was offered: a visitor names a speaker of the list, and cannot invent one.
        known = next((each for each in memory.offers if (each.name, each.id, each.kind) == wanted), None)
        if known is None:
            raise BadRequest("That speaker is not on the list any more: look for speakers again.")
        room(desk).use_speaker(known)
        return NOTHING

    @routes.post("/spotify/ceiling")
    def ceiling() -> tuple[str, int]:
        room(desk).prefer(ceiling=level("ceiling"))
        return NOTHING

    @routes.post("/spotify/speaker/later")
    def later() -> tuple[str, int]:
        """Put off the choice of a speaker."""
        memory.visits.of(browser()).skipped = True
        return NOTHING

    return routes
