"""The report from end to end, another's MIDI files, and what is said when the data is missing."""

from __future__ import annotations

import json
import re
import sys

import pytest
import soundfile

from bench.composing import __main__ as composing
from bench.composing import model
from bench.composing.piece import LABELS, orders

pytestmark = pytest.mark.timeout(600)  # two cores that train as well


def _call(monkeypatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["composing", *words])
    return composing.main()


def test_missing_data_is_said_in_a_sentence(monkeypatch, capsys, tmp_path):
    assert _call(monkeypatch, "--music", str(tmp_path / "nowhere")) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "is missing" in told
    assert "--music" in told


def test_wrong_words_and_numbers_are_refused(monkeypatch, capsys):
    for words in (["midi"], ["other", "folder"], ["--pieces", "0"], ["--moods", "bored"]):
        with pytest.raises(SystemExit):
            _call(monkeypatch, *words)
    assert "midi FOLDER" in capsys.readouterr().err


def test_seeds_are_fixed_and_all_different():
    seeds = [order.seed for order in orders(LABELS, 50, 75.0)]
    assert len(set(seeds)) == 350
    assert seeds[0] == 7_000_000
    assert seeds[-1] == 7_006_049


def test_a_quick_report_writes_everything_and_its_midi_can_be_judged_again(monkeypatch, capsys, tmp_path, corpus):
    out = tmp_path / "report"
    music = ("--music", str(corpus.folder))
    options = ("--pieces", "2", "--moods", "happy", "sad", "--jobs", "2", "--out", str(out), *music)
    assert _call(monkeypatch, "--quick", *options) == 0
    capsys.readouterr()
    names = ["happy-00", "happy-01", "sad-00", "sad-01"]
    assert sorted(path.stem for path in (out / "rolls").glob("*.png")) == names
    assert sorted(path.stem for path in (out / "spectrograms").glob("*.png")) == names
    assert sorted(path.stem for path in (out / "midi").rglob("*.mid")) == names
    assert soundfile.info(out / "audio" / "sad-01.ogg").duration > 50
    told = json.loads((out / "report.json").read_text())
    assert [piece["name"] for piece in told["pieces"]] == names
    assert len({piece["fingerprint"] for piece in told["pieces"]}) == 4
    written = (out / "report.md").read_text()
    goals = [goal for part in told["parts"] for goal in part["goals"]]
    assert len(re.findall(r"\| (met|\*\*missed\*\*) \|", written)) == len(goals) > 20
    assert "rolls/happy-00.png" in written

    assert _call(monkeypatch, "midi", str(out / "midi"), *music) == 0
    again = capsys.readouterr().out
    assert "Heard as asked" in again
    assert re.search(r"\| all +\| +4 \|", again)


def test_a_folder_without_moods_is_said(monkeypatch, capsys, tmp_path, corpus):
    assert _call(monkeypatch, "midi", str(tmp_path), "--music", str(corpus.folder)) == 2
    assert "name them by mood" in capsys.readouterr().err


def test_without_a_model_the_report_says_so(tmp_path):
    assert "Not measured" in model.report(tmp_path).notes[0]


def test_the_shipped_model_tells_its_measures():
    if not (model.BUNDLE / "model.onnx").is_file():
        pytest.skip("no composer model is shipped yet")
    nats, shuffled, size = model.report().goals
    assert 0.5 < nats.value < 4.85  # 4.85 is ln 127: knowing nothing
    assert shuffled.met
    assert size.met
