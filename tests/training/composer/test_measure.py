"""Surprise is what a calculator finds, and wrong conditions are really another's."""

import math

import numpy as np
import pytest
import torch

from moodtrain.composer import baseline, checkpoint, corpus
from moodtrain.composer.batches import Scales
from moodtrain.composer.condition import NAMES
from moodtrain.composer.measure import by_song, hidden, shuffled, surprise, tally
from moodtrain.composer.vocabulary import TOKEN, WORDS


@pytest.fixture(scope="module")
def pieces(songs):
    return corpus.read([songs]).pieces


@pytest.fixture(scope="module")
def scales(pieces):
    return Scales.of(pieces)


def knows_nothing(tokens, _):
    return torch.zeros(*tokens.shape, len(WORDS)), None


def loves_c(tokens, _):
    """Give the pitch 72 a chance of one half, and all other words the same."""
    logits = torch.zeros(*tokens.shape, len(WORDS))
    logits[..., TOKEN["pitch 72"]] = math.log(len(WORDS) - 1)
    return logits, None


def test_network_that_knows_nothing_is_as_surprised_as_can_be(pieces, scales):
    found = tally(knows_nothing, pieces, scales)
    tokens = sum(len(piece.tokens) - 1 for piece in pieces)
    notes = sum(WORDS[token].startswith("pitch") for piece in pieces for token in piece.tokens.tolist())
    assert found.counts.sum() == tokens
    assert found.per_token == pytest.approx(math.log(127), rel=1e-6)
    assert found.per_note == pytest.approx(math.log(127) * tokens / notes, rel=1e-6)
    assert surprise(knows_nothing, pieces, scales)["nats"] == pytest.approx(found.per_token)


def test_surprise_is_told_by_kind_of_word(pieces, scales):
    kinds = tally(loves_c, pieces, scales).kinds()
    assert "start" not in kinds
    assert kinds["end"] == {"tokens": len(pieces), "nats": pytest.approx(math.log(2 * 126), rel=1e-5)}
    spelt = np.concatenate([piece.tokens[1:] for piece in pieces])
    share = (spelt == TOKEN["pitch 72"]).sum() / kinds["pitch"]["tokens"]
    wanted = share * math.log(2) + (1 - share) * math.log(2 * 126)
    assert kinds["pitch"]["nats"] == pytest.approx(wanted, rel=1e-5)


def test_songs_add_up_to_the_whole(pieces, scales):
    songs = by_song(loves_c, pieces, scales)
    assert len(songs) == 24
    assert sum(one.nats.sum() for one in songs.values()) == pytest.approx(tally(loves_c, pieces, scales).nats.sum())


def test_together_or_alone_gives_the_same(trained, pieces):
    state = checkpoint.load(trained)
    model, scales = checkpoint.network(state), checkpoint.scales(state)
    one, many = (tally(model, pieces, scales, together) for together in (1, 32))
    assert np.allclose(one.nats, many.nats, rtol=1e-5)


def test_shuffling_changes_the_named_conditions_alone(pieces):
    for piece, mixed in zip(pieces, shuffled(pieces, names=["tempo"]), strict=True):
        assert np.array_equal(piece.tokens, mixed.tokens)
        others = [n for n, name in enumerate(NAMES) if name != "tempo"]
        assert np.array_equal(piece.conditions[:, others], mixed.conditions[:, others])
    known = {tuple(row) for piece in pieces for row in piece.conditions.tolist()}
    mixed = [row for piece in shuffled(pieces) for row in piece.conditions.tolist()]
    assert {tuple(row) for row in mixed} <= known
    assert mixed != [row for piece in pieces for row in piece.conditions.tolist()]


def test_hidden_conditions_are_four_zeros_for_the_network(pieces, scales):
    assert all((scales.standard(piece.conditions) == 0).all() for piece in hidden(pieces, scales))


def test_baselines_count_words_and_pairs(pieces, scales):
    one, two = (tally(made(pieces), pieces, scales) for made in (baseline.unigram, baseline.bigram))
    spelt = np.concatenate([piece.tokens[1:] for piece in pieces])
    counts = np.bincount(spelt, minlength=127) + 1
    assert one.per_token == pytest.approx(-np.log(counts / counts.sum())[spelt].mean(), rel=1e-5)
    assert two.per_token < one.per_token < math.log(127)
    said = torch.softmax(baseline.bigram(pieces)(torch.arange(127)[None], torch.empty(0))[0], -1)
    assert torch.allclose(said.sum(-1), torch.ones(1, 127), atol=1e-4)


def test_trained_network_beats_the_baselines_and_heeds_its_conditions(trained, songs):
    state, made = checkpoint.load(trained), corpus.read([songs])
    model, scales, val = checkpoint.network(state), checkpoint.scales(state), made.split("val")
    found = tally(model, val, scales).per_token
    assert found < tally(baseline.bigram(made.split("train")), val, scales).per_token
    assert found < tally(model, shuffled(val), scales).per_token
