"""Keys follow Krumhansl's profiles."""

import numpy as np
import pytest

from moodtrain.composer import key

MAJOR_SCALE, MINOR_SCALE = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)


def heard(scale, tonic=0) -> np.ndarray:
    found = np.zeros(12)
    found[[(tonic + step) % 12 for step in scale]] = 1.0
    found[tonic % 12] += 2
    found[(tonic + 7) % 12] += 1
    return found


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(("scale", "mode"), [(MAJOR_SCALE, "major"), (MINOR_SCALE, "minor")])
def test_scale_with_its_tonic_stressed_is_in_that_key(scale, mode, tonic):
    assert key.estimate(heard(scale, tonic), tonic + 36, None) == (tonic, mode)


def test_mode_score_is_the_difference_of_two_correlations():
    histogram = heard(MAJOR_SCALE)
    wanted = np.corrcoef(histogram, key.MAJOR)[0, 1] - np.corrcoef(histogram, key.MINOR)[0, 1]
    assert key.mode_score(histogram) == pytest.approx(wanted)
    assert key.mode_score(histogram) > 0.1 > -0.1 > key.mode_score(heard(MINOR_SCALE))


def test_silence_and_even_noise_have_no_mode():
    assert key.mode_score(np.zeros(12)) == key.mode_score(np.ones(12)) == 0.0
