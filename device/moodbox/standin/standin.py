"""The stand-in as one thing: start it, point the client at its hosts, close it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from flask import Flask

from moodbox.music.spotify.values import Hosts
from moodbox.standin.accounts import accounts
from moodbox.standin.calls import Call, Exchange
from moodbox.standin.covers import covers
from moodbox.standin.faults import Fault, FaultKind, Faults
from moodbox.standin.gate import Gate
from moodbox.standin.grants import DEMO_CLIENT_ID
from moodbox.standin.librespot import LibrespotServer
from moodbox.standin.memory import Memory
from moodbox.standin.outside import outside
from moodbox.standin.server import Server
from moodbox.standin.soloist import SoloistServer
from moodbox.standin.webapi import api
from moodbox.standin.world import World

__all__ = ["DEMO_CLIENT_ID", "Fault", "FaultKind", "Standin"]


class Standin:
    """Spotify's accounts service, Web API, covers and local speakers, on this machine's loopback address."""

    client_id = DEMO_CLIENT_ID

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        *,
        local_speakers: bool = True,
        seed: int = 1,
        port: int = 0,
        memory: Path | None = None,
    ) -> None:
        self.world = World(clock, seed=seed, local_speakers=local_speakers)
        self.faults = Faults()
        self._port = port
        self._memory = Memory(memory) if memory else None
        if self._memory:
            self._memory.recall(self.world)
        self._gate = Gate(_application(self.world), self.world, self.faults, self._keep)
        self._server: Server | None = None
        self._closing = threading.Lock()
        self.soloist = SoloistServer(self.world) if local_speakers else None
        self.librespot = LibrespotServer(self.world) if local_speakers else None

    @classmethod
    def demo(cls, memory: Path | None = None) -> Standin:
        """Make the one that `moodbox simulate --spotify demo` starts: a household with speakers and a full library.

        With a file as `memory` sign-ins and playlists outlive the simulator.
        """
        return cls(memory=memory)

    @property
    def calls(self) -> list[Call]:
        """Return every call of the Web API so far."""
        return self._gate.calls

    @property
    def root(self) -> str:
        """Return the stand-in's address."""
        if self._server is None:
            raise RuntimeError("the stand-in is not started")
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def hosts(self) -> Hosts:
        """Return where the client finds it."""
        return Hosts(accounts=self.root, api=f"{self.root}/v1", images=("127.0.0.1",))

    def on_exchange(self, hook: Callable[[Exchange], None]) -> None:
        """Show every exchange of the Web API to a hook, on the server's threads, before the answer is sent."""
        self._gate.hooks.append(hook)

    def start(self) -> Self:
        """Listen; returns itself."""
        if self._server is None:
            self._server = Server(self._gate, self._port)
            self._port = self._server.port  # started again it is found where it was
            for speaker in (self.soloist, self.librespot):
                if speaker is not None:
                    speaker.root = self.root  # its covers are here
                    speaker.start()
        return self

    def close(self) -> None:
        """Hang up on everybody; may be called twice."""
        with self._closing:
            server, self._server = self._server, None
            if server is None:
                return
            self.faults.clear()
            for speaker in (self.soloist, self.librespot):
                if speaker is not None:
                    speaker.close()
            server.close()

    def _keep(self) -> None:
        if self._memory:
            self._memory.keep(self.world)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _application(world: World) -> Flask:
    app = Flask("moodbox.standin")
    app.extensions["moodbox-world"] = world
    app.extensions["moodbox-asked"] = {}
    app.url_map.strict_slashes = False  # Spotipy asks for "/v1/me/", which Spotify takes for "/v1/me"
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    for part in (accounts, api, covers, outside):
        app.register_blueprint(part)
    return app
