"""What a composer's model says about itself: the JSON in its `moodbox` property, checked line by line."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from moodbox.bundle.description import read_description, reading
from moodbox.errors import ModelError, MusicError

CUES = ("mode", "density", "tempo", "register")
# The grammar of a lead sheet's words; numbers have one spelling, so that no word can stand twice in disguise.
_NUMBER = r"(0|[1-9][0-9]{0,2})"
_KINDS = {
    "start": r"start",
    "end": r"end",
    "bar": r"bar (2/4|3/4|4/4|3/8|6/8|9/8|12/8)",
    "chord": r"chord (N|([0-9]|1[01]):(maj|min|7|dim))",
    "pitch": rf"pitch {_NUMBER}",
    "rest": r"rest",
    "tie": r"tie",
    "length": r"length [1-9][0-9]{0,2}",
}
_WORD = re.compile("|".join(_KINDS.values()))
_HIGHEST_PITCH = 127
_LARGEST = {"words": 4096, "grid": 96, "layers": 8, "hidden": 4096}  # a wrong number here would take all memory
_SENTENCE = 2000  # characters of a line that the owner may be shown


@dataclass(frozen=True, slots=True)
class Scale:
    """How one cue is standardised: value = (raw - mean) / std."""

    name: str
    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class Card:
    """A composer model's own description."""

    name: str
    version: str
    vocabulary: tuple[str, ...]  # the word of each token
    grid: int  # steps of a quarter note
    scales: tuple[Scale, ...]  # of the condition, in the order in which the model takes it
    layers: int
    hidden: int
    licence: str

    @property
    def title(self) -> str:
        """Return name and version for the owner."""
        return f"{self.name} {self.version}"

    def condition_of(self, mode: float, density: float, tempo: float, register: float) -> NDArray[np.float32]:
        """Standardise raw cues, in the model's own order: [4]. Raises MusicError when one is no number.

        Raw: mode = Krumhansl correlation with major minus with minor, density = ln(melody notes per quarter), tempo =
        ln(bpm), register = mean MIDI pitch of the melody with the tonic moved to C.
        """
        raw = {"mode": mode, "density": density, "tempo": tempo, "register": register}
        values = np.array([(raw[scale.name] - scale.mean) / scale.std for scale in self.scales], np.float32)
        if not np.isfinite(values).all():
            raise MusicError(f"no music can be written for {raw}: choose another mood")
        return values


def read_card(text: str | None) -> Card:
    """Read the `moodbox` property of a model. Raises ModelError that names the first thing that is wrong."""
    card = read_description(text, "composer")
    with reading():
        state = card["state"]
        return Card(
            name=_line("name", card["name"], 60),
            version=_line("version", card["version"], 60),
            vocabulary=_vocabulary(card["vocabulary"]),
            grid=_whole("grid", card["grid"]),
            scales=_scales(card["condition"]),
            layers=_whole("layers", state["layers"]),
            hidden=_whole("hidden", state["hidden"]),
            licence=_line("licence", card["licence"], _SENTENCE),
        )


def _vocabulary(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= _LARGEST["words"]:
        raise ModelError(f"the model's vocabulary is no list of 1 to {_LARGEST['words']} words: export it again")
    for word in given:
        if not isinstance(word, str) or not _known(word):
            raise ModelError(
                f"the model's vocabulary has a word this box does not know, {_short(word)}: update Moodbox"
            )
    if len(set(given)) < len(given):
        twice = next(word for word in given if given.count(word) > 1)
        raise ModelError(f"the model's vocabulary has {twice!r} twice: export it again")
    lacking = sorted(kind for kind in _KINDS if not any(word.split(" ")[0] == kind for word in given))
    if lacking:
        raise ModelError(f"the model's vocabulary has no word for {', '.join(lacking)}: export it again")
    return tuple(given)


def _known(word: str) -> bool:
    if _WORD.fullmatch(word) is None:
        return False
    return not word.startswith("pitch ") or int(word.removeprefix("pitch ")) <= _HIGHEST_PITCH


def _scales(given: Any) -> tuple[Scale, ...]:
    scales = tuple(
        Scale(str(scale["name"]), _number(scale, "mean"), _number(scale, "std")) for scale in _objects(given)
    )
    names = [scale.name for scale in scales]
    if sorted(names) != sorted(CUES):
        raise ModelError(f"the model's condition is {_short(names)}, not {', '.join(CUES)}: export it again")
    for scale in scales:
        if scale.std <= 1e-6:
            raise ModelError(f"the model's std of {scale.name} is {scale.std}, not above zero: export it again")
    return scales


def _objects(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ModelError(f"the model's condition is {_short(given)}, no list of scales: export it again")
    return cast("list[dict[str, Any]]", given)


def _number(scale: dict[str, Any], part: str) -> float:
    value = scale[part]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e6 or math.isnan(value):
        raise ModelError(
            f"the model's {part} of {_short(scale['name'])} is {_short(value)}, no usable number: export it again"
        )
    return float(value)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST[name]:
        raise ModelError(f"the model's {name} is {_short(value)}, not 1 to {_LARGEST[name]}: export it again")
    return value


def _line(name: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > longest:
        raise ModelError(f"the model's {name} is {_short(value)}, no line of text: export it again")
    return value


def _short(value: Any) -> str:
    """Show a value of somebody else's within a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
