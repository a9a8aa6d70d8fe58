"""The Web API as the box uses it: only calls that a new app of 2026 may make (spotify.md 1.5), through Spotipy."""

from __future__ import annotations

import base64
import copy
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import quote

from spotipy import Spotify

from moodbox.music.spotify.client import answers, errors
from moodbox.music.spotify.client.answers import NonsenseError
from moodbox.music.spotify.client.budget import Budget
from moodbox.music.spotify.client.line import DEADLINE, Ask, Line, Manner
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.ports import Tokens
from moodbox.music.spotify.values import (
    LIMIT_URIS,
    Account,
    BudgetState,
    Device,
    Hosts,
    Order,
    Playlist,
    Purpose,
    Track,
    WebPlayback,
    is_uri,
)

PAGE = 50  # entries of a page; Spotify's largest everywhere but in a search
FOUND = 10  # what a search gives at most
ASKED = 40  # URIs of one question to the library
PAGES = 40  # of own playlists that are looked through: 2,000 of them cost 40 calls
COVER_BYTES = 256 * 1024  # of a cover, as base64
WORDS = 200  # characters of a search

# Contents are asked for by their number only: `items` is there at all for own and collaborative playlists alone.
FIELDS = "uri,name,owner(id,display_name),images,snapshot_id,description,collaborative,items(total)"

_Value = TypeVar("_Value")


class Turn(Protocol):
    """Ask for one page."""

    def __call__(self, spotify: Spotify, *, size: int, start: int) -> Any:
        """Return `size` entries from number `start` on."""


class Client:
    """Call the Web API for one purpose; see `ports.WebApi`. Made once; `for_` gives views that share all of it."""

    def __init__(
        self,
        hosts: Hosts,
        tokens: Tokens,
        budget: Budget,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        deadline: float = DEADLINE,
    ) -> None:
        self._line = Line(hosts, tokens, budget, clock=clock, monotonic=monotonic, sleep=sleep, deadline=deadline)
        self._purpose = Purpose.PAGE

    def for_(self, purpose: Purpose) -> Self:
        """Return this client calling for another purpose."""
        view = copy.copy(self)
        view._purpose = purpose  # noqa: SLF001 - it is our own
        return view

    def close(self) -> None:
        """Let go of the connection; may be called twice."""
        self._line.close()

    def budget(self) -> BudgetState:
        """Return the calls of the last 24 hours."""
        return self._line.budget.state()

    def me(self) -> Account:
        """Return who is signed in."""
        # Not `Spotify.me`, which asks for "me/": the specification knows no such path.
        account = self._read(answers.account, self._ask(lambda spotify: spotify._get("me")))  # noqa: SLF001
        self._line.user = account.user
        return account

    # --- playlists and tracks -------------------------------------------------------------------------------

    def own_playlists(self) -> list[Playlist]:
        """Return every playlist that the account owns or follows."""
        found: dict[str, Playlist] = {}
        for page in self._pages(
            lambda spotify, size, start: spotify.current_user_playlists(limit=size, offset=start), PAGES * PAGE
        ):
            found |= {one.uri: one for one in answers.playlists(page, self._line.user)}
        return list(found.values())

    def search_playlists(self, words: str, *, market: str = "") -> list[Playlist]:
        """Return up to 10 playlists."""
        page = self._search(words, "playlist", market)
        return answers.playlists(page, self._line.user)[:FOUND]

    def search_tracks(self, words: str, *, market: str = "") -> list[Track]:
        """Return up to 10 tracks."""
        return answers.tracks(self._search(words, "track", market))[:FOUND]

    def playlist(self, playlist_id: str) -> Playlist:
        """Return one playlist without its tracks."""
        name = _playlist_id(playlist_id)
        raw = self._ask(lambda spotify: spotify.playlist(name, fields=FIELDS))
        return self._read(lambda answer: answers.playlist(answer, self._line.user), raw)

    def playlist_tracks(self, playlist_id: str, *, most: int = 200, market: str = "") -> list[Track]:
        """Return the first `most` tracks of an own or collaborative playlist."""
        name = _playlist_id(playlist_id)
        return self._tracks(
            lambda spotify, size, start: spotify.playlist_items(
                name, limit=size, offset=start, market=market or None, additional_types=("track",)
            ),
            most,
        )

    def saved_tracks(self, *, most: int = 100) -> list[Track]:
        """Return the newest tracks of the library."""
        return self._tracks(
            lambda spotify, size, start: spotify.current_user_saved_tracks(limit=size, offset=start), most
        )

    def top_tracks(self, *, most: int = 50) -> list[Track]:
        """Return the tracks that the account hears most."""
        return self._tracks(
            lambda spotify, size, start: spotify.current_user_top_tracks(limit=size, offset=start), most
        )

    def create_playlist(self, name: str, description: str) -> Playlist:
        """Make a private playlist; never repeated by itself."""
        raw = self._ask(
            lambda spotify: spotify.current_user_playlist_create(name, public=False, description=description),
            Manner.ONCE,
        )
        try:
            return answers.playlist(raw, self._line.user)
        except NonsenseError as error:
            raise self._line.nonsense(uncertain=True) from error  # it was made: only its URI is not known

    def replace_tracks(self, playlist_id: str, uris: Sequence[str]) -> None:
        """Make these (<= 100) the playlist's only tracks."""
        name, listed = _playlist_id(playlist_id), _tracks(uris, LIMIT_URIS)
        self._ask(lambda spotify: spotify.playlist_replace_items(name, listed), Manner.SET)

    def add_tracks(self, playlist_id: str, uris: Sequence[str]) -> None:
        """Append tracks (<= 100); never repeated by itself."""
        name, listed = _playlist_id(playlist_id), _tracks(uris, LIMIT_URIS)
        # Not `Spotify.playlist_add_items`, which sends a bare array where the specification has an object.
        self._ask(
            lambda spotify: spotify._post(f"playlists/{name}/items", payload={"uris": listed}),  # noqa: SLF001
            Manner.ONCE,
        )

    def upload_cover(self, playlist_id: str, jpeg: bytes) -> None:
        """Set the cover; a JPEG of at most 256 KB after base64."""
        name, picture = _playlist_id(playlist_id), base64.b64encode(jpeg).decode()
        if not jpeg.startswith(b"\xff\xd8") or len(picture) > COVER_BYTES:
            raise errors.unusable("The cover is no JPEG of at most 192 kB", errors.REPORT, "spotify-playlist")
        self._ask(lambda spotify: spotify.playlist_upload_cover_image(name, picture), Manner.SET)

    def save(self, uris: Sequence[str]) -> None:
        """Save tracks to the library."""
        for listed in _portions(uris):
            self._ask(partial(Spotify.current_user_saved_tracks_add, tracks=listed), Manner.SET)

    def unsave(self, uris: Sequence[str]) -> None:
        """Take tracks out of the library."""
        for listed in _portions(uris):
            self._ask(partial(Spotify.current_user_saved_tracks_delete, tracks=listed), Manner.SET)

    def saved(self, uris: Sequence[str]) -> list[bool]:
        """Say for each track whether it is in the library."""
        found: list[bool] = []
        for listed in _portions(uris):
            raw = self._ask(partial(Spotify.current_user_saved_items, uris=listed))
            found += self._read(partial(answers.flags, count=len(listed)), raw)
        return found

    # --- playing --------------------------------------------------------------------------------------------

    def devices(self) -> list[Device]:
        """Return the devices with a live session."""
        return answers.devices(self._ask(lambda spotify: spotify.devices()))

    def playback(self) -> WebPlayback | None:
        """Return what plays; None when nothing is active."""
        return answers.playback(self._ask(lambda spotify: spotify.current_playback()))

    def play(self, device_id: str, order: Order) -> None:
        """Start a context or a list of tracks on a device."""
        device = _device_id(device_id)
        if bool(order.context) == bool(order.tracks):
            raise errors.unusable("There is nothing to play", "Choose a playlist for this mood", "spotify-playlist")
        context = order.context or None
        listed = _tracks(order.tracks, LIMIT_URIS) or None
        try:
            self._ask(
                lambda spotify: spotify.start_playback(device_id=device, context_uri=context, uris=listed),
                Manner.START,
            )
        except SpotifyError as error:
            if error.verdict is Verdict.IGNORE:  # silence, when music was wanted, is nothing to be ignored
                error.verdict = Verdict.TELL
            raise

    def resume(self, device_id: str) -> None:
        """Go on playing."""
        device = _device_id(device_id)
        self._command(lambda spotify: spotify.start_playback(device_id=device), Manner.START)

    def pause(self, device_id: str) -> None:
        """Pause; pausing what is paused is no failure."""
        device = _device_id(device_id)
        self._command(lambda spotify: spotify.pause_playback(device_id=device), Manner.SET)

    def next(self, device_id: str) -> None:
        """Skip to the next track."""
        device = _device_id(device_id)
        self._command(lambda spotify: spotify.next_track(device_id=device), Manner.ONCE)

    def volume(self, device_id: str, level: float) -> None:
        """Set the volume, 0..1."""
        device = _device_id(device_id)
        percent = round(100 * level) if 0.0 <= level <= 1.0 else 100 * (level > 1.0)
        self._command(lambda spotify: spotify.volume(int(percent), device_id=device), Manner.SET)

    def shuffle(self, device_id: str, on: bool) -> None:  # noqa: FBT001 - it is on or off
        """Switch shuffling of the context."""
        device = _device_id(device_id)
        self._command(lambda spotify: spotify.shuffle(on, device_id=device), Manner.SET)

    def transfer(self, device_id: str, *, play: bool) -> None:
        """Make a device the active one."""
        _device_id(device_id)
        self._command(lambda spotify: spotify.transfer_playback(device_id, force_play=play), Manner.SET)

    # --- the ways of asking ---------------------------------------------------------------------------------

    def _ask(self, ask: Ask, manner: Manner = Manner.READ, until: float | None = None) -> Any:
        return self._line.call(self._purpose, manner, ask, self._line.until() if until is None else until)

    def _command(self, ask: Ask, manner: Manner) -> None:
        """Send a command; one that does not fit what plays now changes nothing and is no failure."""
        try:
            self._ask(ask, manner)
        except SpotifyError as error:
            if error.verdict is not Verdict.IGNORE:
                raise

    def _read(self, parse: Callable[[Any], _Value], raw: Any) -> _Value:
        try:
            return parse(raw)
        except NonsenseError as error:
            raise self._line.nonsense() from error

    def _search(self, words: str, kind: str, market: str) -> Any:
        wanted = " ".join(words.split())[:WORDS]
        if not wanted:
            return None
        raw = self._ask(lambda spotify: spotify.search(wanted, limit=FOUND, type=kind, market=market or None))
        return answers.table(raw).get(f"{kind}s")

    def _tracks(self, ask: Turn, most: int) -> list[Track]:
        found = [track for page in self._pages(ask, most) for track in answers.tracks(page)]
        return found[:most]

    def _pages(self, ask: Turn, most: int) -> Iterator[Any]:
        """Turn pages up to entry number `most`, all within one deadline; nobody waits for the weekly refresh."""
        until = self._line.until()
        for start in range(0, most, PAGE):
            if self._purpose is Purpose.WEEKLY:
                until = self._line.until()
            size = min(PAGE, most - start)
            raw = self._ask(partial(ask, size=size, start=start), until=until)
            yield self._read(answers.page, raw)
            if not answers.has_more(raw, start + size):
                return


def _playlist_id(text: str) -> str:
    name = text.rsplit(":", 1)[-1]
    if not is_uri(f"spotify:playlist:{name}", "playlist"):
        raise errors.unusable("That is no playlist of Spotify", "Choose another playlist", "spotify-playlist")
    return name


def _device_id(text: str) -> str:
    if not text:
        raise errors.unusable("The speaker has no id at Spotify", errors.SPEAKER, "spotify-speaker")
    return quote(text, safe="")  # Spotipy writes it into the address as it is


def _tracks(uris: Sequence[str], most: int) -> list[str]:
    if len(uris) > most or not all(is_uri(uri, "track") for uri in uris):
        raise errors.unusable(f"That is no list of at most {most} tracks", "Choose other music", "spotify-playlist")
    return list(uris)


def _portions(uris: Sequence[str]) -> Iterator[list[str]]:
    listed = _tracks(uris, len(uris))
    for start in range(0, len(listed), ASKED):
        yield listed[start : start + ASKED]
