"""Playlists: lists, contents, writing, covers."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Any

from flask import jsonify, request
from PIL import Image

from moodbox.standin.refused import Refused
from moodbox.standin.things import Item, Playlist, new_id
from moodbox.standin.webapi.base import (
    MAX_URIS,
    Answer,
    api,
    body,
    caller,
    documents,
    needs,
    number,
    paging,
    require,
    world,
)
from moodbox.standin.webapi.fields import choose

MODIFY = ("playlist-modify-public", "playlist-modify-private")
MAX_COVER = 256 * 1024  # bytes of base64


def find(playlist_id: str) -> Playlist:
    """Find a playlist that the caller may know of; Spotify's own and other people's private ones are not found."""
    playlist = world().playlists.get(f"spotify:playlist:{playlist_id}")
    hidden = playlist is None or playlist.owner == "spotify"
    if playlist is None or hidden or not (playlist.public or playlist.readable(caller().user.id)):
        raise Refused(404, "Resource not found")
    return playlist


def writable(playlist_id: str) -> Playlist:
    """Find a playlist that the caller may change."""
    playlist = find(playlist_id)
    require("playlist-modify-public" if playlist.public else "playlist-modify-private")
    if not playlist.readable(caller().user.id):
        raise Refused(403, "You cannot modify a playlist you don't own.")
    return playlist


@api.get("/me/playlists")
@needs("playlist-read-private")
def mine() -> Answer:
    """Answer own and followed playlists; Spotify's own are null, others' collaborative ones need their scope."""
    limit, offset = paging()
    write, user = documents(), caller().user.id
    shown: list[Any] = []
    for uri in world().followed_by(user):
        playlist = world().playlists[uri]
        if playlist.collaborators and "playlist-read-collaborative" not in caller().scopes:
            continue
        shown.append(None if playlist.owner == "spotify" else write.playlist(playlist, user))
    return write.page("/me/playlists", shown, limit=limit, offset=offset)


@api.post("/me/playlists")
@needs(*MODIFY)
def make() -> Answer:
    """Make a playlist: public unless told otherwise."""
    sent = body()
    name = sent.get("name")
    if not isinstance(name, str) or not name:
        raise Refused(400, "Missing required field: name")
    public = sent.get("public") is not False
    require("playlist-modify-public" if public else "playlist-modify-private")
    known = world()
    playlist = Playlist(
        new_id(known.seed, "made", len(known.playlists), known.clock()),
        name,
        caller().user.id,
        description=str(sent.get("description") or ""),
        public=public,
        made=True,
    )
    known.playlists[playlist.uri] = playlist
    known.followed_by(caller().user.id).insert(0, playlist.uri)
    write = documents()
    document = write.playlist(playlist, caller().user.id)
    document["items"] = write.page(f"/playlists/{playlist.id}/items", [], limit=100, offset=0)
    return document, 201


@api.get("/playlists/<playlist_id>")
def one(playlist_id: str) -> Answer:
    """Answer one playlist, with its first hundred items where the caller may see them."""
    playlist = find(playlist_id)
    if not playlist.public:
        require("playlist-read-private")
    write = documents()
    document = write.playlist(playlist, caller().user.id)
    if "items" in document:
        items = [write.item(item) for item in playlist.items]
        document["items"] = write.page(f"/playlists/{playlist_id}/items", items, limit=100, offset=0)
    return choose(document, request.args.get("fields"))


@api.put("/playlists/<playlist_id>")
@needs(*MODIFY)
def change(playlist_id: str) -> Answer:
    """Change name, description or visibility."""
    playlist, sent = writable(playlist_id), body()
    if playlist.owner != caller().user.id:
        raise Refused(403, "You cannot modify a playlist you don't own.")
    playlist.name = str(sent.get("name") or playlist.name)
    if isinstance(sent.get("description"), str):
        playlist.description = sent["description"]
    if isinstance(sent.get("public"), bool):
        playlist.public = sent["public"]
    playlist.writes += 1
    return "", 200


@api.get("/playlists/<playlist_id>/items")
@needs("playlist-read-private")
def contents(playlist_id: str) -> Answer:
    """Answer what is in an own or collaborative playlist; everybody else's is a bare 403."""
    limit, offset = paging()
    playlist = find(playlist_id)
    if not playlist.readable(caller().user.id):
        raise Refused(403, "Forbidden")
    write = documents()
    items = [write.item(item) for item in playlist.items[offset : offset + limit]]
    page = write.page(f"/playlists/{playlist_id}/items", items, limit=limit, offset=offset, total=len(playlist.items))
    return choose(page, request.args.get("fields"))


def _uris(sent: dict[str, Any]) -> list[str]:
    """Read the URIs to write, of the query or else of the body."""
    uris = request.args["uris"].split(",") if request.args.get("uris") else sent.get("uris")
    if not isinstance(uris, list) or not all(isinstance(uri, str) for uri in uris):
        raise Refused(400, "No uris provided")
    if len(uris) > MAX_URIS:
        raise Refused(400, "You can add a maximum of 100 tracks per request.")
    for uri in uris:
        if uri not in world().tracks:
            raise Refused(400, f"Invalid track uri: {uri}")
    return uris


def _written(playlist: Playlist, items: list[Item]) -> dict[str, str]:
    playlist.items = items
    playlist.writes += 1
    return {"snapshot_id": playlist.snapshot}


@api.post("/playlists/<playlist_id>/items")
@needs(*MODIFY)
def add(playlist_id: str) -> Answer:
    """Add items, at the end or at a position."""
    playlist, sent = writable(playlist_id), body()
    new = [Item(uri, world().clock(), caller().user.id) for uri in _uris(sent)]
    if not new:
        raise Refused(400, "No uris provided")
    here = sent.get("position", number("position", len(playlist.items), 0, 100_000))
    if not isinstance(here, int) or not 0 <= here <= len(playlist.items):
        raise Refused(400, "Invalid position")
    return _written(playlist, [*playlist.items[:here], *new, *playlist.items[here:]]), 201


@api.put("/playlists/<playlist_id>/items")
@needs(*MODIFY)
def replace(playlist_id: str) -> Answer:
    """Replace all items, or move some."""
    playlist, sent = writable(playlist_id), body()
    if "range_start" not in sent:
        return _written(playlist, [Item(uri, world().clock(), caller().user.id) for uri in _uris(sent)])
    start, before, count = sent["range_start"], sent.get("insert_before"), sent.get("range_length", 1)
    if not all(isinstance(one, int) and 0 <= one <= len(playlist.items) for one in (start, before, count)):
        raise Refused(400, "Index out of bounds.")
    moved, rest = playlist.items[start : start + count], list(playlist.items)
    del rest[start : start + count]
    place = before - count if before > start else before
    return _written(playlist, [*rest[:place], *moved, *rest[place:]])


@api.delete("/playlists/<playlist_id>/items")
@needs(*MODIFY)
def remove(playlist_id: str) -> Answer:
    """Take items out, wherever they stand."""
    playlist, sent = writable(playlist_id), body()
    named = sent.get("items")
    if not isinstance(named, list) or not named or len(named) > MAX_URIS:
        raise Refused(400, "No uris provided")
    gone = {one.get("uri") for one in named if isinstance(one, dict)}
    return _written(playlist, [item for item in playlist.items if item.uri not in gone])


@api.get("/playlists/<playlist_id>/images")
def images(playlist_id: str) -> Answer:
    """Answer where the cover is."""
    return jsonify(documents().playlist_images(find(playlist_id)))


@api.put("/playlists/<playlist_id>/images")
@needs("ugc-image-upload")
def upload(playlist_id: str) -> Answer:
    """Take a cover: a base64 JPEG of at most 256 KB."""
    playlist = writable(playlist_id)
    if playlist.owner != caller().user.id:
        raise Refused(403, "You cannot modify a playlist you don't own.")
    sent = request.get_data()
    if request.mimetype != "image/jpeg":
        raise Refused(400, "Unsupported media type: image/jpeg is needed")
    if len(sent) > MAX_COVER:
        raise Refused(413, "Payload too large")
    try:
        jpeg = base64.b64decode(sent, validate=True)
        kind = Image.open(io.BytesIO(jpeg)).format
    except (binascii.Error, OSError) as error:
        raise Refused(400, "Could not decode image") from error
    if kind != "JPEG":
        raise Refused(400, "Could not decode image")
    playlist.cover = jpeg
    playlist.writes += 1
    return "", 202
