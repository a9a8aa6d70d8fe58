"""Augmentation changes faces, and only as far as it says."""

import pytest
import torch

from moodtrain.expression.augment import Strength, augment
from moodtrain.expression.golden import drawings

NOTHING = Strength(
    flip=0,
    degrees=0,
    shift=0,
    scale=0,
    stretch=0,
    gamma=0,
    contrast=0,
    brightness=0,
    coarse=0,
    blur=0,
    noise=0,
    erase=0,
)


def dice(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def faces():
    return torch.from_numpy(drawings(48, 16)).unsqueeze(1).float() / 255


@pytest.mark.parametrize("channels", [1, 3])
def test_shape_type_and_range_stay(faces, channels):
    faces = faces.expand(-1, channels, -1, -1)
    changed = augment(faces, dice())
    assert changed.shape == faces.shape
    assert changed.dtype == torch.float32
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_equal_seeds_give_equal_faces_and_others_do_not(faces):
    assert torch.equal(augment(faces, dice(1)), augment(faces, dice(1)))
    assert not torch.equal(augment(faces, dice(1)), augment(faces, dice(2)))


def test_torchs_own_generator_is_left_alone(faces):
    before = torch.random.get_rng_state()
    augment(faces, dice())
    assert torch.equal(before, torch.random.get_rng_state())


def test_input_is_not_changed(faces):
    kept = faces.clone()
    augment(faces, dice())
    assert torch.equal(faces, kept)


def test_every_face_gets_its_own_change(faces):
    same = faces[:1].expand(16, -1, -1, -1)
    changed = augment(same, dice())
    assert len({image.numpy().tobytes() for image in changed}) == 16


def test_no_strength_leaves_faces_as_they_are(faces):
    assert torch.allclose(augment(faces, dice(), NOTHING), faces.clamp(1e-3, 1), atol=1e-4)


def test_flip_mirrors(faces):
    always = Strength(**{**NOTHING.__dict__, "flip": 1})
    assert torch.allclose(augment(faces, dice(), always), faces.flip(-1).clamp(1e-3, 1), atol=1e-4)


@pytest.mark.parametrize("change", ["degrees", "shift", "scale", "stretch", "gamma", "contrast", "brightness"])
def test_each_range_alone_changes_every_face(faces, change):
    only = Strength(**{**NOTHING.__dict__, change: getattr(Strength(), change)})
    moved = (augment(faces, dice(), only) - faces).abs().amax((1, 2, 3))
    assert (moved > 1e-3).all()


@pytest.mark.parametrize("change", ["coarse", "blur", "noise", "erase"])
def test_each_probability_of_one_changes_every_face(faces, change):
    only = Strength(**{**NOTHING.__dict__, change: 1})
    moved = (augment(faces, dice(), only) - faces).abs().amax((1, 2, 3))
    assert (moved > 1e-3).all()


def test_about_the_stated_share_is_erased():
    faces = torch.full((2000, 1, 16, 16), 0.5)
    only = Strength(**{**NOTHING.__dict__, "erase": 0.25})
    touched = ((augment(faces, dice(), only) - 0.5).abs().amax((1, 2, 3)) > 1e-3).float().mean()
    assert 0.2 < touched < 0.3


def test_scale_reaches_ten_to_fifteen_percent_both_ways():
    # a bright vertical bar a quarter wide: its width after scaling tells the scale
    bar = torch.zeros(500, 1, 64, 64)
    bar[..., 24:40] = 1
    only = Strength(**{**NOTHING.__dict__, "scale": Strength().scale})
    widths = augment(bar, dice(), only).sum((1, 2, 3)) / 64 / 16
    assert widths.min() < 0.9
    assert widths.max() > 1.1
