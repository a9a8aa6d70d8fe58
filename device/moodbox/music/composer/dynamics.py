"""Dynamics: how loud each moment of a piece is. Phrases swell, the piece grows to its climax, some moods are sudden."""

from __future__ import annotations

import random
from dataclasses import dataclass

from moodbox.music.composer.style import Style

CLIMAX = 0.72  # share of the piece at which it is loudest
_SOFTEST, _LOUDEST = 0.55, 1.25  # factors on a style's velocity


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens suddenly in a phrase."""

    drop: bool = False  # it begins piano and grows back
    blow: bool = False  # its first beat is struck hard
    hole: float = 0.0  # beats of silence at its end


class Dynamics:
    """The loudness of a piece of so many phrases, as a factor on the style's velocity."""

    def __init__(self, style: Style, phrases: int, beats: int, rng: random.Random) -> None:
        """Plan a piece whose phrases last so many beats."""
        self._swing, self._phrases, self._beats = style.swing, phrases, beats
        self.turns = tuple(_turn(style, number, phrases, rng) for number in range(phrases))

    def at(self, beat: float) -> float:
        """Return the factor at a beat, counted from the first phrase; the intro before it is played out."""
        if beat < 0.0:
            return 1.0
        number = int(min(self._phrases - 1, beat // self._beats))
        share = min(1.0, beat / self._beats - number)
        whole = min(1.0, beat / (self._phrases * self._beats))
        level = self._growth(whole) * (1.0 + (0.10 + 0.35 * self._swing) * (4.0 * share * (1.0 - share) - 0.5))
        turn = self.turns[number]
        if turn.drop:
            level *= 0.62 + 0.48 * share
        if turn.blow and beat - number * self._beats < 0.2:
            level *= 1.3
        return min(_LOUDEST, max(_SOFTEST, level))

    def holes(self) -> tuple[tuple[float, float], ...]:
        """Return the stretches in which the accompaniment holds its breath, in beats from the first phrase."""
        ends = ((number + 1.0) * self._beats for number in range(self._phrases))
        return tuple((end - turn.hole, end) for end, turn in zip(ends, self.turns, strict=True) if turn.hole)

    def _growth(self, share: float) -> float:
        """Grow to the climax and give way after it; moods that swing more grow more."""
        depth = 0.06 + 0.2 * self._swing
        climb = share / CLIMAX if share < CLIMAX else 1.0 - 0.5 * (share - CLIMAX) / (1.0 - CLIMAX)
        return 1.0 - depth + 1.2 * depth * climb


def _turn(style: Style, number: int, phrases: int, rng: random.Random) -> Turn:
    if rng.random() >= style.sudden:
        return Turn()
    kind = rng.choice(("drop", "blow", "hole", "hole and blow"))
    last = number == phrases - 1
    hole = 0.0 if last or "hole" not in kind else rng.choice((1.0, 1.5))
    return Turn(drop=kind == "drop", blow="blow" in kind, hole=hole)
