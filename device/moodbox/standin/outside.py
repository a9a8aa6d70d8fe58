"""Where links to Spotify lead in the demo: a page that says what would open there."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, abort, current_app, render_template

from moodbox.standin.world import World

outside = Blueprint("outside", __name__, template_folder="templates")


@outside.get("/open/<kind>/<subject>")
def shown(kind: str, subject: str) -> Any:
    """Name a track, playlist, artist or album."""
    world = cast("World", current_app.extensions["moodbox-world"])
    uri = f"spotify:{kind}:{subject}"
    music = world.tracks.values()
    names = {
        **{one.uri: one.name for one in world.playlists.values() if one.public or one.readable(world.owner.id)},
        **{one.uri: f"{one.title} by {one.artists[0].name}" for one in music if one.id},
        **{artist.uri: artist.name for one in music for artist in one.artists if artist.id},
        **{one.album.uri: one.album.name for one in music if one.album.id},
    }
    if uri not in names:
        abort(404)
    return render_template("open.html", kind=kind, name=names[uri], picture=f"/covers/{subject}.jpg")
