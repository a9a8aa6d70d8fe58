"""A stand-in for Spotify, a clock that is set by hand, and a browser that agrees or does not."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
from urllib.parse import urlencode, urlsplit

import pytest

from moodbox.music.spotify.link.accounts import Grant
from moodbox.music.spotify.link.login import Login
from moodbox.music.spotify.link.token_file import Token, TokenFile
from moodbox.music.spotify.values import SCOPES
from moodbox.standin.standin import DEMO_CLIENT_ID, Standin

NOVEMBER = 1_795_000_000.0  # 2026-11-18


class Clock:
    """Both clocks, moved by hand."""

    def __init__(self):
        self.wall, self.monotonic = NOVEMBER, 1000.0

    def __call__(self):
        return self.wall

    def ticks(self):
        return self.monotonic

    def advance(self, seconds):
        self.wall += seconds
        self.monotonic += seconds


class Browser:
    """Whoever stands in front of Spotify's sign-in page."""

    def answer(self, url, answer="agree"):
        """Return the address that Spotify sends the browser to; nobody follows it yet."""
        page, _ = self._ask("GET", url)
        ticket = re.search(r'name="ticket" value="([^"]+)"', page).group(1)
        _, location = self._ask("POST", url.partition("?")[0], urlencode({"ticket": ticket, "answer": answer}))
        return location

    def _ask(self, method, url, body=None):
        """Return the page and where it leads; http.client, for it logs nothing, and logs are looked at here."""
        parts = urlsplit(url)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection = http.client.HTTPConnection(parts.netloc, timeout=5)
        with contextlib.closing(connection):
            connection.request(method, f"{parts.path}?{parts.query}", body, headers)
            response = connection.getresponse()
            page = response.read().decode()
            assert response.status < 400, page
            return page, response.headers["Location"]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def spotify(clock):
    with Standin(clock=clock, local_speakers=False) as spotify:
        yield spotify


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "spotify"


@pytest.fixture
def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def make_login(spotify, clock, folder, free_port):
    """Return a function that makes a Login; all are closed at the end."""
    made = []

    def make(**changes):
        given = {
            "loopback_port": free_port,
            "lan_port": 0,
            "clock": clock,
            "monotonic": clock.ticks,
            "lan_address": lambda: "127.0.0.1",
        }
        login = Login(changes.pop("folder", folder), changes.pop("hosts", spotify.hosts), **(given | changes))
        made.append(login)
        return login

    yield make
    for login in made:
        login.close()


@pytest.fixture
def login(make_login):
    return make_login()


@pytest.fixture
def link(spotify, clock, folder):
    """Return a function that puts a sign-in of now into the folder, as if somebody had gone through the page."""

    def put(scopes=SCOPES, **changes):
        grant = Grant.read(spotify.world.grant(scopes))
        token = Token.granted(grant, DEMO_CLIENT_ID, clock())
        token = Token(**({name: getattr(token, name) for name in Token.__slots__} | changes))
        TokenFile(folder).write(token)
        return token

    return put


@pytest.fixture
def refreshes(spotify):
    """Return a function that counts the refreshes that reached Spotify."""
    return lambda: len(spotify.world.grants.spent)
