"""The seed network is the one the inspiring projects count."""

import pytest
import torch

from moodtrain.expression.networks import Seed


def parameters(model) -> int:
    return sum(weights.numel() for weights in model.parameters())


def test_seed_in_colour_has_the_parameters_its_authors_count():
    assert parameters(Seed(in_channels=3)) == 4_719_783


def test_seed_in_grey_lacks_only_two_input_channels_of_the_first_layer():
    assert parameters(Seed(in_channels=3)) - parameters(Seed(in_channels=1)) == 2 * 32 * 9


@pytest.mark.parametrize(("channels", "size"), [(3, 128), (1, 48), (1, 64)])
def test_seed_takes_any_size_and_colour(channels, size):
    model = Seed(channels, channels=(2, 4, 8, 16, 32)).eval()
    assert model(torch.zeros(2, channels, size, size)).shape == (2, 7)


def test_seed_answers_for_each_face_alone():
    model = Seed(1, channels=(2, 4, 8, 16, 32)).eval()
    faces = torch.rand(3, 1, 48, 48)
    assert torch.allclose(model(faces)[1], model(faces[1:2])[0], atol=1e-6)
