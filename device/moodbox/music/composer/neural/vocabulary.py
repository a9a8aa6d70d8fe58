"""The words of a lead sheet, as the model's card lists them: which token means what.

The tonic is C in both modes; times are steps of the card's grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moodbox.errors import MusicError

ChordName = tuple[int, str]  # root as a pitch class, kind: maj, min, 7 or dim
_NEEDED = (
    *(f"bar {meter}/4" for meter in (2, 3, 4)),
    *(f"chord {root}:{kind}" for root in range(12) for kind in ("maj", "min", "7", "dim")),
    *(f"pitch {pitch}" for pitch in range(48, 90)),
    *(f"length {steps}" for steps in (3, 6, 12, 24, 36, 48)),
)


@dataclass(frozen=True)
class Vocabulary:
    """Tokens by what they mean. `size` is V."""

    size: int
    start: int
    rest: int
    bars: Mapping[str, int]  # by meter, "4/4"
    chords: Mapping[ChordName, int]
    pitches: Mapping[int, int]  # by MIDI pitch
    lengths: Mapping[int, int]  # by steps

    @classmethod
    def of(cls, words: Sequence[str]) -> Vocabulary:
        """Read the card's words. Raises MusicError when one is missing that a piece cannot be written without."""
        lacking = [word for word in _NEEDED if word not in words]
        if lacking:
            raise MusicError(
                f"the composer's model lacks the word {lacking[0]!r} that this box writes: install it again"
            )
        token = {word: number for number, word in enumerate(words)}
        split = [(word.partition(" ")[0], word.partition(" ")[2], number) for word, number in token.items()]
        return cls(
            len(words),
            token["start"],
            token["rest"],
            {rest: number for kind, rest, number in split if kind == "bar"},
            {_chord(rest): number for kind, rest, number in split if kind == "chord" and rest != "N"},
            {int(rest): number for kind, rest, number in split if kind == "pitch"},
            {int(rest): number for kind, rest, number in split if kind == "length"},
        )


def _chord(text: str) -> ChordName:
    root, _, kind = text.partition(":")
    return int(root), kind
