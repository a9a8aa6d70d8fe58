"""Picking playlists for the moods, what must never play, and playlists that the box makes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import BadRequest

from moodbox.mood import COORDINATES
from moodbox.music.spotify.values import is_uri
from moodbox.page.desk import Desk
from moodbox.page.fields import one_of, text, texts, truth
from moodbox.page.pace import Pace
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.routes import NOTHING, blueprint, room
from moodbox.page.spotify.suggestions import suggestions
from moodbox.page.spotify.view import shown

MOST = 100  # playlists of a mood
LONGEST_URI = 60  # characters; a playlist's has 39
LONGEST_WORDS = 200
LONGEST_LINK = 500


def picking(desk: Desk, memory: Memory, pace: Pace) -> Blueprint:
    """Build the routes; those that may ask Spotify are no GET, so that no other page's picture can call them."""
    routes = blueprint("picking", memory, pace)

    @routes.post("/spotify/library")
    def library() -> Response:
        found = room(desk).library(again=truth("again"))
        return jsonify(playlists=[shown(playlist, memory) for playlist in found])

    @routes.post("/spotify/search")
    def search() -> Response:
        words = text("words", most=LONGEST_WORDS)
        if not words:
            raise BadRequest("Type some words to search for.")
        return jsonify(playlists=[shown(playlist, memory) for playlist in room(desk).search(words)])

    @routes.post("/spotify/look-up")
    def look_up() -> Response:
        return jsonify(playlists=[shown(room(desk).look_up(text("link", most=LONGEST_LINK)), memory)])

    @routes.post("/spotify/suggestions")
    def suggest() -> Response:
        spotify = room(desk)
        found = suggestions(spotify.library(), spotify.view().preferences.language)
        return jsonify(moods={label: [shown(each, memory) for each in fitting] for label, fitting in found.items()})

    @routes.post("/spotify/choose")
    def choose() -> tuple[str, int]:
        uris = texts("uris", most=MOST, longest=LONGEST_URI)
        if not all(is_uri(uri, "playlist") for uri in uris):
            raise BadRequest("Only playlists can be chosen for a mood.")
        room(desk).choose(one_of("label", COORDINATES), uris)
        return NOTHING

    @routes.post("/spotify/forbid")
    def forbid() -> tuple[str, int]:
        room(desk).forbid(one_of("label", COORDINATES), _barrable())
        return NOTHING

    @routes.post("/spotify/allow")
    def allow() -> tuple[str, int]:
        room(desk).allow(one_of("label", COORDINATES), _barrable())
        return NOTHING

    @routes.post("/spotify/make")
    def make() -> tuple[str, int]:
        room(desk).make(one_of("label", COORDINATES))
        return NOTHING

    @routes.post("/spotify/refresh")
    def refresh() -> tuple[str, int]:
        room(desk).refresh()
        return NOTHING

    return routes


def _barrable() -> str:
    uri = text("uri", most=LONGEST_URI)
    if not any(is_uri(uri, kind) for kind in ("track", "artist", "playlist")):
        raise BadRequest("Only a song, an artist or a playlist can be barred.")
    return uri
