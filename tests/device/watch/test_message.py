from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.events import CameraState, Expression, Face, Problem, Reading, Rect, WatchState
from moodbox.watch.message import read_reading, read_state, reading_values, state_values
from moodbox.watch.wire import WireError

NUMBERS = st.floats(-1e6, 1e6)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5).map(tuple)
FACES = st.builds(Face, st.builds(Rect, NUMBERS, NUMBERS, NUMBERS, NUMBERS), NUMBERS, POINTS, NUMBERS)
EXPRESSIONS = st.builds(Expression, FACES, st.lists(NUMBERS, max_size=7).map(tuple))
READINGS = st.builds(
    Reading,
    st.integers(0, 2**31),
    NUMBERS,
    st.integers(1, 4000),
    st.integers(1, 4000),
    st.lists(st.text(max_size=5), max_size=7).map(tuple),
    st.lists(EXPRESSIONS, max_size=3).map(tuple),
    st.dictionaries(st.text(max_size=5), NUMBERS, max_size=3),
)
STATES = st.builds(
    WatchState,
    camera=st.sampled_from(CameraState),
    camera_name=st.text(max_size=9),
    detector=st.text(max_size=5),
    model=st.text(max_size=5),
    rate=NUMBERS,
    restarts=st.just(0),
    ready=st.booleans(),
    problems=st.lists(st.builds(Problem, st.text(max_size=5), st.text(), st.text()), max_size=3).map(tuple),
)
RUBBISH = st.dictionaries(
    st.sampled_from(["number", "time", "width", "height", "labels", "faces", "seconds", "camera", "problems", "rate"]),
    st.none() | st.integers() | st.floats() | st.text(max_size=4) | st.lists(st.integers(), max_size=3),
)


@given(READINGS)
def test_reading_survives_the_wire(reading: Reading) -> None:
    assert read_reading(json.loads(json.dumps(reading_values(reading)))) == reading


@given(STATES)
def test_state_survives_the_wire(state: WatchState) -> None:
    assert read_state(json.loads(json.dumps(state_values(state)))) == state


@given(RUBBISH)
def test_rubbish_is_an_error_and_nothing_else(values: dict) -> None:
    with pytest.raises(WireError, match="cannot be read"):
        read_reading(values)
    with pytest.raises(WireError, match="cannot be read"):
        read_state(values)


def test_number_that_is_none_never_reaches_the_box() -> None:
    values = reading_values(Reading(1, float("nan"), 1, 1, ()))
    with pytest.raises(WireError, match="no number"):
        read_reading(values)
