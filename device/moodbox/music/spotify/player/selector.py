"""From a programme to what a speaker can be told: a playlist that fits, or the list of tracks of a lift."""

from __future__ import annotations

import math
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from moodbox.events import Programme, Step, Strategy
from moodbox.mood import COORDINATES
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.player import trouble
from moodbox.music.spotify.player.programme import Place, choose
from moodbox.music.spotify.ports import Candidate, Shelf
from moodbox.music.spotify.values import Order, Track

WriteLift = Callable[[Sequence[str]], str]  # writes the private lift playlist and returns its URI; raises SpotifyError
NEIGHBOUR = 0.5  # on a circle whose radius is 1: angry, disgusted and afraid are neighbours, happy and surprised
_REMEMBERED = 60  # tracks that count as played recently: an afternoon


@dataclass(frozen=True, slots=True)
class Record:
    """What lies on the turntable: the order for the speaker, and what each of its tracks is there for."""

    order: Order
    steps: tuple[Step, ...]
    label: str  # of the music; another than the step's where that mood has no playlist
    why: str  # as the page says it
    said: str = ""  # the programme's own reason within it
    source: str = ""  # name of the playlist
    places: tuple[Place, ...] = ()  # of a lift
    sources: tuple[str, ...] = ()  # the playlist in which each of them was found
    last: bool = False  # it goes on with the programme's last step
    foreign: bool = False  # nothing of ours: somebody chose it in the Spotify app

    def place(self, uri: str) -> int | None:
        """Find a track's place in the list."""
        return next((at for at, place in enumerate(self.places) if place.candidate.track.uri == uri), None)


class Selector:
    """Choose music from the shelf. `rng` varies lifts; a seeded one makes them the same again."""

    def __init__(
        self,
        shelf: Shelf,
        write_lift: WriteLift,
        *,
        rng: random.Random | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._shelf, self._write_lift, self._clock = shelf, write_lift, clock
        self._rng = rng or random.Random()
        self._recent: deque[str] = deque(maxlen=_REMEMBERED)

    def heard(self, track: Track) -> None:
        """Note that a track played."""
        self._recent.append(track.uri)

    def record(self, programme: Programme, *, lists: bool) -> Record:
        """Choose for a programme; `lists` says whether the speaker takes lists. Raises SpotifyError, StorageError."""
        if programme.strategy is not Strategy.LIFT or len(programme.steps) < 2:  # one step leads nowhere
            return self.match(programme.steps, programme.why)
        places = choose(
            programme.steps,
            self._shelf.candidates(),
            self._rng,
            recent=self._recent,
            forbidden=self._forbidden(programme.steps),
        )
        if not places:
            return self.match(programme.steps, "There are too few tracks for a lift yet, so here is music that fits.")
        uris = tuple(place.candidate.track.uri for place in places)
        try:
            order = Order(tracks=uris) if lists else Order(context=self._write_lift(uris))
        except SpotifyError as error:
            why = f"{error.cause.rstrip('.')}, so there is no lift now: here is music that fits."
            return self.match(programme.steps, why)
        why, first = programme.why, programme.steps[0].label
        return Record(order, programme.steps, first, why, why, places=places, sources=self._sources(places))

    def match(self, steps: tuple[Step, ...], why: str, *, last: bool = False) -> Record:
        """Choose a playlist for the first or the last step: its mood's, or that of a neighbouring mood."""
        step = steps[-1 if last else 0]
        for label in _labels_from(step):
            playlist = self._shelf.turn(label, self._clock())
            if playlist is None:
                continue
            instead = f" No playlist is chosen for {step.label}, so it is one for {label}."
            words = why if label == step.label else f"{why}{instead}".strip()
            return Record(Order(context=playlist.uri, shuffle=True), steps, label, words, why, playlist.name, last=last)
        raise trouble.no_playlist(step.label)

    def rest(self, record: Record, at: int, *, lists: bool) -> Record:
        """Word what is left of a record for another speaker; raises SpotifyError."""
        if not record.places:
            return record
        places = record.places[at:]
        uris = tuple(place.candidate.track.uri for place in places)
        order = Order(tracks=uris) if lists else Order(context=self._write_lift(uris))
        return replace(record, order=order, places=places, sources=record.sources[at:])

    def is_forbidden(self, label: str, track: Track, context: str) -> bool:
        """Say whether a track must not play for a mood."""
        return self._shelf.is_forbidden(label, track, context)

    def _sources(self, places: Sequence[Place]) -> tuple[str, ...]:
        uris = [place.candidate.playlist for place in places]
        found = {uri: self._shelf.playlist(uri) for uri in set(uris)}
        return tuple(playlist.name if playlist else "" for playlist in (found[uri] for uri in uris))

    def _forbidden(self, steps: Sequence[Step]) -> Callable[[Step, Candidate], bool]:
        never = {label: self._shelf.never(label).keys() for label in {step.label for step in steps}}

        def forbidden(step: Step, candidate: Candidate) -> bool:
            track = candidate.track
            uris = {track.uri, candidate.playlist, *(artist.uri for artist in track.artists)}
            return not uris.isdisjoint(never[step.label])

        return forbidden


def _labels_from(step: Step) -> list[str]:
    """Name the step's own mood and then its neighbours, the nearest first; sad music is none for a happy face."""

    def distance(label: str) -> float:
        return math.dist(COORDINATES[label], (step.valence, step.arousal))

    neighbours = sorted((one for one in COORDINATES if one != step.label and distance(one) <= NEIGHBOUR), key=distance)
    return [step.label, *neighbours]
