"""The error map (spotify.md 1.6): what Spotify answered, or that it did not, becomes one SpotifyError."""

from __future__ import annotations

from dataclasses import dataclass

from moodbox.music.spotify.failure import SpotifyError, Verdict

SETUP_PAUSE = 3600.0  # s; the owner's Premium is asked for at most once an hour (zmb3/spotify#301)
RATE_PAUSE = 30.0  # s; the window of the plain rate limit, for a 429 that names no Retry-After
QUOTA_PAUSE = 3600.0  # s; for a QUOTA_EXCEEDED that names none
PLAYER = "me/player"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no success. `path` is relative to the Web API; message and reason are "" where none came."""

    status: int
    path: str
    message: str = ""
    reason: str = ""
    retry_after: float | None = None

    def says(self, *words: str) -> bool:
        """Say whether the message holds one of these, in any case."""
        return any(word in self.message.lower() for word in words)

    @property
    def token_missing(self) -> bool:
        """Tell the gateway's blip, whose token is good, from a token that is over."""
        return self.status == 401 and self.path.startswith(PLAYER) and self.says("token missing")

    @property
    def premium(self) -> bool:
        """Tell the listener's lack of Premium, which may be a blip, from that of the app's owner."""
        return self.status == 403 and self.reason == "PREMIUM_REQUIRED" and not self.owner_premium

    @property
    def owner_premium(self) -> bool:
        """Say whether the app's owner has no Premium any more."""
        return self.status == 403 and self.says("owner of the app")

    @property
    def quota(self) -> bool:
        """Tell the day's quota from the short rate limit."""
        return self.status == 429 and self.reason == "QUOTA_EXCEEDED"

    @property
    def pause(self) -> float:
        """Return the seconds that a 429 asks to wait."""
        return self.retry_after or (QUOTA_PAUSE if self.quota else RATE_PAUSE)


def refused(refusal: Refusal, now: float) -> SpotifyError:
    """Turn an answer into the error that the owner and the callers see. `now` is of `time.time()`."""
    match refusal.status:
        case 400 | 413 | 414:
            return _bad(refusal)
        case 401:
            return _error(refusal, "Spotify does not accept a fresh sign-in just now", WAIT, Verdict.LATER, key="down")
        case 403:
            return _forbidden(refusal, now)
        case 404:
            return _missing(refusal)
        case 429:
            return _held(refusal, now)
        case _:
            return down(f"Spotify has a fault (answer {refusal.status})", status=refusal.status)


def offline(cause: str = "The box cannot reach Spotify") -> SpotifyError:
    """Report that no connection could be made, so that nothing was sent."""
    return SpotifyError(cause, "Check the network of the box", Verdict.LATER, key="spotify-offline")


def down(cause: str, *, status: int = 0, uncertain: bool = False) -> SpotifyError:
    """Report a Spotify that answers nonsense, late, or not at all."""
    return SpotifyError(cause, WAIT, Verdict.LATER, key="spotify-down", status=status, uncertain=uncertain)


def insecure() -> SpotifyError:
    """Report a certificate that does not hold: a wrong clock, or a network with a sign-in page of its own."""
    return SpotifyError(
        "The connection to Spotify is not safe: the clock of the box is wrong, or its network answers instead",
        "Check date and time of the box, and whether its network asks for a sign-in",
        Verdict.LATER,
        key="spotify-offline",
    )


def busy() -> SpotifyError:
    """Report a call that never began, because others were not done in time."""
    return SpotifyError("Other calls of Spotify took too long", WAIT, Verdict.LATER, key="spotify-busy")


def unusable(cause: str, action: str, key: str) -> SpotifyError:
    """Report what cannot be asked of Spotify at all."""
    return SpotifyError(cause, action, Verdict.TELL, key=key)


WAIT = "Nothing need be done: the box tries again by itself"
SPEAKER = "Choose the box once as speaker in the Spotify app, or another speaker on this page"
_PLAYLIST = "Choose another playlist, best one of your own"
REPORT = "Check that Web API is ticked in the Spotify dashboard, and that Moodbox is up to date"


def _error(
    refusal: Refusal, cause: str, action: str, verdict: Verdict, *, key: str, retry_at: float | None = None
) -> SpotifyError:
    return SpotifyError(
        cause,
        action,
        verdict,
        key=f"spotify-{key}",
        retry_at=retry_at,
        status=refusal.status,
        reason=refusal.reason,
    )


def _bad(refusal: Refusal) -> SpotifyError:
    if refusal.path.startswith(PLAYER) and refusal.says("device"):
        return _missing(refusal)
    if refusal.says("uri", "base62", "playlist"):
        return _error(refusal, "Spotify cannot use this playlist or track", _PLAYLIST, Verdict.TELL, key="playlist")
    return _error(refusal, "Spotify did not understand a call of the box", REPORT, Verdict.TELL, key="setup")


def _forbidden(refusal: Refusal, now: float) -> SpotifyError:
    if refusal.owner_premium:
        cause = "The account that owns the Spotify app has no Premium"
        action = "Renew Premium for the account of the Spotify dashboard; it may take some hours to be seen"
        return _error(refusal, cause, action, Verdict.TELL, key="setup", retry_at=now + SETUP_PAUSE)
    if refusal.says("not registered", "not be registered"):
        cause = "This account is not on the user list of the Spotify app"
        action = "Add it in the Spotify dashboard under User Management"
        return _error(refusal, cause, action, Verdict.TELL, key="setup")
    if refusal.reason == "PREMIUM_REQUIRED" or refusal.says("premium required"):
        cause = "Spotify lets this account play only with Premium"
        return _error(refusal, cause, "Sign in with a Premium account", Verdict.TELL, key="premium")
    if refusal.says("scope"):
        cause = "The sign-in to Spotify does not allow this"
        return _error(refusal, cause, "Open Setup, allow it and sign in again", Verdict.SIGN_IN, key="login")
    if refusal.path.startswith(PLAYER) and (refusal.reason or refusal.says("restriction")):
        return _error(refusal, "The speaker did not take this command", SPEAKER, Verdict.IGNORE, key="speaker")
    if refusal.path.startswith("playlists/"):
        cause = "This playlist belongs to somebody else, and Spotify shows its tracks only to them"
        return _error(refusal, cause, _PLAYLIST, Verdict.TELL, key="playlist")
    return _error(refusal, "Spotify does not allow a call of the box", REPORT, Verdict.TELL, key="setup")


def _missing(refusal: Refusal) -> SpotifyError:
    if refusal.path.startswith(PLAYER):
        return _error(refusal, "The speaker is asleep or gone", SPEAKER, Verdict.TELL, key="speaker")
    if refusal.path.startswith("playlists/"):
        cause = "This playlist is gone, private, or made by Spotify itself"
        return _error(refusal, cause, _PLAYLIST, Verdict.TELL, key="playlist")
    return _error(refusal, "Spotify does not know a call of the box", REPORT, Verdict.TELL, key="setup")


def _held(refusal: Refusal, now: float) -> SpotifyError:
    until = now + refusal.pause
    if refusal.quota:
        cause = "Spotify takes no more calls from this account for now"
        return _error(refusal, cause, WAIT, Verdict.LATER, key="quota", retry_at=until)
    return _error(refusal, "Spotify asked for a short pause", WAIT, Verdict.LATER, key="busy", retry_at=until)
