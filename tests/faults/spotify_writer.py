"""A process that makes playlists and writes lifts until it is killed: `python -m tests.faults.spotify_writer`.

It has the real database, client and workshop over the state folder and the stand-in that it is told of. The access
token comes in the environment. Each line on stdout says what is done, so that a test can kill it anywhere.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from moodbox.music.spotify.failure import NeedsLogin, SpotifyError
from moodbox.music.spotify.values import Hosts
from tests.fakes.workbench import Desk

TOKEN = "MOODBOX_TEST_TOKEN"  # noqa: S105 - the name of a variable
ROOT = Path(__file__).parents[2]


class OneToken:
    """The token of the environment; there is no other."""

    def token(self) -> str:
        """Return it."""
        return os.environ[TOKEN]

    def renew(self, rejected: str) -> str:
        """Give up."""
        raise NeedsLogin("The token of the test is over")


def start(api: str, token: str, state: Path, *, seed: int, ahead: float = 0.0) -> subprocess.Popen[str]:
    """Start one; `ahead` is how many seconds its clock is ahead, so that nobody waits two minutes for real."""
    command = [sys.executable, "-m", "tests.faults.spotify_writer", api, str(state), str(seed), str(ahead)]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {TOKEN: token}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def main() -> int:
    """Write until somebody ends it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("api")
    parser.add_argument("state", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("ahead", type=float)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    desk = Desk(Hosts(accounts=given.api, api=given.api), OneToken(), given.state, lambda: time.time() + given.ahead)
    print("ready", flush=True)
    while True:
        for label in ("happy", "sad"):
            try:
                _once(desk, label, chance)
            except SpotifyError as error:  # an answer that was lost by the process before may have to be waited for
                print(f"later: {error.cause}", flush=True)


def _once(desk: Desk, label: str, chance: random.Random) -> None:
    print(f"make {label}", flush=True)
    desk.workshop.make(label)
    pool = [candidate.track.uri for candidate in desk.shelf.candidates()]
    for _ in range(3):
        print("lift", flush=True)
        desk.workshop.write_lift(chance.sample(pool, min(len(pool), chance.randint(1, 20))))


if __name__ == "__main__":
    sys.exit(main())
