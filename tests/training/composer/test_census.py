"""The census says what is in a corpus and what is wrong with it."""

import json
import shutil

import pytest

from moodtrain.composer import census, corpus
from moodtrain.errors import DataError
from tests.training.composer.midis import tune, write


@pytest.fixture(scope="module")
def counted(songs) -> dict:
    return census.take([songs])


def test_counts_are_those_of_the_corpus(counted, songs):
    made = corpus.read([songs])
    assert counted["digest"] == made.digest
    assert counted["splits"] == {name: dict(row) for name, row in corpus.counts(made).items()}
    assert sum(counted["words"].values()) == sum(len(piece.tokens) for piece in made.pieces)
    assert sum(counted["lengths"].values()) == counted["words"]["length"]


def test_songs_are_half_major_and_all_in_common_time(counted):
    assert counted["modes"] == {"major": 12, "minor": 12}
    assert counted["meters"] == {"4/4": 24 * 8}
    assert counted["bars"] == {"kept": 24 * 8, census.METER: 0, census.SILENT: 0, census.ALONE: 0}
    assert counted["problems"] == {"broken": [], "copies": [], "empty": 0}
    assert census.told(counted).endswith("nothing wrong was found")


def test_bars_are_left_out_for_their_reasons(tmp_path):
    voice = [(0, 1, 72)] + [(1 + 4 * bar, 4, 72) for bar in (0, 1, 2, 6)]
    write(tmp_path / "a.mid", {"Voice": voice}, meters=((0, "1/4"), (1, "4/4")))
    bars = census.take([tmp_path])["bars"]
    # the pickup; three bars sung and the first silent one; two silent ones; the last, which is sung alone
    assert bars == {"kept": 4, census.METER: 1, census.SILENT: 2, census.ALONE: 1}


def test_conditions_have_quantiles_and_a_histogram_of_all_tokens(counted):
    row = counted["conditions"]["train"]["tempo"]
    assert row["quantiles"] == sorted(row["quantiles"])
    assert sum(row["histogram"]["counts"]) == counted["splits"]["train"]["tokens"]


def test_broken_copied_and_empty_files_are_named(songs, tmp_path):
    there = shutil.copytree(songs, tmp_path / "songs")
    (there / "torn.mid").write_bytes(b"MThd")
    shutil.copy(there / "song00.mid", there / "again.mid")
    write(there / "short.mid", {"Voice": [(0, 1, 60)]})
    said = census.told(census.take([there]))
    assert "left out: torn cannot be read as MIDI" in said
    assert "the same file: again, song00, in train and val: take all but one away" in said
    assert "1 files give no piece" in said


def test_written_report_is_text_json_and_a_picture(counted, tmp_path):
    text, data, picture = census.write(counted, tmp_path / "out")
    assert text.read_text(encoding="utf-8") == census.told(counted) + "\n"
    assert json.loads(data.read_text(encoding="utf-8")) == counted
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_corpus_of_nothing_but_broken_files_is_refused(tmp_path):
    (tmp_path / "torn.mid").write_bytes(b"MThd")
    with pytest.raises(DataError, match="none of the 1 MIDI files holds a tune that can be learnt; the first: torn"):
        census.take([tmp_path])


def test_two_folders_are_counted_apart(songs, tmp_path):
    tune(tmp_path / "more" / "one.mid", 1)
    assert census.take([songs, tmp_path / "more"])["sources"] == {"songs": 24, "more": 1}
