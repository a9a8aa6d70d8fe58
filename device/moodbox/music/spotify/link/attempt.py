"""Sign-ins that were begun: each has a state and a verifier of its own, works once, and for ten minutes."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moodbox.errors import LinkError
from moodbox.music.spotify.link.authorizer import Authorizer

LIFE = 600.0  # seconds
_MOST = 8  # attempts at a time; the oldest gives way
_BEGIN_AGAIN = "begin signing in again on the Moodbox page"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in that was begun. The authorizer holds its verifier."""

    session: str = field(repr=False)
    state: str = field(repr=False)
    client_id: str
    scopes: tuple[str, ...]
    redirect: str
    authorizer: Authorizer = field(repr=False)
    ends: float  # monotonic

    @property
    def url(self) -> str:
        """Return where the owner signs in."""
        # Without the dialog Spotify would wave a known owner through, and the six months count from the consent.
        return f"{self.authorizer.get_authorize_url(self.state)}&show_dialog=true"


class Attempts:
    """Every sign-in that waits for its answer."""

    def __init__(self, accounts: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._open: deque[Attempt] = deque(maxlen=_MOST)
        self._used: deque[bytes] = deque(maxlen=4 * _MOST)  # digests of states

    def begin(self, session: str, client_id: str, scopes: Sequence[str], redirect: str) -> Attempt:
        """Begin one, with a new state and a new verifier."""
        authorizer = Authorizer(self._accounts, client_id, redirect=redirect, scopes=scopes)
        authorizer.get_pkce_handshake_parameters()
        attempt = Attempt(
            session=session,
            state=secrets.token_urlsafe(32),
            client_id=client_id,
            scopes=tuple(scopes),
            redirect=redirect,
            authorizer=authorizer,
            ends=self._monotonic() + LIFE,
        )
        with self._lock:
            self._open.append(attempt)
        return attempt

    def take(self, state: str, session: str | None) -> Attempt:
        """Return the attempt with that state and use it up; raises LinkError.

        `session` is that of the visitor who pasted; None at a listener, whose browser has no session of the page.
        """
        with self._lock:
            attempt = self._find(state)
            if attempt is None:
                raise LinkError(self._why_not(state))
            if session is not None and not secrets.compare_digest(session.encode(), attempt.session.encode()):
                raise LinkError(f"This sign-in was begun in another browser: finish it there, or {_BEGIN_AGAIN} here")
            self._open.remove(attempt)
            self._used.append(_digest(state))
        if self._monotonic() >= attempt.ends:
            raise LinkError(f"This sign-in was begun more than ten minutes ago: {_BEGIN_AGAIN}")
        return attempt

    def clear(self) -> None:
        """End them all."""
        with self._lock:
            self._used.extend(_digest(attempt.state) for attempt in self._open)
            self._open.clear()

    def _find(self, state: str) -> Attempt | None:
        found = None
        for attempt in self._open:  # all of them, so that the time taken tells nothing
            if secrets.compare_digest(attempt.state.encode(), state.encode()):
                found = attempt
        return found

    def _why_not(self, state: str) -> str:
        if _digest(state) in self._used:
            return f"This address was used already, and it works only once: {_BEGIN_AGAIN}"
        if not self._open:
            return f"No sign-in waits for an answer now: {_BEGIN_AGAIN}"
        return f"This address belongs to another sign-in than the one begun here: {_BEGIN_AGAIN}"


def _digest(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
