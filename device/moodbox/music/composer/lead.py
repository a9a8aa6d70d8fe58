"""The lead sheet: form, melody and chords, before anybody plays them.

The rules here write it; a learned composer may write another one, and the arranger plays either.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from moodbox.music.composer.harmony import STOCK, Bars, Section, section
from moodbox.music.composer.melody import CADENCE, HALF, Motif, Singer, Tone
from moodbox.music.composer.style import Style

PHRASE = 4  # bars
_FORMS = {  # capitals answer (full close), small letters ask (half close)
    1: "A", 2: "aA", 3: "abA", 4: "aAbA", 5: "aAbbA", 6: "aAbbaA", 7: "aAaAbbA", 8: "aAaAbbaA",
    9: "aAaAbbaAA", 10: "aAaAbbaAaA",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """Four bars of the form: the section's letter, how often it came before, its chords and its tune."""

    letter: str
    visit: int
    bars: Bars
    tones: tuple[Tone, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """A piece as a lead sheet. `tonic` is a pitch class."""

    tonic: int
    mode: str
    meter: int
    phrases: tuple[Phrase, ...]


def write_lead(style: Style, label: str, meter: int, phrases: int, rng: random.Random) -> Lead:
    """Write a lead sheet of so many four-bar phrases in the style of a mood."""
    tonic = rng.randrange(12)
    singer = Singer(style, tonic, meter, rng)
    stock = STOCK["neutral minor" if label == "neutral" and style.mode == "minor" else label]
    written: dict[str, Phrase] = {}
    chords: dict[str, Section] = {}
    motifs: dict[str, Motif] = {}
    played: list[Phrase] = []
    for letter in form(phrases):
        name = letter.lower()
        if name not in chords:
            chords[name] = section(stock, tonic, rng, bridge=is_bridge(name))
            motifs[name] = singer.motif()
        if letter not in written:
            written[letter] = _phrase(letter, chords[name], motifs[name], singer, written.get(name))
        visit = sum(1 for phrase in played if phrase.letter == letter)
        played.append(replace(written[letter], visit=visit))
    return Lead(tonic, style.mode, meter, tuple(played))


def form(phrases: int) -> str:
    """Name the phrases of a piece: verses around bridges, home at the end. Capitals close."""
    count = max(1, phrases)
    if count in _FORMS:
        return _FORMS[count]
    middles = "bbaAccaA" * (count // 8 + 1)
    return ("aAaA" + middles)[: count - 2] + "aA"


def is_bridge(letter: str) -> bool:
    """Say whether a letter of a form names a bridge, not the verse."""
    return letter.lower() != "a"


def _phrase(letter: str, chords: Section, motif: Motif, singer: Singer, asked: Phrase | None) -> Phrase:
    closed = letter.isupper()
    bars = chords.closed if closed else chords.open
    begun = asked.tones if asked is not None and closed else ()
    tones = singer.phrase(bars, motif, CADENCE if closed else HALF, begun)
    return Phrase(letter, 0, bars, tones, closed)
