"""The learned composer's lead sheets: whatever a model says, the form, the key and the bars are right."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from moodbox.errors import MusicError
from moodbox.mood import COORDINATES
from moodbox.music.composer.lead import Lead
from moodbox.music.composer.neural.network import Network
from moodbox.music.composer.neural.palette import away, home, palette, roman
from moodbox.music.composer.neural.writer import NeuralWriter
from moodbox.music.composer.style import Style, style
from tests.fakes.composer_model import CONDITION, WORDS, ComposerModel, make_bundle, seal, write_golden

PHRASES = 8
_PLAIN = re.compile(r"(maj7|add9|h7|o7|o|7)$")  # what is added to a chord's numeral


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> NeuralWriter:
    """Write with a network of random weights: only the rules around it can make its music right."""
    return NeuralWriter(Network.open(make_bundle(tmp_path_factory.mktemp("writer") / "bundle")))


def of(label: str) -> Style:
    return style(label, *COORDINATES[label])


@pytest.fixture(scope="module", params=[(label, meter) for label in COORDINATES for meter in (2, 3, 4)], ids=str)
def lead(request: pytest.FixtureRequest, writer: NeuralWriter) -> tuple[str, Lead]:
    label, meter = request.param
    return label, writer(of(label), label, meter, PHRASES, random.Random(3))


def test_form_is_whole_and_every_phrase_has_four_bars(lead):
    _, sheet = lead
    assert "".join(phrase.letter for phrase in sheet.phrases) == "aAaAbbaA"
    assert all(len(phrase.bars) == 4 for phrase in sheet.phrases)
    assert [phrase.visit for phrase in sheet.phrases] == [0, 0, 1, 1, 0, 1, 2, 2]


def test_notes_follow_each_other_within_their_phrase(lead):
    _, sheet = lead
    for phrase in sheet.phrases:
        assert phrase.tones
        at = 0.0
        for tone in phrase.tones:
            assert tone.start >= at
            assert tone.length >= 0.25
            assert tone.start // sheet.meter == (tone.start + tone.length - 0.01) // sheet.meter, "within its bar"
            at = tone.start + tone.length
        assert at <= 4 * sheet.meter


def test_what_returns_is_the_same_and_an_answer_begins_like_its_question(lead):
    _, sheet = lead
    asks, answers, again = sheet.phrases[0], sheet.phrases[1], sheet.phrases[2]
    assert (asks.bars, asks.tones) == (again.bars, again.tones)
    half = 2 * sheet.meter
    assert [tone for tone in asks.tones if tone.start < half] == [tone for tone in answers.tones if tone.start < half]
    assert asks.bars[:2] == answers.bars[:2]


def test_an_answer_comes_home_and_a_question_does_not(lead):
    label, sheet = lead
    for phrase in sheet.phrases:
        last = phrase.bars[-1][-1]
        if phrase.closed:
            assert (last.root, phrase.tones[-1].pitch % 12) == (sheet.tonic, sheet.tonic)
            assert phrase.tones[-1].length >= min(2, sheet.meter)
            third = (4 if sheet.mode == "major" else 3) + sheet.tonic
            assert third % 12 in last.pitch_classes
        else:
            assert (last.root - sheet.tonic) % 12 in {root for root, _ in away(of(label).grit)}
            assert phrase.tones[-1].pitch % 12 in last.pitch_classes


def test_chords_are_of_the_moods_palette(lead):
    label, sheet = lead
    allowed = {*palette(label, sheet.mode), *away(of(label).grit), *home(sheet.mode)}
    plain = {roman(name).rstrip("7o") for name in allowed}
    heard = {chord.name for phrase in sheet.phrases for bar in phrase.bars for chord in bar}
    assert {_PLAIN.sub("", name) for name in heard} <= plain
    assert len(heard) >= 3, "harmony moves"


def test_tune_stays_in_its_register_and_leaps_no_further_than_an_octave(lead):
    label, sheet = lead
    middle = of(label).melody
    for phrase in sheet.phrases:
        pitches = [tone.pitch for tone in phrase.tones]
        assert all(abs(pitch - middle) <= 13.5 for pitch in pitches)
        assert all(abs(two - one) <= 12 for one, two in pairwise(pitches))


@pytest.mark.parametrize("label", list(COORDINATES))
def test_same_seed_gives_the_same_and_another_another(writer, label):
    def write(seed):
        return writer(of(label), label, 4, 4, random.Random(seed))

    assert write(1) == write(1)
    assert write(1) != write(2)


def test_style_reaches_the_model(writer):
    """The condition is no decoration: density and mode asked for change what is written."""
    calm = replace(of("neutral"), density=0.5)
    busy = replace(calm, density=2.0)
    few, many = (writer(one, "neutral", 4, 4, random.Random(5)) for one in (calm, busy))
    assert sum(len(phrase.tones) for phrase in few.phrases) < sum(len(phrase.tones) for phrase in many.phrases)


@pytest.mark.parametrize("lost", ["bar 3/4", "chord 11:dim", "pitch 60", "length 6"])
def test_model_without_a_word_that_is_needed_is_refused_in_one_sentence(tmp_path: Path, lost):
    words = [word for word in WORDS if word != lost]
    model = ComposerModel(words=len(words))
    folder = tmp_path / "bundle"
    with pytest.raises(MusicError, match=f"lacks the word '{lost}'"):
        NeuralWriter(_opened(folder, words, model))


def _opened(folder: Path, words: list[str], model: ComposerModel) -> Network:
    make_bundle(folder, card={"vocabulary": words}, model=model)
    sample = np.array([0, 1, 2])
    write_golden(folder, tokens=sample, logits=model.logits(sample.tolist(), CONDITION))
    seal(folder)
    return Network.open(folder)
