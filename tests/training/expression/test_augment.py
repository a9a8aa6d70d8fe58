"""Augmentation changes faces, and only as far as it says."""

from dataclasses import fields

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
    dim=0,
    jpeg=0,
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


@pytest.mark.parametrize("change", ["coarse", "blur", "noise", "erase", "dim", "jpeg"])
def test_each_probability_of_one_changes_every_face(faces, change):
    only = Strength(**{**NOTHING.__dict__, change: 1})
    moved = (augment(faces, dice(), only) - faces).abs().amax((1, 2, 3))
    assert (moved > 1e-3).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_dim_takes_light_away_and_keeps_256_steps(channels):
    faces = torch.full((64, channels, 48, 48), 0.8)
    dark = augment(faces, dice(), Strength(**{**NOTHING.__dict__, "dim": 1}))
    assert dark.shape == faces.shape
    assert torch.allclose(dark * 255, (dark * 255).round(), atol=1e-3)
    means = dark.mean((1, 2, 3))
    assert means.min() > 0.1 * 0.8 - 0.01
    assert means.max() < 0.4 * 0.8 + 0.01
    assert 0.008 < (dark - means.view(-1, 1, 1, 1)).std() < 0.012


def test_jpeg_loses_little_and_most_of_what_is_fine(faces):
    pressed = augment(faces, dice(), Strength(**{**NOTHING.__dict__, "jpeg": 1}))
    assert (pressed - faces).square().mean() < 10**-2.5  # 25 dB at least, like a webcam's JPEG
    assert torch.allclose(pressed.mean((1, 2, 3)), faces.mean((1, 2, 3)), atol=0.01)
    grain = 0.5 + 0.02 * torch.randn(16, 1, 48, 48, generator=dice(2))
    assert augment(grain, dice(), Strength(**{**NOTHING.__dict__, "jpeg": 1})).std() < 0.5 * grain.std()


def test_jpeg_leaves_sides_that_hold_no_whole_blocks_alone():
    faces = torch.rand(4, 1, 44, 44)
    untouched = augment(faces, dice(), NOTHING)
    assert torch.equal(augment(faces, dice(), Strength(**{**NOTHING.__dict__, "jpeg": 1})), untouched)


@pytest.mark.parametrize("change", ["coarse", "blur", "dim", "jpeg", "erase"])
def test_only_chosen_faces_change_and_about_as_many_as_stated(change):
    faces = (0.3 + 0.4 * torch.rand(800, 1, 16, 16, generator=dice(3))).clamp(0, 1)
    half = augment(faces, dice(), Strength(**{**NOTHING.__dict__, change: 0.5}))
    untouched = augment(faces, dice(), NOTHING)
    share = (half - untouched).abs().amax((1, 2, 3)).gt(1e-4).float().mean()
    assert 0.4 < share < 0.6


def test_eased_strength_is_half_of_everything_but_the_flip():
    eased, full = Strength().eased(), Strength()
    assert eased.flip == full.flip
    names = [field.name for field in fields(Strength) if field.name != "flip"]
    assert all(getattr(eased, name) == getattr(full, name) / 2 for name in names)


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
