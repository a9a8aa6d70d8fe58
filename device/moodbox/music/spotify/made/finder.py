"""Where the tracks of a made playlist come from: the owner's playlists, liked and top tracks, and searches."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from moodbox.mood import COORDINATES
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.made.mark import bears
from moodbox.music.spotify.made.mix import Material, artist
from moodbox.music.spotify.made.words import searches
from moodbox.music.spotify.ports import Shelf, WebApi
from moodbox.music.spotify.values import LIFT, Playlist, Track

log = logging.getLogger(__name__)

SEARCHES = 4  # a playlist; ten tracks each
READ = 200  # tracks of one of the owner's playlists
SAVED = 100  # newest tracks of the library that are looked at
GROUP = 40  # tracks that the library can be asked about in one call
FRESH = 1800.0  # s for which liked and top tracks are not asked for again: seven playlists share one answer


class Finder:
    """Gather what a playlist may be made of."""

    def __init__(self, shelf: Shelf, *, clock: Callable[[], float] = time.time) -> None:
        self._shelf = shelf
        self._clock = clock
        self._favourites: tuple[Track, ...] = ()
        self._asked_at: float | None = None

    def gather(self, label: str, api: WebApi, now: Sequence[Track], chance: random.Random) -> Material:
        """Return what there is for a mood; raises SpotifyError when Spotify cannot say what the owner likes.

        Liked and top tracks know no mood, so only those count whose artist the owner has put into a playlist of this
        mood (or, while there is none, whom the search found for it), and none that is filed under other moods only.
        """
        own = list(self._own(label, api))
        market, language = self._place()
        finds = [
            track
            for words in searches(label, language, SEARCHES, chance)
            for track in self._search(words, api, market=market)
        ]
        liked_here = [track for uri in self._liked(label) if (track := self._shelf.track(uri)) is not None]
        artists = {artist(track) for track in own or finds}
        elsewhere = self._elsewhere(label) - {track.uri for track in own}
        favourites = [track for track in self._loved(api) if artist(track) in artists]
        material = Material(
            now=tuple(now),
            liked=frozenset(self._liked(label)) | self._saved(api, now),
            familiar=(*own, *liked_here, *(track for track in favourites if track.uri not in elsewhere)),
            new=tuple(track for track in finds if track.uri not in elsewhere),
        )
        self._shelf.meet_tracks(finds, "search")
        return material.without(self._forbidden(label, material))

    def read(self, playlist: Playlist, api: WebApi) -> list[Track]:
        """Return the tracks of an own playlist; Spotify is asked only when they have changed."""
        if self._shelf.is_read(playlist.uri, playlist.snapshot):
            return self._shelf.tracks(playlist.uri)
        tracks = api.playlist_tracks(playlist.id, most=READ, market=self._place()[0])
        self._shelf.fill(playlist.uri, tracks, playlist.snapshot)
        return tracks

    def sources(self, label: str) -> list[Playlist]:
        """Return the owner's own playlists of a mood; what the box made itself is no source."""
        return self._sources((label,))

    def _sources(self, labels: Iterable[str]) -> list[Playlist]:
        made = [row for kind in (*COORDINATES, LIFT) if (row := self._shelf.made(kind)) is not None]
        chosen = [one for label in labels for one in self._shelf.mood_playlists(label) if one.owned]
        # By mark as well: a predecessor that its owner deleted may still stand among the chosen ones.
        return [one for one in chosen if not any(one.uri == row.uri or bears(one, row.mark) for row in made)]

    def _own(self, label: str, api: WebApi) -> Iterator[Track]:
        for playlist in self.sources(label):
            try:
                yield from self.read(playlist, api)
            except SpotifyError as error:
                if error.verdict is not Verdict.TELL:
                    raise  # a poorer list must not replace a good one because Spotify is slow today
                log.warning("the playlist %s cannot be read: %s", playlist.uri, error.cause)

    def _search(self, words: str, api: WebApi, *, market: str) -> list[Track]:
        """Search; a search that fails because Spotify has a fault is only one source less."""
        try:
            return api.search_tracks(words, market=market)
        except SpotifyError as error:
            if error.key != "spotify-down":
                raise
            log.warning("a search failed: %s", error.cause)
            return []

    def _loved(self, api: WebApi) -> tuple[Track, ...]:
        """Return top and liked tracks, asked for once and kept for a while."""
        if self._asked_at is None or not 0 <= self._clock() - self._asked_at < FRESH:
            top, saved = api.top_tracks(), api.saved_tracks(most=SAVED)
            self._shelf.meet_tracks(top, "top")
            self._shelf.meet_tracks(saved, "liked")
            self._favourites, self._asked_at = (*top, *saved), self._clock()
        return self._favourites

    def _saved(self, api: WebApi, now: Sequence[Track]) -> frozenset[str]:
        """Say what of the list is saved in the library."""
        uris = [track.uri for track in now]
        groups = [uris[start : start + GROUP] for start in range(0, len(uris), GROUP)]
        answers = [answer for group in groups for answer in zip(group, api.saved(group), strict=True)]
        return frozenset(uri for uri, saved in answers if saved)

    def _liked(self, label: str) -> list[str]:
        return [uri for uri, mood in self._shelf.likes().items() if mood == label]

    def _elsewhere(self, label: str) -> set[str]:
        """Return what the owner has filed under other moods."""
        others = self._sources(other for other in COORDINATES if other != label)
        return {track.uri for playlist in others for track in self._shelf.tracks(playlist.uri)}

    def _forbidden(self, label: str, material: Material) -> frozenset[str]:
        everything = {track.uri: track for track in (*material.now, *material.familiar, *material.new)}
        return frozenset(uri for uri, track in everything.items() if self._shelf.is_forbidden(label, track))

    def _place(self) -> tuple[str, str]:
        preferences = self._shelf.preferences()
        return preferences.market, preferences.language
