"""What a model says about itself: the JSON in its `moodbox` property (DESIGN.md, section 4), checked line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moodbox.bundle.description import read_description, reading
from moodbox.errors import ModelError
from moodbox.mood import COORDINATES

_CHANNELS = {"gray": 1, "rgb": 3, "bgr": 3}
_LARGEST_SIDE = 512  # pixels; a face has no more detail, and a wrong number here would take all memory


@dataclass(frozen=True, slots=True)
class Crop:
    """How a face is cut out. Distances are fractions of the crop's side; 0 for the eyes means "not measured"."""

    aligned: bool
    margin: float  # without eyes: side = (1 + 2 margin) x the longer side of the box
    eye_distance: float
    eye_line: float  # eyes below the upper edge


@dataclass(frozen=True, slots=True)
class Card:
    """An expression model's own description."""

    name: str
    version: str
    labels: tuple[str, ...]
    width: int
    height: int
    color: str  # gray, rgb or bgr
    mean: tuple[float, ...]  # one per channel; value = (pixel / 255 - mean) / std
    std: tuple[float, ...]
    crop: Crop
    output: str
    temperature: float

    @property
    def channels(self) -> int:
        """Return 1 for grey and 3 for colour."""
        return _CHANNELS[self.color]


def read_card(text: str | None) -> Card:
    """Read the `moodbox` property of a model. Raises ModelError that names the first thing that is wrong."""
    card = read_description(text, "expression")
    with reading():
        return _card(card)


def _card(card: dict[str, Any]) -> Card:
    given = card["input"]
    if given["layout"] != "NCHW":
        raise ModelError(f'the model\'s input layout is {given["layout"]!r}, not "NCHW": export it again')
    color = given["color"]
    if color not in _CHANNELS:
        raise ModelError(f"the model's input colour is {color!r}, not one of {', '.join(_CHANNELS)}: export it again")
    return Card(
        name=str(card["name"]),
        version=str(card["version"]),
        labels=_labels(card["labels"]),
        width=_side(given["width"]),
        height=_side(given["height"]),
        color=color,
        mean=_numbers(given["mean"], _CHANNELS[color]),
        std=_positive(_numbers(given["std"], _CHANNELS[color])),
        crop=_crop(given.get("crop", {})),
        output=str(card["output"]),
        temperature=_positive(_numbers([card["temperature"]], 1))[0],
    )


def _labels(given: list[str]) -> tuple[str, ...]:
    labels = tuple(given)
    if sorted(labels) != sorted(COORDINATES):
        raise ModelError(f"the model's labels are {', '.join(map(str, labels))}, not {', '.join(COORDINATES)}")
    return labels


def _side(given: Any) -> int:
    side = int(given)
    if not 8 <= side <= _LARGEST_SIDE:
        raise ValueError(f"an input side of {side} pixels is not between 8 and {_LARGEST_SIDE}")
    return side


def _numbers(given: list[float], channels: int) -> tuple[float, ...]:
    """Read one number per channel; a single one counts for all."""
    numbers = tuple(float(number) for number in given) * (channels if len(given) == 1 else 1)
    if len(numbers) != channels or not all(-1e6 < number < 1e6 for number in numbers):
        raise ValueError(f"{given} are not {channels} usable numbers")
    return numbers


def _positive(numbers: tuple[float, ...]) -> tuple[float, ...]:
    if min(numbers) <= 1e-6:
        raise ValueError(f"{min(numbers)} is not above zero")
    return numbers


def _crop(given: dict[str, Any]) -> Crop:
    crop = Crop(
        aligned=bool(given.get("aligned", True)),
        margin=float(given.get("margin", 0.1)),
        eye_distance=float(given.get("eye_distance", 0.0)),
        eye_line=float(given.get("eye_line", 0.0)),
    )
    if not (-0.4 <= crop.margin <= 2 and 0 <= crop.eye_distance < 1 and 0 <= crop.eye_line < 1):
        raise ValueError(f"the crop {given} is not one of a face")
    return crop
