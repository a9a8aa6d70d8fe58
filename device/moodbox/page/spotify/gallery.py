"""The covers that the page shows: each has a name of ours, so that a visitor can ask for no address of his own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict

MOST = 1000  # covers remembered; the oldest give way


class Gallery:
    """Hand out names for the addresses of covers, and find the address of a name that was handed out."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._known: OrderedDict[str, str] = OrderedDict()

    def path(self, url: str) -> str:
        """Return the page's own address of a cover; "" for none."""
        if not url:
            return ""
        key = hmac.new(self._secret, url.encode(), hashlib.sha256).hexdigest()[:32]
        with self._lock:
            self._known[key] = url
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return f"/spotify/cover/{key}"

    def url(self, key: str) -> str | None:
        """Find the address of a cover that was shown."""
        with self._lock:
            return self._known.get(key)

    def clear(self) -> None:
        """Forget every cover."""
        with self._lock:
            self._known.clear()
