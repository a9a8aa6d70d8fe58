"""How much may come in how fast."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Let `each_second` things through per second, and as many in one go after a rest."""

    def __init__(self, each_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._each_second = each_second
        self._clock = clock
        self._left = each_second
        self._time = clock()
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Say whether one more may pass now, and count it when it may."""
        with self._lock:
            now = self._clock()
            self._left = min(self._each_second, self._left + (now - self._time) * self._each_second)
            self._time = now
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True
