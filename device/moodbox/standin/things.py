"""What there is at Spotify: people, music, playlists, devices. Times are seconds of the world's clock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def new_id(*words: object) -> str:
    """Make a Spotify id (22 characters, base 62) out of words; the same words give the same id."""
    number = int.from_bytes(hashlib.sha256("\0".join(map(str, words)).encode()).digest(), "big")
    text = ""
    for _ in range(22):
        number, digit = divmod(number, 62)
        text += _ALPHABET[digit]
    return text


@dataclass(slots=True)
class User:
    """An account of Spotify's."""

    id: str
    name: str
    premium: bool = True

    @property
    def uri(self) -> str:
        """Give the URI."""
        return f"spotify:user:{self.id}"

    @property
    def account_id(self) -> str:
        """Give the id that stays when the user id does not (since May 2026)."""
        return new_id("account", self.id)


@dataclass(frozen=True, slots=True)
class Artist:
    """Somebody who makes music."""

    id: str
    name: str

    @property
    def uri(self) -> str:
        """Give the URI."""
        return f"spotify:artist:{self.id}"


@dataclass(frozen=True, slots=True)
class Album:
    """An album; its cover is a picture of the stand-in's own."""

    id: str
    name: str
    artist: Artist
    year: int
    tracks: int

    @property
    def uri(self) -> str:
        """Give the URI."""
        return f"spotify:album:{self.id}"


@dataclass(frozen=True, slots=True)
class Track:
    """A track, an episode of a show, or somebody's local file."""

    id: str
    title: str
    artists: tuple[Artist, ...]
    album: Album
    seconds: float
    number: int = 1
    mood: str = ""  # what the invented music is meant to be; no answer of the Web API holds it
    kind: str = "track"  # "track", "episode" or "local"
    playable: bool = True
    explicit: bool = False

    @property
    def uri(self) -> str:
        """Give the URI; local files have one without an id."""
        if self.kind == "local":
            words = (self.artists[0].name, self.album.name, self.title, str(int(self.seconds)))
            return "spotify:local:" + ":".join(word.replace(" ", "+") for word in words)
        return f"spotify:{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Item:
    """One place in a playlist. An empty URI is a track that Spotify no longer has: its item is null."""

    uri: str
    added_at: float
    added_by: str


@dataclass(slots=True)
class Playlist:
    """A playlist with everything in it; what the Web API shows of it depends on who asks."""

    id: str
    name: str
    owner: str  # user id; "spotify" for Spotify's own
    items: list[Item] = field(default_factory=list)
    description: str = ""
    public: bool = False
    collaborators: frozenset[str] = frozenset()
    writes: int = 0
    made: bool = False  # over the Web API; the others are invented anew at every start
    cover: bytes = b""  # JPEG that somebody uploaded

    @property
    def uri(self) -> str:
        """Give the URI."""
        return f"spotify:playlist:{self.id}"

    @property
    def snapshot(self) -> str:
        """Give the snapshot id, which changes with every write."""
        return hashlib.sha256(f"{self.id}:{self.writes}".encode()).hexdigest()[:32]

    def readable(self, user: str) -> bool:
        """Say whether that user may see and change what is in it."""
        return user == self.owner or user in self.collaborators


@dataclass(slots=True)
class Device:
    """A Connect device. One that was never paired belongs to nobody: no call can wake it."""

    id: str
    name: str
    kind: str = "Speaker"
    user: str = ""  # user id of the account it is paired with
    volume: int | None = 60  # percent
    takes_volume: bool = True
    restricted: bool = False
    local: str = ""  # "soloist" or "librespot": it also has an interface of its own
    idle_seconds: float = 600.0  # after so long without playing it drops out of the list
    asleep: bool = False
    deep: bool = False  # not even "play" wakes it over the Web API
    idle_since: float = 0.0
    wakes_at: float | None = None
    pending: Callable[[], None] | None = None  # what it was asked for while it slept

    @property
    def paired(self) -> bool:
        """Say whether it belongs to an account."""
        return bool(self.user)

    @property
    def listed(self) -> bool:
        """Say whether GET /me/player/devices shows it."""
        return self.paired and not self.asleep
