"""Batches hold every token once, beside the condition that steers it."""

import itertools

import numpy as np
import pytest

from moodtrain.composer import corpus
from moodtrain.composer.batches import IGNORED, Scales, batches, parts


@pytest.fixture(scope="module")
def pieces(songs):
    return corpus.read([songs]).pieces


def test_parts_cover_every_token_once(pieces):
    for number, piece in enumerate(pieces):
        spans = [(start, end) for one, start, end in parts(pieces, 10) if one == number]
        assert spans[0][0] == 0
        assert spans[-1][1] == len(piece.tokens) - 1
        assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))


def test_wanted_is_the_next_token_under_its_own_condition(pieces):
    scales = Scales.of(pieces)
    (batch,) = batches(pieces[:1], scales, 4, 1000)
    piece = pieces[0]
    assert batch.tokens[0].tolist() == piece.tokens[:-1].tolist()
    assert batch.wanted[0].tolist() == piece.tokens[1:].tolist()
    assert np.allclose(batch.conditions[0].numpy() * scales.std + scales.mean, piece.conditions[1:], atol=1e-4)


def test_shorter_parts_are_filled_with_what_is_not_counted(pieces):
    shown = list(batches(pieces, Scales.of(pieces), 7, 1000))
    counted = sum(int((batch.wanted != IGNORED).sum()) for batch in shown)
    assert counted == sum(len(piece.tokens) - 1 for piece in pieces)


def test_dice_change_the_order_and_equal_dice_do_not(pieces):
    def shown(seed):
        dice = np.random.default_rng(seed)
        return [batch.tokens.tolist() for batch in batches(pieces, Scales.of(pieces), 4, 16, dice)]

    assert shown(1) == shown(1) != shown(2)


def test_parts_shorter_than_the_shift_never_begin_before_their_piece(pieces):
    """The shift is up to 31 tokens; parts of 8 once began at a negative place, which is the end of a piece."""
    for batch in batches(pieces, Scales.of(pieces), 4, 8, np.random.default_rng(0)):
        assert (batch.wanted != IGNORED).any(1).all()


def test_standardised_conditions_have_mean_zero_and_spread_one(pieces):
    scales = Scales.of(pieces)
    rows = np.concatenate([scales.standard(piece.conditions) for piece in pieces])
    assert np.allclose(rows.mean(0), 0, atol=1e-3)
    assert np.allclose(rows.std(0)[[0, 1, 2, 3]], 1, atol=1e-3)
