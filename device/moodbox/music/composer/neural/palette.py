"""Palettes: which chords a mood may use, and how much it likes each; the model chooses among them.

Numbers are added to the model's logits, so 0.7 doubles a chord's chance. A palette is how a mood keeps its mode: a
learned composer drifts from fast minor to the major key beside it, which listeners hear as happy.
"""

from __future__ import annotations

import random
import re

from moodbox.music.composer.neural.vocabulary import ChordName
from moodbox.music.composer.style import GRITTY

_ROOTS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_NAMES = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
_ROMAN = re.compile(r"(?P<shift>[b#]?)(?P<numeral>[ivIV]+)(?P<kind>o|7|)")

_PALETTES = {
    "happy": "I .5, IV .4, V .4, V7 .3, ii 0, vi -.5, iii -.6, II7 .2, VI7 0, I7 0, III7 -.8, iv -1",
    "surprise": "I .4, IV .3, V .3, V7 .4, II .4, bVI .6, bVII .5, bIII .3, II7 .5, VI7 .5, III7 .5, vi -.6, iv 0",
    "neutral": "I .2, IV .2, V 0, V7 -.2, ii .2, iii 0, vi .1, II7 0, VI7 -.2, I7 -.3, iv -1",
    "neutral minor": "i .4, iv .3, v .1, V .2, V7 0, bVI 0, bVII -.3, bIII -.6, iio 0",
    "sad": "i .7, iv .5, V .3, V7 .3, v 0, bVI 0, bIII -1.5, bVII -1.2, iio .6, bII .3, viio .6, #ivo .5, I7 .2",
    "fear": "i .6, iv .1, V -.4, V7 -.2, iio .9, viio 1, #ivo 1, io 1, bII .5, bvi 1, biii .6, bVI -.5, bii .6",
    "angry": "i 1, iv .3, V 0, V7 -.1, bII .9, iio .6, v .1, bvi .5, #ivo .6, viio .6, bii .2",
    "disgust": "i .5, iv .1, V -.2, V7 0, bII .7, #ivo .8, iio .6, viio .6, bii .4, bvi .3, bv .2",
}
_HOME = {"major": "I 0", "minor": "i 0"}
_AWAY = "V 0, V7 0"  # the dominant is major in minor as well
_STRANDED = "V7 -.4, V -.6, viio .6, bII .5, iio .3, #ivo .4"  # where a question of an uneasy mood ends

# How often a mood adds a seventh or a ninth to a chord, and which; the model's own chords are plain.
_RICH = {"neutral": 0.5, "sad": 0.6, "fear": 0.7, "angry": 0.6, "disgust": 0.4}
_ADDED: dict[str, tuple[str, ...]] = {"maj": ("maj7", "add9"), "min": ("7", "add9"), "dim": ("h7", "o7")}
_DARK: dict[str, tuple[str, ...]] = {
    "maj": ("maj7",),
    "min": ("", "add9"),
    "dim": ("o7",),
}  # a minor seventh holds the relative major


def palette(label: str, mode: str) -> dict[ChordName, float]:
    """Return the chords of a mood with their liking, on the tonic C."""
    key = "neutral minor" if label == "neutral" and mode == "minor" else label
    return _likings(_PALETTES.get(key, _PALETTES["neutral"]))


def home(mode: str) -> dict[ChordName, float]:
    """Return the chord that an answer ends on."""
    return _likings(_HOME[mode])


def away(grit: float) -> dict[ChordName, float]:
    """Return the chords that a question may end on; `grit` (0..1) is the style's."""
    return _likings(_STRANDED if grit >= GRITTY else _AWAY)


def spelling(label: str, rng: random.Random) -> dict[ChordName, str]:
    """Choose for one piece how each chord is spelt for `theory.chord`: plain, or with a note more."""
    names = [(root, kind) for root in range(12) for kind in ("maj", "min", "7", "dim")]
    rich = _RICH.get(label, 0.0)
    added = _ADDED if label == "neutral" else _DARK
    return {name: _richer(name, added, rng) if rng.random() < rich else roman(name) for name in names}


def _richer(name: ChordName, added: dict[str, tuple[str, ...]], rng: random.Random) -> str:
    root, kind = name
    if kind == "7" or name == (7, "maj"):
        return roman(name)
    more = "add9" if name == (0, "maj") else rng.choice(added[kind])  # a seventh over home rubs with a tune that ends
    return roman((root, kind)).removesuffix("o") + more


def _likings(text: str) -> dict[ChordName, float]:
    entries = (entry.split() for entry in text.split(","))
    return {_name(numeral): float(liking) for numeral, liking in entries}


def roman(chord: ChordName) -> str:
    """Write a chord as `theory.chord` reads it."""
    root, kind = chord
    name = _NAMES[root]
    return {"maj": name, "min": name.lower(), "7": f"{name}7", "dim": f"{name.lower()}o"}[kind]


def _name(numeral: str) -> ChordName:
    match = _ROMAN.fullmatch(numeral)
    if match is None:
        raise ValueError(f"{numeral!r} is no chord of a palette")
    root = _ROOTS[match["numeral"].upper()] + {"b": -1, "#": 1, "": 0}[match["shift"]]
    kind = {"o": "dim", "7": "7"}.get(match["kind"], "maj" if match["numeral"].isupper() else "min")
    return root % 12, kind
