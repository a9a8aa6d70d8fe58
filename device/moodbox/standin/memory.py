"""What the demo's Spotify remembers from one start of the simulator to the next: sign-ins, playlists and the library.

A newcomer who linked the box yesterday need not do it again today. What plays is not kept: a restart is silence.
"""

from __future__ import annotations

import base64
import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moodbox import atomic
from moodbox.errors import StorageError
from moodbox.standin.grants import Access, Grant
from moodbox.standin.things import Item, Playlist
from moodbox.standin.world import World

log = logging.getLogger(__name__)


class Memory:
    """One file, written beside and renamed; without a readable one the world begins anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = ""

    def recall(self, world: World) -> None:
        """Put what the file holds into the world."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            with world.lock:
                _recall(world, found)
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            log.warning("the stand-in for Spotify begins anew: %s cannot be read", self._path)

    def keep(self, world: World) -> None:
        """Write what changed, if anything did."""
        with world.lock:
            text = json.dumps(_remembered(world))
        if text != self._written:
            self._written = text
            try:
                atomic.write_bytes(self._path, text.encode(), private=True)
            except StorageError as error:
                log.warning("the stand-in for Spotify will not remember this: %s", error)


def _remembered(world: World) -> dict[str, Any]:
    grants = world.grants
    now = world.clock()
    return {
        "seed": world.seed,
        "grants": {token: asdict(grant) for token, grant in grants.refresh.items()},
        "access": [
            [token, access.grant.refresh_token, access.expires_at]
            for token, access in grants.access.items()
            if access.expires_at > now
        ],
        "playlists": [_folded(playlist) for playlist in world.playlists.values() if playlist.writes or playlist.made],
        "followed": world.followed,
        "library": world.library,
    }


def _recall(world: World, found: dict[str, Any]) -> None:
    if found["seed"] != world.seed:
        return
    playlists = [_unfolded(one) for one in found["playlists"]]
    refresh = {token: Grant(**grant | {"scopes": tuple(grant["scopes"])}) for token, grant in found["grants"].items()}
    access = {token: Access(refresh[grant], until) for token, grant, until in found["access"] if grant in refresh}
    world.playlists.update({playlist.uri: playlist for playlist in playlists})
    world.followed[:] = [uri for uri in found["followed"] if uri in world.playlists]
    world.library.clear()
    world.library.update(found["library"])
    world.grants.refresh.update(refresh)
    world.grants.access.update(access)


def _folded(playlist: Playlist) -> dict[str, Any]:
    document = asdict(playlist)
    document["collaborators"] = sorted(playlist.collaborators)
    document["cover"] = base64.b64encode(playlist.cover).decode()
    return document


def _unfolded(document: dict[str, Any]) -> Playlist:
    items = [Item(**item) for item in document["items"]]
    people, cover = frozenset(document["collaborators"]), base64.b64decode(document["cover"])
    return Playlist(**document | {"items": items, "collaborators": people, "cover": cover})
