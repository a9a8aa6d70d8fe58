"""A visitor of the page, without a browser: touches the drawn button and reads the event stream."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

_TOKEN = re.compile(r'name="moodbox-token" content="([^"]+)"')


class Visitor:
    """Open the page of a running box; every wait ends after `seconds`."""

    def __init__(self, address: str, seconds: float = 30.0) -> None:
        parts = urlsplit(address)
        self._host, self._port, self._seconds = parts.hostname or "127.0.0.1", parts.port or 80, seconds
        connection = self._connect()
        connection.request("GET", "/")
        answer = connection.getresponse()
        page = answer.read().decode("utf-8")
        connection.close()
        token = _TOKEN.search(page)
        if answer.status != http.client.OK or token is None:
            raise OSError(f"the page at {address} answered {answer.status} without a token")
        self._token = token.group(1)
        self._cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]

    def touch(self, *, down: bool) -> None:
        """Move the finger on the drawn button."""
        self.post("/touch", {"down": down})

    def press(self, gesture: str) -> None:
        """Press by name: short, double or hold."""
        self.post("/press", {"gesture": gesture})

    def post(self, path: str, value: dict[str, Any]) -> None:
        """Send one choice; raises OSError when it is not taken."""
        connection = self._connect()
        headers = {"Cookie": self._cookie, "X-Moodbox-Token": self._token, "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(value), headers)
        answer = connection.getresponse()
        said = answer.read()[:200]
        connection.close()
        if answer.status != http.client.NO_CONTENT:
            raise OSError(f"{path} answered {answer.status}: {said!r}")

    def get(self, path: str) -> bytes:
        """Fetch something; raises OSError when it is not there."""
        connection = self._connect()
        connection.request("GET", path, headers={"Cookie": self._cookie})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != http.client.OK:
            raise OSError(f"{path} answered {answer.status}")
        return content

    def views(self) -> Iterator[dict[str, Any]]:
        """Yield the views of the event stream until it ends."""
        connection = self._connect()
        try:
            connection.request("GET", "/stream", headers={"Cookie": self._cookie})
            answer = connection.getresponse()
            kind = ""
            while line := answer.readline():
                name, _, value = line.decode("utf-8").strip().partition(": ")
                if name == "event":
                    kind = value
                elif name == "data" and kind == "view":
                    yield json.loads(value)
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
