"""Covers that the box draws by itself: the mood's colour as light in the dark, sound waves, and two words."""

from __future__ import annotations

import hashlib
import io
import math
import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from moodbox.mood import ADJECTIVES, COORDINATES, color_of, mood_by_hand
from moodbox.music.spotify.values import LIFT

SIDE = 640  # pixels; what Spotify itself serves at most
MOST_BYTES = 190_000  # 256 KB after base64 would be 196,608: some room is left
DRAWING = 1  # counts up when the drawing changes, so that covers are drawn again

_MARGIN = 48  # pixels between words and edge
_NIGHT = np.array([0.006, 0.007, 0.018])  # the dark that everything glows in
_ANGLE = 0.62  # radians that the light falls at

Plane = npt.NDArray[np.float64]
Colors = npt.NDArray[np.float64]  # (height, width, 3), linear light


def digest(label: str, seed: int) -> str:
    """Name a cover without drawing it."""
    return hashlib.sha256(f"{DRAWING}:{label}:{seed}".encode()).hexdigest()


def draw(label: str, seed: int) -> bytes:
    """Draw the cover of a mood's playlist, or of the lift: a square JPEG small enough for Spotify (256 KB as base64).

    The same label and seed give the same picture. There is no photo in it and no face.
    """
    chance = random.Random(f"{label}:{seed}")
    picture = Image.fromarray(_developed(_light(label, chance)), "RGB")
    _write(picture, "lift" if label == LIFT else ADJECTIVES[label])
    return _jpeg(picture)


def _light(label: str, chance: random.Random) -> Colors:
    """Add up everything that glows."""
    across, down = np.meshgrid(np.linspace(-1.0, 1.0, SIDE), np.linspace(-1.0, 1.0, SIDE))
    tint = _tint(label, across)
    slant = across * math.cos(_ANGLE) + down * math.sin(_ANGLE)
    haze = tint**1.5 / (0.35 + 1.4 * tint.mean(axis=-1, keepdims=True))  # pale colours would fill the dark
    light = _NIGHT + haze * (0.13 * np.clip(0.62 - slant * 0.6, 0.0, None) ** 2)[..., None]
    sun_x, sun_y, sun = chance.uniform(0.18, 0.42), chance.uniform(-0.40, -0.28), chance.uniform(0.42, 0.5)
    if label == LIFT:
        sun_x, sun_y = 0.5, -0.45
    light += _orb(np.hypot(across - sun_x, down - sun_y), down - sun_y, sun)[..., None] * tint
    light += _waves(label, chance, across, down)[..., None] * (0.72 * tint + 0.28)
    return np.asarray(light * (1.06 - 0.34 * np.hypot(across, down)[..., None] ** 2))


def _tint(label: str, across: Plane) -> Colors:
    """Return the mood's colour for every pixel; a lift goes from the blue of sad to the yellow of happy."""
    if label != LIFT:
        return np.broadcast_to(_color(label), (*across.shape, 3))
    stops = np.array([_color("sad"), _color("fear"), _color("angry"), _color("happy")])
    way = np.clip(across * 0.50 + 0.47, 0.0, 1.0) * 3.0
    near = np.exp(-(((way[..., None] - np.arange(4)) / 0.62) ** 2))  # soft weights: no band where two colours meet
    return np.asarray((near / near.sum(axis=-1, keepdims=True)) @ stops)


def _color(label: str) -> Colors:
    """Return a label's colour in linear light, where glow adds up as it does in the eye."""
    return np.asarray(np.array(color_of(mood_by_hand(label, 0.0))) ** 2.5)


def _orb(distance: Plane, below: Plane, radius: float) -> Plane:
    """Glow like a sun behind haze: a soft disc, brighter above, and a wide halo."""
    disc = 1.0 / (1.0 + np.exp((distance - radius) * 70.0))
    shade = np.clip(0.42 - below / radius * 0.40, 0.03, 1.0)
    rim = np.exp(-(((distance - radius) / 0.012) ** 2)) * 0.22
    return np.asarray(disc * shade * 0.95 + rim * shade + 0.16 * np.exp(-((distance / (radius * 1.75)) ** 2)))


def _waves(label: str, chance: random.Random, across: Plane, down: Plane) -> Plane:
    """Draw a bundle of sound waves: more excited moods swing faster and higher, the lift rises to the right."""
    _, arousal = COORDINATES.get(label, (0.5, 0.35))
    height, pace = 0.16 + 0.11 * (arousal + 0.3), 2.0 + 3.2 * (arousal + 0.3)
    phase, drift = chance.uniform(0.0, math.tau), chance.uniform(0.35, 0.6)
    light = np.zeros_like(across)
    for number in range(7):
        swing = height * (1.0 - number * 0.13)
        envelope = np.exp(-(((across - 0.05) / (0.62 + 0.03 * number)) ** 2))
        turn = pace * across * (1.0 + 0.045 * number) * math.pi / 2 + phase + drift * number
        middle = np.full_like(across, 0.20 + 0.012 * number)
        if label == LIFT:
            middle = middle - 0.10 - 0.30 * across
        curve = middle + envelope * swing * (np.sin(turn) + 0.35 * np.sin(2.3 * turn + 1.1 * number))
        steep = np.gradient(curve, across[0], axis=1)
        away = np.abs(down - curve) / np.sqrt(1.0 + steep**2)  # distance to the line, so that it is evenly thick
        fade = np.clip(1.15 - np.abs(across) ** 4, 0.0, 1.0)
        bright = (0.95 if number == 0 else 0.46 - 0.05 * number) * fade
        light += bright * (np.exp(-((away / 0.0045) ** 2)) + 0.10 * np.exp(-away / 0.03))
    return light


def _developed(light: Colors) -> npt.NDArray[np.uint8]:
    """Turn linear light into pixels: highlights roll off, a grain hides the steps of dark gradients."""
    shown = (1.0 - np.exp(-1.55 * np.clip(light, 0.0, None))) ** (1 / 2.2)
    grain = np.random.default_rng(7).normal(0.0, 0.0045, shown.shape[:2])[..., None]
    return np.asarray(np.clip((shown + grain) * 255.0 + 0.5, 0, 255), dtype=np.uint8)


def _write(picture: Image.Image, word: str) -> None:
    """Write the box's name above and the mood's word below, on a shadow that keeps them readable."""
    small, large = ImageFont.load_default(34), _fitting(word, SIDE - 2 * _MARGIN)
    places: Sequence[tuple[tuple[int, int], str, ImageFont.FreeTypeFont | ImageFont.ImageFont, str]] = (
        ((_MARGIN, _MARGIN), "Moodbox", small, "lt"),
        ((_MARGIN - 4, SIDE - _MARGIN - 18), word, large, "ls"),
    )
    shadow = Image.new("L", picture.size)
    for place, text, font, anchor in places:
        ImageDraw.Draw(shadow).text(place, text, 200, font, anchor)
    picture.paste((4, 4, 10), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    for place, text, font, anchor in places:
        ImageDraw.Draw(picture).text(place, text, (255, 255, 255), font, anchor)


def _fitting(word: str, width: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    size = 124
    while (font := ImageFont.load_default(size)).getlength(word) > width:
        size -= 4
    return font


def _jpeg(picture: Image.Image) -> bytes:
    """Write as well as fits."""
    for quality in (92, 85, 75, 60, 40):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()
