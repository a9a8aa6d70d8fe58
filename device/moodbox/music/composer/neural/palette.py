"""Palettes: which chords a mood may use, and how much it likes each; the model chooses among them.

Numbers are added to the model's logits, so 0.7 doubles a chord's chance. A palette is how a mood keeps its mode: a
learned composer drifts from fast minor to the major key beside it, which listeners hear as happy.
"""

from __future__ import annotations

import re

from moodbox.music.composer.neural.vocabulary import ChordName

_ROOTS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_NAMES = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
_ROMAN = re.compile(r"(?P<shift>[b#]?)(?P<numeral>[ivIV]+)(?P<kind>o|7|)")

_PALETTES = {
    "happy": "I .5, IV .4, V .4, V7 .3, ii 0, vi -.5, iii -.6, II7 .2, VI7 0, I7 0, III7 -.8, iv -1",
    "surprise": "I .4, IV .3, V .3, V7 .4, II .4, bVI .6, bVII .5, bIII .3, II7 .5, VI7 .5, III7 .5, vi -.6, iv 0",
    "neutral": "I .2, IV .2, V 0, V7 -.2, ii .2, iii 0, vi .1, II7 0, VI7 -.2, I7 -.3, iv -1",
    "neutral minor": "i .4, iv .3, v .1, V .2, V7 0, bVI 0, bVII -.3, bIII -.6, iio 0",
    "sad": "i .6, iv .5, V .3, V7 .3, v 0, bVI .2, bIII -.7, bVII -.6, iio .4, bII .3, viio .4, #ivo .3, I7 .2, II7 -.2",
    "fear": "i .2, iv -.1, V -.4, V7 -.2, iio .9, viio 1, #ivo 1.2, io 1, bII .5, bvi 1, biii .8, bVI -.5, bii .6, bv .6",
    "angry": "i .6, iv .3, V 0, V7 -.1, bII 1, iio .6, v .1, bvi .5, #ivo .8, viio .6, bii .4, bv .3",
    "disgust": "i .4, iv .1, V -.3, V7 0, bII .8, #ivo 1, iio .6, viio .7, bii .9, bvi .4, bv .6",
}
HOME = {"major": ((0, "maj"),), "minor": ((0, "min"),)}
AWAY = ((7, "maj"), (7, "7"))  # the dominant is major in minor as well


def palette(label: str, mode: str) -> dict[ChordName, float]:
    """Return the chords of a mood with their liking, on the tonic C."""
    key = "neutral minor" if label == "neutral" and mode == "minor" else label
    entries = (entry.split() for entry in _PALETTES.get(key, _PALETTES["neutral"]).split(","))
    return {_name(roman): float(liking) for roman, liking in entries}


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
