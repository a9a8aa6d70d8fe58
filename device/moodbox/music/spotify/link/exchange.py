"""One exchange with the accounts service: one request, and what is known of it when it went wrong."""

from __future__ import annotations

from collections.abc import Callable

from moodbox.music.spotify.session import Session, nothing

SECONDS = 10.0
_LARGEST = 65_536  # bytes of an answer; a real one has about one thousand


class Exchange:
    """Make one request through `session`; `before_send` runs once the service is reached, before the token leaves."""

    def __init__(self, base: str, seconds: float = SECONDS, before_send: Callable[[], None] = nothing) -> None:
        self.session = Session(base, largest=_LARGEST, before_send=before_send)
        self.session.seconds = seconds

    @property
    def sent(self) -> bool:
        """Say whether the request may have reached the service."""
        return self.session.trip.sent

    @property
    def status(self) -> int:
        """Return the status of the answer, 0 while there is none."""
        answer = self.session.trip.response
        return 0 if answer is None else answer.status_code

    @property
    def retry_after(self) -> str:
        """Return what the answer says about waiting."""
        answer = self.session.trip.response
        return "" if answer is None else answer.headers.get("Retry-After", "")

    def run(self, work: Callable[[], object]) -> None:
        """Do `work`, which uses `session`; raises what it raises."""
        try:
            work()
        finally:
            self.session.close()
