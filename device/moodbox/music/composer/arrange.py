"""The arranger: a lead sheet and a style become a score, with an intro, layers that grow, and an ending."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from moodbox.music.composer import accompaniment, instrument
from moodbox.music.composer.accompaniment import Room
from moodbox.music.composer.background import Ground, background
from moodbox.music.composer.dynamics import CLIMAX, Dynamics
from moodbox.music.composer.harmony import Bars, read
from moodbox.music.composer.lead import PHRASE, Lead, Phrase, is_bridge
from moodbox.music.composer.melody import Tone
from moodbox.music.composer.ornament import Ornamenter, answer, below
from moodbox.music.composer.reharmony import coloured, darkened, drawn_home, modulated
from moodbox.music.composer.score import Note, Part
from moodbox.music.composer.style import GRITTY, Style
from moodbox.music.composer.theory import LOWEST, MAJOR, MINOR, Chord, chord, mode_margin, near

INTRO, OUTRO = 2, 2  # bars
# Keys of a bridge in semitones above home. Bright music looks up, dark music to the minor of its subdominant; the
# uneasy moods may also slip by a third or a semitone.
_BRIDGES = {"major": (5, 7, 2), "minor": (5, 5, 8)}
_UNEASY = {"major": (4, 8, 2), "minor": (5, 5, 1)}
_BRIDGE_CHANCE = 0.7
_UNEASY_FROM = 0.4  # of `sudden` or `grit`
_FULL = frozenset({"hold", "halves", "breath", "tremolo", "shiver", "circle"})  # they leave a background no room
_ALONE, _LONELY = 0.2, 0.5  # share of a piece in which tune, chords and bass are alone; of a thin one
_THIN = 0.9  # notes a beat of the tune under which a mood wants few voices
_CLEAR = 0.13  # margin of the Krumhansl correlations under which a mode is not clearly heard
_BLOCK = {"lead": 1.08, "answer": 0.86, "comp": 0.86, "bass": 0.96, "pad": 0.74, "drums": 0.88}  # of the velocity
_ENDINGS = {"major": ("IV | I", "ii V7 | I", "IV V7 | I"), "minor": ("iv | i", "iv V | i", "i | i")}
_DARK_ENDINGS = ("bII | i", "iio V | i", "bVI bII | i")


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
        self._style, self._rng, self._meter = style, rng, lead.meter
        self._uneasy = max(style.grit, style.sudden) >= _UNEASY_FROM
        self._dark = style.grit >= GRITTY
        self._texture = rng.choice(style.textures)
        self._dynamics = Dynamics(style, len(lead.phrases), PHRASE * lead.meter, rng)
        self._keys = [lead.tonic] * len(lead.phrases)
        self._lead = replace(lead, phrases=self._prepared(lead))
        pitches = [tone.pitch for phrase in self._lead.phrases for tone in phrase.tones]
        self._singer, self._answerer = self._voices(pitches)
        self._lift = instrument.shift(pitches, self._singer)
        middle = sum(pitches) / max(1, len(pitches)) + self._lift
        steps = MAJOR if lead.mode == "major" else MINOR
        key = frozenset((lead.tonic + step) % 12 for step in steps)
        self._room = Room(style.chords, min(LOWEST, style.chords - 5.0), _ceiling(style.chords, middle), key)
        self._tracks = _Tracks()

    def parts(self) -> tuple[Part, ...]:
        """Play the whole form; parts that stay silent are left out."""
        at = self._intro(0.0)
        count = len(self._lead.phrases)
        for number, phrase in enumerate(self._lead.phrases):
            self._phrase(phrase, number, at + number * PHRASE * self._meter)
        self._breathe(at)
        self._outro(at + count * PHRASE * self._meter)
        return self._played(at)

    # What the lead sheet becomes before it is played.

    def _prepared(self, lead: Lead) -> tuple[Phrase, ...]:
        """Clear the mode, colour the chords, and set the bridge in its key, as long as the mode stays clear."""
        phrases = lead.phrases
        if lead.mode == "minor" and _clarity(lead, phrases) < _CLEAR:
            phrases = tuple(drawn_home(phrase, lead.tonic, lead.meter) for phrase in phrases)
        plain = phrases
        if lead.mode == "minor" and self._dark:
            grit = self._style.grit
            phrases = tuple(darkened(each, lead.tonic, lead.meter, grit, self._rng) for each in phrases)
        shaded = self._coloured(lead, phrases)
        key = self._bridge_key(lead)
        moved = self._moved_bridges(lead, shaded, key) if key else shaded
        choices = (moved, shaded, phrases, plain)
        chosen = next((each for each in choices if _clarity(lead, each) >= _CLEAR), None)
        chosen = chosen or max(choices, key=lambda each: _clarity(lead, each))
        if chosen is moved and key:
            for number, phrase in enumerate(phrases[:-1]):
                self._keys[number] = (lead.tonic + key * is_bridge(phrase.letter)) % 12
        return chosen

    def _coloured(self, lead: Lead, phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        goals = [phrase.bars[0][0] for phrase in phrases[1:]] + [_home(lead)]
        return tuple(
            coloured(phrase, lead.meter, goal, self._style.colour, self._rng)
            for phrase, goal in zip(phrases, goals, strict=True)
        )

    def _moved_bridges(self, lead: Lead, phrases: tuple[Phrase, ...], key: int) -> tuple[Phrase, ...]:
        """Move the bridges; the last phrase stays at home whatever it is."""
        moved = (
            modulated(phrase, key, _home(lead), lead.meter, down=self._dark) if is_bridge(phrase.letter) else phrase
            for phrase in phrases[:-1]
        )
        return (*moved, phrases[-1])

    def _bridge_key(self, lead: Lead) -> int:
        if self._rng.random() > _BRIDGE_CHANCE:
            return 0
        return self._rng.choice((_UNEASY if self._uneasy else _BRIDGES)[lead.mode])

    def _voices(self, pitches: list[int]) -> tuple[int, int]:
        texture = self._texture
        singer = self._rng.choice(instrument.able(texture.leads, pitches))
        others = [program for program in texture.answers if program != singer]
        return int(singer), int(self._rng.choice(instrument.able(others or texture.answers, pitches)))

    # The sections.

    def _intro(self, at: float) -> float:
        """Let the band begin: chords first, everything else a bar later where the mood is calm."""
        bars = self._lead.phrases[0].bars[:1] * INTRO
        lively = self._style.density > 1.2
        self._chords(bars, at, self._texture.comp)
        later = 0 if lively or self._uneasy else 1
        self._bass(bars[later:], at + later * self._meter, self._texture.bass)
        if self._dark:
            self._pad(bars, at, self._lead.tonic)
        if lively and self._texture.drums:
            self._drum(1, at + self._meter)
        return at + INTRO * self._meter

    def _phrase(self, phrase: Phrase, number: int, at: float) -> None:
        bridge, texture = is_bridge(phrase.letter), self._texture
        share = number / max(1, len(self._lead.phrases) - 1)
        tonic = self._keys[number]
        self._chords(phrase.bars, at, texture.turn if bridge else texture.comp)
        self._bass(phrase.bars, at, texture.turned if bridge else texture.bass)
        self._tune(phrase, number, at, share)
        full = (texture.turn if bridge else texture.comp) in _FULL
        if share > (_LONELY if self._style.density < _THIN else _ALONE) and not full:
            self._pad(phrase.bars, at, tonic)
        if texture.drums and (number > 0 or self._style.density > 1.2):
            self._drum(PHRASE, at)

    def _tune(self, phrase: Phrase, number: int, at: float, share: float) -> None:
        """Sing the phrase; a second voice answers it, joins it below, or takes the bridge over."""
        tonic, mode, meter = self._keys[number], self._lead.mode, self._meter
        ornamenter = Ornamenter(tonic, mode, meter, 0.5 * self._style.colour, self._rng)
        tones = tuple(ornamenter.decorated(phrase))
        line = list(self._sing(tones, at))
        tracks = self._tracks
        (tracks.answer if is_bridge(phrase.letter) else tracks.lead).extend(line)
        if is_bridge(phrase.letter) or number == 0:
            return
        joins = share >= CLIMAX - 0.2 or (phrase.visit and self._rng.random() < 0.5)
        if joins and self._dark:
            second: Iterable[Tone] = (replace(tone, pitch=tone.pitch - 12) for tone in tones)
        elif joins:
            second = below(tones, phrase, tonic, mode, meter)
        else:
            second = answer(phrase, tonic, mode, meter, self._rng)
        tracks.answer += [replace(note, velocity=round(note.velocity * 0.8)) for note in self._sing(second, at)]

    def _outro(self, at: float) -> None:
        """Come home: a last turn of the chords, then the tonic, ringing, with the tune's last note in it."""
        meter, tonic = self._meter, self._lead.tonic
        dark = self._uneasy and self._lead.mode == "minor"
        bars = read(self._rng.choice(_DARK_ENDINGS if dark else _ENDINGS[self._lead.mode]), tonic)
        self._chords(bars[:1], at, self._texture.comp)
        self._bass(bars[:1], at, self._texture.bass)
        self._pad(bars, at, tonic)
        self._chords(bars[1:], at + meter, "hold")
        self._bass(bars[1:], at + meter, "long")
        last = self._lead.phrases[-1].tones
        pitch = near(tonic, (last[-1].pitch if last else self._style.melody) + self._lift)
        self._tracks.lead.append(Note(at + meter, float(meter), pitch, self._loud("lead")))

    # The players.

    def _loud(self, player: str) -> int:
        return round(min(124.0, self._style.velocity * _BLOCK[player]))

    def _chords(self, bars: Bars, at: float, pattern: str) -> None:
        notes = accompaniment.comp(bars, self._meter, pattern, self._loud("comp"), self._room)
        self._tracks.comp += _moved(notes, at)

    def _bass(self, bars: Bars, at: float, pattern: str) -> None:
        pedal = self._lead.tonic if pattern in {"pedal", "dread"} else None
        self._tracks.bass += _moved(accompaniment.bass(bars, self._meter, pattern, self._loud("bass"), pedal), at)

    def _pad(self, bars: Bars, at: float, tonic: int) -> None:
        ground, loud = Ground(tonic, self._style.grit), self._loud("pad")
        notes = background(bars, self._meter, loud, self._room, ground=ground, rng=self._rng)
        self._tracks.pad += _moved(notes, at)

    def _drum(self, bars: int, at: float) -> None:
        notes = accompaniment.drums(bars, self._meter, self._texture.drums, self._loud("drums"))
        self._tracks.drums += _moved(notes, at)

    def _sing(self, tones: Iterable[Tone], at: float) -> Iterator[Note]:
        """Lean on the beat; the style says how long notes sound. A staccato note still has its attack."""
        loud = self._style.velocity * _BLOCK["lead"]
        for tone in tones:
            lean = 1.05 if tone.start % self._meter == 0.0 else 1.0
            swing = 1.0 + 0.5 * self._style.swing * self._rng.uniform(-0.5, 0.5)
            length = max(0.12, tone.length * self._style.touch)
            yield Note(at + tone.start, length, tone.pitch + self._lift, round(loud * lean * swing))

    def _breathe(self, at: float) -> None:
        """Cut holes into the accompaniment where the mood holds its breath."""
        tracks = self._tracks
        for start, end in self._dynamics.holes():
            for notes in (tracks.comp, tracks.bass, tracks.pad, tracks.drums):
                notes[:] = _without(notes, at + start, at + end)

    def _played(self, begin: float) -> tuple[Part, ...]:
        """Hand out the instruments, and shape everything by the dynamics of the piece."""
        texture, rng, tracks = self._texture, self._rng, self._tracks
        parts = (
            self._part("Melody", self._singer, tracks.lead, 0.95, 0.08),
            self._part("Second voice", self._answerer, tracks.answer, 0.82, -0.3),
            self._part("Chords", rng.choice(texture.chords), tracks.comp, 0.68, -0.42),
            self._part("Bass", rng.choice(texture.depths), tracks.bass, 0.80, 0.0),
            self._part("Background", rng.choice(texture.pads), tracks.pad, 0.50, 0.48),
            Part("Drums", 0, tuple(tracks.drums), 0.58, 0.12, drums=True),
        )
        return tuple(replace(part, notes=tuple(self._shaped(part.notes, begin))) for part in parts if part.notes)

    def _part(self, name: str, program: int, notes: list[Note], level: float, pan: float) -> Part:
        fitted = tuple(replace(note, pitch=instrument.folded(note.pitch, program)) for note in notes)
        return Part(name, int(program), fitted, level * instrument.loudness(program), pan)

    def _shaped(self, notes: Iterable[Note], begin: float) -> Iterator[Note]:
        for note in notes:
            velocity = round(note.velocity * self._dynamics.at(note.start - begin))
            yield replace(note, velocity=min(125, max(18, velocity)))


def _ceiling(chords: float, tune: float) -> float:
    """Keep the chords a third under the tune, unless the tune lies among them or below: then it has the bottom."""
    return chords + 10.0 if tune < chords + 6.0 else min(chords + 10.0, tune - 3.0)


def _home(lead: Lead) -> Chord:
    return chord("I" if lead.mode == "major" else "i", lead.tonic)


def _clarity(lead: Lead, phrases: tuple[Phrase, ...]) -> float:
    """Tell how clearly tune and chords stand in the mode: every chord tone weighs half its time."""
    weights = [0.0] * 12
    for phrase in phrases:
        for tone in phrase.tones:
            weights[tone.pitch % 12] += tone.length
        for bar in phrase.bars:
            for each in bar:
                for pc in each.pitch_classes:
                    weights[pc] += 0.5 * lead.meter / len(bar)
    return mode_margin(weights, lead.mode)


def _without(notes: Iterable[Note], start: float, end: float) -> Iterator[Note]:
    """Leave out what begins in a stretch, and end before it what sounds into it."""
    for note in notes:
        if start - 0.01 <= note.start < end - 0.01:
            continue
        yield replace(note, length=start - note.start) if note.start < start < note.start + note.length else note


def _moved(notes: Iterable[Note], beats: float) -> Iterator[Note]:
    return (replace(note, start=note.start + beats) for note in notes)
