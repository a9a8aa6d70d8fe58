"""The parts that both the box and `moodbox refresh` need: database, sign-in, client, workshop."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from moodbox.lock import FileLock
from moodbox.music.spotify.catalogue.catalogue import Catalogue
from moodbox.music.spotify.client.budget import Budget
from moodbox.music.spotify.client.client import Client
from moodbox.music.spotify.link.login import Login
from moodbox.music.spotify.made.refresh import Refresh
from moodbox.music.spotify.made.workshop import Workshop
from moodbox.music.spotify.player.gate import Gate
from moodbox.music.spotify.player.news import Tell
from moodbox.music.spotify.player.player import SpotifyPlayer
from moodbox.music.spotify.ports import OnHeard, Speaker
from moodbox.music.spotify.speaker.finder import open_speaker
from moodbox.music.spotify.values import Account, Feature, Hosts, Purpose, SpeakerChoice
from moodbox.settings import SpotifySettings
from moodbox.store.database import Database


class Parts:
    """Spotify without a speaker. Two processes may have one each: what must not happen twice is under file locks."""

    def __init__(
        self,
        settings: SpotifySettings,
        state: Path,
        hosts: Hosts,
        *,
        database: Database | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the database in `state`, unless one is shared; that one is left open at the end."""
        self.settings = settings
        self.hosts = hosts
        self.clock = clock
        self.monotonic = monotonic
        self.linked: Callable[[], None] = lambda: None  # what shall follow a sign-in
        self._shared = database is not None
        self.database = database or Database(state / "moodbox.db")
        self.shelf = Catalogue(self.database, clock=clock)
        self.login = Login(
            state / "spotify",
            hosts,
            loopback_port=settings.loopback_port,
            lan_port=settings.lan_port,
            clock=clock,
            monotonic=monotonic,
            on_linked=self._on_linked,
        )
        self.budget = Budget(self.database, clock=clock)
        self.api = Client(hosts, self.login, self.budget, clock=clock, monotonic=monotonic)
        self.workshop = Workshop(
            self.api,
            self.shelf,
            self._may,
            FileLock(state / "spotify" / "playlists.lock"),
            clock=clock,
            account=self.account,
        )
        self.refresh = Refresh(self.workshop, self.api, self.shelf, clock=clock)

    def _may(self, feature: Feature) -> bool:
        """Say whether the owner allowed something; raises NeedsLogin when nobody is signed in any more."""
        needs = self.login.needs()
        if needs is not None:
            raise needs
        return self.login.state().may(feature)

    def _on_linked(self) -> None:
        self.linked()

    def player(self, volume: float, tell: Tell) -> SpotifyPlayer:
        """Make the player; its speaker is opened by its own thread."""
        gate = Gate(self.shelf, self.login.state, self.budget.state, enabled=self.settings.enabled)
        return SpotifyPlayer(
            self.shelf,
            self._open_speaker,
            self.workshop.write_lift,
            gate,
            self.budget.state,
            volume=volume,
            tell=tell,
            clock=self.clock,
            monotonic=self.monotonic,
        )

    def _open_speaker(self, choice: SpeakerChoice, on_heard: OnHeard) -> Speaker:
        return open_speaker(
            choice,
            soloist=self.settings.soloist,
            librespot=self.settings.librespot,
            api=self.api,
            on_heard=on_heard,
            monotonic=self.monotonic,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def account(self) -> Account:
        """Return who is signed in, asking Spotify the first time; raises SpotifyError."""
        known = self.shelf.preferences()
        if known.account_id:
            return Account(known.account_id, known.account_user, known.account_name)
        account = self.api.for_(Purpose.PAGE).me()
        self.shelf.prefer(account_id=account.id, account_user=account.user, account_name=account.name)
        return account

    def close(self) -> None:
        """Close listeners, and the database unless it is shared; may be called twice."""
        self.login.close()
        self.api.close()
        if not self._shared:
            self.database.close()
