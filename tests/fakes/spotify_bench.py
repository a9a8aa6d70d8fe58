"""A client of the Web API on the stand-in, with everything that a test turns or looks at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from moodbox.music.spotify.client.budget import Budget
from moodbox.music.spotify.client.client import Client
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.values import Purpose
from moodbox.standin.standin import Fault, FaultKind, Standin
from moodbox.store.database import Database
from tests.fakes.purse import Purse
from tests.fakes.spotify_fixtures import FakeClock


class Bench:
    """The stand-in, a purse of tokens, a budget and a client, with what the client slept."""

    def __init__(self, spotify: Standin, clock: FakeClock, folder: Path, deadline: float) -> None:
        self.spotify = spotify
        self.clock = clock
        self.purse = Purse(spotify.world)
        self.database = Database(folder / "moodbox.db")
        self.budget = Budget(self.database, clock=self.clock)
        self.slept: list[float] = []
        self.client = Client(
            spotify.hosts,
            self.purse,
            self.budget,
            clock=self.clock,
            sleep=self.slept.append,
            deadline=deadline,
        )
        self.press = self.client.for_(Purpose.PRESS)
        world = spotify.world
        self.kitchen = next(device for device in world.devices if device.listed)
        listed = [world.playlists[uri] for uri in world.followed]
        self.own = next(one.uri for one in listed if one.owner == world.owner.id and one.items)
        self.foreign = next(
            one.uri for one in listed if not one.readable(world.owner.id) and one.owner != "spotify"
        )  # followed, and somebody else's

    def close(self) -> None:
        """Let go of everything but the stand-in."""
        self.client.close()
        self.database.close()

    def moved(self, seconds: float) -> None:
        """Move the wall clock."""
        self.clock.turn(seconds)

    def calls(self) -> list[str]:
        """Return "METHOD path" of every call so far."""
        return [f"{call.method} {call.path}" for call in self.spotify.calls]

    @property
    def songs(self) -> list[str]:
        """Return URIs of playable tracks."""
        tracks = self.spotify.world.tracks.values()
        return [track.uri for track in tracks if track.kind == "track" and track.playable]


def fails(ask: Callable[[], Any]) -> SpotifyError:
    """Return the error that a call ends with; fails if it ends well."""
    with pytest.raises(SpotifyError) as raised:
        ask()
    return raised.value


def fault(bench: Bench, kind: str, **details: Any) -> Fault:
    """Let Spotify fail."""
    return bench.spotify.faults.add(Fault(FaultKind(kind), **details))
