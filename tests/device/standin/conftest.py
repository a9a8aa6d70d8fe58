"""A stand-in that is held to the specification, and somebody who calls it."""

from __future__ import annotations

import pytest

from tests.fakes.spotify_caller import Caller, SignIn
from tests.fakes.spotify_fixtures import live_spotify, spotify, spotify_clock

__all__ = ["live_spotify", "spotify", "spotify_clock"]


@pytest.fixture
def call(spotify):
    return Caller(spotify)


@pytest.fixture
def sign_in(spotify):
    return SignIn(spotify)


@pytest.fixture
def playlists(spotify):
    """Return the ids of the invented playlists by name."""
    return {playlist.name: playlist.id for playlist in spotify.world.playlists.values()}


@pytest.fixture
def kitchen(spotify):
    return spotify.world.device("Kitchen")
