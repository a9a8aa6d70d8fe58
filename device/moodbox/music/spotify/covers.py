"""Covers: fetched by the box, so that the visitor's browser talks to nobody but the box. Kept in memory only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from urllib.parse import urlsplit

import requests

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.session import Session
from moodbox.music.spotify.values import Hosts

LARGEST = 1_000_000  # bytes of one picture; a cover of 640 x 640 pixels has about 100 kB
KEPT = 48  # pictures; about 5 MB
SECONDS = 5.0
_STARTS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class Covers:
    """Fetch pictures from the hosts of covers, and from no other."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._plain = not hosts.api.startswith("https:")  # the stand-in has no certificate
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[bytes, str]] = OrderedDict()

    def fetch(self, url: str) -> tuple[bytes, str]:
        """Return a picture and its media type; raises SpotifyError."""
        with self._lock:
            if url in self._kept:
                self._kept.move_to_end(url)
                return self._kept[url]
        picture = self._get(url)
        with self._lock:
            self._kept[url] = picture
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return picture

    def clear(self) -> None:
        """Forget every picture."""
        with self._lock:
            self._kept.clear()

    def _get(self, url: str) -> tuple[bytes, str]:
        if not self._allowed(url):
            raise _no("That is no picture of Spotify's")
        parts = urlsplit(url)
        with Session(f"{parts.scheme}://{parts.netloc}") as session:
            session.seconds = SECONDS
            try:
                answer = session.get(url)
            except requests.RequestException:  # its text holds the address
                raise _no("The cover did not come") from None
        if answer.status_code != requests.codes.ok or len(answer.content) > LARGEST:
            raise _no("The cover did not come")
        for start, kind in _STARTS.items():  # what it is, not what it says it is
            if answer.content.startswith(start):
                return answer.content, kind
        raise _no("The cover is no picture")

    def _allowed(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
            port = parts.port
        except ValueError:
            return False
        if parts.username or parts.scheme not in (("https", "http") if self._plain else ("https",)):
            return False
        if not self._plain and port not in (None, 443):
            return False
        return any(host == name or (name.startswith(".") and host.endswith(name)) for name in self._hosts.images)


def _no(cause: str) -> SpotifyError:
    return SpotifyError(cause, "Nothing need be done: the music plays without it", Verdict.IGNORE, key="spotify-cover")
