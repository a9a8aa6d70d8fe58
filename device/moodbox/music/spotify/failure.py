"""One kind of failure for everything that Spotify can answer, with one of four verdicts."""

from __future__ import annotations

from enum import StrEnum

from moodbox.errors import MoodboxError
from moodbox.events import Problem


class Verdict(StrEnum):
    """What to do about a failure."""

    SIGN_IN = "sign_in"  # ask the owner to sign in again
    LATER = "later"  # try again after `retry_at`, by itself
    TELL = "tell"  # the owner must do something
    IGNORE = "ignore"  # the command did not fit the state: nothing happened and nothing need be done


class SpotifyError(MoodboxError):
    """Report a call that failed: the cause in one sentence, one thing to do, and the verdict.

    `key` names the problem on the page: spotify-login, -offline, -quota, -busy, -premium, -setup, -speaker,
    -playlist, -down. `uncertain`: the command may have been carried out all the same, and must not be repeated blindly.
    """

    def __init__(
        self,
        cause: str,
        action: str,
        verdict: Verdict,
        *,
        key: str,
        retry_at: float | None = None,
        status: int = 0,
        reason: str = "",
        uncertain: bool = False,
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.action = action
        self.verdict = verdict
        self.key = key
        self.retry_at = retry_at
        self.status = status
        self.reason = reason
        self.uncertain = uncertain

    def again(self) -> SpotifyError:
        """Copy it for a call that was not made: an exception that is raised twice keeps its first traceback."""
        return SpotifyError(
            self.cause,
            self.action,
            self.verdict,
            key=self.key,
            retry_at=self.retry_at,
            status=self.status,
            reason=self.reason,
        )

    @property
    def problem(self) -> Problem:
        """Word it for the page."""
        return Problem(self.key, self.cause, self.action)


class NeedsLogin(SpotifyError):  # noqa: N818 - the name spotify.md gives it
    """Report that nobody is signed in, or that the sign-in is over."""

    def __init__(self, cause: str, action: str = "Open Setup on this page and sign in to Spotify") -> None:
        super().__init__(cause, action, Verdict.SIGN_IN, key="spotify-login")
