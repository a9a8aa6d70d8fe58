"""A run that was stopped, even by kill -9, and resumed is the run that was not."""

import csv
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from moodtrain.errors import CheckpointError, MoodtrainError
from moodtrain.expression import checkpoint
from moodtrain.expression.data import VOTES, Faces
from moodtrain.expression.train import Settings, train
from tests.training.conftest import PUBLIC, TRAINING, drawn, joined, pack


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


@pytest.fixture(scope="module")
def student(settings, tmp_path_factory):
    """Return settings with all there is: two heads, mixtures, ease, small faces first, a teacher, and momentum."""
    data = pack(tmp_path_factory.mktemp("voted"), joined(voted(drawn(TRAINING, 1)), voted(drawn(PUBLIC, 2))))
    first = replace(settings, network="moodnet", width=4, data=str(data), epochs=1, seed=7)
    teacher = train(replace(first, out=str(tmp_path_factory.mktemp("teacher"))))
    return replace(first, epochs=3, seed=1, optimizer="sgd", rate=0.02, ease=0.4, teachers=str(teacher))


def voted(faces: Faces) -> Faces:
    """Return faces with eight votes of ten for the label, which is angry or happy."""
    votes = np.zeros((len(faces), len(VOTES)), np.uint8)
    votes[:, VOTES.index("neutral")] = 2
    for label, name in ((0, "anger"), (3, "happiness")):
        votes[faces.labels == label, VOTES.index(name)] = 8
    return replace(faces, votes=votes)


def flags(settings: Settings) -> list[str]:
    """Return settings as the command line takes them."""
    said = []
    for name, value in asdict(settings).items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            said.append(f"--{flag}" if value else f"--no-{flag}")
        elif name != "votes":
            said.append(f"--{flag}={value}")
    return said


@pytest.mark.timeout(400)  # processes of their own take their time where others work
def test_run_killed_in_the_middle_of_an_epoch_and_resumed_is_the_whole_run(student, tmp_path):
    whole, here = replace(student, out=str(tmp_path / "whole")), replace(student, out=str(tmp_path / "killed"))
    order = [sys.executable, "-m", "moodtrain", "expression", "train", *flags(here)]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert any(line.startswith("epoch 1:") for line in child.stdout)
        child.send_signal(signal.SIGKILL)  # epoch 2 is on its way
    assert 1 <= len(curve(tmp_path / "killed")) < here.epochs
    train(whole)
    train(here, resume=True)
    assert_same_run(tmp_path / "whole", tmp_path / "killed")
    assert {"votes", "labels"} <= set(curve(tmp_path / "whole")[0])


@pytest.mark.timeout(400)
def test_two_processes_under_torchrun_learn_together(student, tmp_path):
    here = replace(student, out=str(tmp_path), epochs=8, optimizer="adamw", rate=1e-2, teachers="", average=0.9)
    order = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "moodtrain"]
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    told = [*order, "expression", "train", *flags(here)]
    with subprocess.Popen(told, env=alone, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            said, complaint = child.communicate()
        finally:
            child.terminate()  # torchrun takes its workers along
    assert child.returncode == 0, complaint
    assert said.count("epoch 8:") == 1  # only the first process speaks
    losses = [float(row["loss"]) for row in curve(tmp_path)]
    assert len(losses) == 8
    assert losses[-1] < 0.8 * losses[0]
    assert float(curve(tmp_path)[-1]["votes"]) > 0.8


def test_halved_rates_go_on_after_a_stop(settings, tmp_path):
    here = replace(settings, schedule="plateau", augment="seed", average=0.0, rate=1e-6, epochs=7, width=1, size=32)
    train(replace(here, out=str(tmp_path / "whole")))
    train(replace(here, out=str(tmp_path / "stopped")), until=5)
    train(replace(here, out=str(tmp_path / "stopped")), resume=True)
    assert_same_run(tmp_path / "whole", tmp_path / "stopped")
    rates = [float(row["rate"]) for row in curve(tmp_path / "whole")]
    assert rates[0] == 1e-6
    assert rates[-1] == 5e-7  # at a rate this low nothing is learnt


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
    with pytest.raises(MoodtrainError, match=r"--batch is 1000, but there are only 9\d faces"):
        train(replace(settings, out=str(tmp_path), batch=1000))


def test_runaway_loss_stops_the_run_before_it_is_saved(settings, tmp_path):
    with pytest.raises(MoodtrainError, match="the loss of epoch 1 is no number any more"):
        train(replace(settings, out=str(tmp_path), rate=1e30, warmup=0.0))
    assert not (tmp_path / "checkpoint.pt").exists()


def test_checkpoint_keeps_all_settings(trained):
    assert set(checkpoint.load(trained)["settings"]) == set(asdict(Settings()))
