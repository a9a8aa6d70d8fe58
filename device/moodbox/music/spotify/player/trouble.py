"""What the owner is told when Spotify's music does not come, or ends: the cause, and one thing to do."""

from __future__ import annotations

from moodbox.events import Problem
from moodbox.music.spotify.failure import SpotifyError, Verdict

AGAIN = "The next press asks again"
LOOK = "Look whether it is on; the next press asks again"


def no_speaker() -> SpotifyError:
    """Say that none was chosen."""
    cause = "No speaker is chosen for Spotify"
    return SpotifyError(cause, "Open Setup and choose one", Verdict.TELL, key="spotify-speaker")


def no_playlist(label: str) -> SpotifyError:
    """Say that no mood has a playlist."""
    cause = f"No playlist is chosen for {label}"
    return SpotifyError(cause, "Choose one on the Moods tab", Verdict.TELL, key="spotify-playlist")


def all_forbidden(label: str) -> SpotifyError:
    """Say that nothing is left that may play."""
    cause = f"Everything that comes up must never play for {label}"
    action = "Allow some of it again on the Moods tab, or choose another playlist"
    return SpotifyError(cause, action, Verdict.TELL, key="spotify-playlist")


def too_late() -> SpotifyError:
    """Say that the answer came after somebody else began to play, or was not waited for."""
    return SpotifyError("Spotify did not answer in time", AGAIN, Verdict.LATER, key="spotify-busy")


def silent(name: str) -> SpotifyError:
    """Say that a speaker makes no sound and does not say why."""
    return SpotifyError(f"{name} took the music but plays nothing", LOOK, Verdict.LATER, key="spotify-speaker")


def gone(name: str) -> SpotifyError:
    """Say that a speaker is lost."""
    return SpotifyError(f"{name} cannot be reached any more", LOOK, Verdict.LATER, key="spotify-speaker")


def stumbled() -> SpotifyError:
    """Say that we made a mistake."""
    return SpotifyError("The Spotify player stumbled", "See the log; it goes on", Verdict.LATER, key="spotify-down")


def unstoppable(name: str, error: SpotifyError) -> Problem:
    """Say that something still sounds that should not."""
    cause = f"{name} could not be told to be silent: {error.cause}"
    return Problem(error.key, cause, "Pause it in the Spotify app")
