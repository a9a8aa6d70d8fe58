"""A model answers with the head that was asked for, and says when it has none of that name."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from moodtrain.bundle import PROPERTY
from moodtrain.errors import CheckpointError
from moodtrain.expression.data import LABELS
from moodtrain.expression.golden import drawings
from moodtrain.expression.networks import MoodNet, Seed
from moodtrain.expression.picture import Picture
from moodtrain.expression.predict import TorchPredictor, open_model

BUNDLE = Path(__file__).resolve().parents[3] / "device/moodbox/models/expression"


@pytest.fixture
def two_headed() -> MoodNet:
    torch.manual_seed(0)
    return MoodNet(channels=(2, 4, 8, 8)).eval()


def named(folder: Path, head: str | None) -> Path:
    """Copy the shipped file with another head in its description, or with none."""
    model = onnx.load(BUNDLE / "model.onnx")
    (entry,) = (entry for entry in model.metadata_props if entry.key == PROPERTY)
    said = json.loads(entry.value)
    for key in ("head", "outputs"):
        said.pop(key, None)
    entry.value = json.dumps({**said, **({"head": head} if head else {})})
    onnx.save(model, folder / "model.onnx")
    return folder


def test_each_head_gives_its_own_seven_logits(two_headed):
    faces, picture = drawings(48), Picture()
    both = two_headed(picture.prepared(faces)).detach().numpy()
    for number, head in enumerate(two_headed.heads):
        logits = TorchPredictor(two_headed, picture, head).logits(faces)
        assert logits.shape == (len(faces), len(LABELS))
        assert np.allclose(logits, both[:, 7 * number : 7 * number + 7], atol=1e-5)


def test_first_head_answers_when_none_is_asked(two_headed):
    assert TorchPredictor(two_headed, Picture()).head == two_headed.heads[0]
    assert TorchPredictor(Seed(1, channels=(2, 4, 8, 16, 32)), Picture()).head == "labels"


def test_head_that_a_checkpoint_lacks_is_refused_in_one_sentence(trained):
    assert open_model(trained, "labels").head == "labels"
    with pytest.raises(CheckpointError, match=r"checkpoint\.pt has no head 'mouth'; give --head .*labels"):
        open_model(trained, "mouth")


@pytest.mark.parametrize(("said", "head"), [(None, "labels"), ("labels", "labels"), ("votes", "votes")])
def test_file_answers_with_the_head_it_names(tmp_path, said, head):
    folder = named(tmp_path, said)
    assert open_model(folder).head == open_model(folder, head).head == head
    other = {"labels": "votes", "votes": "labels"}[head]
    with pytest.raises(CheckpointError, match=rf"has no head '{other}'; give --head {head}"):
        open_model(folder, other)


def test_head_nobody_knows_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="answers with a head 'ears'"):
        open_model(named(tmp_path, "ears"))


def test_shipped_file_answers_both_kinds_of_truth_and_keeps_to_itself_what_it_lacks(tmp_path):
    model, faces = open_model(BUNDLE), drawings(48)
    assert (model.head, model.beside("labels").head) == ("votes", "labels")
    assert np.array_equal(model.beside("labels").logits(faces), open_model(BUNDLE, "labels").logits(faces))
    assert not np.allclose(model.beside("labels").logits(faces), model.logits(faces), atol=0.1)
    alone = open_model(named(tmp_path, "votes"))
    assert alone.beside("labels") is alone
