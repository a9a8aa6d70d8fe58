"""The tracks of a lift: near each step, no track twice, and none at all rather than a wrong beginning."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.events import Step, Strategy
from moodbox.mood import COORDINATES, mood_by_hand
from moodbox.music.planner import plan
from moodbox.music.spotify.player.programme import EACH, NEAR, choose, distance
from moodbox.music.spotify.ports import Candidate
from tests.fakes.spotify_music import track, uri


def steps(label: str) -> tuple[Step, ...]:
    return plan(mood_by_hand(label, 0.0), Strategy.LIFT).steps


def candidate(name: str, label: str, *, weight: float = 1.0, liked: bool = False) -> Candidate:
    return Candidate(track(name), *COORDINATES[label], weight, uri("playlist", label), liked)


def shelf(*labels: str, each: int = 6) -> list[Candidate]:
    return [candidate(f"{label}-{number}", label) for label in labels for number in range(each)]


def titles(places: tuple, step: int) -> set[str]:
    return {place.candidate.track.title.split("-")[0] for place in places if place.step == step}


def test_lift_begins_at_the_present_mood_and_ends_at_the_target():
    places = choose(steps("sad"), shelf("sad", "neutral", "happy", "angry"), random.Random(1))
    last = max(place.step for place in places)
    assert titles(places, 0) == {"sad"}
    assert titles(places, last) == {"happy"}
    assert [place.step for place in places] == sorted(place.step for place in places)
    assert len(places) == EACH * (last + 1)


def test_liked_tracks_come_first_among_equals():
    liked = [candidate(f"liked-{number}", "sad", liked=True) for number in range(3)]
    places = choose(steps("sad")[:1], [*shelf("sad"), *liked], random.Random(1))
    assert titles(places, 0) == {"liked"}


def test_founded_points_come_before_guesses_of_the_same_place():
    certain = [candidate(f"certain-{number}", "sad", weight=1e6) for number in range(3)]
    doubtful = [candidate(f"doubtful-{number}", "sad", weight=0.0) for number in range(9)]
    chosen = [choose(steps("sad")[:1], [*doubtful, *certain], random.Random(seed)) for seed in range(20)]
    assert all(titles(places, 0) == {"certain"} for places in chosen)


def test_what_played_recently_waits():
    candidates = shelf("sad", each=6)
    recent = {one.track.uri for one in candidates[:3]}
    places = choose(steps("sad")[:1], candidates, random.Random(1), recent=recent)
    assert not recent & {place.candidate.track.uri for place in places}


def test_chance_varies_and_a_seed_repeats():
    candidates = shelf("sad", "neutral", "happy", each=20)
    first, same, other = (choose(steps("sad"), candidates, random.Random(seed)) for seed in (1, 1, 2))
    assert first == same
    assert first != other


def test_lift_that_could_not_begin_near_the_mood_is_none():
    assert choose(steps("sad"), shelf("happy", each=60), random.Random(1)) == ()


def test_too_few_tracks_make_no_lift():
    assert choose(steps("sad"), shelf("sad", each=5), random.Random(1)) == ()


def test_forbidden_tracks_are_left_out():
    candidates = shelf("sad", each=7)
    never = {one.track.uri for one in candidates[:4]}
    places = choose(steps("sad")[:1], candidates, random.Random(1), forbidden=lambda _step, one: one.track.uri in never)
    assert not never & {place.candidate.track.uri for place in places}


POINTS = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 9), st.booleans())


@given(st.sampled_from(list(COORDINATES)), st.lists(POINTS, max_size=60), st.integers(0, 9))
def test_any_shelf_gives_a_whole_lift_or_none(label: str, points: list, seed: int):
    candidates = [
        Candidate(track(f"t{number}"), valence, arousal, weight, "", liked)
        for number, (valence, arousal, weight, liked) in enumerate(points)
    ]
    wanted = steps(label)
    places = choose(wanted, candidates, random.Random(seed))
    uris = [place.candidate.track.uri for place in places]
    assert len(set(uris)) == len(uris)
    assert [place.step for place in places] in ([], [number for number in range(len(wanted)) for _ in range(EACH)])
    assert all(distance(wanted[0], place.candidate) <= NEAR for place in places if place.step == 0)


@pytest.mark.parametrize("label", list(COORDINATES))
def test_every_mood_can_be_lifted_when_every_mood_has_music(label: str):
    assert choose(steps(label), shelf(*COORDINATES, each=9), random.Random(3))
