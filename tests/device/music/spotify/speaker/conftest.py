"""A world with its two local speakers, and somebody who listens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moodbox.standin.librespot import LibrespotServer
from moodbox.standin.soloist import SoloistServer
from moodbox.standin.world import World
from tests.fakes.listener import Listener
from tests.fakes.spotify_fixtures import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def contexts(world: World) -> list[str]:
    """Own playlists with at least five playable tracks."""
    own = [playlist.uri for playlist in world.playlists.values() if playlist.owner == world.owner.id]
    return [uri for uri in own if len(world.contents(uri)) >= 5]


@pytest.fixture
def soloist(world: World) -> Iterator[SoloistServer]:
    with SoloistServer(world) as server:
        yield server


@pytest.fixture
def librespot(world: World) -> Iterator[LibrespotServer]:
    with LibrespotServer(world) as server:
        yield server


@pytest.fixture
def listener() -> Listener:
    return Listener()
