"""A page on a fake desk, and a visitor who loaded it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moodbox.music.spotify.values import Feature
from moodbox.page.app import create_app
from tests.fakes.desk import FakeDesk
from tests.fakes.spotify_desk import KITCHEN, FakeSpotifyDesk

BASE = "http://127.0.0.1:8080"
TOKEN = re.compile(r'name="moodbox-token" content="([^"]+)"')


class Visitor:
    """A browser that loaded the page and sends what the page's own scripts send."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        found = TOKEN.search(client.get("/", base_url=BASE).text)
        assert found
        self.headers = {"X-Moodbox-Token": found[1], "Sec-Fetch-Site": "same-origin", "Origin": BASE}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=BASE, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.post(path, base_url=BASE, headers=headers, **more)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def spotify(desk: FakeDesk) -> FakeSpotifyDesk:
    """Spotify, switched on; nobody is signed in."""
    desk.spotify = FakeSpotifyDesk()
    return desk.spotify


@pytest.fixture
def linked(spotify: FakeSpotifyDesk) -> FakeSpotifyDesk:
    """Spotify with somebody signed in, every feature allowed, and a speaker."""
    spotify.sign_in(*Feature)
    spotify.use_speaker(KITCHEN)
    return spotify


@pytest.fixture
def app(desk: FakeDesk) -> Flask:
    return create_app(desk)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A browser that did not load the page."""
    return app.test_client()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())
