"""Teachers speak with one voice, and only those that can teach are let in."""

from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from moodtrain.errors import CheckpointError
from moodtrain.expression import checkpoint
from moodtrain.expression.networks import HEADS, create
from moodtrain.expression.picture import Picture
from moodtrain.expression.teachers import Teachers

CPU = torch.device("cpu")
CHANNELS = {"moodnet": (2, 4, 8, 16), "seed": (2, 4, 8, 16, 32)}


def written(path, seed: int, name: str = "moodnet", picture: Picture | None = None) -> str:
    """Write the checkpoint of an untrained network."""
    torch.manual_seed(seed)
    picture = picture or Picture()
    model = create(name, picture, CHANNELS[name])
    settings, channels = {"network": name}, list(CHANNELS[name])
    state = {"settings": settings, "picture": asdict(picture), "channels": channels, "ema": model.state_dict()}
    checkpoint.save(state, path)
    return str(path)


def opinion(path: str, faces: torch.Tensor) -> torch.Tensor:
    """Return what one network thinks, as teachers compute it."""
    model, _ = checkpoint.network(checkpoint.load(path))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        return model(faces.contiguous(memory_format=torch.channels_last)).float().view(len(faces), 2, 7).softmax(-1)


def test_teachers_give_the_mean_of_their_probabilities(tmp_path):
    paths = [written(tmp_path / f"{seed}.pt", seed) for seed in (1, 2)]
    faces = torch.rand(4, 1, 48, 48)
    said = Teachers.load(",".join(paths), CPU, HEADS, Picture())(faces)
    assert said.shape == (4, 2, 7)
    assert torch.allclose(said.sum(-1), torch.ones(4, 2), atol=1e-5)
    one, other = (opinion(Path(path), faces) for path in paths)
    assert not torch.allclose(one, other, atol=1e-3)
    assert torch.allclose(said, (one + other) / 2, atol=1e-2)


def test_no_teachers_are_no_teachers(tmp_path):
    assert not Teachers.load("", CPU, HEADS, Picture())
    assert Teachers.load(written(tmp_path / "one.pt", 1), CPU, HEADS, Picture())


def test_teacher_that_answers_other_questions_is_refused(tmp_path):
    path = written(tmp_path / "seed.pt", 1, "seed")
    with pytest.raises(CheckpointError, match="it answers labels, not votes and labels; leave it out of --teachers"):
        Teachers.load(path, CPU, HEADS, Picture())


def test_teacher_that_sees_other_numbers_is_refused(tmp_path):
    path = written(tmp_path / "other.pt", 1, picture=Picture(48, "gray", 0.5, 0.5))
    with pytest.raises(CheckpointError, match=r"it sees gray with mean 0\.5 and std 0\.5; give the same"):
        Teachers.load(path, CPU, HEADS, Picture())


def test_missing_teacher_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"nobody\.pt is not there"):
        Teachers.load(f"{written(tmp_path / 'one.pt', 1)},{tmp_path / 'nobody.pt'}", CPU, HEADS, Picture())
