"""The private playlists of the box: one of each kind, never two, whatever happens between two steps."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from moodbox.lock import FileLock
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.made.hold import held
from moodbox.music.spotify.made.mark import bears, description, earlier_mark, new_mark, title
from moodbox.music.spotify.ports import Made, Shelf, WebApi

log = logging.getLogger(__name__)

SETTLING = 120.0  # s within which a playlist may exist at Spotify and not be listed yet


class Maker:
    """Find or make the playlist of a kind.

    The order is what keeps it single: the row with its mark is in the database first, then the account's playlists
    are searched for the mark, and only then is one made. Whoever is cut off in between, by a lost answer or a pulled
    plug, finds the playlist by its mark the next time. A new playlist may take a moment to be listed, so after a
    request whose end nobody knows the next one is not sent for two minutes.
    """

    def __init__(self, shelf: Shelf, lock: FileLock, *, clock: Callable[[], float] = time.time) -> None:
        self._shelf = shelf
        self._lock = lock
        self._clock = clock

    def have(self, kind: str, api: WebApi, *, lost: str = "") -> Made:
        """Return the one playlist of a kind; `lost` is the URI of one that seems gone. Raises SpotifyError."""
        with held(self._lock):
            known = self._shelf.made(kind)
            made = self._shelf.plan_made(kind, new_mark())
            if made.uri and made.uri != lost:
                return made
            if found := self._find(made, api, adopt=known is None):
                return found
            if known is not None:
                self._wait_for(known)
            return self._create(made, api)

    def is_young(self, made: Made) -> bool:
        """Say whether it was made so lately that Spotify may not list it yet."""
        return 0 <= self._clock() - made.planned_at < SETTLING

    def _find(self, made: Made, api: WebApi, *, adopt: bool = False) -> Made | None:
        """Look for it in the account, by URI, then by mark; of several the first is ours, the others are left alone.

        What is listed is there, even if Spotify has just answered otherwise for it: then no second one is made.
        """
        listed = [one for one in api.own_playlists() if one.owned]
        if any(one.uri == made.uri for one in listed):
            return self._keep(replace(made, items_digest=""))
        for playlist in listed:
            mark = made.mark if bears(playlist, made.mark) else earlier_mark(playlist, made.kind) if adopt else ""
            if mark:
                self._shelf.meet_playlists([playlist], "made")
                return self._keep(replace(made, uri=playlist.uri, mark=mark, items_digest="", cover_digest=""))
        return None

    def _wait_for(self, known: Made) -> None:
        """Raise when a playlist may be on its way; a clock that went back starts the two minutes again."""
        if known.planned_at > self._clock():
            known = self._keep(replace(known, planned_at=self._clock()))
        if known.planned_at and self.is_young(known):
            raise SpotifyError(
                f"Spotify has not said yet whether it made the playlist {title(known.kind)}",
                "Nothing need be done: in two minutes the box can tell, and goes on",
                Verdict.LATER,
                key="spotify-playlist",
                retry_at=known.planned_at + SETTLING,
            )

    def _create(self, made: Made, api: WebApi) -> Made:
        asked = self._keep(replace(made, uri="", items_digest="", cover_digest="", planned_at=self._clock()))
        try:
            playlist = api.create_playlist(title(asked.kind), description(asked.mark))
        except SpotifyError as error:
            if not error.uncertain:
                self._keep(replace(asked, planned_at=0.0))  # certainly none was made: the next try need not wait
                raise
            if found := self._find(asked, api):
                log.info("the playlist %s was made although its answer was lost", title(asked.kind))
                return found
            raise
        made = self._keep(replace(asked, uri=playlist.uri))
        self._shelf.meet_playlists([playlist], "made")
        return made

    def _keep(self, made: Made) -> Made:
        self._shelf.keep_made(made)
        return made
