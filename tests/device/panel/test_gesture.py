"""Gestures: what a finger does, told in time, whatever it does."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.events import Gesture
from moodbox.panel.gesture import DOUBLE_WITHIN, HOLD_AFTER, LONG_HOLD_AFTER, Finger

DOWN, SHORT, DOUBLE, HOLD, LONG_HOLD = (
    Gesture.DOWN,
    Gesture.SHORT,
    Gesture.DOUBLE,
    Gesture.HOLD,
    Gesture.LONG_HOLD,
)


def play(*moves: tuple[str, float], until: float = 60.0) -> list[tuple[float, Gesture]]:
    """Act as the panel's thread does: tick at every deadline between the moves."""
    finger, told = Finger(), []
    for move, time in (*moves, ("tick", until)):
        while finger.deadline is not None and finger.deadline < time:
            due = finger.deadline
            told += [(due, gesture) for gesture in finger.tick(due)]
        told += [(time, gesture) for gesture in getattr(finger, move)(time)]
    return told


def test_touching_is_told_at_once():
    assert Finger().down(5.0) == [DOWN]


def test_a_short_press_is_told_when_the_double_window_is_over():
    assert play(("down", 0.0), ("up", 0.1)) == [(0.0, DOWN), (pytest.approx(0.1 + DOUBLE_WITHIN), SHORT)]


def test_a_second_press_within_the_window_is_double_as_it_lands():
    assert play(("down", 0.0), ("up", 0.1), ("down", 0.4), ("up", 0.5)) == [(0.0, DOWN), (0.4, DOWN), (0.4, DOUBLE)]


def test_a_second_press_after_the_window_is_a_second_short():
    told = play(("down", 0.0), ("up", 0.1), ("down", 0.6), ("up", 0.7))
    assert [gesture for _, gesture in told] == [DOWN, SHORT, DOWN, SHORT]


def test_three_quick_presses_are_a_double_and_a_short():
    moves = [(name, 0.2 * i) for i, name in enumerate(["down", "up"] * 3)]
    assert [gesture for _, gesture in play(*moves)] == [DOWN, DOWN, DOUBLE, DOWN, SHORT]


def test_a_hold_is_told_while_the_finger_stays_and_is_no_short_press():
    assert play(("down", 0.0), ("up", 2.0)) == [(0.0, DOWN), (HOLD_AFTER, HOLD)]


def test_a_long_hold_is_a_hold_first():
    told = play(("down", 1.0), ("up", 20.0))
    assert told == [(1.0, DOWN), (1.0 + HOLD_AFTER, HOLD), (1.0 + LONG_HOLD_AFTER, LONG_HOLD)]


def test_the_second_press_of_a_double_may_become_a_hold():
    told = play(("down", 0.0), ("up", 0.1), ("down", 0.3), ("up", 3.0))
    assert [gesture for _, gesture in told] == [DOWN, DOWN, DOUBLE, HOLD]


def test_a_thread_that_slept_through_deadlines_tells_them_in_order():
    finger = Finger()
    finger.down(0.0)
    assert finger.up(9.0) == [HOLD, LONG_HOLD]
    finger.down(20.0)
    finger.up(20.1)
    assert finger.down(30.0) == [SHORT, DOWN]


def test_a_press_just_under_a_hold_is_short():
    told = play(("down", 0.0), ("up", math.nextafter(HOLD_AFTER, 0)))
    assert [gesture for _, gesture in told] == [DOWN, SHORT]


def test_chatter_changes_nothing():
    finger = Finger()
    assert finger.up(0.0) == []
    assert finger.down(1.0) == [DOWN]
    assert finger.down(1.1) == []
    assert finger.deadline == 1.0 + HOLD_AFTER


def test_a_cancelled_touch_becomes_nothing():
    finger = Finger()
    finger.down(0.0)
    finger.cancel()
    assert finger.deadline is None
    assert finger.up(3.0) == []
    assert finger.tick(100.0) == []
    assert finger.down(101.0) == [DOWN]


moves = st.lists(st.tuples(st.sampled_from(["down", "up", "tick"]), st.floats(0, 10, allow_nan=False)), max_size=30)


def _timed(steps: list[tuple[str, float]]) -> list[tuple[str, float]]:
    now, timed = 0.0, []
    for move, wait in steps:
        now += wait
        timed.append((move, now))
    return timed


@given(moves)
def test_every_touch_is_down_once_and_becomes_at_most_one_short_or_double(steps):
    timed = _timed(steps)
    told = [gesture for _, gesture in play(*timed, until=1e6)]
    touching, touches, last = False, 0, "up"
    for move, _ in timed:
        touches += move == "down" and not touching
        touching = move == "down" or (touching and move != "up")
        last = move if move != "tick" else last
    assert told.count(DOWN) == touches
    assert told.count(SHORT) + told.count(DOUBLE) <= touches
    assert told.count(LONG_HOLD) <= told.count(HOLD) <= touches
    # Every touch is answered by something in the end; a double answers two.
    assert told.count(SHORT) + 2 * told.count(DOUBLE) + told.count(HOLD) >= touches


@given(moves)
def test_gestures_never_come_early_and_time_only_moves_on(steps):
    told = play(*_timed(steps), until=1e6)
    assert [time for time, _ in told] == sorted(time for time, _ in told)
    touched = -math.inf
    for time, gesture in told:
        if gesture is DOWN:
            touched = time
        elif gesture is HOLD:
            assert time - touched >= HOLD_AFTER - 1e-6
        elif gesture is LONG_HOLD:
            assert time - touched >= LONG_HOLD_AFTER - 1e-6
        elif gesture is SHORT:
            assert time - touched >= DOUBLE_WITHIN - 1e-6


@given(moves, st.data())
def test_how_often_the_thread_looks_changes_nothing(steps, data):
    timed = _timed(steps)
    extra = data.draw(st.lists(st.floats(0, 100, allow_nan=False), max_size=20))
    with_ticks = sorted([*timed, *(("tick", time) for time in extra)], key=lambda move: move[1])
    assert play(*timed, until=1e6) == play(*with_ticks, until=1e6)
