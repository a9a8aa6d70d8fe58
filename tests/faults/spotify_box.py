"""A box without sound or sight, to be killed: it renews its token, writes lifts and makes playlists."""

from __future__ import annotations

import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.parts import Parts
from moodbox.music.spotify.values import Hosts
from moodbox.settings import SpotifySettings

HOUR = 3_600.0


def live(hosts: Hosts, state: Path, seed: int, ahead: float, said: Connection) -> None:
    """Work until somebody ends it; `ahead` is how far its clock is ahead, so that nobody waits for hours."""
    chance = random.Random(seed)
    passed = ahead

    def clock() -> float:
        return time.time() + passed

    parts = Parts(SpotifySettings(), state, hosts, clock=clock, monotonic=lambda: time.monotonic() + passed)
    uris = [candidate.track.uri for candidate in parts.shelf.candidates()]
    said.send("ready")
    while True:
        passed += 2 * HOUR  # the token is over
        for work in chance.sample((_lift, _make), 2):
            try:
                work(parts, uris, chance)
            except SpotifyError as error:
                said.send(f"{error.key} {error.cause}")


def _lift(parts: Parts, uris: list[str], chance: random.Random) -> None:
    parts.workshop.write_lift(chance.sample(uris, 9))


def _make(parts: Parts, _uris: list[str], chance: random.Random) -> None:
    parts.workshop.make(chance.choice(("happy", "sad")))
