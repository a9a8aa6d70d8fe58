"""What the owner should know of Spotify before it hurts: a sign-in that ends, calls held back, no speaker."""

from __future__ import annotations

import time

from moodbox.events import Problem
from moodbox.music.spotify.failure import NeedsLogin
from moodbox.music.spotify.player import trouble
from moodbox.music.spotify.values import BudgetState, LoginState, Preferences


def notices(
    login: LoginState, needs: NeedsLogin | None, preferences: Preferences, budget: BudgetState
) -> tuple[Problem, ...]:
    """Word everything that is not as it should be, the most pressing first; nothing for a box that was never linked."""
    if login.lapsed and needs is not None:
        return (Problem(needs.key, needs.cause, "Open Setup and sign in again: playlists and settings are kept"),)
    if not login.linked:
        return ()
    found = []
    if login.warning is not None and login.days_left is not None:
        found.append(_ending(login.days_left))
    if preferences.speaker is None:
        found.append(trouble.no_speaker().problem)
    if budget.hold is not None:
        until = time.strftime("%A %H:%M", time.localtime(budget.hold.until))
        cause = f"{budget.hold.cause}, until {until}"
        found.append(Problem("spotify-quota", cause, "Nothing need be done: until then the box plays its own music"))
    return tuple(found)


def _ending(days: int) -> Problem:
    when = "today" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"
    return Problem(
        "spotify-expiry",
        f"The sign-in to Spotify ends {when}: Spotify asks for it twice a year",
        "Open Setup and sign in again: it takes a minute and keeps everything",
    )
