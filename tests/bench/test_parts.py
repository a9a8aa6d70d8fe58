"""The parts of the benchmark run, on tiny settings; how fast they are is not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import alone, starting

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def from_the_root(monkeypatch):
    pytest.importorskip("skimage", reason="the demo camera needs scikit-image: make setup")
    monkeypatch.chdir(ROOT)


def test_seeing_compares_both_pipelines_on_one_face():
    pytest.importorskip("torch", reason="the pipeline to compare with needs torch: make setup")
    report = alone.report("bench.seeing", "--rounds", "2", "--block", "1", one_core=True)
    rows = {one.name: one for one in report.rows}
    assert {"ours: detect", "ours: express", "ours: mood", "theirs: detect", "theirs: express"} <= rows.keys()
    assert all(one.median > 0 for one in report.rows)
    assert next(note for note in report.notes if "1 face" in note).startswith("ours")


def test_pressing_measures_light_and_sound():
    report = alone.report("bench.pressing", "--presses", "1")
    light, sound, file = report.rows
    assert 0 < light.median < sound.median <= file.median
    assert len(report.goals) == 3


def test_starting_measures_the_whole_family():
    report = starting.run(starts=1, seconds=2.0)
    rows = {one.name: one.median for one in report.rows}
    assert 0 < rows["start to page"] <= rows["start to ready"]
    assert rows["resident memory (RSS of parent + child)"] > rows["its fair share (PSS of parent + child)"] > 0
    assert "child" in report.notes[0]


def test_a_short_soak_writes_samples_and_a_verdict(tmp_path):
    file = tmp_path / "soak.json"
    words = ["--minutes", "0.1", "--every", "0.5", "--press-every", "1", "--warm-up", "0", "--camera", "demo"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.soak", *words, "--json", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "The long run" in done.stdout
    told = json.loads(file.read_text())
    assert len(told["samples"]) >= 3
    assert all(one["children"] for one in told["samples"])
    assert told["page"]["views"] >= 1
    assert "goal" in done.stdout


def test_a_part_that_fails_says_so_and_restores_the_cores():
    before = os.sched_getaffinity(0)
    with pytest.raises(SystemExit, match="could not be measured"):
        alone.report("bench.nowhere", one_core=True)
    assert os.sched_getaffinity(0) == before
