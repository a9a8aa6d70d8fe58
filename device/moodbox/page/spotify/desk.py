"""What the page may see and touch of Spotify: `music.spotify.room.SpotifyRoom` is the real one.

`view` and `liked` never wait. Every other method may take ten seconds or a little more (calls of Spotify) and raises
MoodboxError, whose sentence is for the visitor; most are SpotifyError, which also carry one thing to do (`action`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from moodbox.events import Problem
from moodbox.music.spotify.values import (
    Begun,
    BudgetState,
    Feature,
    LanDoor,
    LoginState,
    Playlist,
    Preferences,
    SpeakerChoice,
)


@dataclass(frozen=True, slots=True)
class Job:
    """Work in the background: making or refreshing playlists."""

    name: str  # "refresh" or a mood label
    running: bool
    words: str  # what it does now, or how it ended, in a sentence
    ended_at: float | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """Something that must not play for a mood."""

    uri: str
    name: str


@dataclass(frozen=True, slots=True)
class SpeakerOffer:
    """A speaker that may be chosen now, or why it cannot."""

    choice: SpeakerChoice
    words: str  # "Kitchen, a speaker of your account"
    here: bool  # it answers now; a sleeping one may be chosen all the same


@dataclass(frozen=True, slots=True)
class SpotifyView:
    """Everything the page shows of Spotify, as of now."""

    demo: bool  # the stand-in, not the real Spotify
    login: LoginState
    account: str  # display name, "" when nobody is signed in
    preferences: Preferences
    budget: BudgetState
    ready: bool  # the next press will ask Spotify
    problems: tuple[Problem, ...]  # why it will not, and what to do
    jobs: tuple[Job, ...]
    refreshed_at: float | None  # of the weekly refresh
    allowed: Mapping[Feature, bool]


class SpotifyDesk(Protocol):
    """The Spotify room as the page sees it."""

    def view(self) -> SpotifyView:
        """Return how everything stands; asks nobody."""

    # --- link -----------------------------------------------------------------------------------------------

    def redirect(self) -> str:
        """Return the loopback redirect string that must stand in the dashboard."""

    def begin_link(self, session: str, client_id: str, features: Sequence[Feature] = ()) -> Begun:
        """Begin signing in; features ask for more scopes. Raises MoodboxError when the Client ID cannot be one."""

    def finish_link(self, session: str, pasted: str) -> None:
        """Finish with the address that the browser landed on, or "code=...&state=..."; raises MoodboxError."""

    def open_lan(self, session: str, client_id: str, features: Sequence[Feature] = ()) -> LanDoor:
        """Open the HTTPS listener for five minutes; raises MoodboxError where there is no network."""

    def close_lan(self) -> None:
        """Close it."""

    def disconnect(self, *, forget_client_id: bool) -> None:
        """Delete the tokens and everything that came from Spotify."""

    # --- playlists ------------------------------------------------------------------------------------------

    def library(self, *, again: bool = False) -> list[Playlist]:
        """Return own and followed playlists: those known, or asked for if there are none or `again` is wanted."""

    def search(self, words: str) -> list[Playlist]:
        """Search for playlists."""

    def look_up(self, link: str) -> Playlist:
        """Find the playlist of a pasted link or URI; raises MoodboxError when it is none."""

    def moods(self) -> dict[str, tuple[Playlist, ...]]:
        """Return what the owner chose, for each of the seven labels."""

    def choose(self, label: str, uris: Sequence[str]) -> None:
        """Set the playlists of a mood, in this order; they must have been met before."""

    def never(self, label: str) -> tuple[Never, ...]:
        """Return what must not play for a mood."""

    def forbid(self, label: str, uri: str) -> None:
        """Never play a track, artist or playlist for a mood; skips it if it plays now."""

    def allow(self, label: str, uri: str) -> None:
        """Take that back."""

    def make(self, label: str) -> None:
        """Make or refresh "Moodbox: <label>" in the background; a Job tells how it goes."""

    def refresh(self) -> None:
        """Do the weekly refresh now, in the background."""

    # --- speaker and playing --------------------------------------------------------------------------------

    def speakers(self) -> list[SpeakerOffer]:
        """Look for speakers: local ones and those of the account."""

    def use_speaker(self, choice: SpeakerChoice) -> None:
        """Play there from now on; what plays moves over."""

    def prefer(self, *, market: str | None = None, language: str | None = None, ceiling: float | None = None) -> None:
        """Keep a choice; raises MoodboxError when it is none."""

    def like(self, uri: str, *, liked: bool) -> None:
        """Save a track to the library of the account, or take it out."""

    def liked(self, uri: str) -> bool:
        """Say whether the box knows that it was saved; asks nobody."""

    def cover(self, url: str) -> tuple[bytes, str]:
        """Fetch a picture of Spotify's, at most 1 MB: (bytes, media type). Only from the hosts of covers."""
