"""Which tracks a made playlist holds: a rule that can be told in five sentences.

1. What the owner liked stays where it is in the list: liked here for this mood, or saved in the library.
2. The free places are shared: three old favourites (from the owner's own playlists of the mood, liked and top tracks)
   for every two new finds (from searches); when one kind runs out, the other fills.
3. What was in the list last time and was not liked goes: it comes back only when nothing else is left.
4. Each song is there once, and at most three are by the same artist (six, rather than half a playlist).
5. Never what the owner forbade for the mood, and nothing that cannot be played.

Chance decides the rest, seeded by mood and week: the same week and the same music give the same list.
Nothing here listens to music: Spotify's audio, and numbers about it, are not used.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from moodbox.music.spotify.values import Track, is_uri

SIZE = 50  # tracks of a playlist: about three hours
PER_ARTIST = 3
ROUND = (True, True, False, True, False)  # three old favourites, two new finds


@dataclass(frozen=True, slots=True)
class Material:
    """What a playlist may be made of; a track may stand in several of these."""

    now: tuple[Track, ...] = ()  # what is in it
    liked: frozenset[str] = frozenset()  # URIs of those that stay
    familiar: tuple[Track, ...] = ()  # old favourites
    new: tuple[Track, ...] = ()  # finds

    def without(self, forbidden: frozenset[str]) -> Material:
        """Leave out tracks by URI."""

        def rest(tracks: Iterable[Track]) -> tuple[Track, ...]:
            return tuple(track for track in tracks if track.uri not in forbidden)

        return Material(rest(self.now), self.liked, rest(self.familiar), rest(self.new))


def mix(material: Material, chance: random.Random, size: int = SIZE) -> list[Track]:
    """Choose the tracks by the rule above, in the order they are to stand in."""
    kept = [track for track in material.now if track.uri in material.liked]
    known = {track.uri for track in material.familiar}
    finds = [track for track in material.new if track.uri not in known]
    before = {track.uri for track in material.now}
    queue = [*_in_turns(_fresh_first(material.familiar, before, chance), _fresh_first(finds, before, chance), before)]
    for most in (PER_ARTIST, 2 * PER_ARTIST):
        chosen = _choose(kept, queue, size, most)
        if 2 * len(chosen) >= size:
            break
    return _spread(chosen)


def artist(track: Track) -> str:
    """Name whose track it is: its first artist."""
    return track.artists[0].uri or track.artists[0].name.casefold() if track.artists else track.uri


def _fresh_first(tracks: Sequence[Track], before: set[str], chance: random.Random) -> list[Track]:
    shuffled = sorted({track.uri: track for track in tracks}.values(), key=lambda track: track.uri)
    chance.shuffle(shuffled)
    return sorted(shuffled, key=lambda track: track.uri in before)


def _in_turns(familiar: Sequence[Track], finds: Sequence[Track], before: set[str]) -> Iterator[Track]:
    """Take from both in turns, first what was not in the list last time."""
    for again in (False, True):
        old = iter([track for track in familiar if (track.uri in before) is again])
        new = iter([track for track in finds if (track.uri in before) is again])
        while True:
            turn = [track for favourite in ROUND if (track := next(old if favourite else new, None)) is not None]
            if not turn:
                break
            yield from turn


def _choose(kept: Sequence[Track], queue: Sequence[Track], size: int, most: int) -> list[Track]:
    chosen: list[Track] = []
    seen: set[str] = set()
    artists: Counter[str] = Counter()
    staying = {track.uri for track in kept}
    for track in (*kept, *queue):
        if len(chosen) == size:
            break
        song = f"{artist(track)}\0{track.title.casefold()}"  # the same song has a URI on every album it is on
        if not track.playable or not is_uri(track.uri, "track") or not seen.isdisjoint((track.uri, song)):
            continue
        if track.uri not in staying and artists[artist(track)] >= most:
            continue
        chosen.append(track)
        seen |= {track.uri, song}
        artists[artist(track)] += 1
    return chosen


def _spread(tracks: Sequence[Track]) -> list[Track]:
    """Keep the order, but put somebody else between two tracks of an artist where that is possible."""
    waiting = list(tracks)
    spread: list[Track] = []
    while waiting:
        last = artist(spread[-1]) if spread else ""
        at = next((place for place, track in enumerate(waiting) if artist(track) != last), 0)
        spread.append(waiting.pop(at))
    return spread
