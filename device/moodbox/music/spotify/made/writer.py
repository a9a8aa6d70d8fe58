"""Writing tracks into a made playlist; what the box remembers of it is never ahead of what is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from moodbox.lock import FileLock
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError
from moodbox.music.spotify.made.hold import held
from moodbox.music.spotify.made.maker import Maker
from moodbox.music.spotify.ports import Made, Shelf, WebApi

_GONE = (403, 404)  # 403 is what a playlist of another account answers: somebody else has signed in


class Writer:
    """Replace what is in the playlist of a kind."""

    def __init__(self, maker: Maker, shelf: Shelf, lock: FileLock) -> None:
        self._maker = maker
        self._shelf = shelf
        self._lock = lock

    def write(self, kind: str, uris: Sequence[str], api: WebApi, *, lost: str = "", always: bool = False) -> Made:
        """Make these (<= 100) the only tracks, in a new playlist if the old one is gone; raises SpotifyError.

        What was written last is not written again, unless `always`: then its owner has changed it meanwhile.
        """
        made = self._maker.have(kind, api, lost=lost)
        try:
            return self._put(made, uris, api, always=always)
        except SpotifyError as error:
            if not is_gone(error):
                raise
        return self._put(self._maker.have(kind, api, lost=made.uri), uris, api, always=True)

    def note(self, kind: str, **changes: str | float) -> Made:
        """Change what is remembered of a made playlist."""
        with held(self._lock):
            made = replace(self._row(kind), **changes)  # type: ignore[arg-type]
            self._shelf.keep_made(made)
            return made

    def _put(self, made: Made, uris: Sequence[str], api: WebApi, *, always: bool) -> Made:
        wanted = digest(uris)
        with held(self._lock):
            row = self._row(made.kind)
            if row.items_digest == wanted and not always:
                return row
            # Forgotten first: after a cut nobody knows which list is in it, and the next one must be written.
            self._shelf.keep_made(replace(row, items_digest=""))
            api.replace_tracks(row.uri.rsplit(":", 1)[-1], uris)
            row = replace(row, items_digest=wanted)
            self._shelf.keep_made(row)
            return row

    def _row(self, kind: str) -> Made:
        row = self._shelf.made(kind)
        if row is None or not row.uri:
            raise NeedsLogin("Spotify was disconnected meanwhile")
        return row


def digest(uris: Sequence[str]) -> str:
    """Name a list of tracks."""
    return hashlib.sha256("\n".join(uris).encode()).hexdigest()


def is_gone(error: SpotifyError) -> bool:
    """Say whether a playlist is no longer there, or no longer ours."""
    return error.key == "spotify-playlist" and error.status in _GONE
