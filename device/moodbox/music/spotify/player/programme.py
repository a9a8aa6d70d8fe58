"""The tracks of a lift: a few for every step, each near its step's point on the circle of moods. Pure but for chance.

The rule, so that an owner can be told why a track came:

1. A track's distance is that from its point to the step's point (valence and arousal, so 0 to about 2).
2. Liked tracks count as 0.15 nearer, well-founded points (weight) as up to 0.10 nearer, chance as up to 0.10, and
   what played recently as 0.60 farther.
3. The steps choose one after the other, the present mood first, each its three nearest; no track comes twice.
4. For the first step a track must really lie near the present mood (within 0.5, half the circle's radius), and there
   must be three tracks for every step. Otherwise there is no lift, and the caller plays what fits.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from moodbox.events import Step
from moodbox.music.spotify.ports import Candidate
from moodbox.music.spotify.values import LIMIT_URIS

EACH = 3  # tracks for a step: about ten minutes, long enough to arrive before going on
NEAR = 0.5  # on a circle whose radius is 1
_LIKED, _FOUNDED, _CHANCE, _RECENT = 0.15, 0.10, 0.10, 0.60


@dataclass(frozen=True, slots=True)
class Place:
    """A track's place in a lift."""

    candidate: Candidate
    step: int


def choose(
    steps: Sequence[Step],
    candidates: Sequence[Candidate],
    rng: random.Random,
    *,
    recent: Collection[str] = (),
    forbidden: Callable[[Step, Candidate], bool] = lambda _step, _candidate: False,
) -> tuple[Place, ...]:
    """Choose the tracks in the order in which they shall play; empty when there are too few for a lift."""
    chosen: list[Place] = []
    taken: set[str] = set()
    for number, step in enumerate(steps):
        free = {
            c.track.uri: c
            for c in candidates
            if c.track.uri not in taken and (number or distance(step, c) <= NEAR) and not forbidden(step, c)
        }
        ranked = sorted(free.values(), key=lambda c: (_cost(step, c, rng, recent), c.track.uri))
        if len(ranked) < EACH:
            return ()
        chosen += [Place(candidate, number) for candidate in ranked[:EACH]]
        taken |= {candidate.track.uri for candidate in ranked[:EACH]}
    return tuple(chosen[:LIMIT_URIS])


def distance(step: Step, candidate: Candidate) -> float:
    """Measure how far a track lies from a step."""
    return math.dist((step.valence, step.arousal), (candidate.valence, candidate.arousal))


def _cost(step: Step, candidate: Candidate, rng: random.Random, recent: Collection[str]) -> float:
    weight = max(0.0, candidate.weight)
    cost = distance(step, candidate) + _CHANCE * rng.random() - _FOUNDED * weight / (1.0 + weight)
    if candidate.liked:
        cost -= _LIKED
    return cost + (_RECENT if candidate.track.uri in recent else 0.0)
