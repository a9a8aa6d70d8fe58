"""Mood: whatever the faces say, the answer is a distribution, a point on the circle, and honest about doubt."""

from __future__ import annotations

import math
from dataclasses import astuple
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import MoodboxError
from moodbox.events import Certainty, Expression, Face, Mood, Reading, Rect
from moodbox.mood import COORDINATES, NOBODY_AFTER, MoodTracker, color_of, mood_by_hand, summary

LABELS = tuple(COORDINATES)


def certain(label: str, side: float = 100.0, sharpness: float = 1.0, p: float = 0.94) -> Expression:
    rest = (1.0 - p) / (len(LABELS) - 1)
    probabilities = tuple(p if name == label else rest for name in LABELS)
    return Expression(Face(Rect(0, 0, side, side), 0.9, (), sharpness), probabilities)


def reading(*faces: Expression, time: float = 0.0, labels: tuple[str, ...] = LABELS) -> Reading:
    return Reading(1, time, 640, 480, labels, faces)


def over(tracker: MoodTracker, *faces: Expression, start: float, seconds: float, rate: float = 10.0) -> Mood:
    mood = tracker.add(reading(*faces, time=start))
    for step in range(1, int(seconds * rate) + 1):
        mood = tracker.add(reading(*faces, time=start + step / rate))
    return mood


# --- properties -------------------------------------------------------------------------------------------------

wild = st.floats(allow_nan=True, allow_infinity=True)
level = st.one_of(st.floats(0, 1), wild)
probabilities = st.lists(level, min_size=0, max_size=9).map(tuple)
seven = st.lists(st.floats(0, 1), min_size=7, max_size=7).map(tuple)
rects = st.builds(Rect, wild, wild, st.one_of(st.floats(0, 500), wild), st.one_of(st.floats(0, 500), wild))
faces = st.builds(Expression, st.builds(Face, rects, wild, st.just(()), level), st.one_of(seven, probabilities))
times = st.one_of(st.floats(0, 100), wild)
readings = st.builds(
    Reading, st.integers(), times, st.integers(), st.integers(), st.just(LABELS), st.lists(faces, max_size=5).map(tuple)
)
sane_rects = st.builds(Rect, st.just(0.0), st.just(0.0), st.floats(1, 400), st.floats(1, 400))
sane_faces = st.builds(Expression, st.builds(Face, sane_rects, st.just(0.9), st.just(()), st.floats(0, 1)), seven)


def assert_sound(mood: Mood) -> None:
    assert -1.0 <= mood.valence <= 1.0
    assert -1.0 <= mood.arousal <= 1.0
    assert 0.0 <= mood.confidence <= 1.0
    assert math.isfinite(mood.time)
    assert all(0.0 <= channel <= 1.0 for channel in color_of(mood))
    if mood.certainty is Certainty.NOBODY:
        assert mood.probabilities == {}
        assert mood.label == ""
    else:
        assert all(0.0 <= value <= 1.0 for value in mood.probabilities.values())
        assert math.isclose(sum(mood.probabilities.values()), 1.0, abs_tol=1e-9)
        assert mood.faces > 0


@given(st.lists(readings, min_size=1, max_size=8), st.one_of(st.floats(0, 5), wild))
def test_any_readings_give_a_distribution_and_no_nan(stream, memory):
    tracker = MoodTracker(memory)
    for each in stream:
        assert_sound(tracker.add(each))


@given(st.lists(sane_faces, min_size=1, max_size=6).flatmap(lambda f: st.tuples(st.just(f), st.permutations(f))))
def test_order_of_faces_does_not_matter(pair):
    ordered, shuffled = pair
    assert MoodTracker().add(reading(*ordered)) == MoodTracker().add(reading(*shuffled))


@given(seven, st.integers(1, 40), st.floats(0.001, 1.0))
def test_a_face_that_does_not_change_gives_its_own_mood_at_any_rate(values, count, every):
    face = Expression(Face(Rect(0, 0, 99, 99), 0.9), values)
    first = MoodTracker().add(reading(face))
    tracker = MoodTracker()
    last = [tracker.add(reading(face, time=i * every)) for i in range(count)][-1]
    assert last.valence == pytest.approx(first.valence, abs=1e-9)
    assert last.arousal == pytest.approx(first.arousal, abs=1e-9)
    assert last.certainty is first.certainty or abs(first.confidence - 0.2) < 1e-9


@given(st.lists(sane_faces, min_size=1, max_size=5), st.floats(1e-3, 1e3))
def test_scaling_all_probabilities_changes_nothing(group, factor):
    scaled = [Expression(each.face, tuple(factor * p for p in each.probabilities)) for each in group]
    one, two = MoodTracker().add(reading(*group)), MoodTracker().add(reading(*scaled))
    assert one.valence == pytest.approx(two.valence, abs=1e-6)
    assert one.faces == two.faces


@given(st.lists(wild, max_size=9).map(tuple))
def test_summary_of_anything_is_on_the_circle(values):
    valence, arousal, confidence = summary(LABELS, values)
    assert -1.0 <= valence <= 1.0
    assert -1.0 <= arousal <= 1.0
    assert 0.0 <= confidence <= 1.0


# --- one face ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", LABELS)
def test_a_clear_face_is_sure_and_lies_in_its_quarter_of_the_circle(label):
    mood = MoodTracker().add(reading(certain(label)))
    assert (mood.label, mood.certainty, mood.faces) == (label, Certainty.SURE, 1)
    for found, meant in zip((mood.valence, mood.arousal), COORDINATES[label], strict=True):
        assert meant == 0.0 or math.copysign(1, found) == math.copysign(1, meant)


def test_summary_of_pure_happiness_is_its_published_point():
    assert summary(LABELS, [0, 0, 0, 1, 0, 0, 0]) == (0.76, 0.48, 1.0)


def test_surprise_pulls_only_half_as_far():
    assert summary(LABELS, [0, 0, 0, 0, 0, 1, 0])[:2] == pytest.approx((0.20, 0.335))


def test_two_labels_too_close_to_call_are_not_sure():
    tie = Expression(Face(Rect(0, 0, 99, 99), 0.9), (0.1, 0.0, 0.0, 0.0, 0.45, 0.0, 0.45))
    mood = MoodTracker().add(reading(tie))
    assert mood.certainty is Certainty.NOT_SURE
    assert mood.confidence == pytest.approx(0.0)


def test_even_probabilities_are_not_sure():
    flat = Expression(Face(Rect(0, 0, 99, 99), 0.9), (1 / 7,) * 7)
    assert MoodTracker().add(reading(flat)).certainty is Certainty.NOT_SURE


@pytest.mark.parametrize(
    "broken", [(), (1.0,), (0.0,) * 7, (math.nan,) * 7, (math.inf,) * 7, (-1.0, 2.0, 0, 0, 0, 0, 0)]
)
def test_a_face_with_broken_probabilities_does_not_count(broken):
    bad = Expression(Face(Rect(0, 0, 300, 300), 0.9), broken)
    assert MoodTracker().add(reading(bad)).certainty is Certainty.NOBODY
    assert MoodTracker().add(reading(bad, certain("sad"))).label == "sad"


# --- several faces ----------------------------------------------------------------------------------------------


def test_a_face_under_24_pixels_is_ignored():
    mood = MoodTracker().add(reading(certain("sad", side=23.9), certain("happy", side=24.0)))
    assert (mood.label, mood.faces) == ("happy", 1)


def test_a_larger_face_weighs_more():
    mood = MoodTracker().add(reading(certain("neutral", side=60), certain("happy", side=180)))
    assert mood.label == "happy"
    assert mood.probabilities["happy"] == pytest.approx(3 * mood.probabilities["neutral"], rel=0.1)


def test_a_blurred_face_weighs_less_but_counts_when_alone():
    both = MoodTracker().add(reading(certain("sad", sharpness=0.0), certain("neutral")))
    assert both.label == "neutral"
    assert MoodTracker().add(reading(certain("sad", sharpness=0.0))).label == "sad"


@pytest.mark.parametrize(("one", "other"), [("happy", "sad"), ("happy", "angry"), ("happy", "fear")])
def test_faces_on_opposite_sides_are_mixed(one, other):
    mood = MoodTracker().add(reading(certain(one), certain(other)))
    assert mood.certainty is Certainty.MIXED
    assert mood.faces == 2


@pytest.mark.parametrize(("one", "other"), [("happy", "happy"), ("angry", "disgust"), ("happy", "neutral")])
def test_faces_on_the_same_side_are_not_mixed(one, other):
    assert MoodTracker().add(reading(certain(one), certain(other))).certainty is not Certainty.MIXED


def test_mixed_ends_when_one_of_them_leaves():
    tracker = MoodTracker()
    over(tracker, certain("happy"), certain("sad"), start=0.0, seconds=2.0)
    mood = over(tracker, certain("happy"), start=2.1, seconds=4.0)
    assert (mood.label, mood.certainty, mood.faces) == ("happy", Certainty.SURE, 1)


# --- over time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [2.0, 10.0, 100.0])
def test_after_one_memory_a_change_has_moved_63_percent_at_any_rate(rate):
    tracker = MoodTracker(memory=1.5)
    sad = over(tracker, certain("sad"), start=0.0, seconds=3.0, rate=rate).valence
    mood = over(tracker, certain("happy"), start=3.0, seconds=1.5, rate=rate)
    happy = summary(LABELS, certain("happy").probabilities)[0]
    assert (mood.valence - sad) / (happy - sad) == pytest.approx(1 - math.exp(-1), abs=0.01)


def test_a_single_odd_frame_does_not_turn_the_mood():
    tracker = MoodTracker()
    over(tracker, certain("happy"), start=0.0, seconds=2.0, rate=15)
    assert tracker.add(reading(certain("angry"), time=2.07)).label == "happy"


def test_the_same_moment_twice_changes_nothing():
    tracker = MoodTracker()
    first = tracker.add(reading(certain("happy"), time=5.0))
    assert tracker.add(reading(certain("sad"), time=5.0)).valence == pytest.approx(first.valence)


def test_a_clock_that_goes_back_neither_freezes_nor_breaks_the_mood():
    tracker = MoodTracker()
    tracker.add(reading(certain("happy"), time=1000.0))
    mood = over(tracker, certain("sad"), start=1.0, seconds=6.0)
    assert mood.label == "sad"


def test_a_short_look_away_keeps_the_mood():
    tracker = MoodTracker()
    over(tracker, certain("happy"), start=0.0, seconds=1.0)
    assert over(tracker, start=1.1, seconds=NOBODY_AFTER - 0.5).label == "happy"


def test_nobody_for_some_seconds_is_said_and_forgotten():
    tracker = MoodTracker()
    over(tracker, certain("happy"), start=0.0, seconds=5.0)
    assert over(tracker, start=5.1, seconds=NOBODY_AFTER + 0.1).certainty is Certainty.NOBODY
    assert tracker.add(reading(certain("sad"), time=9.0)).label == "sad"


def test_nobody_from_the_start_is_nobody():
    assert MoodTracker().add(reading()).certainty is Certainty.NOBODY


def test_a_gap_without_any_reading_counts_as_time():
    tracker = MoodTracker()
    over(tracker, certain("happy"), start=0.0, seconds=2.0)
    assert tracker.add(reading(certain("sad"), time=12.0)).label == "sad"


def test_reset_forgets_everybody():
    tracker = MoodTracker()
    tracker.add(reading(certain("happy")))
    tracker.reset()
    assert tracker.add(reading(time=0.1)).certainty is Certainty.NOBODY


def test_a_model_with_other_labels_starts_afresh():
    tracker = MoodTracker()
    tracker.add(reading(certain("happy")))
    other = Expression(Face(Rect(0, 0, 99, 99), 0.9), (0.1, 0.9))
    mood = tracker.add(reading(other, time=0.1, labels=("sad", "bored")))
    assert mood.probabilities == pytest.approx({"sad": 0.1, "bored": 0.9})
    assert mood.valence == pytest.approx(0.1 * -0.63)  # a label without coordinates counts as neutral


def test_no_memory_follows_every_frame():
    tracker = MoodTracker(memory=0.0)
    tracker.add(reading(certain("happy")))
    assert tracker.add(reading(certain("sad"), time=0.01)).label == "sad"


# --- by hand, and colours ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", LABELS)
def test_a_mood_by_hand_is_certain_and_says_so(label):
    mood = mood_by_hand(label, 3.0)
    assert (mood.label, mood.by_hand, mood.certainty, mood.time) == (label, True, Certainty.SURE, 3.0)
    assert (mood.valence, mood.arousal) == COORDINATES[label]
    assert_sound(Mood(**{**dict(zip(Mood.__slots__, astuple(mood), strict=True)), "faces": 1}))


def test_an_unknown_mood_by_hand_names_the_known_ones():
    with pytest.raises(MoodboxError, match=r'"grumpy" is no mood.*angry, disgust'):
        mood_by_hand("grumpy", 0.0)


def _deuteranope(color: tuple[float, float, float]) -> tuple[float, float, float]:
    """Viénot, Brettel & Mollon 1999, on linear light: what someone without green cones tells apart."""
    r, g, b = (channel**2.2 for channel in color)
    red_green = 0.29275 * r + 0.70725 * g
    return red_green, red_green, max(0.0, -0.02234 * r + 0.02234 * g + b)


def test_every_label_has_its_own_colour_even_for_a_colour_blind_owner():
    colors = {label: color_of(mood_by_hand(label, 0.0)) for label in LABELS}
    for one, other in combinations(LABELS, 2):
        assert math.dist(colors[one], colors[other]) > 0.2, (one, other)
        assert math.dist(_deuteranope(colors[one]), _deuteranope(colors[other])) > 0.05, (one, other)


def test_doubt_has_colours_of_its_own():
    doubts = [Certainty.NOT_SURE, Certainty.MIXED, Certainty.NOBODY]
    colors = [color_of(Mood({"happy": 1.0}, 0, 0, 0, 1, each, 0.0)) for each in doubts]
    colors += [color_of(mood_by_hand(label, 0.0)) for label in LABELS]
    assert len(set(colors)) == len(colors)
    assert color_of(Mood({}, 0, 0, 0, 0, Certainty.NOBODY, 0.0)) == colors[2]
