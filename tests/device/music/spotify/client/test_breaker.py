"""The breaker: opens after three failures to reach Spotify, lets a trial through every 20 s, closes at an answer."""

from __future__ import annotations

import pytest

from moodbox.music.spotify.client import errors
from moodbox.music.spotify.client.breaker import Breaker
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict


class Clock:
    def __init__(self) -> None:
        self.now = 5_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock)


def is_open(breaker, *, in_person=False):
    try:
        breaker.check(in_person=in_person)
    except SpotifyError:
        return True
    return False


def test_two_failures_leave_it_closed_and_the_third_opens_it(breaker):
    for _ in range(2):
        breaker.failed(errors.offline())
        assert not is_open(breaker)
    breaker.failed(errors.down("Spotify did not answer in time"))
    with pytest.raises(SpotifyError, match="did not answer in time") as raised:
        breaker.check()
    assert raised.value.verdict is Verdict.LATER


def test_open_one_lets_a_single_trial_through_every_twenty_seconds(breaker, clock):
    for _ in range(3):
        breaker.failed(errors.offline())
    clock.now += 19.9
    assert is_open(breaker)
    clock.now += 0.2
    assert [is_open(breaker) for _ in range(3)] == [False, True, True]
    breaker.failed(errors.offline())
    clock.now += 19.9
    assert is_open(breaker)
    clock.now += 0.2
    assert not is_open(breaker)
    breaker.answered()
    assert [is_open(breaker) for _ in range(3)] == [False, False, False]


def test_an_answer_between_failures_begins_the_row_anew(breaker):
    for _ in range(4):
        breaker.failed(errors.offline())
        breaker.failed(errors.offline())
        breaker.answered()
    assert not is_open(breaker)


def test_failures_of_other_kinds_do_not_count(breaker):
    for _ in range(5):
        breaker.failed(NeedsLogin("The sign-in is over"))
        breaker.failed(errors.busy())
    assert not is_open(breaker)


def test_bar_holds_an_hour_but_not_for_somebody_at_the_page(breaker, clock):
    error = errors.unusable("No Premium", "Renew it", "spotify-setup")
    breaker.bar(error, 3600)
    assert is_open(breaker)
    assert not is_open(breaker, in_person=True)
    clock.now += 3601
    assert not is_open(breaker)
    breaker.bar(error, 3600)
    breaker.unbar()
    assert not is_open(breaker)
