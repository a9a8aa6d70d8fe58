"""The command line of the benchmark."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import machine

ROOT = Path(__file__).resolve().parents[2]


def _call(monkeypatch, *words: str) -> int:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["bench", *words])
    return bench.main()


def test_an_unknown_part_is_refused_with_the_known_ones(monkeypatch, capsys):
    for words in (["nowhere"], ["--only", "seeing,nowhere"]):
        with pytest.raises(SystemExit):
            _call(monkeypatch, *words)
        assert "'nowhere' is none of seeing, pressing" in capsys.readouterr().err


def test_options_reach_the_part_and_its_report_comes_back(monkeypatch, faces, tmp_path, capsys):
    cv2 = pytest.importorskip("cv2")
    pytest.importorskip("moodtrain", reason="the benchmark needs moodtrain: make setup")
    clip, file = tmp_path / "clip.avi", tmp_path / "told.json"
    picture = cv2.imread(str(faces / "0.jpg"))
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 20.0, (512, 512))
    writer.write(picture)
    writer.release()
    assert _call(monkeypatch, "steadiness", "--json", str(file), "--clips", str(clip)) == 0
    out = capsys.readouterr().out
    told = json.loads(file.read_text())
    assert out.startswith(told["machine"])
    assert "| clip.avi |" in out
    (part,) = told["parts"]
    assert part["table"]["rows"][0][:2] == ["clip.avi", 1]


def test_the_machine_has_a_day_a_processor_and_cores():
    assert re.match(r"\d{4}-\d\d-\d\d, .+ \(\w+\), \d+ cores?, Python 3\.\d+", machine.described())
