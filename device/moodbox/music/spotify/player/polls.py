"""When to ask a plain device what it plays: seldom, for every look is one call of the day's budget (spotify.md 1.7)."""

from __future__ import annotations

from moodbox.music.spotify.client.budget import LIMITS
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.values import BudgetState, Heard, Purpose

SETTLE = 1.5  # seconds after a change at which Spotify knows it too
GAP = 240.0  # seconds between two looks within one track
DAY = 8 * 3600.0  # seconds of music in a long day, over which the calls that are left are spread
REFUSED = 600.0  # seconds before the next look after one that the budget refused
FAILED = 60.0  # seconds before the next look after one that failed


class Polls:
    """Tell when the next look is due. All times are of one monotonic clock; None = no look is wanted."""

    def __init__(self) -> None:
        self.due: float | None = None
        self._asked = float("-inf")

    def soon(self, now: float) -> None:
        """Something was started or skipped: look as soon as Spotify knows what plays."""
        self.due = now + SETTLE

    def rest(self) -> None:
        """Nothing plays, so there is nothing to ask."""
        self.due = None

    def asked(self, now: float, heard: Heard, budget: BudgetState) -> None:
        """An answer came: the next look is due at the end of the track, or after a while."""
        self._asked = now
        if not heard.playing:
            self.due = None
            return
        left = LIMITS[Purpose.POLL] - budget.used
        if left <= 0:
            self.due = now + REFUSED
            return
        fair = DAY / left  # seconds a look, if music plays all day
        within = now + max(GAP, fair)
        end = _end(heard)
        if end is None or end + SETTLE > within + GAP / 2:
            self.due = within
        else:
            # The end of a track is worth half as much patience: it is then that the page would begin to be wrong.
            self.due = max(end + SETTLE, now + SETTLE, self._asked + fair / 2)

    def refused(self, now: float, error: SpotifyError) -> None:
        """No answer could be had: the page keeps what it knows, and the next look waits."""
        self.due = now + (REFUSED if error.key == "spotify-quota" else FAILED)


def _end(heard: Heard) -> float | None:
    """Predict when the track ends; None where its length or place is not known."""
    if heard.track is None or heard.track.seconds <= 0:
        return None
    return heard.at + max(0.0, heard.track.seconds - heard.position)
