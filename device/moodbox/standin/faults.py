"""What can go wrong at Spotify, on demand: each kind as `spotify.md` 1.6 describes it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """A way in which Spotify fails."""

    EXPIRED_TOKEN = "expired_token"  # the access token used is over from now on: 401  # noqa: S105
    MISSING_TOKEN = "missing_token"  # 401 "Access token missing" of the player, for a good token  # noqa: S105
    REVOKED = "revoked"  # a refresh is answered with 400 invalid_grant, and the consent is over
    PREMIUM = "premium"  # 403 PREMIUM_REQUIRED of the player
    OWNER_PREMIUM = "owner_premium"  # 403, the app's owner has no Premium
    NOT_REGISTERED = "not_registered"  # 403, the account is not on the app's list
    FORBIDDEN = "forbidden"  # a bare 403
    RESTRICTION = "restriction"  # 403 "Restriction violated" of the player
    NO_ACTIVE_DEVICE = "no_active_device"  # 404 of the player
    RATE_LIMITED = "rate_limited"  # 429 with Retry-After, without reason
    QUOTA = "quota"  # 429 QUOTA_EXCEEDED
    SERVER_ERROR = "server_error"  # 500, 502 or 503
    HTML = "html"  # 200 with a page instead of an answer
    SLOW = "slow"  # the answer waits until `release()` or `seconds`
    CUT = "cut"  # the connection is closed instead of an answer
    NULLS = "nulls"  # every null that Spotify may send, at once
    ROTATED_LOST = "rotated_lost"  # the refresh token was rotated, and the answer never came
    SLEEPING = "sleeping"  # every device falls asleep just before a command
    RENAMED = "renamed"  # every device has another name just before a call
    CLOCK_WRONG = "clock_wrong"  # Spotify's Date is a year later than the box may believe


TOKEN_PATH = "/api/token"  # noqa: S105 - a path
PLAYER = "/me/player"
_AT_TOKEN = {FaultKind.REVOKED, FaultKind.ROTATED_LOST}
_AT_PLAYER = {FaultKind.MISSING_TOKEN}
_AT_COMMANDS = {
    FaultKind.PREMIUM,
    FaultKind.RESTRICTION,
    FaultKind.NO_ACTIVE_DEVICE,
    FaultKind.SLEEPING,
}


@dataclass(slots=True)
class Fault:
    """One failure to come.

    `times`: how many calls meet it, None = all. `path`: how their path begins, as in "/me/player/play"; "/api/token"
    is the accounts service. Without a path a fault meets the calls that it fits: slow, cut, server_error, html and
    clock_wrong any call of the Web API (name "/api/token" to have them there), the player's kinds its commands.
    """

    kind: FaultKind
    times: int | None = 1
    path: str = ""
    method: str = ""
    after: bool = False  # slow, cut: the call has its effect first
    status: int = 503  # server_error
    seconds: float | None = None  # slow: at most (30); rate_limited (30) and quota (48,925): Retry-After
    met: int = 0  # how many calls met it
    held: threading.Event = field(default_factory=threading.Event)  # set when a slow fault holds an answer
    _released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.kind = FaultKind(self.kind)

    @property
    def spent(self) -> bool:
        """Say whether it has met as many calls as it should."""
        return self.times is not None and self.met >= self.times

    def fits(self, method: str, path: str) -> bool:
        """Say whether a call meets this fault. `path` is without "/v1"."""
        if self.spent or (self.method and self.method != method):
            return False
        if self.path:
            return path.startswith(self.path)
        at_token = path == TOKEN_PATH
        if self.kind in _AT_TOKEN or at_token:
            return self.kind in _AT_TOKEN and at_token
        player = path == PLAYER or path.startswith(PLAYER + "/")
        if self.kind in _AT_PLAYER:
            return player
        if self.kind in _AT_COMMANDS:
            return player and method != "GET"
        return True

    def release(self) -> None:
        """Let the answers go that a slow fault holds."""
        self._released.set()

    def hold(self) -> None:
        """Wait for `release`, but no longer than `seconds`."""
        self.held.set()
        self._released.wait(30.0 if self.seconds is None else self.seconds)


class Faults:
    """The failures to come, in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._taken: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let it fail; returns the fault, to be released or looked at."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again, and let go of answers that are held."""
        with self._lock:
            gone, self._faults = [*self._faults, *self._taken], []
            self._taken = []
        for fault in gone:
            fault.release()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the first fault that a call meets, and count it."""
        with self._lock:
            for fault in self._faults:
                if fault.fits(method, path):
                    fault.met += 1
                    self._taken.append(fault)
                    self._faults = [one for one in self._faults if not one.spent]
                    return fault
        return None
