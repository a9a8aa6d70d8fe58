"""The inspiring projects' augmentation does what torchvision's transforms are documented to do."""

import pytest
import torch

from moodtrain.expression import augment_seed as projects
from moodtrain.expression.augment_seed import augment_seed, erased, jittered, turned
from moodtrain.expression.dice import Dice
from moodtrain.expression.golden import drawings


def dice(images, seed: int = 1) -> Dice:
    return Dice(images, torch.Generator().manual_seed(seed))


@pytest.fixture
def faces():
    return torch.from_numpy(drawings(48, 16)).unsqueeze(1).float() / 255


def test_shape_type_and_range_stay_and_seeds_tell_all(faces):
    one, again, other = (augment_seed(faces, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert one.shape == faces.shape
    assert one.dtype == torch.float32
    assert one.min() >= 0
    assert one.max() <= 1
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_every_face_gets_its_own_change(faces):
    changed = augment_seed(faces[:1].expand(16, -1, -1, -1), torch.Generator().manual_seed(1))
    assert len({image.numpy().tobytes() for image in changed}) == 16


def test_no_turn_changes_nothing(faces):
    assert torch.equal(turned(faces, torch.zeros(16)), faces)


def test_quarter_turn_is_clockwise(faces):
    assert torch.equal(turned(faces, torch.full((16,), 90.0)), faces.rot90(-1, (2, 3)))


def test_shift_is_whole_pixels_and_black_follows(faces):
    none, one = torch.zeros(16), torch.ones(16)
    moved = turned(faces, none, one, right=torch.full((16,), 5.3 / 48), down=torch.full((16,), -2.4 / 48))
    assert torch.equal(moved[..., :46, 5:], faces[..., 2:, :43])
    assert not moved[..., 46:, :].any()
    assert not moved[..., :5].any()


def test_scale_is_about_the_middle():
    square = torch.zeros(1, 1, 64, 64)
    square[..., 22:42, 22:42] = 1
    larger = turned(square, torch.zeros(1), torch.tensor([1.5]))
    assert torch.equal(larger, larger.flip(-1))
    assert larger.sum() == 30 * 30


def test_jitter_stays_within_a_fifth():
    even = torch.full((500, 1, 8, 8), 0.5)
    light = jittered(even, dice(even)).mean((1, 2, 3))
    assert 0.4 <= light.min() < 0.42
    assert 0.58 < light.max() <= 0.6


def test_jitter_changes_contrast_as_well():
    halves = torch.full((500, 1, 8, 8), 0.4)
    halves[..., 4:] = 0.6
    changed = jittered(halves, dice(halves))
    contrast = (changed[..., 7] - changed[..., 0]).mean((1, 2)) / changed.mean((1, 2, 3)) / 0.4
    assert 0.8 <= contrast.min() + 1e-5 < 0.82
    assert 1.18 < contrast.max() - 1e-5 <= 1.2


def test_one_in_ten_loses_a_patch_of_two_to_thirty_three_percent(monkeypatch):
    even = torch.ones(3000, 1, 32, 32)
    shares = (erased(even, dice(even), 0.5) == 0.5).float().mean((1, 2, 3))
    hit = shares[shares > 0]
    assert 0.08 < len(hit) / 3000 < 0.12
    assert 0.015 < hit.min() < 0.03
    assert 0.3 < hit.max() < 0.36


def test_patch_is_one_rectangle_smaller_than_the_face(monkeypatch):
    monkeypatch.setattr(projects, "ERASE", 1.0)
    even = torch.ones(300, 1, 32, 32)
    gone = (erased(even, dice(even), 0.5) == 0.5)[:, 0]
    rows, columns = gone.any(2).sum(1), gone.any(1).sum(1)
    assert torch.equal(rows * columns, gone.sum((1, 2)))
    assert rows.max() < 32
    assert columns.max() < 32
    assert 0.25 < (rows / columns).min() < 0.5
    assert 2 < (rows / columns).max() < 4
