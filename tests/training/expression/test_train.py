"""A run that was stopped, even by kill -9, and resumed is the run that was not."""

import csv
import signal
import subprocess
import sys
from dataclasses import asdict, fields, replace

import pytest
import torch

from moodtrain.errors import CheckpointError, MoodtrainError
from moodtrain.expression import checkpoint
from moodtrain.expression.train import Settings, learning_rate, train


def curve(out) -> list[dict[str, str]]:
    with (out / "curve.csv").open(encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def weights(out) -> dict[str, torch.Tensor]:
    state = checkpoint.load(out / "checkpoint.pt")
    return {**state["model"], **{"ema." + name: value for name, value in state["ema"].items()}}


def assert_same_run(one, other):
    assert curve(one) == curve(other)
    first, second = weights(one), weights(other)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module")
def whole(settings, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole")
    train(replace(settings, out=str(out)))
    return out


def test_run_writes_checkpoint_curve_and_picture(whole):
    assert [row["epoch"] for row in curve(whole)] == ["1", "2", "3"]
    assert float(curve(whole)[-1]["loss"]) < float(curve(whole)[0]["loss"])
    assert (whole / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert not list(whole.glob("*.part"))


def test_equal_seeds_give_equal_runs_and_others_do_not(whole, settings, tmp_path):
    train(replace(settings, out=str(tmp_path / "same")))
    train(replace(settings, out=str(tmp_path / "other"), seed=2))
    assert_same_run(whole, tmp_path / "same")
    assert curve(whole) != curve(tmp_path / "other")


def test_run_stopped_between_epochs_and_resumed_is_the_whole_run(whole, settings, tmp_path):
    here = replace(settings, out=str(tmp_path))
    train(here, until=1)
    assert len(curve(tmp_path)) == 1
    train(here, resume=True)
    assert_same_run(whole, tmp_path)


def test_run_killed_in_the_middle_and_resumed_is_the_whole_run(whole, settings, tmp_path):
    here = replace(settings, out=str(tmp_path))
    flags = [f"--{f.name.replace('_', '-')}={getattr(here, f.name)}" for f in fields(here) if f.name != "drop_leaks"]
    order = [sys.executable, "-m", "moodtrain", "expression", "train", *flags]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert any(line.startswith("epoch 1:") for line in child.stdout)
        child.send_signal(signal.SIGKILL)
    assert 1 <= len(curve(tmp_path)) < here.epochs
    train(here, resume=True)
    assert_same_run(whole, tmp_path)


def test_resumed_run_that_is_done_changes_nothing(whole, settings):
    before = (whole / "checkpoint.pt").read_bytes()
    train(replace(settings, out=str(whole)), resume=True)
    assert (whole / "checkpoint.pt").read_bytes() == before


def test_new_run_does_not_write_over_another(whole, settings):
    with pytest.raises(CheckpointError, match="holds a run already; add --resume"):
        train(replace(settings, out=str(whole)))


def test_resume_with_other_settings_names_the_first(whole, settings):
    with pytest.raises(CheckpointError, match=r"began with --rate 0\.003, not 0\.1"):
        train(replace(settings, out=str(whole), rate=0.1), resume=True)


def test_resume_towards_another_end_is_remembered_as_a_second_plan(settings, tmp_path):
    here = replace(settings, out=str(tmp_path))
    train(here, until=1)
    train(replace(here, epochs=2), resume=True)
    assert checkpoint.load(tmp_path / "checkpoint.pt")["plans"] == [[1, 3], [2, 2]]
    assert len(curve(tmp_path)) == 2


def test_resume_without_a_run_is_refused(settings, tmp_path):
    with pytest.raises(CheckpointError, match="is not there"):
        train(replace(settings, out=str(tmp_path)), resume=True)


def test_resume_of_a_cut_checkpoint_is_refused(whole, settings, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes((whole / "checkpoint.pt").read_bytes()[:5000])
    with pytest.raises(CheckpointError, match="is no checkpoint of moodtrain"):
        train(replace(settings, out=str(tmp_path)), resume=True)


def test_torch_file_of_another_kind_is_refused(tmp_path):
    torch.save({"weights": torch.zeros(2)}, tmp_path / "other.pt")
    with pytest.raises(CheckpointError, match="but no checkpoint of moodtrain"):
        checkpoint.load(tmp_path / "other.pt")


def test_batch_larger_than_the_data_is_refused(settings, tmp_path):
    with pytest.raises(MoodtrainError, match="--batch is 1000, but there are only 96 faces"):
        train(replace(settings, out=str(tmp_path), batch=1000))


def test_runaway_loss_stops_the_run_before_it_is_saved(settings, tmp_path):
    with pytest.raises(MoodtrainError, match="the loss of epoch 1 is no number any more"):
        train(replace(settings, out=str(tmp_path), rate=1e30, warmup=0.0))
    assert not (tmp_path / "checkpoint.pt").exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"epochs": 0}, "--epochs is 0; give 1 or more"),
        ({"size": 16}, "--size is 16; give 32 or more"),
        ({"color": "bgr"}, "--color is 'bgr'; choose one of gray, rgb"),
        ({"precision": "int8"}, "--precision is 'int8'; choose one of"),
    ],
)
def test_useless_settings_are_refused(wrong, sentence):
    with pytest.raises(MoodtrainError, match=sentence):
        Settings(**wrong)


def test_every_setting_says_what_it_is():
    assert all(setting.metadata["help"] for setting in fields(Settings))


def test_learning_rate_rises_then_falls_to_nothing():
    settings = Settings(rate=1.0, warmup=0.1)
    rates = [learning_rate(step, 100, settings) for step in range(100)]
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert max(rates) == 1.0
    assert rates[-1] < 0.001


def test_checkpoint_keeps_all_settings(trained):
    assert set(checkpoint.load(trained)["settings"]) == set(asdict(Settings()))
