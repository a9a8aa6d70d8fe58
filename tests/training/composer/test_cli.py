"""The command line of the composer does what it says and answers mistakes with one sentence."""

from dataclasses import fields

import pytest

from moodtrain.__main__ import main
from moodtrain.composer import checkpoint
from moodtrain.composer.settings import Settings
from tests.training.composer import midis


def test_train_takes_data_twice_or_with_commas_and_resumes(songs, tmp_path, capsys):
    more = [str(midis.tune(tmp_path / name / "one.mid", 1).parent) for name in ("a", "b")]
    small = ["--embedding", "4", "--hidden", "4", "--batch", "8", "--threads", "1", "--out", str(tmp_path / "run")]
    order = ["composer", "train", "--data", f"{songs},{more[0]}", "--data", more[1], *small]
    assert main([*order, "--epochs", "1"]) == 0
    assert "epoch 1: loss" in capsys.readouterr().out
    assert main([*order, "--epochs", "2", "--resume"]) == 0
    state = checkpoint.load(tmp_path / "run" / "checkpoint.pt")
    assert state["settings"]["data"].split(",") == [str(songs), *more]
    assert len(state["history"]) == 2


def test_every_setting_is_a_flag_with_its_default(capsys):
    with pytest.raises(SystemExit):
        main(["composer", "train", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for setting in fields(Settings):
        assert f"--{setting.name.replace('_', '-')} " in said
        if setting.name != "data":
            assert f"(default: {setting.default})" in said


def test_export_says_figures_and_place(trained, songs, tmp_path, capsys):
    out = tmp_path / "bundle"
    assert main(["composer", "export", str(trained), "--data", str(songs), "--out", str(out), "--name", "tiny"]) == 0
    said = capsys.readouterr().out
    assert "val, int8, conditions shuffled: " in said
    assert "tiny 20" in said
    assert f"passed the gate and lies in {out}" in said
    assert (out / "manifest.json").is_file()


def test_data_prints_and_writes(songs, tmp_path, capsys):
    assert main(["composer", "data", "--data", str(songs), "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "songs: 24 files" in said
    assert "nothing wrong was found" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["conditions.png", "corpus.json", "corpus.txt"]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (["data", "--data", "nowhere"], "nowhere does not exist; give a folder or zip"),
        (["train", "--data", "nowhere", "--epochs", "0"], "--epochs is 0; give 1 or more"),
        (["train", "--data", "nowhere", "--out", "{tmp}"], "nowhere does not exist"),
        (["train", "--data", "{songs}", "--out", "{tmp}", "--resume"], "is not there; give a checkpoint.pt"),
        (["evaluate", "nowhere.onnx", "--data", "{songs}"], "nowhere.onnx is not there"),
        (["evaluate", "nowhere.pt", "--data", "{songs}"], "nowhere.pt is not there"),
        (["evaluate", "{tmp}", "--data", "{songs}"], "model.onnx is not there"),
        (["export", "nowhere.pt", "--data", "{songs}"], "nowhere.pt is not there"),
        (["export", "{songs}/song00.mid", "--data", "{songs}"], "is no checkpoint of moodtrain"),
    ],
)
def test_mistake_gets_one_sentence_and_code_one(order, sentence, songs, tmp_path, capsys):
    assert main(["composer", *(word.format(songs=songs, tmp=tmp_path) for word in order)]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert said.startswith("moodtrain: ")


def test_help_of_every_command_can_be_printed(capsys):
    for command in ("train", "evaluate", "export", "data"):
        with pytest.raises(SystemExit) as left:
            main(["composer", command, "--help"])
        assert left.value.code == 0
    assert "folder or zip of MIDI files" in capsys.readouterr().out
