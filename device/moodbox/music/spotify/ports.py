"""What the parts of the Spotify room are to each other: narrow, so that each can be built and tested alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.values import (
    Account,
    BudgetState,
    Device,
    Heard,
    Order,
    Playlist,
    Preferences,
    Purpose,
    SpeakerChoice,
    Track,
    WebPlayback,
)


class Tokens(Protocol):
    """Where the client gets its access token (implemented by `link.login.Login`)."""

    def token(self) -> str:
        """Return an access token, refreshed first if it is over; raises SpotifyError, NeedsLogin."""

    def renew(self, rejected: str) -> str:
        """Return another token than the rejected one, at most one forced refresh per 30 s; raises as `token` does."""


class WebApi(Protocol):
    """The Web API as the box uses it (`client.client.Client`). Every method raises SpotifyError and takes <= 10 s."""

    def for_(self, purpose: Purpose) -> Self:
        """Return this client calling for another purpose; lock, session and budget are shared."""

    def budget(self) -> BudgetState:
        """Return the calls of the last 24 hours."""

    def me(self) -> Account:
        """Return who is signed in."""

    def own_playlists(self) -> list[Playlist]:
        """Return every playlist that the account owns or follows (50 a call)."""

    def search_playlists(self, words: str, *, market: str = "") -> list[Playlist]:
        """Return up to 10 playlists; nulls are left out."""

    def search_tracks(self, words: str, *, market: str = "") -> list[Track]:
        """Return up to 10 tracks; nulls are left out."""

    def playlist(self, playlist_id: str) -> Playlist:
        """Return one playlist without its tracks."""

    def playlist_tracks(self, playlist_id: str, *, most: int = 200, market: str = "") -> list[Track]:
        """Return the first `most` tracks of an own or collaborative playlist (50 a call); local files are left out."""

    def create_playlist(self, name: str, description: str) -> Playlist:
        """Make a private playlist. Never repeated by itself: an `uncertain` failure may have made one."""

    def replace_tracks(self, playlist_id: str, uris: Sequence[str]) -> None:
        """Make these (<= 100) the playlist's only tracks."""

    def upload_cover(self, playlist_id: str, jpeg: bytes) -> None:
        """Set the cover; a JPEG of at most 256 KB after base64."""

    def saved_tracks(self, *, most: int = 100) -> list[Track]:
        """Return the newest tracks of the library (50 a call)."""

    def top_tracks(self, *, most: int = 50) -> list[Track]:
        """Return the tracks that the account hears most."""

    def save(self, uris: Sequence[str]) -> None:
        """Save tracks (<= 40) to the library."""

    def unsave(self, uris: Sequence[str]) -> None:
        """Take tracks (<= 40) out of the library."""

    def saved(self, uris: Sequence[str]) -> list[bool]:
        """Say for each track (<= 40) whether it is in the library."""

    def devices(self) -> list[Device]:
        """Return the devices with a live session; a speaker that sleeps is not among them."""

    def playback(self) -> WebPlayback | None:
        """Return what plays; None when nothing is active."""

    def play(self, device_id: str, order: Order) -> None:
        """Start a context or a list of tracks on a device. `order.shuffle` is not part of this call: see `shuffle`."""

    def resume(self, device_id: str) -> None:
        """Go on playing."""

    def pause(self, device_id: str) -> None:
        """Pause; pausing what is paused is no failure."""

    def next(self, device_id: str) -> None:
        """Skip to the next track."""

    def volume(self, device_id: str, level: float) -> None:
        """Set the volume, 0..1."""

    def shuffle(self, device_id: str, on: bool) -> None:  # noqa: FBT001 - it is on or off
        """Switch shuffling of the context."""

    def transfer(self, device_id: str, *, play: bool) -> None:
        """Make a device the active one."""


class Speaker(Protocol):
    """One speaker, however it is reached (`speaker/`). Calls raise SpotifyError; none waits beyond `until`.

    `until` is `time.monotonic()`: no further command is sent after it. A command whose end is unknown raises an
    `uncertain` SpotifyError and is not repeated.
    """

    @property
    def choice(self) -> SpeakerChoice:
        """Say which speaker this is."""

    @property
    def lists(self) -> bool:
        """Say whether it takes a list of tracks; the local ones take one context only."""

    def play(self, order: Order, *, until: float) -> None:
        """Start, waking the speaker in the order of spotify.md 4.4; return once it plays or has accepted (204)."""

    def resume(self) -> None:
        """Go on playing."""

    def pause(self) -> None:
        """Pause."""

    def next(self) -> None:
        """Skip to the next track."""

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1, of the speaker itself."""

    def heard(self) -> Heard:
        """Return what is known without asking; never blocks."""

    def ask(self) -> Heard:
        """Ask now: a local question, or one call of the Web API (purpose poll)."""

    def trouble(self) -> SpotifyError | None:
        """Return what the owner must be told of this speaker, if anything; never blocks."""

    def close(self) -> None:
        """Let go of sockets and threads; what plays goes on. May be called twice."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that may be played for a mood, with its place on the circle and how far that may be trusted."""

    track: Track
    valence: float  # -1..1
    arousal: float
    weight: float  # sum of the weights of the points it is made of
    playlist: str  # URI of the own playlist it was found in
    liked: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A playlist that the box makes. `uri` is "" while it is only planned."""

    kind: str
    uri: str
    mark: str
    items_digest: str
    cover_digest: str
    refreshed_at: float
    planned_at: float = 0.0  # when Spotify was last asked to make it; kept by `plan_made` and `keep_made`


class Shelf(Protocol):
    """The catalogue in the database (`catalogue.catalogue.Catalogue`); every call is one short transaction.

    Raises StorageError when the database cannot be read or written.
    """

    def preferences(self) -> Preferences:
        """Return what the owner chose."""

    def prefer(self, **changes: object) -> Preferences:
        """Change fields of the preferences by name and return all of them."""

    def meet_playlists(self, playlists: Sequence[Playlist], origin: str, *, whole_library: bool = False) -> None:
        """Remember playlists; with `whole_library` those not among them are no longer listed."""

    def library(self) -> list[Playlist]:
        """Return the account's own and followed playlists as last listed."""

    def playlist(self, uri: str) -> Playlist | None:
        """Return a playlist that was met."""

    def meet_tracks(self, tracks: Sequence[Track], origin: str) -> None:
        """Remember tracks."""

    def fill(self, playlist_uri: str, tracks: Sequence[Track], snapshot: str) -> None:
        """Remember what is in an own playlist, as of a snapshot."""

    def is_read(self, playlist_uri: str, snapshot: str) -> bool:
        """Say whether the tracks of that snapshot are known already, so that no call is needed."""

    def tracks(self, playlist_uri: str) -> list[Track]:
        """Return the known tracks of a playlist, in order."""

    def track(self, uri: str) -> Track | None:
        """Return a track that was met."""

    def mood_playlists(self, label: str) -> tuple[Playlist, ...]:
        """Return the owner's playlists of a mood, in the owner's order."""

    def choose(self, label: str, uris: Sequence[str]) -> None:
        """Set them; raises CatalogueError when one was never met. Their points follow the choice."""

    def turn(self, label: str, now: float) -> Playlist | None:
        """Return the mood's playlist whose turn it is (longest not played, then order), and note that it plays."""

    def candidates(self, label: str | None = None) -> list[Candidate]:
        """Return playable tracks of own mood playlists (of one mood, or all), without those that must never play."""

    def never(self, label: str) -> dict[str, str]:
        """Return {uri: name} of what must not play for a mood."""

    def forbid(self, label: str, uri: str, name: str) -> None:
        """Never play that for a mood."""

    def allow(self, label: str, uri: str) -> None:
        """Take it back."""

    def is_forbidden(self, label: str, track: Track, context: str = "") -> bool:
        """Say whether a track (by itself, its artists or its playlist) must not play for a mood."""

    def like(self, track: Track, label: str) -> None:
        """Note that the owner liked a track while that mood's music played ("" = no mood)."""

    def unlike(self, uri: str) -> None:
        """Take that back."""

    def likes(self) -> dict[str, str]:
        """Return {track uri: mood label} of what the owner liked here."""

    def made(self, kind: str) -> Made | None:
        """Return what is known of a made playlist."""

    def plan_made(self, kind: str, mark: str) -> Made:
        """Note that one will be made; an older note is kept."""

    def keep_made(self, made: Made) -> None:
        """Note what was made."""

    def forget(self) -> None:
        """Delete everything that came from Spotify, securely; Client ID, market, language and call counts stay."""


OnHeard = Callable[[Heard], None]  # news of a speaker, from a thread of its own
