"""What the page says about Spotify in words."""

from __future__ import annotations

import time

from moodbox.music.spotify.values import BudgetState, Feature, Hold, LoginState, Playlist, Purpose, SpeakerKind

KINDS = {
    SpeakerKind.SOLOIST: "Spotify Soloist on this box",
    SpeakerKind.LIBRESPOT: "go-librespot on this box",
    SpeakerKind.CONNECT: "a speaker of your account",
}
PURPOSES = {
    Purpose.PRESS: "The button, pause, next, volume",
    Purpose.PAGE: "This page: linking and looking for playlists",
    Purpose.WEEKLY: "Making and refreshing playlists",
    Purpose.POLL: "Asking what a speaker plays",
}
FEATURES = {
    Feature.LIKE: ("Like songs", "The heart beside the song saves it to your library at Spotify."),
    Feature.LIFT: ("Lift on the box's own speaker", 'Writes each lift into one private playlist, "Moodbox: lift".'),
    Feature.MAKE: (
        "Make playlists for you",
        "Makes private playlists out of your own ones, songs you saved or hear most, and searches; anew each week.",
    ),
}


def date(at: float) -> str:
    """Write a day: "21 May 2027"."""
    moment = time.localtime(at)
    return f"{moment.tm_mday} {time.strftime('%B %Y', moment)}"


def moment(at: float) -> str:
    """Write a moment: "Friday 20 November, 14:05"."""
    local = time.localtime(at)
    return time.strftime(f"%A {local.tm_mday} %B, %H:%M", local)


def until_words(login: LoginState) -> str:
    """Say how long the sign-in still lasts."""
    if login.expires_at is None:
        return "Signed in."
    if login.days_left is None:
        return f"Signed in until {date(login.expires_at)}."
    left = "today" if login.days_left <= 0 else "1 day left" if login.days_left == 1 else f"{login.days_left} days left"
    return f"Signed in until {date(login.expires_at)} ({left})."


def ending_words(login: LoginState) -> str:
    """Warn of the end of the sign-in; "" while it is far away."""
    if login.warning is None or login.days_left is None:
        return ""
    days = login.days_left
    when = "today" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"The sign-in ends {when}. Spotify asks for a new one twice a year; signing in again keeps everything."


def hold_words(hold: Hold) -> str:
    """Say why calls are held back, and until when."""
    return f"{hold.cause}, until {moment(hold.until)}. The box plays its own music."


def budget_words(budget: BudgetState) -> str:
    """Say how many calls were made."""
    calls = "1 call" if budget.used == 1 else f"{budget.used} calls"
    return f"{calls} in the last 24 hours. The box aims for {budget.target} at most and stops at {budget.stop}."


def playlist_words(playlist: Playlist) -> str:
    """Say whose playlist it is and how long."""
    parts = [f"by {playlist.owner}"] if playlist.owner else []
    if playlist.total is not None:
        parts.append("1 song" if playlist.total == 1 else f"{playlist.total} songs")
    return " · ".join(parts)
