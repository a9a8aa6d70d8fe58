"""The workshop: the private playlists that the box makes in the account and writes its lifts and moods into."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from moodbox.errors import CatalogueError
from moodbox.lock import FileLock
from moodbox.mood import COORDINATES
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.made.finder import Finder
from moodbox.music.spotify.made.maker import Maker
from moodbox.music.spotify.made.mark import bears, title
from moodbox.music.spotify.made.mix import mix
from moodbox.music.spotify.made.writer import Writer, digest
from moodbox.music.spotify.ports import Made, Shelf, WebApi
from moodbox.music.spotify.values import LIFT, LIMIT_URIS, Account, Feature, Playlist, Purpose, Track

log = logging.getLogger(__name__)

WEEK = 7 * 86_400.0  # seconds

Progress = Callable[[str], None]
Listing = Mapping[str, Playlist]  # the account's playlists by URI


class Workshop:
    """Make playlists and write into them. Two processes may have one each: the lock is between them."""

    def __init__(
        self,
        api: WebApi,
        shelf: Shelf,
        login_may: Callable[[Feature], bool],
        lock: FileLock,
        *,
        clock: Callable[[], float] = time.time,
        account: Callable[[], Account],
    ) -> None:
        self.lock = lock
        self.finder = Finder(shelf, clock=clock)
        self._api = api
        self._shelf = shelf
        self._may = login_may
        self._clock = clock
        self._account = account
        self._maker = Maker(shelf, lock, clock=clock)
        self._writer = Writer(self._maker, shelf, lock)

    def playlist_for(self, kind: str) -> Made:
        """Return the one private playlist of a kind, made if need be; raises SpotifyError."""
        _check(kind)
        self._must(Feature.LIFT if kind == LIFT else Feature.MAKE)
        return self._maker.have(kind, self._api.for_(Purpose.PAGE))

    def write_lift(self, uris: Sequence[str]) -> str:
        """Write a lift and return the URI to play; the list that is there already costs no call."""
        self._must(Feature.LIFT)
        if not 0 < len(uris) <= LIMIT_URIS:
            raise SpotifyError(
                f"A lift has 1 to {LIMIT_URIS} tracks, not {len(uris)}",
                "Choose playlists of your own for more moods",
                Verdict.TELL,
                key="spotify-playlist",
            )
        return self._writer.write(LIFT, uris, self._api.for_(Purpose.PRESS)).uri

    def make(
        self,
        label: str,
        progress: Progress = lambda _: None,
        *,
        purpose: Purpose = Purpose.PAGE,
        listed: Listing | None = None,
    ) -> str:
        """Make or renew "Moodbox: <label>" by the rule of `mix`, and say in a sentence how it went.

        `listed` is what `list_library` has just returned, if it was asked already. Raises SpotifyError.
        """
        _check(label, but=LIFT)
        self._must(Feature.MAKE)
        account = self._account()
        api = self._api.for_(purpose)
        progress("Looking through your playlists.")
        listing = self.list_library(api) if listed is None else listed
        old = self._shelf.made(label)
        lost = self.lost(old, listing)
        now = api.playlist_tracks(_id(old), most=LIMIT_URIS) if old and old.uri and not lost else None
        progress(f"Choosing tracks for {title(label)}.")
        chance = random.Random(f"{label}:{int(self._clock() // WEEK)}")
        material = self.finder.gather(label, api, now or (), chance)
        chosen = mix(material, chance)
        if not chosen:
            raise SpotifyError(
                f'Spotify found no music for "{label}"',
                "Choose a playlist of your own for this mood, or another language under Setup",
                Verdict.TELL,
                key="spotify-playlist",
            )
        progress(f"Writing {title(label)}.")
        made = self._write(label, chosen, now, api, lost)
        self._file(made, chosen, listing.get(made.uri), lost)
        self.dress(made, api, bare=_is_bare(listing.get(made.uri)) and not self._maker.is_young(made))
        return _told(label, chosen, now, account)

    def list_library(self, api: WebApi) -> Listing:
        """Ask for the account's playlists and remember them, with covers and snapshots of today."""
        playlists = api.own_playlists()
        self._shelf.meet_playlists(playlists, "library", whole_library=True)
        return {playlist.uri: playlist for playlist in playlists}

    def lost(self, made: Made | None, listing: Listing) -> str:
        """Return the URI of a made playlist that its owner has deleted, else "".

        Spotify goes on answering for deleted playlists: only the listing tells. A new one may not be listed yet.
        """
        if made is None or not made.uri or made.uri in listing or self._maker.is_young(made):
            return ""
        return made.uri

    def dress(self, made: Made, api: WebApi, *, bare: bool = False) -> None:
        """Give a playlist its cover where it has none of ours yet; a failure is no reason to stop."""
        from moodbox.music.spotify.made import cover  # noqa: PLC0415 - Pillow is needed a few times a year

        seed = int(digest([made.mark])[:8], 16)
        wanted = cover.digest(made.kind, seed)
        if (made.cover_digest == wanted and not bare) or not self._may(Feature.MAKE):
            return
        try:
            api.upload_cover(_id(made), cover.draw(made.kind, seed))
        except SpotifyError as error:
            log.warning("the cover of %s was not taken: %s", title(made.kind), error.cause)
            return
        self._writer.note(made.kind, cover_digest=wanted)

    def _write(self, label: str, chosen: Sequence[Track], now: Sequence[Track] | None, api: WebApi, lost: str) -> Made:
        uris = [track.uri for track in chosen]
        if now is None or uris != [track.uri for track in now]:
            self._writer.write(label, uris, api, lost=lost, always=True)
        return self._writer.note(label, items_digest=digest(uris), refreshed_at=self._clock())

    def _file(self, made: Made, chosen: Sequence[Track], listed: Playlist | None, lost: str) -> None:
        """Remember the playlist and let the mood have it: in the place of the one it replaces, or as the only one."""
        playlist = listed or self._shelf.playlist(made.uri) or Playlist(made.uri, title(made.kind), owned=True)
        self._shelf.meet_playlists([replace(playlist, total=len(chosen))], "made")
        self._shelf.meet_tracks(chosen, "playlist")
        self._shelf.fill(made.uri, chosen, "")  # what Spotify calls this state is not known: nothing is held for read
        theirs = self._shelf.mood_playlists(made.kind)
        before = [one.uri for one in theirs]
        # By mark as well: after a cut it may be no news any more that the one before is lost.
        after = [made.uri if one.uri == lost or bears(one, made.mark) else one.uri for one in theirs] or [made.uri]
        if after != before:
            self._shelf.choose(made.kind, list(dict.fromkeys(after)))

    def _must(self, feature: Feature) -> None:
        if not self._may(feature):
            raise SpotifyError(
                "The box may not make playlists in this account yet",
                "Allow Moodbox to make playlists: open the Moods tab and sign in once more",
                Verdict.TELL,
                key="spotify-setup",
            )


def _check(kind: str, but: str = "") -> None:
    if kind == but or kind not in (*COORDINATES, LIFT):
        raise CatalogueError(f'"{kind}" is no mood this box knows: choose one of {", ".join(COORDINATES)}')


def _id(made: Made) -> str:
    return made.uri.rsplit(":", 1)[-1]


def _is_bare(playlist: Playlist | None) -> bool:
    return playlist is not None and not playlist.cover


def _told(label: str, chosen: Sequence[Track], now: Sequence[Track] | None, account: Account) -> str:
    before = {track.uri for track in now or ()}
    new = sum(track.uri not in before for track in chosen)
    whose = f"the account of {account.name}" if account.name else "your account"
    if now is None:
        return f"{title(label)} is made: {len(chosen)} tracks, in {whose}."
    return f"{title(label)} is fresh: {new} of {len(chosen)} tracks are new, in {whose}."
