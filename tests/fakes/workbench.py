"""A workshop on the stand-in for Spotify, with the real client, budget and catalogue, and a clock turned by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from moodbox.lock import FileLock
from moodbox.music.spotify.catalogue.catalogue import Catalogue
from moodbox.music.spotify.client.budget import Budget
from moodbox.music.spotify.client.client import Client
from moodbox.music.spotify.made.refresh import Refresh
from moodbox.music.spotify.made.workshop import Workshop
from moodbox.music.spotify.ports import Tokens
from moodbox.music.spotify.values import Account, Feature, Hosts, Purpose
from moodbox.standin.standin import Standin
from moodbox.standin.things import Playlist
from moodbox.store.database import Database
from tests.fakes.purse import Purse


class Desk:
    """What one process has of the Spotify room that makes playlists; there may be several over one state folder."""

    def __init__(self, hosts: Hosts, tokens: Tokens, state: Path, clock: Callable[[], float]) -> None:
        self.allowed = set(Feature)
        self.slept: list[float] = []
        self.database = Database(state / "moodbox.db", clock=clock)
        self.shelf = Catalogue(self.database, clock=clock)
        self.budget = Budget(self.database, clock=clock)
        self.client = Client(hosts, tokens, self.budget, clock=clock, sleep=self.slept.append, deadline=5.0)
        self.workshop = Workshop(
            self.client,
            self.shelf,
            self.allowed.__contains__,
            FileLock(state / "playlists.lock"),
            clock=clock,
            account=lambda: Account("account", "mila.demo", "Mila"),
        )
        self.refresh = Refresh(self.workshop, self.client, self.shelf, clock=clock, sleep=self.slept.append)

    def close(self) -> None:
        """Let go of connection and database."""
        self.client.close()
        self.database.close()


class Workbench(Desk):
    """One desk beside the stand-in, and what a test wants to know of both."""

    def __init__(self, spotify: Standin, state: Path, clock: Callable[[], float]) -> None:
        self.spotify = spotify
        self.world = spotify.world
        self.state = state
        self.clock = clock
        super().__init__(spotify.hosts, Purse(spotify.world), state, clock)

    def another(self) -> Desk:
        """Return a second process's desk over the same state."""
        return Desk(self.spotify.hosts, Purse(self.world), self.state, self.clock)

    def calls(self, since: int = 0) -> list[str]:
        """Return "METHOD path" of every call from number `since` on."""
        return [f"{call.method} {call.path}" for call in self.spotify.calls[since:]]

    def ours(self, kind: str) -> list[Playlist]:
        """Return the account's playlists that the box made for a kind."""
        listed = [self.world.playlists[uri] for uri in self.world.followed]
        return [one for one in listed if one.name == f"Moodbox: {kind}"]

    def tracks(self, kind: str) -> list[str]:
        """Return what is in the one playlist of a kind."""
        [playlist] = self.ours(kind)
        return [item.uri for item in playlist.items]

    def playlist(self, name: str) -> Playlist:
        """Find a playlist of the account by its name."""
        return next(one for one in self.world.playlists.values() if one.name == name)

    def pick(self, label: str, *names: str) -> None:
        """Let the owner choose playlists for a mood, as the page does."""
        listed = self.client.for_(Purpose.PAGE).own_playlists()
        self.shelf.meet_playlists(listed, "library", whole_library=True)
        self.shelf.choose(label, [self.playlist(name).uri for name in names])

    def songs(self, count: int, mood: str = "") -> list[str]:
        """Return URIs of some music, of one mood if given."""
        music = [one for one in self.world.tracks.values() if one.kind == "track" and mood in ("", one.mood)]
        return [one.uri for one in music[:count]]
