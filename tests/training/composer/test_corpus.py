"""A corpus is the same every time, cached or not, and what is broken in it is said."""

import shutil

import numpy as np
import pytest

from moodtrain.composer import corpus
from moodtrain.composer.vocabulary import TOKEN, WORDS
from moodtrain.errors import DataError
from tests.training.composer.midis import tune, write


def assert_same(one: corpus.Corpus, other: corpus.Corpus) -> None:
    assert (one.digest, one.broken, one.sources) == (other.digest, other.broken, other.sources)
    assert [(piece.song, piece.split) for piece in one.pieces] == [(piece.song, piece.split) for piece in other.pieces]
    for first, second in zip(one.pieces, other.pieces, strict=True):
        assert first.tokens.dtype == second.tokens.dtype
        assert np.array_equal(first.tokens, second.tokens)
        assert np.array_equal(first.conditions, second.conditions)


def test_vocabulary_has_127_words_and_none_twice():
    assert len(WORDS) == len(set(WORDS)) == 127


def test_piece_begins_and_ends_and_has_a_condition_per_token(songs):
    for piece in corpus.read([songs]).pieces:
        assert (piece.tokens[0], piece.tokens[-1]) == (TOKEN["start"], TOKEN["end"])
        assert piece.conditions.shape == (len(piece.tokens), 4)
        assert np.isfinite(piece.conditions).all()


def test_counts_add_up(songs):
    counted = corpus.counts(corpus.read([songs]))
    assert {name: row["songs"] for name, row in counted.items()} == {"train": 16, "val": 4, "test": 4}


def test_cache_gives_the_same_corpus(songs, tmp_path):
    fresh = corpus.read([songs], tmp_path / "cache.npz")
    assert_same(fresh, corpus.read([songs], tmp_path / "cache.npz"))
    assert_same(fresh, corpus.read([songs]))
    assert [path.name for path in tmp_path.iterdir()] == ["cache.npz"]


def test_cache_is_used_while_the_files_are_the_same_and_void_when_one_changes(songs, tmp_path):
    there, cache = shutil.copytree(songs, tmp_path / "songs"), tmp_path / "cache.npz"
    before = corpus.read([there], cache)
    with np.load(cache) as kept:
        changed = dict(kept)
    changed["tokens"] = changed["tokens"].copy()
    changed["tokens"][1] += 1
    np.savez_compressed(cache, **changed)
    assert corpus.read([there], cache).pieces[0].tokens[1] == before.pieces[0].tokens[1] + 1  # it was used
    tune(there / "song00.mid", 7)
    after = corpus.read([there], cache)
    assert after.digest != before.digest
    assert_same(after, corpus.read([there]))


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"no archive"])
def test_damaged_cache_is_read_anew(songs, tmp_path, damage):
    cache = tmp_path / "cache.npz"
    whole = corpus.read([songs], cache)
    cache.write_bytes(damage(cache.read_bytes()))
    assert_same(whole, corpus.read([songs], cache))


def test_first_caches_that_knew_no_broken_files_are_still_read(songs, tmp_path):
    cache = tmp_path / "cache.npz"
    whole = corpus.read([songs], cache)
    with np.load(cache) as kept:
        older = {name: kept[name] for name in kept.files if name != "broken"}
    np.savez_compressed(cache, **older)
    assert_same(whole, corpus.read([songs], cache))


def test_broken_file_is_named_and_left_out_also_from_the_cache(songs, tmp_path):
    there, cache = shutil.copytree(songs, tmp_path / "songs"), tmp_path / "cache.npz"
    (there / "torn.mid").write_bytes((there / "song00.mid").read_bytes()[:60])
    for _ in range(2):
        made = corpus.read([there], cache)
        (sentence,) = made.broken
        assert sentence.startswith("torn cannot be read as MIDI")
        assert len({piece.song for piece in made.pieces}) == 24


def test_corpus_of_broken_files_alone_is_refused(tmp_path):
    (tmp_path / "torn.mid").write_bytes(b"MThd")
    write(tmp_path / "short.mid", {"Voice": [(0, 1, 60)]})
    with pytest.raises(DataError, match=r"none of the 2 MIDI files holds a tune .*; the first: torn cannot be read"):
        corpus.read([tmp_path])


@pytest.mark.timeout(900)
def test_openscore_gives_the_corpus_of_the_shipped_model(shared_path):
    zips = [shared_path("data", "music", f"{name}_midi.zip") for name in ("lieder", "quartet")]
    made = corpus.read(zips)
    assert made.digest == "sha256:281c4d211984234adc87c82662b8b2a44512b09c57d3ffe0237a96efcae5c35b"
    assert {name: tuple(row.values()) for name, row in corpus.counts(made).items()} == {
        "train": (1213, 4376, 1339850),
        "val": (144, 489, 140249),
        "test": (191, 572, 155677),
    }
    assert made.broken == ()
    assert len(made.of("lieder_midi", "val")) == 306
