"""An owner's music in a real catalogue: a playlist of own tracks for some moods, a followed one for another."""

from __future__ import annotations

from pathlib import Path

from moodbox.events import Programme, Step, Strategy
from moodbox.mood import COORDINATES, mood_by_hand
from moodbox.music.planner import plan
from moodbox.music.spotify.catalogue.catalogue import Catalogue
from moodbox.music.spotify.values import Artist, Playlist, SpeakerChoice, Track
from moodbox.store.database import Database

NOW = 1_795_000_000.0  # November 2026


def uri(kind: str, name: str) -> str:
    return f"spotify:{kind}:{name.replace('-', '').ljust(22, '0')[:22]}"


def track(name: str, seconds: float = 200.0) -> Track:
    artist = Artist(uri("artist", f"by{name[:3]}"), f"The {name[:3]}s")
    return Track(uri("track", name), name, (artist,), "Album", f"https://i.scdn.co/image/{name}", seconds)


def tracks(label: str, count: int = 8, seconds: float = 200.0) -> list[Track]:
    return [track(f"{label}-{number}", seconds) for number in range(count)]


class Music:
    """The catalogue, and what is in its playlists."""

    def __init__(
        self, folder: Path, speaker: SpeakerChoice, own: tuple[str, ...] = ("sad", "neutral", "happy")
    ) -> None:
        self.database = Database(folder / "moodbox.db", clock=lambda: NOW)
        self.shelf = Catalogue(self.database, clock=lambda: NOW)
        self.contexts: dict[str, list[Track]] = {}
        self.lifts: list[tuple[str, ...]] = []
        for label in own:
            self.add(label)
        self.shelf.prefer(speaker=speaker, ceiling=0.5)

    def add(
        self, label: str, name: str = "", *, owned: bool = True, count: int = 8, seconds: float = 200.0
    ) -> Playlist:
        """Choose one more playlist for a mood."""
        name = name or label
        playlist = Playlist(uri("playlist", name), f"{name.title()} songs", "Me", owned=owned, snapshot="one")
        self.shelf.meet_playlists([playlist], "library")
        inside = self.contexts[playlist.uri] = tracks(name, count, seconds)
        if owned:
            self.shelf.fill(playlist.uri, inside, "one")
        before = [chosen.uri for chosen in self.shelf.mood_playlists(label)]
        self.shelf.choose(label, [*before, playlist.uri])
        return playlist

    def write_lift(self, uris: tuple[str, ...]) -> str:
        """Write the lift playlist, as the workshop does."""
        known = {one.uri: one for inside in self.contexts.values() for one in inside}
        self.lifts.append(tuple(uris))
        self.contexts[uri("playlist", "lift")] = [known[one] for one in uris]
        return uri("playlist", "lift")


def match(label: str) -> Programme:
    return Programme((Step(label, *COORDINATES[label]),), Strategy.MATCH, "Because.")


def lift(label: str = "sad") -> Programme:
    return plan(mood_by_hand(label, 0.0), Strategy.LIFT)
