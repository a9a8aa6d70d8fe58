"""The arranger: a lead sheet and a style become a score, with an intro, layers that grow, and an ending."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from moodbox.music.composer import accompaniment
from moodbox.music.composer.harmony import Bars, read
from moodbox.music.composer.lead import PHRASE, Lead, Phrase
from moodbox.music.composer.melody import Tone
from moodbox.music.composer.score import Note, Part
from moodbox.music.composer.style import Style
from moodbox.music.composer.theory import near, scale

INTRO, OUTRO = 2, 2  # bars


@dataclass(slots=True)
class _Tracks:
    """The notes of every part while the piece is being arranged."""

    lead: list[Note] = field(default_factory=list)
    answer: list[Note] = field(default_factory=list)
    comp: list[Note] = field(default_factory=list)
    bass: list[Note] = field(default_factory=list)
    pad: list[Note] = field(default_factory=list)
    drums: list[Note] = field(default_factory=list)


class Arranger:
    """Arrange one lead sheet; the choices of patterns and instruments come from the given random numbers."""

    def __init__(self, lead: Lead, style: Style, rng: random.Random) -> None:
        self._lead, self._style, self._rng = lead, style, rng
        self._comps = rng.sample(style.comps, k=min(2, len(style.comps)))
        self._basses = rng.sample(style.basses, k=min(2, len(style.basses)))
        self._drums = rng.choice(style.drums)
        self._tracks = _Tracks()

    def parts(self) -> tuple[Part, ...]:
        """Play the whole form; parts that stay silent are left out."""
        lead, at = self._lead, 0.0
        at = self._intro(at)
        for number, phrase in enumerate(lead.phrases):
            self._phrase(phrase, at, last=number == len(lead.phrases) - 1)
            at += PHRASE * lead.meter
        self._outro(at)
        return self._instruments()

    def _intro(self, at: float) -> float:
        bars = self._lead.phrases[0].bars[:1] * INTRO
        self._back(bars, at, level=1.0, comp=self._comps[0], bass=self._basses[0])
        return at + INTRO * self._lead.meter

    def _phrase(self, phrase: Phrase, at: float, *, last: bool) -> None:
        bridge = phrase.letter.lower() != "a"
        level = 0.9 if bridge else 0.95 + 0.05 * min(2, phrase.visit)
        choice = -1 if bridge else 0
        self._back(phrase.bars, at, level, comp=self._comps[choice], bass=self._basses[choice])
        tones = phrase.tones if phrase.visit == 0 else tuple(self._ornament(phrase))
        line = list(self._sing(tones, at, level))
        (self._tracks.answer if bridge else self._tracks.lead).extend(line)
        if phrase.visit or bridge:
            self._tracks.pad += _moved(
                accompaniment.pad(phrase.bars, self._lead.meter, self._soft, self._style.chords), at
            )
        if last or phrase.visit > 1:  # the last time round everybody sings
            self._tracks.answer += [
                replace(note, pitch=note.pitch - 12, velocity=note.velocity * 4 // 5) for note in line
            ]
        if self._drums and (phrase.visit or bridge or self._style.density > 1.2):
            beat = accompaniment.drums(PHRASE, self._lead.meter, self._drums, self._style.velocity * 0.9 * level)
            self._tracks.drums += _moved(beat, at)

    @property
    def _soft(self) -> float:
        return self._style.velocity * 0.62

    def _back(self, bars: Bars, at: float, level: float, *, comp: str, bass: str) -> None:
        meter, loud = self._lead.meter, self._style.velocity * level
        self._tracks.comp += _moved(accompaniment.comp(bars, meter, comp, loud * 0.78, self._style.chords), at)
        self._tracks.bass += _moved(accompaniment.bass(bars, meter, bass, loud * 0.92, self._lead.tonic), at)

    def _sing(self, tones: Iterable[Tone], at: float, level: float) -> Iterator[Note]:
        """Shape a phrase: it swells to its middle, leans on the beat, and the style says how long notes sound."""
        span = PHRASE * self._lead.meter
        for tone in tones:
            share = tone.start / span
            arc = 0.90 + 0.40 * share * (1.0 - share) + (0.05 if tone.start % self._lead.meter == 0.0 else 0.0)
            swing = 1.0 + self._style.swing * self._rng.uniform(-0.5, 0.5)
            velocity = self._style.velocity * 1.08 * level * arc * swing
            length = max(0.1, tone.length * self._style.touch)
            yield Note(at + tone.start, length, tone.pitch, round(min(124.0, max(24.0, velocity))))

    def _ornament(self, phrase: Phrase) -> Iterator[Tone]:
        """Vary a tune that was heard before: here and there a note gives half its time to a neighbour."""
        tones = phrase.tones
        for tone, following in zip(tones, (*tones[1:], None), strict=True):
            if following is None or tone.length not in (1.0, 1.5, 2.0) or self._rng.random() > 0.35:
                yield tone
                continue
            half = tone.length / 2.0
            bar = phrase.bars[min(PHRASE - 1, int(tone.start // self._lead.meter))]
            ladder = scale(self._lead.tonic, self._lead.mode, bar[0])
            toward = 2.0 if following.pitch > tone.pitch else -2.0
            neighbour = min(
                (near(tone_class, tone.pitch + toward) for tone_class in ladder),
                key=lambda p: abs(p - tone.pitch - toward),
            )
            yield Tone(tone.start, half, tone.pitch)
            yield Tone(tone.start + half, half, neighbour)

    def _outro(self, at: float) -> None:
        """Let the home chord ring, with the tune's last tonic in the middle of it."""
        meter = self._lead.meter
        home = read("I" if self._lead.mode == "major" else "i", self._lead.tonic)
        self._back(home, at, 0.85, comp=self._comps[0], bass=self._basses[0])
        final, loud = at + meter, self._style.velocity * 0.85
        self._tracks.comp += _moved(accompaniment.comp(home, meter, "hold", loud * 0.8, self._style.chords), final)
        self._tracks.bass += _moved(accompaniment.bass(home, meter, "long", loud, self._lead.tonic), final)
        tonic = near(self._lead.tonic, self._lead.phrases[-1].tones[-1].pitch)
        self._tracks.lead.append(Note(final, float(meter), tonic, round(loud)))

    def _instruments(self) -> tuple[Part, ...]:
        style, rng, tracks = self._style, self._rng, self._tracks
        leads = rng.sample(style.leads, k=2)
        parts = (
            Part("Melody", leads[0], tuple(tracks.lead), 0.95, 0.08),
            Part("Second voice", leads[1], tuple(tracks.answer), 0.85, -0.18),
            Part("Chords", rng.choice(style.colors), tuple(tracks.comp), 0.68, -0.3),
            Part("Bass", rng.choice(style.depths), tuple(tracks.bass), 0.8, 0.0),
            Part("Background", rng.choice(style.pads), tuple(tracks.pad), 0.5, 0.35),
            Part("Drums", 0, tuple(tracks.drums), 0.6, 0.12, drums=True),
        )
        return tuple(part for part in parts if part.notes)


def _moved(notes: Iterable[Note], beats: float) -> Iterator[Note]:
    return (replace(note, start=note.start + beats) for note in notes)
