"""What the owner is told when a speaker does not play: the cause, and one thing to do."""

from __future__ import annotations

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Order

KEY = "spotify-speaker"
NOT_RUNNING = "NOT_RUNNING"  # reasons, as Spotify's own look
UNPAIRED = "UNPAIRED"
_LONGEST = 120  # characters of a speaker's own words


def short(words: str) -> str:
    """Cut a speaker's own words to a length that fits a sentence."""
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def soloist_absent() -> SpotifyError:
    """Say that Soloist does not run."""
    return SpotifyError(
        "Spotify Soloist is not running",
        "Start Soloist, or choose another speaker",
        Verdict.TELL,
        key=KEY,
        reason=NOT_RUNNING,
    )


def soloist_ended() -> SpotifyError:
    """Say that Soloist left its port behind: it crashed, or its build is over."""
    return SpotifyError(
        "Soloist stopped; its builds end 90 days after they were made", "Update Soloist", Verdict.TELL, key=KEY
    )


def librespot_absent() -> SpotifyError:
    """Say that go-librespot does not run."""
    return SpotifyError(
        "go-librespot is not running",
        "Start it, or choose another speaker",
        Verdict.TELL,
        key=KEY,
        reason=NOT_RUNNING,
    )


def not_loopback(where: str, action: str) -> SpotifyError:
    """Say that a local speaker listens where others can reach it, or not on this machine."""
    cause = f"The speaker's interface is at {short(where)}, but it must be on this machine only"
    return SpotifyError(cause, action, Verdict.TELL, key=KEY)


def unpaired(name: str) -> SpotifyError:
    """Say that nobody has picked the speaker yet."""
    name = short(name) or "the box"
    return SpotifyError(
        f"The speaker {name} does not belong to a Spotify account yet",
        f"Pick {name} once in the Spotify app",
        Verdict.TELL,
        key=KEY,
        reason=UNPAIRED,
    )


def asleep(name: str) -> SpotifyError:
    """Say that a device could not be woken."""
    name = short(name) or "the speaker"
    return SpotifyError(
        f"{name} is asleep and could not be woken",
        f"Open Spotify on your phone, choose {name} once, then press the button again",
        Verdict.TELL,
        key=KEY,
        status=404,
        reason="NO_ACTIVE_DEVICE",
    )


def restricted(name: str) -> SpotifyError:
    """Say that a device takes no commands."""
    cause = f"{short(name) or 'The speaker'} takes no commands from other programs"
    return SpotifyError(cause, "Choose another speaker", Verdict.TELL, key=KEY)


def nothing_chosen() -> SpotifyError:
    """Say that no speaker was chosen."""
    return SpotifyError("No speaker is chosen", "Choose a speaker on this page", Verdict.TELL, key=KEY)


def refused(name: str, words: str) -> SpotifyError:
    """Pass on why a speaker refused."""
    said = f": {short(words)}" if words else ""
    cause = f"{short(name) or 'The speaker'} refused{said}"
    return SpotifyError(cause, "Try again; if it stays so, restart the speaker", Verdict.LATER, key=KEY)


def unanswered(name: str, *, sent: bool = True) -> SpotifyError:
    """Say that no answer came in time; a command that was `sent` may have been carried out all the same."""
    cause = f"{short(name) or 'The speaker'} does not answer"
    return SpotifyError(cause, "Restart the speaker", Verdict.LATER, key=KEY, uncertain=sent)


def too_late(name: str) -> SpotifyError:
    """Say that time was over before the command was sent."""
    cause = f"{short(name) or 'The speaker'} was not ready in time"
    return SpotifyError(cause, "Press again in a moment", Verdict.LATER, key=KEY)


def no_audio_key() -> SpotifyError:
    """Say that Spotify gives this account no sound through go-librespot (librespot#1649, Spotify's side)."""
    return SpotifyError(
        "Spotify gives this account no sound with go-librespot: its tracks are skipped in silence",
        "Use Spotify Soloist, or another speaker of your account",
        Verdict.TELL,
        key=KEY,
    )


def fixed_volume(name: str) -> SpotifyError:
    """Say that a device's volume cannot be set from here."""
    cause = f"The volume of {short(name) or 'this speaker'} cannot be set from here"
    return SpotifyError(cause, "Set it on the speaker", Verdict.IGNORE, key=KEY)


def only_uri(order: Order) -> str:
    """Return the one URI that a local speaker is to play; raises SpotifyError for a list."""
    if order.context:
        return order.context
    if len(order.tracks) == 1:
        return order.tracks[0]
    cause = "This speaker plays one playlist, not a list of tracks"
    raise SpotifyError(cause, "Choose a device of your account as the speaker", Verdict.TELL, key=KEY)
