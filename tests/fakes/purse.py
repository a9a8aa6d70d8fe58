"""Tokens for tests of the client: the stand-in grants them at once, and a renewal ends the old one."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.values import FEATURE_SCOPES, SCOPES
from moodbox.standin.world import World

EVERY_SCOPE = tuple(dict.fromkeys([*SCOPES, *(scope for scopes in FEATURE_SCOPES.values() for scope in scopes)]))


class Purse:
    """What `ports.Tokens` asks for, without a sign-in. `fails` is raised instead of giving a token."""

    def __init__(self, world: World, scopes: Sequence[str] = EVERY_SCOPE) -> None:
        self._world = world
        self._scopes = scopes
        self._lock = threading.Lock()
        self._token = self._fresh()
        self.renewals: list[str] = []  # the tokens that were rejected
        self.fails: SpotifyError | None = None

    def token(self) -> str:
        """Return the present token."""
        if self.fails:
            raise self.fails
        return self._token

    def renew(self, rejected: str) -> str:
        """Return another token than the rejected one."""
        with self._lock:
            if self.fails:
                raise self.fails
            self.renewals.append(rejected)
            if rejected == self._token:
                self._token = self._fresh()
            return self._token

    def _fresh(self) -> str:
        return str(self._world.grant(self._scopes)["access_token"])
