"""What a new app can no longer call (spotify.md 1.2): a bare 403, whatever the token may do."""

from __future__ import annotations

from moodbox.standin.refused import Refused
from moodbox.standin.webapi.base import Answer, api

_READ = ("GET",)
_SAVE = ("PUT", "DELETE")
_GONE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/albums", _READ),
    ("/artists", _READ),
    ("/artists/<thing>/top-tracks", _READ),
    ("/artists/<thing>/related-artists", _READ),
    ("/audio-analysis/<thing>", _READ),
    ("/audio-features", _READ),
    ("/audio-features/<thing>", _READ),
    ("/audiobooks", _READ),
    ("/browse/categories", _READ),
    ("/browse/categories/<thing>", _READ),
    ("/browse/categories/<thing>/playlists", _READ),
    ("/browse/featured-playlists", _READ),
    ("/browse/new-releases", _READ),
    ("/chapters", _READ),
    ("/episodes", _READ),
    ("/markets", _READ),
    ("/me/albums", _SAVE),
    ("/me/albums/contains", _READ),
    ("/me/audiobooks", _SAVE),
    ("/me/audiobooks/contains", _READ),
    ("/me/episodes", _SAVE),
    ("/me/episodes/contains", _READ),
    ("/me/following", _SAVE),
    ("/me/following/contains", _READ),
    ("/me/shows", _SAVE),
    ("/me/shows/contains", _READ),
    ("/me/tracks", _SAVE),
    ("/me/tracks/contains", _READ),
    ("/playlists/<thing>/followers", _SAVE),
    ("/playlists/<thing>/followers/contains", _READ),
    ("/playlists/<thing>/tracks", ("GET", "POST", "PUT", "DELETE")),
    ("/recommendations", _READ),
    ("/recommendations/available-genre-seeds", _READ),
    ("/shows", _READ),
    ("/tracks", _READ),
    ("/users/<thing>", _READ),
    ("/users/<thing>/playlists", _READ),
)


def gone(thing: str = "") -> Answer:
    """Refuse."""
    del thing
    raise Refused(403, "Forbidden")


def for_somebody_else(thing: str) -> Answer:
    """Refuse as the old way of making playlists does, whatever the scopes."""
    del thing
    raise Refused(403, "You cannot create a playlist for another user.")


for _path, _methods in _GONE:
    api.add_url_rule(_path, f"gone {_path} {_methods[0]}".replace(".", ""), gone, methods=_methods)
api.add_url_rule("/users/<thing>/playlists", "for somebody else", for_somebody_else, methods=["POST"])
