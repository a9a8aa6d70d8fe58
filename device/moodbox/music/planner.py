"""The planner: a mood and what to do with it become a programme. Pure: values in, a value out.

`match` plays what fits. `lift` follows the iso principle (start where the listener is, then walk towards the target;
Starcke et al. 2021, IJERPH 18:12486, modest evidence): three to five equal steps, the first of which is the match.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from moodbox.events import Certainty, Mood, Programme, Step, Strategy
from moodbox.mood import ADJECTIVES, COORDINATES

TARGET = (0.70, 0.40)  # where a lift leads: a happy point a little inside the circle, a smile is no uproar
LARGEST_JUMP = 1.0  # half the diameter of the circle of moods, whose radius is 1
_USUAL_JUMP = 0.45  # length of a comfortable step; three to five of them cross most of the circle
_WAY = ("neutral", "happy")  # what a lift passes: out of fear it shall not go through anger
_EVEN = Step("neutral", 0.1, 0.0)  # the middle of the circle, a touch friendly: for moods that are no answer

_UNCLEAR = {
    Certainty.NOT_SURE: "Not sure how you look, so something even.",
    Certainty.MIXED: "You look different from each other, so something even for everybody.",
    Certainty.NOBODY: "Nobody to be seen, so something even.",
}


def plan(mood: Mood, strategy: Strategy) -> Programme:
    """Choose the steps of mood that the music should take, and say why in a sentence for the owner."""
    if mood.certainty is not Certainty.SURE:
        return Programme((_EVEN,), Strategy.MATCH, _UNCLEAR[mood.certainty])
    first = _match(mood)
    steps = _lift(first) if strategy is Strategy.LIFT else (first,)
    return Programme(steps, strategy, _why(mood, strategy, at_target=_distance(first) < LARGEST_JUMP / 4))


def nearest_label(valence: float, arousal: float, among: Iterable[str] = tuple(COORDINATES)) -> str:
    """Name the class whose coordinates lie nearest to a point of the circle."""
    return min(among, key=lambda label: math.dist(COORDINATES[label], (valence, arousal)))


def _match(mood: Mood) -> Step:
    valence, arousal = _inside(mood.valence), _inside(mood.arousal)
    label = mood.label if mood.label in COORDINATES else nearest_label(valence, arousal)
    return Step(label, valence, arousal)


def _lift(first: Step) -> tuple[Step, ...]:
    """Walk from the first step to the target in equal steps, valence and arousal together."""
    count = min(5, max(3, 1 + math.ceil(_distance(first) / _USUAL_JUMP)))
    steps = [first]
    for number in range(1, count):
        share = number / (count - 1)
        valence = first.valence + share * (TARGET[0] - first.valence)
        arousal = first.arousal + share * (TARGET[1] - first.arousal)
        steps.append(Step(nearest_label(valence, arousal, (first.label, *_WAY)), valence, arousal))
    return tuple(steps)


def _distance(step: Step) -> float:
    return math.dist((step.valence, step.arousal), TARGET)


def _inside(value: float) -> float:
    return min(1.0, max(-1.0, value)) if math.isfinite(value) else 0.0


def _why(mood: Mood, strategy: Strategy, *, at_target: bool) -> str:
    """Say "you look", never "you are": a face does not reveal feelings reliably (Barrett et al. 2019)."""
    begin = f"You chose {mood.label}" if mood.by_hand else f"You look {ADJECTIVES.get(mood.label, mood.label)}"
    if strategy is Strategy.MATCH:
        return f"{begin}, so here is music that fits."
    if at_target:
        return f"{begin}, so here is music to keep you there."
    return f"{begin}, so the music starts there and lifts you step by step."
