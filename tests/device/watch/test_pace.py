"""Often while somebody is there, seldom after a while of nobody, and at once often again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.settings import WatchSettings
from moodbox.watch.pace import Pace

SETTINGS = WatchSettings(rate=10.0, idle_rate=2.0, idle_after=30.0)


def _run(pace: Pace, start: float, seconds: float, *, faces: bool, cost: float = 0.01) -> tuple[int, float]:
    """Look as a child would for so long; return the frames taken and the time it then is."""
    now, frames = start, 0
    while now < start + seconds:
        now = max(now, pace.due())
        pace.seen(now, faces=faces)
        frames += 1
        now += cost
    return frames, now


def test_somebody_is_looked_at_at_full_rate() -> None:
    pace = Pace(SETTINGS, 0.0)
    frames, _ = _run(pace, 0.0, 100.0, faces=True)
    assert frames == pytest.approx(1000, abs=3)
    assert pace.rate() == pytest.approx(10, rel=0.05)


def test_nobody_is_looked_for_at_full_rate_for_half_a_minute_only() -> None:
    pace = Pace(SETTINGS, 0.0)
    frames, now = _run(pace, 0.0, 29.9, faces=False)
    assert frames == pytest.approx(299, abs=3)
    _, now = _run(pace, now, 5.0, faces=False)
    frames, _ = _run(pace, now, 50.0, faces=False)
    assert frames == pytest.approx(100, abs=2)
    assert pace.rate() == pytest.approx(2, rel=0.1)


def test_full_rate_comes_back_with_the_first_face() -> None:
    pace = Pace(SETTINGS, 0.0)
    _, now = _run(pace, 0.0, 60.0, faces=False)
    pace.seen(now, faces=True)
    assert pace.due() - now <= 0.1 + 1e-9
    frames, _ = _run(pace, now + 0.1, 10.0, faces=True)
    assert frames == pytest.approx(100, abs=3)


def test_small_delays_do_not_lower_the_rate() -> None:
    pace = Pace(SETTINGS, 0.0)
    frames, _ = _run(pace, 0.0, 60.0, faces=True, cost=0.08)
    assert frames == pytest.approx(600, abs=3)


def test_long_delay_is_not_caught_up_in_a_burst() -> None:
    pace = Pace(SETTINGS, 0.0)
    pace.seen(0.0, faces=True)
    pace.seen(50.0, faces=True)
    pace.seen(50.0, faces=True)
    assert pace.due() == pytest.approx(50.1)


def test_fast_never_waits() -> None:
    pace = Pace(replace(SETTINGS, fast=True), 5.0)
    for number in range(100):
        pace.seen(5.0 + number / 1000, faces=number % 2 == 0)
        assert pace.due() <= 5.0 + number / 1000
    assert pace.rate() == pytest.approx(1000, rel=0.05)


def test_rate_is_nothing_before_the_second_frame() -> None:
    pace = Pace(SETTINGS, 0.0)
    assert pace.rate() == 0.0
    pace.seen(0.0, faces=False)
    assert pace.rate() == 0.0


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=60))
def test_next_frame_is_never_far_away_nor_in_the_past(steps: list[tuple[float, bool]]) -> None:
    now, pace = 0.0, Pace(SETTINGS, 0.0)
    for gap, faces in steps:
        now += gap
        pace.seen(now, faces=faces)
        assert now <= pace.due() <= now + 0.5 + 1e-9
        assert pace.rate() >= 0
