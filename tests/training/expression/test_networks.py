"""The seed network is the one the inspiring projects count; ours is as small as it must be."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from moodtrain.expression.golden import drawings
from moodtrain.expression.networks import HEADS, MoodNet, Seed, create, evenly_lit
from moodtrain.expression.picture import Picture

TINY = (2, 4, 8, 16)


def parameters(model) -> int:
    return sum(weights.numel() for weights in model.parameters())


def multiply_adds(model, side: int) -> int:
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        model(torch.zeros(1, 1, side, side))
    return counter.get_total_flops() // 2


def test_seed_in_colour_has_the_parameters_its_authors_count():
    assert parameters(Seed(in_channels=3)) == 4_719_783


def test_seed_in_grey_lacks_only_two_input_channels_of_the_first_layer():
    assert parameters(Seed(in_channels=3)) - parameters(Seed(in_channels=1)) == 2 * 32 * 9


@pytest.mark.parametrize(("channels", "size"), [(3, 128), (1, 48), (1, 64)])
def test_seed_takes_any_size_and_colour(channels, size):
    model = Seed(channels, channels=(2, 4, 8, 16, 32)).eval()
    assert model(torch.zeros(2, channels, size, size)).shape == (2, 7)


@pytest.mark.parametrize("model", [Seed(1, channels=(2, 4, 8, 16, 32)), MoodNet(channels=TINY)])
def test_network_answers_for_each_face_alone(model):
    faces = torch.rand(3, 1, 48, 48)
    assert torch.allclose(model.eval()(faces)[1], model(faces[1:2])[0], atol=1e-6)


@pytest.mark.parametrize("side", [32, 40, 48])
def test_moodnet_answers_seven_for_each_head_at_every_size_of_training(side):
    model = MoodNet(48, channels=TINY).eval()
    assert model(torch.rand(2, 1, side, side)).shape == (2, 7 * len(HEADS))


def test_moodnet_keeps_to_its_budget():
    model = MoodNet(48).eval()
    assert parameters(model) < 2.4e6  # one byte each in int8: 2.5 MB with everything else in the file
    assert multiply_adds(model, 48) <= 120e6


def test_moodnet_sums_an_even_map_alike_at_every_size():
    model = MoodNet(48, channels=TINY)
    even = [model._weights(torch.zeros(1, 16, places, places)).sum((2, 3)) for places in (4, 5, 6)]
    assert torch.allclose(even[0], even[2], atol=1e-5)
    assert torch.allclose(even[1], even[2], atol=1e-5)


@pytest.mark.parametrize(("times", "plus"), [(0.4, 0.0), (1.0, -0.3), (2.0, 0.5)])
def test_light_and_contrast_make_no_difference_to_moodnet(times, plus):
    faces = Picture().prepared(drawings(48, 2))
    assert torch.allclose(evenly_lit(times * faces + plus), evenly_lit(faces), atol=0.05)
    torch.manual_seed(1)
    model = MoodNet(channels=TINY).eval()
    one, other = model(faces)
    assert (model(times * faces + plus) - model(faces)).abs().max() < 0.1 * (one - other).abs().max()


def test_evenly_lit_faces_have_mean_nought_and_variance_one():
    lit = evenly_lit(torch.rand(4, 1, 48, 48) * 0.8 + 0.1)
    assert torch.allclose(lit.mean((1, 2, 3)), torch.zeros(4), atol=1e-5)
    assert torch.allclose(lit.var((1, 2, 3)), torch.ones(4), atol=0.05)


def test_even_picture_is_no_danger():
    assert torch.equal(evenly_lit(torch.full((1, 1, 48, 48), 0.5)), torch.zeros(1, 1, 48, 48))


def test_networks_are_made_by_name():
    seed = create("seed", Picture(64, "rgb"), (2, 4, 8, 16, 32))
    mood = create("moodnet", Picture(40), TINY)
    assert isinstance(seed, Seed)
    assert isinstance(mood, MoodNet)
    assert seed.blocks[0][0].in_channels == 3
    assert mood.places.shape == (1, 16, 5, 5)
