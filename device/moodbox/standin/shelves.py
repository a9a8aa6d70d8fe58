"""The invented library: artists, albums, tracks and playlists that nobody has ever heard, the same every time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from moodbox.standin.things import Album, Artist, Item, Playlist, Track, User, new_id

OWNER = User("mila.demo", "Mila")
HOUSEHOLD = (User("jonas.demo", "Jonas"), User("ada.demo", "Ada"), User("theo.demo", "Theo", premium=False))
STRANGERS = (User("cornerrecords", "Corner Records"), User("nightbus", "Night Bus"), User("spotify", "Spotify"))
DAY = 86_400.0

_ARTISTS = {
    "happy": ("Paper Lanterns", "The Lemon Club", "Otto Sunday", "Bright Kiosk", "Nine Kites"),
    "sad": ("Harbour Grey", "Ivy Marlow", "Slow Ferry", "The Last Tram", "Nils Ostwind"),
    "angry": ("Iron Thistle", "Kettle Riot", "Red Static", "Gravel Choir", "Votla"),
    "fear": ("Hollow Pines", "Moth Cathedral", "Elin Dusk", "Low Beacon", "Far Window"),
    "disgust": ("Sour Plum", "The Unwashed Cups", "Mirja Tin", "Green Copper", "Old Umbrella"),
    "surprise": ("Zebra Parade", "Tuba Lightning", "Kiki & the Coins", "Jack in Boxes", "Ping Garden"),
    "neutral": ("Linen Room", "Ada Vell", "Quiet Rowers", "North Desk", "Mono Meadow"),
}
_FIRST = {
    "happy": ("Golden", "Barefoot", "Lucky", "Sunlit", "Dancing", "Easy", "Peach"),
    "sad": ("Empty", "Faded", "Rainy", "Distant", "Quiet", "Borrowed", "Winter"),
    "angry": ("Burning", "Broken", "Loud", "Iron", "Reckless", "Bitter", "Black"),
    "fear": ("Hollow", "Hidden", "Trembling", "Shadowed", "Cold", "Nameless", "Deep"),
    "disgust": ("Rusty", "Stale", "Crooked", "Sour", "Muddy", "Sticky", "Plastic"),
    "surprise": ("Sudden", "Electric", "Upside-down", "Secret", "Flying", "Magnetic", "Purple"),
    "neutral": ("Plain", "Even", "Paper", "Morning", "Gentle", "Wooden", "Still"),
}
_SECOND = ("Harbour", "Staircase", "Bicycle", "Letter", "Garden", "Window", "River", "Street", "Clock", "Orchard")
_PER_MOOD = 40  # tracks: 7 x 40 = 280
_PLAYLISTS = (
    ("Sunday sunshine", "happy", 28, "Windows open, coffee on"),
    ("Kitchen disco", "happy", 22, "Nobody is watching"),
    ("Rainy window", "sad", 26, ""),
    ("Letters never sent", "sad", 18, "For the slow train home"),
    ("Storm out", "angry", 24, "Loud, then louder"),
    ("Heavy lifting", "angry", 16, ""),
    ("Night light", "fear", 20, "Soft things for the dark"),
    ("Under the stairs", "fear", 15, ""),
    ("Clear the palate", "disgust", 17, ""),
    ("Jack-in-the-box", "surprise", 21, "You did not see that coming"),
    ("Deep work", "neutral", 40, "No words, no hurry"),
    ("Slow mornings", "neutral", 25, ""),
)


@dataclass(slots=True)
class Shelves:
    """Everything that the world begins with."""

    users: dict[str, User]
    tracks: dict[str, Track]
    playlists: dict[str, Playlist]
    followed: list[str]  # playlist URIs in the owner's library, own and others'
    saved: dict[str, float]  # URI -> when it was saved
    top: list[str]


def stock(seed: int, now: float) -> Shelves:
    """Invent it all; the same seed gives the same ids, titles and orders."""
    chance = random.Random(f"shelves:{seed}")
    by_mood = {mood: _music(seed, mood, chance) for mood in _ARTISTS}
    tracks = {track.uri: track for of_mood in by_mood.values() for track in of_mood}
    episode, local = _oddities(seed)
    tracks |= {episode.uri: episode, local.uri: local}
    playlists = _own(seed, now, by_mood, chance)
    playlists.append(_bits_and_pieces(seed, now, by_mood, episode, local))
    playlists += _others(seed, now, by_mood, chance)
    music = [track.uri for of_mood in by_mood.values() for track in of_mood]
    chance.shuffle(music)
    return Shelves(
        users={user.id: user for user in (OWNER, *HOUSEHOLD, *STRANGERS)},
        tracks=tracks,
        playlists={playlist.uri: playlist for playlist in playlists},
        followed=[playlist.uri for playlist in playlists if playlist.name != "Somebody else's secrets"],
        saved={uri: now - DAY * (number + 1) for number, uri in enumerate(music[:70])},
        top=music[40:100],
    )


def _music(seed: int, mood: str, chance: random.Random) -> list[Track]:
    """Invent the tracks of a mood: five artists with one album of eight tracks each."""
    tracks = []
    titles = [f"{first} {second}" for first in _FIRST[mood] for second in _SECOND]
    chance.shuffle(titles)
    for name in _ARTISTS[mood]:
        artist = Artist(new_id(seed, "artist", name), name)
        each = _PER_MOOD // len(_ARTISTS[mood])
        album_name = titles.pop()
        album = Album(new_id(seed, "album", name, album_name), album_name, artist, chance.randint(1968, 2026), each)
        for number in range(1, each + 1):
            title = titles.pop()
            seconds = float(chance.randint(140, 285))
            unique = new_id(seed, "track", name, title)
            tracks.append(Track(unique, title, (artist,), album, seconds, number, mood))
    return tracks


def _oddities(seed: int) -> tuple[Track, Track]:
    """Invent an episode of a show and somebody's own sound file."""
    host = Artist(new_id(seed, "show", "Tea and Valves"), "Tea and Valves")
    show = Album(host.id, "Tea and Valves", host, 2024, 12)
    episode = Track(new_id(seed, "episode", 1), "The radio in the attic", (host,), show, 1_820.0, kind="episode")
    uncle = Artist("", "Uncle Pavel")
    local = Track("", "Accordion at the lake", (uncle,), Album("", "Tapes", uncle, 1994, 1), 201.0, kind="local")
    return episode, local


def _items(tracks: Sequence[Track], now: float, added_by: str) -> list[Item]:
    return [Item(track.uri, now - DAY * (30 + number), added_by) for number, track in enumerate(tracks)]


def _own(seed: int, now: float, by_mood: dict[str, list[Track]], chance: random.Random) -> list[Playlist]:
    """Make the owner's playlists: some for each mood, a long one and an empty one."""
    made = [
        Playlist(
            new_id(seed, "playlist", name),
            name,
            OWNER.id,
            _items(chance.sample(by_mood[mood], size), now, OWNER.id),
            description,
        )
        for name, mood, size, description in _PLAYLISTS
    ]
    everything = [track for tracks in by_mood.values() for track in chance.sample(tracks, 20)]
    chance.shuffle(everything)
    made.append(
        Playlist(new_id(seed, "playlist", "all"), "Everything I like", OWNER.id, _items(everything, now, OWNER.id))
    )
    made.append(Playlist(new_id(seed, "playlist", "empty"), "For later", OWNER.id))
    return made


def _bits_and_pieces(seed: int, now: float, by_mood: dict[str, list[Track]], episode: Track, local: Track) -> Playlist:
    """Make a playlist with everything that a reader may stumble over."""
    items = _items([*by_mood["surprise"][:4], episode, local, *by_mood["neutral"][:3]], now, OWNER.id)
    items.insert(2, Item("", now - DAY * 400, OWNER.id))
    return Playlist(new_id(seed, "playlist", "bits"), "Bits and pieces", OWNER.id, items)


def _others(seed: int, now: float, by_mood: dict[str, list[Track]], chance: random.Random) -> list[Playlist]:
    """Make other people's playlists: a collaborative one, followed ones, and one of Spotify's own."""

    def make(name: str, owner: str, moods: Sequence[str], **rest: object) -> Playlist:
        music = [track for mood in moods for track in chance.sample(by_mood[mood], 12)]
        playlist = Playlist(new_id(seed, "playlist", owner, name), name, owner, _items(music, now, owner), public=True)
        for key, value in rest.items():
            setattr(playlist, key, value)
        return playlist

    together = frozenset({OWNER.id, "ada.demo"})
    return [
        make("Family road trip", "jonas.demo", ("happy", "surprise"), public=False, collaborators=together),
        make("Corner Records: soft rain", "cornerrecords", ("sad", "neutral"), description="From our shelves"),
        make("Corner Records: up and out", "cornerrecords", ("happy",)),
        make("Last bus home", "nightbus", ("neutral", "fear")),
        make("Daily Mix 1", "spotify", ("happy", "neutral"), description="Made for Mila"),
        make("Somebody else's secrets", "nightbus", ("angry",), public=False),
    ]
