"""The weekly refresh: the library listed, the owner's playlists read, the box's own playlists made anew."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from moodbox.errors import StorageError
from moodbox.lock import FileLock
from moodbox.mood import COORDINATES
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.made.hold import is_taken
from moodbox.music.spotify.made.mark import title
from moodbox.music.spotify.made.workshop import Listing, Progress, Workshop
from moodbox.music.spotify.ports import Made, Shelf, WebApi
from moodbox.music.spotify.values import LIFT, Playlist, Purpose

log = logging.getLogger(__name__)

FRESH = 2 * 86_400.0  # s for which a made playlist is left as it is: after a day of quota the rest is made
SHORT = 90.0  # s that a pause asked for by Spotify is waited for; its rate limit looks at 30 s
PAUSES = 3  # such pauses in one refresh

_STOPPING = (
    "spotify-quota",
    "spotify-busy",
    "spotify-offline",
    "spotify-setup",
)  # what the next playlist would meet as well


@dataclass
class _Tally:
    """How a refresh went."""

    read: int = 0
    made: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)  # sentences
    left: list[str] = field(default_factory=list)
    stopped: SpotifyError | None = None
    pauses: int = 0


class Refresh:
    """Do the weekly job. It may be cut off anywhere and begun again: what is fresh is not done twice."""

    def __init__(
        self,
        workshop: Workshop,
        api: WebApi,
        shelf: Shelf,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._workshop = workshop
        self._api = api
        self._shelf = shelf
        self._clock = clock
        self._sleep = sleep
        self._lock = FileLock(workshop.lock.path.with_name("refresh.lock"), patience=0.0)

    def run(self, progress: Progress = lambda _: None) -> str:
        """Refresh everything and say in a sentence how it went; raises SpotifyError when nothing could be done."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._lock)
            except StorageError as error:
                if not is_taken(error):
                    raise
                return "The playlists are being refreshed already."
            return self._run(progress)

    def read(self, label: str, progress: Progress = lambda _: None) -> str:
        """Read the owner's playlists that were not read yet, those of one mood first; raises SpotifyError."""
        api = self._api.for_(Purpose.PAGE)
        count = 0
        for playlist in self._unread((label, *COORDINATES)):
            progress(f"Reading {playlist.name}.")
            self._workshop.finder.read(playlist, api)
            count += 1
        return f"{_number(count, 'playlist')} read."

    def _run(self, progress: Progress) -> str:
        api = self._api.for_(Purpose.WEEKLY)
        tally = _Tally()
        progress("Listing your playlists.")
        listing: Listing = {}

        def listed() -> None:
            nonlocal listing
            listing = self._workshop.list_library(api)

        self._patiently(tally, listed)
        try:
            self._read(tally, api, progress)
            self._make(tally, api, listing, progress)
        except SpotifyError as error:
            if error.verdict is Verdict.SIGN_IN:
                raise
            tally.stopped = error
        if tally.stopped is None:
            self._shelf.prefer(refreshed_at=self._clock())
        return _told(tally)

    def _read(self, tally: _Tally, api: WebApi, progress: Progress) -> None:
        for playlist in self._unread(tuple(COORDINATES)):
            progress(f"Reading {playlist.name}.")

            def read(playlist: Playlist = playlist) -> None:
                self._workshop.finder.read(playlist, api)

            if self._one(tally, playlist.name, read):
                tally.read += 1

    def _make(self, tally: _Tally, api: WebApi, listing: Listing, progress: Progress) -> None:
        """Make every mood's playlist anew that there is, the oldest first, and give the lift its cover."""
        lift = self._shelf.made(LIFT)
        if lift and lift.uri and not self._workshop.lost(lift, listing):
            self._workshop.dress(lift, api)
        due = self._due(listing)
        tally.left = [title(made.kind) for made in due]
        for number, made in enumerate(due, 1):
            name = title(made.kind)
            progress(f"Making {name}, {number} of {len(due)}.")

            def make(kind: str = made.kind) -> None:
                self._workshop.make(kind, purpose=Purpose.WEEKLY, listed=listing)

            if self._one(tally, name, make):
                tally.made.append(name)
            tally.left.remove(name)

    def _due(self, listing: Listing) -> list[Made]:
        """Return the made playlists that are not fresh; one that its owner deleted and unchose stays deleted."""
        found = []
        for label in COORDINATES:
            made = self._shelf.made(label)
            if made is None or not made.uri:
                continue
            lost = self._workshop.lost(made, listing)
            if lost and lost not in {one.uri for one in self._shelf.mood_playlists(label)}:
                continue
            if lost or not 0 <= self._clock() - made.refreshed_at < FRESH:
                found.append(made)
        return sorted(found, key=lambda made: made.refreshed_at)

    def _unread(self, labels: tuple[str, ...]) -> Iterator[Playlist]:
        sources = {one.uri: one for label in labels for one in self._workshop.finder.sources(label)}
        return (one for one in sources.values() if not self._shelf.is_read(one.uri, one.snapshot))

    def _one(self, tally: _Tally, name: str, work: Callable[[], None]) -> bool:
        """Do one playlist; its own failure is noted, and only what would stop the next one as well is raised."""
        try:
            self._patiently(tally, work)
        except SpotifyError as error:
            if error.verdict is Verdict.SIGN_IN or error.key in _STOPPING:
                raise
            log.warning("%s was not refreshed: %s", name, error.cause)
            tally.failed.append(f"{name}: {error.cause}.")
            return False
        return True

    def _patiently(self, tally: _Tally, work: Callable[[], None]) -> None:
        """Do something, waiting for a short pause that Spotify asks for: many calls in half a minute are too many."""
        while True:
            try:
                return work()
            except SpotifyError as error:
                wait = (error.retry_at or 0.0) - self._clock()
                if error.key != "spotify-busy" or not 0.0 < wait <= SHORT or tally.pauses >= PAUSES:
                    raise
            tally.pauses += 1
            self._sleep(wait + 1.0)


def main(run: Callable[[Progress], str], tell: Callable[[str], None] = print) -> int:
    """Run a refresh from the command line and return its exit code.

    0 also when it has to wait, or when nobody is signed in: the page says so, and a failed unit would say no more.
    """
    try:
        tell(run(tell))
    except SpotifyError as error:
        tell(f"{error.cause.rstrip('.')}. {error.action.rstrip('.')}.")
        return 1 if error.verdict is Verdict.TELL else 0
    return 0


def _told(tally: _Tally) -> str:
    parts = []
    if tally.read:
        parts.append(f"{_number(tally.read, 'playlist')} of yours read.")
    if tally.made:
        parts.append(f"{_number(len(tally.made), 'playlist')} made anew.")
    if tally.failed:
        parts.append(f"Not done: {' '.join(tally.failed)}")
    if tally.stopped is not None:
        rest = f" Left for next time: {', '.join(tally.left)}." if tally.left else " The rest is done next time."
        parts.append(f"Stopped early: {tally.stopped.cause.rstrip('.')}.{rest}")
    return " ".join(parts) or "Everything is fresh."


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
