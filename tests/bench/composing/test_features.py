"""The 29 features: the published vectors, and the same numbers from a score and from its file."""

from __future__ import annotations

import csv

import mido
import pytest

from bench.composing.features import NAMES, features
from bench.composing.transcript import of_score, read_midi
from moodbox.music.composer.midi import write_midi
from moodbox.music.composer.score import Note, Part, Score
from moodtrain.errors import MoodtrainError

SONGS = ("lc6583477", "lc5187781", "lc29589203", "lc5023603", "lc4987640")
SCORE = Score(
    "Two bars", "happy", 0.7, 0.4, 1, 0, "major", 4, ((0.0, 120.0), (2.0, 60.0)),
    (
        Part("Melody", 73, tuple(Note(float(beat), 0.5, 60 + 2 * beat, 80 + beat) for beat in range(8))),
        Part("Bass", 32, (Note(0.0, 4.0, 40, 60), Note(4.0, 4.0, 43, 64))),
        Part("Drums", 0, (Note(0.0, 0.25, 36, 100),), drums=True),
    ),
)  # fmt: skip


@pytest.mark.parametrize("song", SONGS)
def test_a_song_has_the_features_of_its_published_vector(song, song_file, corpus):
    wanted = next(row for row in corpus.rows("feature_test_vectors.csv") if row["id"] == song)
    found = features(read_midi(song_file(song)))
    assert tuple(found) == NAMES
    for name in NAMES:
        assert found[name] == pytest.approx(float(wanted[name]), abs=6e-5), name  # the table has four places


def test_every_column_of_the_vectors_is_a_feature(corpus):
    with (corpus.folder / "feature_test_vectors.csv").open(encoding="utf-8") as file:
        assert set(next(csv.reader(file))) == {"id", *NAMES}


def test_a_score_and_its_file_have_the_same_features(tmp_path):
    path = tmp_path / "piece.mid"
    path.write_bytes(write_midi(SCORE))
    from_file, from_score = features(read_midi(path)), features(of_score(SCORE))
    for name in NAMES:
        assert from_file[name] == pytest.approx(from_score[name], rel=1e-3, abs=1e-3), name


def test_the_tempo_map_counts_and_drums_do_not():
    heard = of_score(SCORE)
    assert len(heard.notes) == 10
    assert len(heard.drums) == 1
    assert features(heard)["dur_s"] == pytest.approx(1.0 + 6.0)  # two beats at 120, six at 60
    assert features(heard)["vel"] == pytest.approx((sum(range(80, 88)) + 60 + 64) / 10)


def test_a_note_without_an_end_is_left_out(tmp_path):
    track = mido.MidiTrack(
        [
            mido.Message("note_on", note=60, velocity=64, time=0),
            mido.Message("note_on", note=60, velocity=0, time=480),
            mido.Message("note_on", note=62, velocity=64, time=0),
        ]
    )
    mido.MidiFile(tracks=[track]).save(tmp_path / "open.mid")
    assert read_midi(tmp_path / "open.mid").notes[:, 4].tolist() == [60]


def test_what_is_no_midi_and_what_has_no_notes_is_said(tmp_path, tune):
    (tmp_path / "text.mid").write_text("no music")
    with pytest.raises(MoodtrainError, match="cannot be read as MIDI"):
        read_midi(tmp_path / "text.mid")
    with pytest.raises(ValueError, match="no notes"):
        features(tune([]))
