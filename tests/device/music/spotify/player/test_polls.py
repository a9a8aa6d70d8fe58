"""When a plain device is asked: seldom, and never for nothing."""

from __future__ import annotations

import pytest

from moodbox.music.spotify.player.polls import FAILED, GAP, REFUSED, SETTLE, Polls
from moodbox.music.spotify.values import BudgetState, Heard
from tests.fakes.spotify_music import track
from tests.fakes.spotify_speaker import trouble


def playing(seconds: float, position: float = 0.0, at: float = 100.0) -> Heard:
    return Heard(connected=True, playing=True, track=track("one", seconds), position=position, at=at)


def due(heard: Heard, used: int = 0, now: float = 100.0) -> float | None:
    polls = Polls()
    polls.asked(now, heard, BudgetState(used, 300, 600))
    return polls.due


def test_first_look_comes_when_spotify_knows():
    polls = Polls()
    assert polls.due is None
    polls.soon(100.0)
    assert polls.due == 100.0 + SETTLE


def test_look_comes_at_the_end_of_the_track():
    assert due(playing(200, position=50)) == 250.0 + SETTLE


def test_track_that_ends_soon_after_the_gap_is_not_looked_at_twice():
    assert due(playing(GAP + 60)) == 100 + GAP + 60 + SETTLE


@pytest.mark.parametrize("heard", [playing(3600), playing(0), Heard(connected=True, playing=True)])
def test_long_or_unknown_tracks_are_looked_at_now_and_then(heard: Heard):
    assert due(heard) == 100 + GAP


@pytest.mark.parametrize("heard", [Heard(connected=True, paused=True), Heard(ended=True), Heard()])
def test_silence_is_not_looked_at(heard: Heard):
    assert due(heard) is None


def test_less_budget_means_fewer_looks():
    gaps = [due(playing(30), used=used) or 0 for used in (0, 100, 150, 190, 199)]
    assert gaps == sorted(gaps)
    assert gaps[0] < 200 < 100 + 3600 < gaps[-1]


def test_no_budget_means_none_for_a_while():
    assert due(playing(30), used=200) == 100 + REFUSED


@pytest.mark.parametrize(("key", "wait"), [("spotify-quota", REFUSED), ("spotify-offline", FAILED)])
def test_refused_look_waits(key: str, wait: float):
    polls = Polls()
    polls.refused(100.0, trouble(key))
    assert polls.due == 100.0 + wait


def test_rest_is_rest():
    polls = Polls()
    polls.soon(100.0)
    polls.rest()
    assert polls.due is None
