"""An epoch shows every face once, the same way whenever it is shown again."""

from types import SimpleNamespace

import pytest
import torch

from moodtrain.expression.golden import drawings
from moodtrain.expression.settings import Settings
from moodtrain.expression.show import Show, batches

CPU = torch.device("cpu")


def device(rank: int = 0, world: int = 1):
    return SimpleNamespace(global_rank=rank, world_size=world)


@pytest.fixture
def images():
    return torch.from_numpy(drawings(48, 8))


@pytest.fixture
def answers():
    return torch.eye(7)[torch.arange(8) % 7].view(8, 1, 7).expand(8, 2, 7)


def test_every_row_comes_once_but_for_the_incomplete_step():
    steps = list(batches(23, Settings(batch=5), 1, device()))
    assert [len(step) for step in steps] == [5] * 4
    assert len(set(torch.cat(steps).tolist())) == 20


def test_order_follows_from_seed_and_epoch():
    def order(seed: int, epoch: int) -> list[int]:
        return torch.cat(list(batches(40, Settings(batch=5, seed=seed), epoch, device()))).tolist()

    assert order(1, 1) == order(1, 1)
    assert order(1, 1) != order(1, 2)
    assert order(1, 1) != order(2, 1)


def test_devices_share_every_step():
    whole = list(batches(20, Settings(batch=5), 1, device()))
    shares = [list(batches(20, Settings(batch=5), 1, device(rank, 2))) for rank in range(2)]
    for step, one, other in zip(whole, *shares, strict=True):
        assert sorted(step.tolist()) == sorted(one.tolist() + other.tolist())


def test_epoch_shows_the_same_again(images, answers):
    (one, said), (again, repeated) = (Show(Settings(), 1, 5)(images, answers, CPU) for _ in range(2))
    assert torch.equal(one, again)
    assert torch.equal(said, repeated)


def test_small_faces_come_first(images, answers):
    sides = [Show(Settings(epochs=3), epoch, 1)(images, answers, CPU)[0].shape[-1] for epoch in (1, 2, 3)]
    assert sides == [40, 48, 48]
    still = Show(Settings(epochs=3, grow=False), 1, 1)(images, answers, CPU)[0]
    assert still.shape == (8, 1, 48, 48)


def test_mixed_answers_stay_whole(images, answers):
    _, mixed = Show(Settings(mixup=1.0), 1, 1)(images, answers, CPU)
    assert torch.allclose(mixed.sum(-1), torch.ones(8, 2))
    assert not torch.equal(mixed, answers)
    assert (mixed.argmax(-1) == answers.argmax(-1)).all()  # a face is never the smaller part of its mixture


def test_last_epochs_are_unmixed_and_half_as_strong(images, answers):
    settings = Settings(epochs=10, ease=0.2)
    hard, easy = Show(settings, 8, 1), Show(settings, 9, 1)
    assert easy.strength == hard.strength.eased()
    assert torch.equal(easy(images, answers, CPU)[1], answers)
    assert not torch.equal(hard(images, answers, CPU)[1], answers)


def test_seed_augmentation_gives_three_equal_channels(images, answers):
    pixels, same = Show(Settings.of("seed", {"size": 64}), 1, 1)(images, answers, CPU)
    assert pixels.shape == (8, 3, 64, 64)
    assert torch.equal(pixels[:, 0], pixels[:, 2])
    assert pixels.min() >= -1
    assert pixels.max() <= 1
    assert torch.equal(same, answers)
