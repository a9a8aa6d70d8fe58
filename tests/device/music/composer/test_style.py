"""Style: seven moods with faces of their own, and a way between them without a jump."""

from __future__ import annotations

import math
from dataclasses import asdict
from itertools import combinations, pairwise
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.events import Step, Strategy
from moodbox.mood import COORDINATES, mood_by_hand
from moodbox.music.composer.instrument import span
from moodbox.music.composer.patterns.bass import BASSES
from moodbox.music.composer.patterns.chords import CHORDS
from moodbox.music.composer.patterns.drums import DRUMS
from moodbox.music.composer.style import ANCHORS, style
from moodbox.music.composer.texture import TEXTURES
from moodbox.music.planner import TARGET, plan

HEARD = {"bpm": 3.0, "melody": 1.5, "density": 0.1, "velocity": 5.0}  # smaller differences are no change
POINT = st.floats(-1.0, 1.0)


def at_home(label: str) -> dict[str, object]:
    return asdict(style(label, *COORDINATES[label]))


def lift(label: str) -> tuple[Step, ...]:
    return plan(mood_by_hand(label, 0.0), Strategy.LIFT).steps


@pytest.mark.parametrize("label", list(COORDINATES))
def test_label_at_its_own_place_sounds_exactly_like_its_anchor(label: str) -> None:
    anchor = asdict(ANCHORS[label])
    for cue, value in at_home(label).items():
        if cue != "textures":
            assert value == pytest.approx(anchor[cue]), cue


@pytest.mark.parametrize(("one", "other"), list(combinations(("angry", "fear", "disgust"), 2)))
def test_moods_of_one_corner_differ_in_most_cues(one: str, other: str) -> None:
    """They lie closer together than a tenth of the circle; only style parts them."""
    first, second = style(one, *COORDINATES[one]), style(other, *COORDINATES[other])
    differences = (
        abs(math.log2(first.bpm / second.bpm)) > 0.15,
        abs(first.melody - second.melody) >= 4.0,
        abs(first.chords - second.chords) >= 2.0,
        abs(first.velocity - second.velocity) >= 12.0,
        abs(first.touch - second.touch) >= 0.08,
        abs(first.swing - second.swing) >= 0.2,
    )
    assert sum(differences) >= 4
    assert not set(first.textures) & set(second.textures)


@pytest.mark.parametrize("label", ["sad", "angry", "fear", "disgust", "neutral"])
@pytest.mark.parametrize("cue", ["bpm", "melody", "density", "velocity"])
def test_lift_walks_to_the_happy_point_without_a_jump(label: str, cue: str) -> None:
    values = [getattr(style(step.label, step.valence, step.arousal), cue) for step in lift(label)]
    goal = getattr(style("happy", *TARGET), cue)
    steps = [abs(two - one) for one, two in pairwise(values)]
    assert max(steps) <= 2.2 * mean(steps)
    assert values[-1] == pytest.approx(goal)
    assert all(abs(two - goal) <= abs(one - goal) + HEARD[cue] for one, two in pairwise(values))


@given(st.sampled_from(list(ANCHORS)), POINT, POINT, st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_small_change_of_mood_is_a_small_change_of_music(
    label: str, valence: float, arousal: float, dv: float, da: float
) -> None:
    here, there = style(label, valence, arousal), style(label, valence + dv, arousal + da)
    assert abs(math.log2(here.bpm / there.bpm)) < 0.06
    assert abs(here.melody - there.melody) < 1.5
    assert abs(here.velocity - there.velocity) < 4.0


@given(st.sampled_from([*ANCHORS, "contempt"]), st.floats(), st.floats())
def test_any_point_even_no_number_gives_playable_cues(label: str, valence: float, arousal: float) -> None:
    cues = style(label, valence, arousal)
    assert 40.0 <= cues.bpm <= 180.0
    assert 48.0 <= cues.melody <= 84.0
    assert 0.4 <= cues.touch <= 1.0
    assert len(cues.textures) >= 4


def test_neighbours_bands_play_away_from_home_only() -> None:
    assert set(style("happy", *COORDINATES["happy"]).textures) == set(TEXTURES["happy"])
    assert set(style("happy", 0.2, 0.1).textures) & set(TEXTURES["neutral"])
    assert set(style("neutral", -0.4, -0.1).textures) & set(TEXTURES["sad"])


@pytest.mark.parametrize("label", list(TEXTURES))
def test_every_band_can_be_played_in_its_register(label: str) -> None:
    cues = ANCHORS[label]
    assert len(TEXTURES[label]) >= 4
    for texture in TEXTURES[label]:
        assert {texture.comp, texture.turn} <= set(CHORDS)
        assert {texture.bass, texture.turned} <= set(BASSES)
        assert texture.drums in {"", *DRUMS}
        assert any(span(program)[0] - 7 <= cues.melody <= span(program)[1] + 7 for program in texture.leads)
        assert all(span(program)[0] <= cues.chords + 3 <= span(program)[1] for program in texture.chords)
        assert all(span(program)[0] <= 40 for program in texture.depths)
