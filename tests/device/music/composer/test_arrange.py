"""Arranging: whole pieces from lead sheets, ours and such as a learned composer may write."""

from __future__ import annotations

import random
from statistics import mean

import numpy as np
import pytest

from moodbox.mood import COORDINATES
from moodbox.music.composer.arrange import INTRO, OUTRO, Arranger
from moodbox.music.composer.harmony import read
from moodbox.music.composer.instrument import span
from moodbox.music.composer.lead import PHRASE, Lead, Phrase, write_lead
from moodbox.music.composer.melody import Tone
from moodbox.music.composer.score import Note, Part
from moodbox.music.composer.style import Style, style
from moodbox.music.composer.theory import mode_margin

SEEDS = range(8)


def cues(label: str) -> Style:
    return style(label, *COORDINATES[label])


def arranged(label: str, seed: int, meter: int = 4, phrases: int = 5) -> tuple[Lead, dict[str, Part]]:
    rng = random.Random(f"{label} {seed}")
    lead = write_lead(cues(label), label, meter, phrases, rng)
    return lead, {part.name: part for part in Arranger(lead, cues(label), rng).parts()}


def pitched(parts: dict[str, Part]) -> list[Note]:
    return [note for part in parts.values() if not part.drums for note in part.notes]


def histogram(notes: list[Note]) -> list[float]:
    weights = np.zeros(12)
    for note in notes:
        weights[note.pitch % 12] += note.length
    return [float(weight) for weight in weights]


def foreign(line: str, meter: int, mode: str) -> Lead:
    """A plain sheet that no rule of ours wrote: one note a bar, far from any instrument's range, and no bridge."""
    bars = read(line, 0)
    tones = tuple(Tone(float(number * meter), float(meter), 96 + bar[0].root % 12) for number, bar in enumerate(bars))
    return Lead(0, mode, meter, tuple(Phrase("A", visit, bars, tones, closed=True) for visit in range(4)))


@pytest.mark.parametrize("label", list(COORDINATES))
def test_every_instrument_plays_where_it_sounds_well(label: str) -> None:
    for seed in SEEDS:
        _, parts = arranged(label, seed)
        for part in parts.values():
            low, high = span(part.program)
            assert part.drums or all(low <= note.pitch <= high for note in part.notes), part.name


@pytest.mark.parametrize("label", list(COORDINATES))
@pytest.mark.parametrize("meter", [2, 3, 4])
def test_piece_fills_its_bars_from_intro_to_ending(label: str, meter: int) -> None:
    lead, parts = arranged(label, 1, meter)
    end = (INTRO + OUTRO + PHRASE * len(lead.phrases)) * meter
    assert max(note.start + note.length for note in pitched(parts)) <= end + 1e-6
    starts = sorted(note.start for note in pitched(parts))
    assert starts[0] == 0.0
    assert max(np.diff(starts)) <= 2.0 * meter


@pytest.mark.parametrize("label", list(COORDINATES))
def test_piece_ends_on_its_tonic_and_begins_without_its_tune(label: str) -> None:
    for seed in SEEDS:
        lead, parts = arranged(label, seed)
        last = parts["Melody"].notes[-1]
        assert last.pitch % 12 == lead.tonic
        assert parts["Bass"].notes[-1].pitch % 12 == lead.tonic
        assert parts["Melody"].notes[0].start >= INTRO * lead.meter


@pytest.mark.parametrize("label", list(COORDINATES))
def test_band_grows(label: str) -> None:
    """More notes sound in the second half of the form than in the first two phrases."""
    early, late = [], []
    for seed in SEEDS:
        lead, parts = arranged(label, seed, phrases=6)
        span_ = PHRASE * lead.meter
        sounding = [
            sum(note.velocity * note.length for note in pitched(parts) if 0 <= note.start - at < span_)
            for at in (INTRO * lead.meter + number * span_ for number in range(6))
        ]
        early.append(sounding[0])
        late.append(max(sounding[3:]))
    assert mean(late) > 1.1 * mean(early)


def test_moods_have_many_bands() -> None:
    for label in COORDINATES:
        bands = {tuple(part.program for part in arranged(label, seed)[1].values()) for seed in range(16)}
        assert len(bands) >= 6, label


def test_chords_stay_under_a_high_tune() -> None:
    for label in ("happy", "neutral", "surprise"):
        for seed in SEEDS:
            _, parts = arranged(label, seed)
            tune = mean(note.pitch for note in parts["Melody"].notes)
            assert mean(note.pitch for note in parts["Chords"].notes) < tune - 4.0


def test_no_muddy_chords_in_light_moods() -> None:
    for label in ("happy", "neutral", "surprise", "sad"):
        for seed in SEEDS:
            _, parts = arranged(label, seed)
            low = [note for note in parts["Chords"].notes if note.pitch < 47]
            assert len(low) < 0.02 * len(parts["Chords"].notes)


def test_surprise_holds_its_breath_before_a_phrase_and_sadness_never() -> None:
    def holes(label: str, seed: int) -> int:
        lead, parts = arranged(label, seed)
        span_ = PHRASE * lead.meter
        ends = [INTRO * lead.meter + (number + 1.0) * span_ for number in range(len(lead.phrases))]
        backing = [note for name in ("Chords", "Bass", "Background") if name in parts for note in parts[name].notes]
        return sum(
            not any(note.start < end - 0.05 and note.start + note.length > end - 0.95 for note in backing)
            for end in ends
        )

    assert sum(holes("surprise", seed) for seed in SEEDS) >= 3
    assert sum(holes("sad", seed) for seed in SEEDS) == 0


@pytest.mark.parametrize("meter", [2, 3, 4])
@pytest.mark.parametrize("label", ["sad", "angry", "fear", "disgust"])
def test_minor_sheet_that_leans_to_the_relative_major_is_heard_in_minor(label: str, meter: int) -> None:
    """A learned composer drifts there in a quarter of its minor pieces."""
    lead = foreign("bIII | bVII | bIII | i", meter, "minor")
    parts = Arranger(lead, cues(label), random.Random(3)).parts()
    notes = [note for part in parts if not part.drums for note in part.notes]
    assert mode_margin(histogram(notes), "minor") > 0.0
    assert all(20 <= note.pitch <= 110 for note in notes)


@pytest.mark.parametrize("label", ["happy", "surprise", "neutral"])
def test_plain_major_sheet_stays_major_under_its_colours(label: str) -> None:
    for seed in SEEDS:
        parts = Arranger(foreign("I | vi | IV | I", 4, "major"), cues(label), random.Random(seed)).parts()
        notes = [note for part in parts if not part.drums for note in part.notes]
        assert mode_margin(histogram(notes), "major") > 0.0


def test_sheet_without_a_tune_is_still_accompanied() -> None:
    bars = read("I | IV | V | I", 0)
    lead = Lead(0, "major", 4, (Phrase("A", 0, bars, (), closed=True),))
    parts = {part.name for part in Arranger(lead, cues("happy"), random.Random(1)).parts()}
    assert {"Melody", "Chords", "Bass"} <= parts
