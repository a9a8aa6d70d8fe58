"""Nucleus sampling: only likely tokens, as often as they are likely, the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.music.composer.neural.sampler import nucleus


def logits(*chances: float) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(np.array(chances))


def test_tokens_come_as_often_as_they_are_likely_within_the_nucleus():
    rng = random.Random(1)
    drawn = Counter(nucleus(logits(0.1, 0.6, 0.25, 0.05), rng, share=0.9) for _ in range(4000))
    assert drawn[3] == 0, "outside the nucleus"
    assert drawn[1] / 4000 == pytest.approx(0.6 / 0.95, abs=0.03)
    assert drawn[2] / 4000 == pytest.approx(0.25 / 0.95, abs=0.03)


def test_a_sure_token_is_the_only_one():
    assert {nucleus(logits(0.01, 0.97, 0.02), random.Random(seed)) for seed in range(50)} == {1}


def test_what_may_not_come_never_does():
    assert {nucleus(logits(0.0, 0.0, 1.0, 0.0), random.Random(seed), share=1.0) for seed in range(50)} == {2}


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40), st.integers(0, 99), st.floats(0.01, 1.0))
def test_any_logits_give_a_token(numbers, seed, share):
    found = nucleus(np.array(numbers), random.Random(seed), share=share)
    assert 0 <= found < len(numbers)
    assert found == nucleus(np.array(numbers), random.Random(seed), share=share)
