"""The planner: where a programme begins, how it walks, and what it says."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.events import Certainty, Mood, Strategy
from moodbox.mood import COORDINATES, mood_by_hand
from moodbox.music.planner import LARGEST_JUMP, TARGET, nearest_label, plan

points = st.floats(-1.0, 1.0)


@st.composite
def moods(draw: st.DrawFn) -> Mood:
    weights = draw(st.lists(st.floats(0.001, 1.0), min_size=7, max_size=7))
    probabilities = {label: weight / sum(weights) for label, weight in zip(COORDINATES, weights, strict=True)}
    return Mood(
        probabilities,
        draw(points),
        draw(points),
        draw(st.floats(0.0, 1.0)),
        draw(st.integers(0, 9)),
        draw(st.sampled_from(Certainty)),
        draw(st.floats(0.0, 1e9)),
        by_hand=draw(st.booleans()),
    )


def sure(label: str) -> Mood:
    valence, arousal = COORDINATES[label]
    probabilities = {name: float(name == label) for name in COORDINATES}
    return Mood(probabilities, valence, arousal, 1.0, 1, Certainty.SURE, 0.0)


@given(moods())
def test_match_of_a_sure_mood_is_one_step_at_its_point(mood: Mood) -> None:
    programme = plan(mood, Strategy.MATCH)
    assert len(programme.steps) == 1
    if mood.certainty is Certainty.SURE:
        step = programme.steps[0]
        assert (step.label, step.valence, step.arousal) == (mood.label, mood.valence, mood.arousal)


@given(moods())
def test_lift_walks_equal_steps_from_the_match_to_the_target(mood: Mood) -> None:
    programme = plan(mood, Strategy.LIFT)
    if mood.certainty is not Certainty.SURE:
        return
    assert 3 <= len(programme.steps) <= 5
    assert programme.steps[0] == plan(mood, Strategy.MATCH).steps[0]
    walked = [(step.valence, step.arousal) for step in programme.steps]
    assert math.dist(walked[-1], TARGET) < 1e-9
    jumps = [math.dist(one, two) for one, two in pairwise(walked)]
    assert max(jumps) <= LARGEST_JUMP
    assert max(jumps) - min(jumps) < 1e-9


@given(moods())
def test_every_step_is_named_after_where_it_began_or_what_it_passes_on_the_way_up(mood: Mood) -> None:
    first, *rest = plan(mood, Strategy.LIFT).steps
    for step in rest:
        way = {first.label, "neutral", "happy"}
        distances = {label: math.dist(COORDINATES[label], (step.valence, step.arousal)) for label in way}
        assert math.isclose(distances[step.label], min(distances.values()))


@given(moods(), st.sampled_from(Strategy))
def test_words_end_as_a_sentence_and_never_claim_to_know(mood: Mood, strategy: Strategy) -> None:
    why = plan(mood, strategy).why
    assert why.endswith(".")
    assert "you are" not in why.lower()


@pytest.mark.parametrize("certainty", [Certainty.NOT_SURE, Certainty.MIXED, Certainty.NOBODY])
@pytest.mark.parametrize("strategy", list(Strategy))
def test_unclear_mood_gives_one_even_step_and_says_so(certainty: Certainty, strategy: Strategy) -> None:
    mood = Mood({"sad": 0.5, "angry": 0.5}, -0.9, 0.9, 0.0, 2, certainty, 0.0)
    programme = plan(mood, strategy)
    assert len(programme.steps) == 1
    assert programme.steps[0].label == "neutral"
    assert abs(programme.steps[0].arousal) < 0.2
    assert "something even" in programme.why


def test_nobody_without_any_probability_is_planned_too() -> None:
    assert plan(Mood({}, 0.0, 0.0, 0.0, 0, Certainty.NOBODY, 0.0), Strategy.LIFT).steps[0].label == "neutral"


def test_mood_by_hand_is_named_as_a_choice() -> None:
    assert plan(mood_by_hand("sad", 0.0), Strategy.MATCH).why == "You chose sad, so here is music that fits."


def test_seen_mood_is_named_as_a_look() -> None:
    assert plan(sure("happy"), Strategy.MATCH).why == "You look happy, so here is music that fits."


def test_lift_of_a_sad_look_ends_happy() -> None:
    steps = plan(sure("sad"), Strategy.LIFT).steps
    assert steps[0].label == "sad"
    assert steps[-1].label == "happy"
    assert [step.valence for step in steps] == sorted(step.valence for step in steps)


def test_label_of_another_model_is_named_by_its_point() -> None:
    mood = Mood({"contempt": 1.0}, -0.6, 0.36, 1.0, 1, Certainty.SURE, 0.0)
    assert plan(mood, Strategy.MATCH).steps[0].label == "disgust"


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_point_that_is_no_number_becomes_the_middle(broken: float) -> None:
    mood = Mood({"sad": 1.0}, broken, broken, 1.0, 1, Certainty.SURE, 0.0)
    assert all(math.isfinite(step.valence + step.arousal) for step in plan(mood, Strategy.LIFT).steps)


@pytest.mark.parametrize("label", list(COORDINATES))
def test_every_class_is_nearest_to_its_own_point(label: str) -> None:
    assert nearest_label(*COORDINATES[label]) == label
