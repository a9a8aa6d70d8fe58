"""Searching: at most ten a page, and Spotify's own playlists come as null."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import request

from moodbox.standin.refused import Refused
from moodbox.standin.webapi.base import Answer, api, caller, documents, needed, number, world

_TYPES = ("album", "artist", "playlist", "track", "show", "episode", "audiobook")
T = TypeVar("T")


@api.get("/search")
def search() -> Answer:
    """Answer what fits the words, a page for each type that was asked for."""
    words, types = needed("q"), needed("type").split(",")
    if not set(types) <= set(_TYPES):
        raise Refused(400, "Bad search type field")
    limit, offset = number("limit", 5, 1, 10), number("offset", 0, 0, 1000)
    write = documents()
    found: dict[str, Any] = {}
    for kind in types:
        hits = _hits(kind, words)
        query: dict[str, Any] = {"query": words, "type": kind} | {
            key: request.args[key] for key in ("market",) if key in request.args
        }
        found[f"{kind}s"] = write.page("/search", hits, limit=limit, offset=offset, **query)
    return found


def _hits(kind: str, words: str) -> list[Any]:
    write, known = documents(), world()
    music = [track for track in known.tracks.values() if track.kind == "track"]
    if kind == "track":
        ranked = _rank(music, words, lambda one: f"{one.title} {one.artists[0].name} {one.album.name} {one.mood}")
        return [write.track(one) for one in ranked]
    if kind == "artist":
        artists = {one.artists[0].id: one.artists[0] for one in music}
        return [write.whole_artist(one) for one in _rank(artists.values(), words, lambda one: one.name)]
    if kind == "album":
        albums = {one.album.id: one.album for one in music}
        return [write.album(one) for one in _rank(albums.values(), words, lambda one: f"{one.name} {one.artist.name}")]
    if kind == "playlist":
        seen = [one for one in known.playlists.values() if one.public]
        ranked_lists = _rank(seen, words, lambda one: f"{one.name} {one.description}")
        reader = caller().user.id
        return [None if one.owner == "spotify" else write.playlist(one, reader) for one in ranked_lists]
    return []


def _rank(things: Iterable[T], words: str, text: Callable[[T], str]) -> list[T]:
    """Sort by how many of the words are in a thing's text; without any it is no hit."""
    sought = [word for word in words.lower().replace(":", " ").split() if word]

    def hits(thing: T) -> int:
        here = text(thing).lower()
        return sum(word in here for word in sought)

    counted = [(hits(thing), thing) for thing in things]
    return [thing for count, thing in sorted(counted, key=lambda pair: -pair[0]) if count]
