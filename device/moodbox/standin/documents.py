"""The JSON documents of the Web API, with the fields that development mode still has (spotify.md 1.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from moodbox.standin.things import Album, Artist, Device, Item, Playlist, Track, User
from moodbox.standin.world import World

Json = dict[str, Any]


def stamp(at: float) -> str:
    """Write a time as Spotify does."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Documents:
    """Write what the world holds as the Web API's documents; `root` is the stand-in's own address."""

    def __init__(self, world: World, root: str) -> None:
        self._world = world
        self.root = root
        self.api = f"{root}/v1"

    def user(self, user: User) -> Json:
        """Write GET /me."""
        return {
            "account_id": user.account_id,
            "display_name": user.name,
            "external_urls": self._outside("user", user.id),
            "href": f"{self.api}/users/{user.id}",
            "id": user.id,
            "images": [],
            "type": "user",
            "uri": user.uri,
        }

    def owner(self, user_id: str) -> Json:
        """Write who owns a playlist."""
        user = self._world.users[user_id]
        return {**self._person(user_id), "display_name": user.name}

    def artist(self, artist: Artist) -> Json:
        """Write an artist as tracks name it."""
        return {
            "external_urls": self._outside("artist", artist.id),
            "href": f"{self.api}/artists/{artist.id}",
            "id": artist.id,
            "name": artist.name,
            "type": "artist",
            "uri": artist.uri,
        }

    def whole_artist(self, artist: Artist) -> Json:
        """Write an artist with pictures."""
        return {**self.artist(artist), "images": self.images(artist.id)}

    def album(self, album: Album) -> Json:
        """Write an album as tracks name it."""
        return {
            "album_type": "album",
            "artists": [self.artist(album.artist)],
            "external_urls": self._outside("album", album.id),
            "href": f"{self.api}/albums/{album.id}",
            "id": album.id,
            "images": self.images(album.id),
            "name": album.name,
            "release_date": str(album.year),
            "release_date_precision": "year",
            "total_tracks": album.tracks,
            "type": "album",
            "uri": album.uri,
        }

    def track(self, track: Track) -> Json:
        """Write a track, an episode, or a local file: whatever it is."""
        if track.kind == "episode":
            return self._episode(track)
        if track.kind == "local":
            return self._local(track)
        return {**self.simple_track(track), "album": self.album(track.album), "external_ids": {"isrc": _isrc(track)}}

    def simple_track(self, track: Track) -> Json:
        """Write a track as its album lists it."""
        return {
            "artists": [self.artist(artist) for artist in track.artists],
            "disc_number": 1,
            "duration_ms": int(track.seconds * 1000),
            "explicit": track.explicit,
            "external_urls": self._outside("track", track.id),
            "href": f"{self.api}/tracks/{track.id}",
            "id": track.id,
            "is_local": False,
            "is_playable": track.playable,
            "name": track.title,
            "track_number": track.number,
            "type": "track",
            "uri": track.uri,
        }

    def item(self, item: Item) -> Json:
        """Write a place in a playlist; a track that is gone is null."""
        track = self._world.tracks.get(item.uri)
        return {
            "added_at": stamp(item.added_at),
            "added_by": self._person(item.added_by),
            "is_local": track is not None and track.kind == "local",
            "item": None if track is None else self.track(track),
        }

    def playlist(self, playlist: Playlist, reader: str) -> Json:
        """Write a playlist as lists show it; `items` is missing where the reader may not look inside."""
        href = f"{self.api}/playlists/{playlist.id}"
        document: Json = {
            "collaborative": bool(playlist.collaborators),
            "description": playlist.description,
            "external_urls": self._outside("playlist", playlist.id),
            "href": href,
            "id": playlist.id,
            "images": self.playlist_images(playlist),
            "name": playlist.name,
            "owner": self.owner(playlist.owner),
            "public": playlist.public,
            "snapshot_id": playlist.snapshot,
            "type": "playlist",
            "uri": playlist.uri,
        }
        if playlist.readable(reader):
            document["items"] = {"href": f"{href}/items", "total": len(playlist.items)}
        return document

    def playlist_images(self, playlist: Playlist) -> list[Json]:
        """Write where a playlist's cover is: an empty one without an upload has none."""
        if playlist.cover:
            return [{"url": self.cover(f"{playlist.id}-{playlist.writes}"), "height": None, "width": None}]
        return self.images(playlist.id) if playlist.items else []

    def images(self, subject: str) -> list[Json]:
        """Write where the pictures of an album or artist are."""
        return [{"url": self.cover(subject), "height": 320, "width": 320}] if subject else []

    def cover(self, subject: str) -> str:
        """Give the address of a picture."""
        return f"{self.root}/covers/{subject}.jpg"

    def context(self, uri: str) -> Json | None:
        """Write what a track is played from; a list of tracks is no context."""
        if not uri:
            return None
        kind, subject = uri.split(":")[1:3]
        href = f"{self.api}/{kind}s/{subject}"
        return {"type": kind, "href": href, "external_urls": self._outside(kind, subject), "uri": uri}

    def device(self, device: Device, active: str) -> Json:
        """Write a Connect device."""
        return {
            "id": device.id,
            "is_active": device.id == active,
            "is_private_session": False,
            "is_restricted": device.restricted,
            "name": device.name,
            "supports_volume": device.takes_volume,
            "type": device.kind,
            "volume_percent": device.volume,
        }

    def page(
        self, path: str, documents: Sequence[Any], *, limit: int, offset: int, total: int | None = None, **query: str
    ) -> Json:
        """Write one page. Without `total`, `documents` is everything and the page is cut out of it."""
        count = len(documents) if total is None else total
        shown = list(documents[offset : offset + limit]) if total is None else list(documents)

        def address(start: int) -> str:
            return f"{self.api}{path}?{urlencode({**query, 'offset': start, 'limit': limit})}"

        return {
            "href": address(offset),
            "items": shown,
            "limit": limit,
            "next": address(offset + limit) if offset + limit < count else None,
            "offset": offset,
            "previous": address(max(offset - limit, 0)) if offset else None,
            "total": count,
        }

    def _person(self, user_id: str) -> Json:
        return {
            "external_urls": self._outside("user", user_id),
            "href": f"{self.api}/users/{user_id}",
            "id": user_id,
            "type": "user",
            "uri": f"spotify:user:{user_id}",
        }

    def _outside(self, kind: str, subject: str) -> Json:
        # The stand-in's own address: a made-up id at open.spotify.com would lead nowhere.
        return {"spotify": f"{self.root}/open/{kind}/{subject}"} if subject else {}

    def _episode(self, track: Track) -> Json:
        show = track.album
        base: Json = {
            "description": "Invented talk",
            "explicit": False,
            "html_description": "Invented talk",
            "images": self.images(track.id),
            "is_externally_hosted": False,
            "languages": ["en"],
        }
        return base | {
            "duration_ms": int(track.seconds * 1000),
            "external_urls": self._outside("episode", track.id),
            "href": f"{self.api}/episodes/{track.id}",
            "id": track.id,
            "is_playable": True,
            "name": track.title,
            "release_date": str(show.year),
            "release_date_precision": "year",
            "type": "episode",
            "uri": track.uri,
            "show": base
            | {
                "copyrights": [],
                "external_urls": self._outside("show", show.id),
                "href": f"{self.api}/shows/{show.id}",
                "id": show.id,
                "media_type": "audio",
                "name": show.name,
                "total_episodes": show.tracks,
                "type": "show",
                "uri": f"spotify:show:{show.id}",
            },
        }

    def _local(self, track: Track) -> Json:
        """Write somebody's own sound file: it has no ids and no address."""
        nobody: Json = {"external_urls": {}, "href": None, "id": None, "uri": None}
        return self.simple_track(track) | {
            "album": nobody
            | {
                "album_type": None,
                "artists": [],
                "images": [],
                "name": track.album.name,
                "release_date": None,
                "release_date_precision": None,
                "total_tracks": None,
                "type": "album",
            },
            "artists": [nobody | {"name": artist.name, "type": "artist"} for artist in track.artists],
            "external_urls": {},
            "href": None,
            "id": None,
            "is_local": True,
        }


def _isrc(track: Track) -> str:
    number = math.prod(ord(letter) for letter in track.id[:5]) % 10_000_000
    return f"ZZ0{track.album.year % 100:02d}{number:07d}"
