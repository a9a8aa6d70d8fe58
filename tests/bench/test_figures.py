"""Figures and drifts: plain arithmetic that verdicts hang on."""

from __future__ import annotations

import json

import pytest

from bench.drift import drift
from bench.figures import Goal, Report, Table, percentile, row


def test_a_row_has_the_median_and_the_bad_end():
    values = list(range(101))
    assert (row("a", values, "ms").median, row("a", values, "ms").p95) == (50, 95)
    assert row("a", values, "fps", worst_is_low=True).p95 == 5


@pytest.mark.parametrize(("percent", "value"), [(0, 1.0), (50, 2.5), (100, 4.0), (95, 3.85)])
def test_percentiles_lie_between_neighbours(percent, value):
    assert percentile([1.0, 2.0, 3.0, 4.0], percent) == pytest.approx(value)


def test_a_single_measurement_is_its_own_percentile():
    assert percentile([7.0], 95) == 7.0


def test_goals_know_which_side_is_good():
    assert Goal("memory", 300.0, 300.0, "MB").met
    assert not Goal("memory", 300.1, 300.0, "MB").met
    assert Goal("ratio", 10.0, 10.0, "x", at_most=False).met
    assert not Goal("ratio", 9.9, 10.0, "x", at_most=False).met


def test_a_report_survives_json_and_says_what_was_missed():
    report = Report("Title", (row("light", [1.0, 2.0], "ms"),), (Goal("ratio", 9.0, 10.0, "x", at_most=False),), ("n",))
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    assert "goal MISSED: ratio 9.00 x (wanted >= 10)" in str(report)
    assert "1.50" in str(report)


def test_a_table_is_markdown_and_survives_json():
    table = Table(("network", "ms"), ("", ".2f"), (("ours", 1.234), ("theirs, slower", 10.0), ("absent", None)))
    lines = str(table).splitlines()
    assert lines[0] == "| network        |    ms |"
    assert lines[1] == "| -------------- | ----: |"
    assert lines[2:] == ["| ours           |  1.23 |", "| theirs, slower | 10.00 |", "| absent         |     - |"]
    report = Report("Title", table=table)
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    assert str(table) in str(report)


def test_a_flat_quantity_does_not_drift():
    one = drift("memory", range(0, 3600, 10), [100.0 + (i % 7) for i in range(360)])
    assert one.growth < 0.005
    assert (one.lowest, one.highest) == (100.0, 106.0)


def test_a_leak_shows_in_slope_and_growth():
    one = drift("memory", range(0, 3600, 10), [100.0 + i / 36 for i in range(360)])
    assert one.per_hour == pytest.approx(10.0, rel=0.01)
    assert one.growth == pytest.approx(0.10, rel=0.05)


def test_a_late_jump_shows_even_where_the_line_is_flat():
    one = drift("threads", range(8), [3.0, 3, 3, 3, 3, 3, 4, 4])
    assert one.last - one.first == 1.0


def test_one_sample_is_flat():
    assert drift("memory", [1.0], [100.0]).growth == 0.0
