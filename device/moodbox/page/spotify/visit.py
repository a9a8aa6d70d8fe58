"""Where each browser stands in linking Spotify: kept here, so that loading the page again loses nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from moodbox.music.spotify.values import Begun, Feature, LanDoor, LoginState

MOST = 32  # browsers remembered; the oldest gives way
STEPS = ("What you need", "Your own app at Spotify", "The Client ID", "Sign in", "The speaker")
SIGN_IN = 4  # number of the step
SPEAKER = 5


@dataclass
class Visit:
    """One browser. `step` is None while it does not walk through the steps."""

    step: int | None = None
    client_id: str = ""  # as typed last
    features: tuple[Feature, ...] = ()
    begun: Begun | None = None
    door: LanDoor | None = None
    before: float | None = None  # `authorized_at` when the sign-in was begun
    skipped: bool = False  # the choice of a speaker was put off

    def begin(self, begun: Begun, client_id: str, features: tuple[Feature, ...], login: LoginState) -> None:
        """Note a sign-in that waits for its answer."""
        self.begun, self.client_id, self.features = begun, client_id, features
        self.before = login.authorized_at
        self.step = SIGN_IN

    def leave(self) -> None:
        """End signing in; what was typed stays."""
        self.begun = self.door = self.step = None
        self.features = ()

    def settle(self, login: LoginState, now: float) -> None:
        """Notice that a sign-in has ended well, and that the door has closed."""
        if self.begun and login.linked and login.authorized_at != self.before:
            self.leave()
        if self.door and now >= self.door.closes_at:
            self.door = None


class Visits:
    """The browsers, by the random name of their session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Visit] = OrderedDict()

    def of(self, browser: str) -> Visit:
        """Return the visit of a browser; a new one begins at the beginning."""
        with self._lock:
            visit = self._known.setdefault(browser, Visit())
            self._known.move_to_end(browser)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return visit

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._known.clear()
