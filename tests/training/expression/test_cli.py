"""The command line does what it says and answers mistakes with one sentence."""

import json

import pytest

from moodtrain.__main__ import main


def test_data_prints_the_counts(tiny, capsys):
    assert main(["expression", "data", "--data", str(tiny)]) == 0
    said = capsys.readouterr().out
    assert "Training" in said
    assert "PublicTest" in said


def test_evaluate_prints_and_writes_the_report(trained, tiny, tmp_path, capsys):
    report = tmp_path / "report.json"
    assert main(["expression", "evaluate", str(trained), "--data", str(tiny), "--json", str(report)]) == 0
    assert "32 faces: accuracy" in capsys.readouterr().out
    assert json.loads(report.read_text(encoding="utf-8"))["faces"] == 32


def test_train_then_export_ends_in_a_bundle(settings, tiny, trained, tmp_path, capsys):
    flags = ["--data", str(tiny), "--out", str(tmp_path / "run"), "--epochs", "1", "--batch", "16", "--width", "2"]
    recipe = ["--recipe", "seed", "--size", "32"]
    assert main(["expression", "train", *flags, *recipe, "--threads", "1"]) == 0
    assert "checkpoint.pt" in capsys.readouterr().out
    assert main(["expression", "export", str(trained), "--data", str(tiny), "--out", str(tmp_path / "bundle")]) == 0
    assert "passed the gate" in capsys.readouterr().out
    assert (tmp_path / "bundle" / "manifest.json").is_file()


def test_framing_finds_the_eyes_of_real_faces(shared_path, capsys):
    detector = shared_path("models", "face_detection_yunet_2023mar.onnx")
    order = ["expression", "framing", "--data", str(shared_path("data", "fer2013")), "--detector", str(detector)]
    assert main([*order, "--faces", "60"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[2:]]
    medians = {" ".join(row[:-3]): float(row[-2]) for row in rows}
    assert medians["eye distance"] == pytest.approx(0.375, abs=0.03)
    assert medians["eye line"] == pytest.approx(0.39, abs=0.03)


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (["data", "--data", "nowhere.csv"], "nowhere.csv is not there"),
        (["train", "--data", "nowhere.csv", "--epochs", "0"], "--epochs is 0; give 1 or more"),
        (["evaluate", "nowhere.onnx", "--data", "nowhere.csv"], "nowhere.onnx is not there"),
        (["framing", "--data", "{tiny}", "--detector", "nowhere.onnx"], "nowhere.onnx is not there"),
    ],
)
def test_mistake_gets_one_sentence_and_code_one(order, sentence, tiny, capsys):
    assert main(["expression", *(word.format(tiny=tiny) for word in order)]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_help_of_every_command_can_be_printed(capsys):
    for command in ("train", "evaluate", "export", "data", "framing"):
        with pytest.raises(SystemExit) as left:
            main(["expression", command, "--help"])
        assert left.value.code == 0
    assert "label smoothing" in capsys.readouterr().out
