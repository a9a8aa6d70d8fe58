"""Who is signed in, and what they hear most."""

from __future__ import annotations

from flask import request

from moodbox.standin.refused import Refused
from moodbox.standin.webapi.base import Answer, api, caller, documents, needs, paging, world

_RANGES = {"short_term", "medium_term", "long_term"}


@api.get("/me")
def me() -> Answer:
    """Answer GET /me; whether it needs a scope is not known (spotify.md 1.5), so it needs none."""
    return documents().user(caller().user)


def _top() -> list[str]:
    span = request.args.get("time_range", "medium_term")
    if span not in _RANGES:
        raise Refused(400, "Invalid time range")
    top = world().top if caller().user.id == world().owner.id else []
    turn = {"short_term": 20, "medium_term": 0, "long_term": 40}[span]
    return [*top[turn:], *top[:turn]]


@api.get("/me/top/tracks")
@needs("user-top-read")
def top_tracks() -> Answer:
    """Answer the tracks that were heard most."""
    limit, offset = paging()
    write = documents()
    tracks = [write.track(world().tracks[uri]) for uri in _top()]
    return write.page("/me/top/tracks", tracks, limit=limit, offset=offset)


@api.get("/me/top/artists")
@needs("user-top-read")
def top_artists() -> Answer:
    """Answer the artists that were heard most."""
    limit, offset = paging()
    write = documents()
    artists = {artist.id: artist for uri in _top() for artist in world().tracks[uri].artists}
    shown = [write.whole_artist(artist) for artist in artists.values()]
    return write.page("/me/top/artists", shown, limit=limit, offset=offset)
