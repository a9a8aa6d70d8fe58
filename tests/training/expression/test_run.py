"""A run begins only with what it can learn from, and goes on only as it began."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from moodtrain.errors import CheckpointError, DataError, MoodtrainError
from moodtrain.expression import checkpoint
from moodtrain.expression.data import VOTES
from moodtrain.expression.run import averaged, begin, build, splits
from moodtrain.expression.settings import Settings
from moodtrain.expression.targets import majority
from moodtrain.expression.train import train
from tests.training.conftest import drawn, joined, pack

BOTH = ("votes", "labels")


def test_votes_come_from_a_second_csv(csvs, settings):
    training, measured = splits(replace(settings, data=csvs["data"], votes=csvs["votes"], batch=2), BOTH)
    assert len(training) + len(measured) == 8
    assert np.array_equal(majority(measured), measured.labels)


def test_moodnet_without_votes_is_told_where_to_get_them(csvs, settings):
    with pytest.raises(
        DataError, match=r"fer2013.csv comes without the FER\+ votes .* with --votes, or train --network"
    ):
        splits(replace(settings, data=csvs["data"], batch=2), BOTH)
    training, _ = splits(replace(settings, data=csvs["data"], batch=2), ("labels",))
    assert training.votes is None


def test_votes_that_agree_on_nothing_are_refused(tiny, settings):
    with pytest.raises(DataError, match="the voters agree on no face"):
        splits(replace(settings, data=str(tiny)), BOTH)


@pytest.fixture
def csvs(tmp_path):
    """Write four faces of each split as Kaggle's file and their votes as FER+'s."""
    usage, labels, names = ["Training"] * 4 + ["PublicTest"] * 4, [0, 3] * 4, {0: "anger", 3: "happiness"}
    kaggle, votes = tmp_path / "fer2013.csv", tmp_path / "fer2013new.csv"
    pixels = [" ".join(map(str, image.ravel())) for image in drawn(8, 1).images]
    lines = [f"{label},{text},{split}" for label, text, split in zip(labels, pixels, usage, strict=True)]
    kaggle.write_text("\n".join(["emotion,pixels,Usage", *lines]) + "\n", encoding="utf-8")
    lines = [
        ",".join([split, "face.png", *("10" if name == names[label] else "0" for name in VOTES)])
        for label, split in zip(labels, usage, strict=True)
    ]
    votes.write_text("\n".join(["Usage,Image name," + ",".join(VOTES), *lines]) + "\n", encoding="utf-8")
    return {"data": str(kaggle), "votes": str(votes)}


def test_run_begins_from_the_weights_of_another(trained, settings):
    state = checkpoint.load(trained)
    model, _ = build(replace(settings, width=4, init=str(trained)))
    assert all(torch.equal(value, state["ema"][name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("other", [{"network": "moodnet", "width": 0}, {"width": 2}])
def test_beginning_from_another_network_is_refused(trained, settings, other):
    with pytest.raises(CheckpointError, match=r"holds other weights \(seed at 48 pixels, width 4\)"):
        build(replace(settings, **{"init": str(trained), **other}))


def test_missing_beginning_is_named(settings):
    with pytest.raises(CheckpointError, match=r"nobody\.pt is not there"):
        build(replace(settings, init="nobody.pt"))


@pytest.mark.parametrize("wrong", [{"teachers": "nobody.pt"}, {"batch": 1000}, {"data": "nowhere.csv"}])
def test_refused_run_leaves_nothing_behind(settings, tmp_path, wrong):
    out = tmp_path / "run"
    with pytest.raises(MoodtrainError):
        begin(replace(settings, out=str(out), **wrong), resume=False)
    assert not out.exists()


def test_run_is_not_resumed_with_other_faces(settings, tmp_path):
    train(replace(settings, out=str(tmp_path / "run")), until=1)
    other = pack(tmp_path / "other", joined(drawn(96, 5), drawn(32, 6)))
    with pytest.raises(CheckpointError, match="learnt from other faces"):
        begin(replace(settings, data=str(other), out=str(tmp_path / "run")), resume=True)


def test_older_checkpoint_without_the_newer_settings_goes_on(settings, tmp_path):
    path = train(replace(settings, out=str(tmp_path)), until=1)
    state = checkpoint.load(path)
    for name in ("votes", "schedule", "augment", "mean", "std"):
        del state["settings"][name]
    checkpoint.save(state, path)
    assert len(begin(replace(settings, out=str(tmp_path)), resume=True).history) == 1
    with pytest.raises(CheckpointError, match="began with --schedule cosine, not plateau"):
        begin(replace(settings, out=str(tmp_path), schedule="plateau"), resume=True)


def test_only_weights_of_layers_decay():
    model, optimizer = build(Settings(width=1, decay=0.05))
    decaying, others = optimizer.param_groups
    assert (decaying["weight_decay"], others["weight_decay"]) == (0.05, 0)
    assert all(weights.ndim > 1 for weights in decaying["params"])
    assert any(weights is model.places for weights in others["params"])
    assert len(decaying["params"]) + len(others["params"]) == len(list(model.parameters()))


def test_average_follows_fast_at_first_and_slowly_later():
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(model.weight)
    ema = averaged(model, 0.99)
    ema.update_parameters(model)  # the first time copies
    torch.nn.init.ones_(model.weight)
    ema.update_parameters(model)
    assert ema.module.weight.item() == pytest.approx(1 - 2 / 11)
    ema.n_averaged.fill_(10_000)
    torch.nn.init.zeros_(model.weight)
    ema.update_parameters(model)
    assert ema.module.weight.item() == pytest.approx(0.99 * (1 - 2 / 11))


def test_no_average_is_the_network_itself():
    model = torch.nn.Linear(3, 3)
    ema = averaged(model, 0.0)
    for _ in range(3):
        torch.nn.init.normal_(model.weight)
        ema.update_parameters(model)
        assert torch.equal(ema.module.weight, model.weight)
