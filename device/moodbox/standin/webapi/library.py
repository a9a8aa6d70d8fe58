"""What the account has saved, and single tracks, albums and artists."""

from __future__ import annotations

from flask import jsonify

from moodbox.standin.documents import stamp
from moodbox.standin.refused import Refused
from moodbox.standin.webapi.base import (
    MAX_LIBRARY,
    Answer,
    api,
    caller,
    documents,
    needed,
    needs,
    paging,
    require,
    world,
)

_KINDS = {
    "track": "user-library-modify",
    "album": "user-library-modify",
    "episode": "user-library-modify",
    "show": "user-library-modify",
    "audiobook": "user-library-modify",
    "user": "user-follow-modify",
    "playlist": "playlist-modify-public",
}
_READ = {"playlist": "playlist-read-private", "user": "user-follow-read", "artist": "user-follow-read"}


def _uris(kinds: set[str]) -> list[str]:
    """Read the URIs of the query: at most 40, each of a kind that this operation takes."""
    uris = needed("uris").split(",")
    if len(uris) > MAX_LIBRARY:
        raise Refused(400, "Too many uris")
    for uri in uris:
        parts = uri.split(":")
        if len(parts) != 3 or parts[0] != "spotify" or parts[1] not in kinds or not parts[2]:
            raise Refused(400, f"Invalid uri: {uri}")
    return uris


@api.get("/me/tracks")
@needs("user-library-read")
def saved_tracks() -> Answer:
    """Answer the saved tracks, newest first."""
    limit, offset = paging()
    known, write = world(), documents()
    mine = known.library_of(caller().user.id)
    newest = sorted((uri for uri in mine if uri.startswith("spotify:track:")), key=lambda uri: -mine[uri])
    items = [{"added_at": stamp(mine[uri]), "track": write.track(known.tracks[uri])} for uri in newest]
    return write.page("/me/tracks", items, limit=limit, offset=offset)


@api.put("/me/library")
@needs(*_KINDS.values())
def save() -> Answer:
    """Save things; a playlist that is saved is followed."""
    uris = _uris(set(_KINDS))
    for uri in uris:
        require(_KINDS[uri.split(":")[1]])
        if uri.startswith("spotify:track:") and uri not in world().tracks:
            raise Refused(400, f"Invalid uri: {uri}")
    known = world()
    followed, library = known.followed_by(caller().user.id), known.library_of(caller().user.id)
    for uri in uris:
        if uri not in known.playlists:
            library.setdefault(uri, known.clock())
        elif uri not in followed:
            followed.insert(0, uri)
    return "", 200


@api.delete("/me/library")
@needs(*_KINDS.values())
def drop() -> Answer:
    """Take things out; a playlist that is dropped is no longer followed, and an own one is gone for its owner."""
    uris = _uris(set(_KINDS))
    for uri in uris:
        require(_KINDS[uri.split(":")[1]])
    followed, library = world().followed_by(caller().user.id), world().library_of(caller().user.id)
    for uri in uris:
        if uri in followed:
            followed.remove(uri)
        library.pop(uri, None)
    return "", 200


@api.get("/me/library/contains")
@needs("user-library-read", "user-follow-read", "playlist-read-private")
def contains() -> Answer:
    """Say for each whether it is saved."""
    uris = _uris({*_KINDS, "artist"})
    for uri in uris:
        require(_READ.get(uri.split(":")[1], "user-library-read"))
    followed, library = world().followed_by(caller().user.id), world().library_of(caller().user.id)
    return jsonify([uri in library or uri in followed for uri in uris])


@api.get("/tracks/<track_id>")
def track(track_id: str) -> Answer:
    """Answer one track."""
    found = world().tracks.get(f"spotify:track:{track_id}")
    if found is None:
        raise Refused(404, "Resource not found")
    return documents().track(found)


@api.get("/episodes/<episode_id>")
@needs("user-read-playback-position")
def episode(episode_id: str) -> Answer:
    """Answer one episode."""
    found = world().tracks.get(f"spotify:episode:{episode_id}")
    if found is None:
        raise Refused(404, "Resource not found")
    return documents().track(found)


@api.get("/artists/<artist_id>")
def artist(artist_id: str) -> Answer:
    """Answer one artist."""
    for each in world().tracks.values():
        for found in each.artists:
            if found.id == artist_id and each.kind == "track":
                return documents().whole_artist(found)
    raise Refused(404, "Resource not found")


@api.get("/albums/<album_id>")
def album(album_id: str) -> Answer:
    """Answer one album with its tracks."""
    write = documents()
    tracks = [one for one in world().tracks.values() if one.album.id == album_id and one.kind == "track"]
    if not tracks:
        raise Refused(404, "Resource not found")
    listed = [write.simple_track(one) for one in tracks]
    page = write.page(f"/albums/{album_id}/tracks", listed, limit=50, offset=0)
    return write.album(tracks[0].album) | {"tracks": page, "copyrights": [], "external_ids": {}}


@api.get("/albums/<album_id>/tracks")
def album_tracks(album_id: str) -> Answer:
    """Answer the tracks of an album."""
    limit, offset = paging()
    write = documents()
    tracks = [one for one in world().tracks.values() if one.album.id == album_id and one.kind == "track"]
    if not tracks:
        raise Refused(404, "Resource not found")
    listed = [write.simple_track(one) for one in tracks]
    return write.page(f"/albums/{album_id}/tracks", listed, limit=limit, offset=offset)
