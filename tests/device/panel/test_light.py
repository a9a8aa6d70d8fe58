"""The light's curves: bright at once, even, never a flicker, dim at night."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.events import Light, Motion
from moodbox.panel.light import FADE, after, brightness, curve, level, luminance, moves, seen
from moodbox.settings import PanelSettings

MOVING = [Motion.BREATHE, Motion.CHASE, Motion.BLINK, Motion.PULSE]
lights = st.builds(
    Light, st.sampled_from(Motion), st.tuples(*[st.floats()] * 3), st.one_of(st.floats(), st.floats(0, 10))
)


@given(lights, st.floats(allow_infinity=False, allow_nan=False, min_value=-10, max_value=1e7))
def test_any_light_at_any_time_is_a_duty_cycle(light, time):
    assert all(0.0 <= duty <= 1.0 for duty in curve(light, time))
    assert 0.0 <= level(light, time) <= 1.0


@pytest.mark.parametrize("motion", [Motion.STEADY, *MOVING])
def test_every_light_begins_bright_so_that_a_touch_is_answered(motion):
    assert curve(Light(motion, (1.0, 0.5, 0.0)), 0.0) == pytest.approx((1.0, 0.5**2.2, 0.0))


@pytest.mark.parametrize("motion", Motion)
def test_only_moving_lights_change(motion):
    levels = {round(level(Light(motion, period=2.0), t / 30), 6) for t in range(60)}
    assert (len(levels) > 1) == moves(Light(motion)) == (motion in MOVING)


def test_off_is_dark():
    assert curve(Light(Motion.OFF, (1.0, 1.0, 1.0)), 0.3) == (0.0, 0.0, 0.0)


def _flashes(levels: list[float]) -> list[int]:
    """Return the frames where a rise of a tenth or more after an equal fall is complete (WCAG's general flash)."""
    low, high, rising, found = levels[0], levels[0], False, []
    for frame, now in enumerate(levels):
        low, high = min(low, now), max(high, now)
        if rising and now - low >= 0.1:
            found.append(frame)
            rising, high = False, now
        elif not rising and high - now >= 0.1:
            rising, low = True, now
    return found


@pytest.mark.parametrize("motion", MOVING)
@pytest.mark.parametrize("period", [0.0, 0.01, 0.1, 0.3, 0.55, 1.0, 2.0, math.nan, math.inf, -1.0])
def test_no_light_flashes_three_times_a_second(motion, period):
    rate = 200
    levels = [level(Light(motion, period=period), frame / rate) for frame in range(20 * rate)]
    flashes = _flashes(levels)
    assert flashes, "a moving light moves"
    for start in range(len(levels)):
        assert sum(start <= frame < start + rate for frame in flashes if frame < start + rate) < 3


@pytest.mark.parametrize("motion", [Motion.BREATHE, Motion.CHASE, Motion.BLINK])
def test_fades_look_even_without_jumps(motion):
    levels = [level(Light(motion, period=2.0), frame / 30) for frame in range(120)]
    assert max(abs(a - b) for a, b in pairwise(levels)) < 0.2


def test_chase_falls_slowly_and_rises_briskly():
    levels = [level(Light(Motion.CHASE, period=1.0), t / 100) for t in range(100)]
    falling = sum(b < a for a, b in pairwise(levels))
    assert 70 <= falling <= 85


def test_blink_is_half_on_and_half_nearly_off():
    levels = [level(Light(Motion.BLINK, period=2.0), t / 100) for t in range(200)]
    assert 80 <= sum(value > 0.9 for value in levels) <= 120
    assert 60 <= sum(value < 0.2 for value in levels) <= 120


# --- afterglow --------------------------------------------------------------------------------------------------


def test_a_new_light_is_there_at_once_and_the_old_one_fades_behind_it():
    red, blue = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
    assert after(blue, red, 0.0) == (1.0, 0.0, 1.0)
    assert after(blue, red, FADE) == blue
    glow = [after(blue, red, FADE * step / 10)[0] for step in range(11)]
    assert glow == sorted(glow, reverse=True)


# --- day and night ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "nights"),
    [(22, 7, {22, 23, 0, 1, 2, 3, 4, 5, 6}), (0, 6, {0, 1, 2, 3, 4, 5}), (9, 9, set()), (23, 0, {23})],
)
def test_nights_wrap_midnight(start, end, nights):
    settings = PanelSettings(brightness=1.0, night_brightness=0.25, night_from=start, night_to=end)
    assert {hour for hour in range(24) if brightness(settings, hour) == 0.25} == nights


def test_amber_at_night_is_still_amber_in_steps_of_one_percent():
    night = brightness(PanelSettings(), 23)
    r, g, _ = (int(100 * night * duty) for duty in curve(Light(Motion.STEADY, (1.0, 0.6, 0.0)), 0.0))
    assert 0.2 < g / r < 0.5


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_what_is_seen_undoes_the_gamma(color):
    assert seen(curve(Light(Motion.STEADY, color), 0.0)) == pytest.approx(color, abs=1e-6)
    assert 0.0 <= luminance(color) <= 1.0


def test_luminance_ranks_green_over_red_over_blue():
    red, green, blue = (luminance(c) for c in [(1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0)])
    assert green > red > blue > 0
    assert luminance((1.0, 1.0, 1.0)) == pytest.approx(1.0)
