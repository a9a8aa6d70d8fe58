"""A run of the composer that was stopped, even by kill -9 while it saved, and resumed is the run that was not."""

import csv
import os
import signal
import subprocess
import sys
from dataclasses import asdict, fields, replace

import pytest
import torch
from tensorboardX.proto.event_pb2 import Event

from moodtrain.composer import checkpoint
from moodtrain.composer.settings import Settings
from moodtrain.composer.train import begin, train
from moodtrain.errors import CheckpointError, DataError, MoodtrainError
from tests.training.composer import midis

# The power goes when the state is written but not yet in place, at the second epoch.
_PULLED = """
import os, sys
sync, saved = os.fsync, []
def fsync(file):
    sync(file)
    saved.append(os.readlink(f"/proc/self/fd/{file}"))
    if sum(path.endswith("checkpoint.part") for path in saved) == 2:
        os.kill(os.getpid(), 9)
os.fsync = fsync
from moodtrain.__main__ import main
main(sys.argv[1:])
"""


def curve(out) -> list[dict[str, str]]:
    with (out / "curve.csv").open(encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def assert_same_run(one, other):
    assert curve(one) == curve(other)
    first, second = (checkpoint.load(out / "checkpoint.pt") for out in (one, other))
    for part in ("model", "ema"):
        assert first[part].keys() == second[part].keys()
        assert all(torch.equal(first[part][name], second[part][name]) for name in first[part])


def flags(settings: Settings) -> list[str]:
    return [f"--{name.replace('_', '-')}={value}" for name, value in asdict(settings).items()]


@pytest.fixture(scope="module")
def whole(settings, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole")
    train(replace(settings, out=str(out)))
    return out


def test_run_writes_checkpoint_curve_picture_and_events(whole):
    assert [row["epoch"] for row in curve(whole)] == ["1", "2", "3"]
    assert float(curve(whole)[-1]["nats"]) < float(curve(whole)[0]["nats"])
    assert (whole / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert not list(whole.glob("*.part"))
    assert set(checkpoint.load(whole / "checkpoint.pt")["settings"]) == {one.name for one in fields(Settings)}


def test_tensorboard_finds_every_figure_of_every_epoch_once(whole):
    (path,) = whole.glob("events.out.tfevents.*")
    data, found = path.read_bytes(), []
    while data:
        size = int.from_bytes(data[:8], "little")
        found += [
            (value.tag, one.step) for one in [Event.FromString(data[12 : 12 + size])] for value in one.summary.value
        ]
        data = data[16 + size :]
    tags = ("loss", "rate", "val/nats", "val/nats_per_note", "val/shuffled")
    assert sorted(found) == sorted((tag, epoch) for tag in tags for epoch in (1, 2, 3))


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


@pytest.mark.timeout(400)  # a process of its own takes its time where others work
def test_run_killed_while_it_saved_keeps_the_last_epoch_and_goes_on_as_if_nothing_was(whole, settings, tmp_path):
    here = replace(settings, out=str(tmp_path))
    order = [sys.executable, "-c", _PULLED, "composer", "train", *flags(here)]
    done = subprocess.run(order, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (tmp_path / "checkpoint.part").exists()
    assert len(checkpoint.load(tmp_path / "checkpoint.pt")["history"]) == 1
    train(here, resume=True)
    assert_same_run(whole, tmp_path)
    assert not list(tmp_path.glob("*.part"))


def test_resumed_run_that_is_done_changes_nothing(whole, settings):
    before = (whole / "checkpoint.pt").read_bytes()
    train(replace(settings, out=str(whole)), resume=True)
    assert (whole / "checkpoint.pt").read_bytes() == before


def test_checkpoint_of_the_first_runs_without_a_machine_goes_on(settings, tmp_path):
    path = train(replace(settings, out=str(tmp_path)), until=1)
    state = checkpoint.load(path)
    del state["machine"]
    checkpoint.save(state, path)
    assert len(begin(replace(settings, out=str(tmp_path)), resume=True).history) == 1


def test_new_run_does_not_write_over_another(whole, settings):
    with pytest.raises(CheckpointError, match="holds a run already; add --resume"):
        train(replace(settings, out=str(whole)))


def test_resume_with_other_settings_names_the_first(whole, settings):
    with pytest.raises(CheckpointError, match=r"began with --rate 0\.01, not 0\.1; resume with the same"):
        train(replace(settings, out=str(whole), rate=0.1), resume=True)


def test_resume_with_other_songs_is_refused(whole, settings, tmp_path):
    other = midis.folder(tmp_path / "other", songs=18)
    with pytest.raises(CheckpointError, match="learnt from other files"):
        train(replace(settings, data=str(other), out=str(whole)), resume=True)


def test_resume_without_a_run_is_refused(settings, tmp_path):
    with pytest.raises(
        CheckpointError, match=r"is not there; give a checkpoint.pt that moodtrain composer train wrote"
    ):
        train(replace(settings, out=str(tmp_path)), resume=True)


def test_torch_file_of_another_kind_is_refused(tmp_path):
    torch.save({"settings": {}, "ema": {}}, tmp_path / "other.pt")
    with pytest.raises(CheckpointError, match="but no checkpoint of a composer"):
        checkpoint.load(tmp_path / "other.pt")


def test_checkpoint_of_another_vocabulary_is_refused(whole, tmp_path):
    state = checkpoint.load(whole / "checkpoint.pt")
    checkpoint.save({**state, "words": ["start", "end"]}, tmp_path / "other.pt")
    with pytest.raises(CheckpointError, match="speaks another vocabulary"):
        checkpoint.load(tmp_path / "other.pt")


def test_folder_without_val_is_refused(settings, tmp_path):
    midis.tune(tmp_path / "songs" / "one.mid", 1)
    (tmp_path / "songs" / "index.csv").write_text("id,split\none,train\n", encoding="utf-8")
    with pytest.raises(DataError, match="too few songs to learn from and to measure on; give a larger folder"):
        train(replace(settings, data=str(tmp_path / "songs"), out=str(tmp_path / "run")))


def test_runaway_loss_stops_the_run_before_it_is_saved(settings, tmp_path):
    with pytest.raises(MoodtrainError, match="the loss of epoch 1 is no number any more"):
        train(replace(settings, out=str(tmp_path), rate=1e30, warmup=0.0))
    assert not (tmp_path / "checkpoint.pt").exists()


def test_broken_file_is_named_when_a_run_begins(settings, songs, tmp_path, capsys):
    there = midis.folder(tmp_path / "songs")
    (there / "torn.mid").write_bytes(b"MThd")
    train(replace(settings, data=str(there), out=str(tmp_path / "run")), until=1)
    assert "left out: torn cannot be read as MIDI" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"epochs": 0}, "--epochs is 0; give 1 or more"),
        ({"length": 7}, "--length is 7; give 8 or more"),
        ({"dropout": 1.0}, "--dropout is 1.0; give a number from 0 to 0.99"),
        ({"blind": float("nan")}, "--blind is nan; give a number from 0 to 1"),
        ({"rate": 0.0}, "--rate is 0.0; give a number above 0"),
    ],
)
def test_settings_that_cannot_train_are_refused(wrong, sentence):
    with pytest.raises(MoodtrainError) as refused:
        Settings(**wrong)
    assert str(refused.value) == sentence
