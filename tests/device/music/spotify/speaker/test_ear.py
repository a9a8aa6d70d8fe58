from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.speaker.ear import Ear
from moodbox.music.spotify.values import Heard, Track
from tests.fakes.listener import Listener, Turned

TRACK = Track("spotify:track:1", "One", seconds=100.0)
OURS = "spotify:playlist:ours"
THEIRS = "spotify:playlist:theirs"


def _playing(**changes: Any) -> dict[str, Any]:
    return {"connected": True, "active": True, "playing": True, "track": TRACK, "context": OURS, **changes}


def test_the_position_moves_on_with_the_clock_and_ends_with_the_track(listener: Listener) -> None:
    now = Turned()
    ear = Ear(listener, now)
    ear.hear(**_playing(position=40.0))
    now.turn(15)
    assert ear.heard().position == pytest.approx(55.0)
    assert ear.heard().at == now()
    ear.hear(volume=0.5)
    now.turn(5)
    assert ear.heard().position == pytest.approx(60.0)
    ear.hear(playing=False, paused=True)
    now.turn(500)
    assert ear.heard().position == pytest.approx(60.0)
    ear.hear(playing=True, paused=False)
    now.turn(500)
    assert ear.heard().position == 100.0


def test_only_changes_are_told(listener: Listener) -> None:
    now = Turned()
    ear = Ear(listener, now)
    ear.hear(**_playing(position=0.0))
    now.turn(10)
    ear.hear(position=10.3)  # what one would expect by now
    assert len(listener.all) == 1
    ear.hear(position=50.0)  # somebody moved it
    assert [heard.position for heard in listener.all] == [0.0, 50.0]
    ear.hear(tell=False, playing=False)
    assert len(listener.all) == 2
    assert not ear.heard().playing


def test_music_that_nobody_here_ordered_is_foreign(listener: Listener) -> None:
    ear = Ear(listener, Turned())
    ear.hear(**_playing(context=THEIRS))
    assert ear.heard().foreign


def test_while_an_order_is_on_its_way_the_old_music_is_not_foreign(listener: Listener) -> None:
    ear = Ear(listener, Turned())
    with ear.ordering(OURS):
        ear.hear(**_playing(context=THEIRS))
        assert not ear.heard().foreign
        ear.hear(context=OURS)
    assert not ear.heard().foreign
    ear.hear(context=THEIRS)
    assert ear.heard().foreign


def test_an_order_that_never_came_through_leaves_the_others_music_foreign(listener: Listener) -> None:
    ear = Ear(listener, Turned())
    with suppress(SpotifyError), ear.ordering(OURS):
        ear.hear(**_playing(context=THEIRS))
        raise refusal.unanswered("Kitchen")
    assert ear.heard().foreign


def test_a_refused_order_leaves_the_one_before_in_force(listener: Listener) -> None:
    ear = Ear(listener, Turned())
    with ear.ordering(OURS):
        ear.hear(**_playing())
    with suppress(SpotifyError), ear.ordering(THEIRS):
        raise refusal.refused("Kitchen", "no such playlist")
    assert not ear.heard().foreign
    ear.hear(context=THEIRS)
    assert ear.heard().foreign


def test_a_speaker_taken_away_while_it_plays_is_foreign_but_not_one_that_dozes_off(listener: Listener) -> None:
    ear = Ear(listener, Turned())
    with ear.ordering(OURS):
        ear.hear(**_playing())
    ear.hear(active=False, playing=False)
    assert ear.heard().foreign
    ear.hear(volume=0.1)
    assert ear.heard().foreign  # it stays so until it is ours again
    ear.hear(**_playing())
    assert not ear.heard().foreign
    ear.hear(playing=False, paused=True)
    ear.hear(active=False, paused=False)
    assert not ear.heard().foreign


def test_who_started_it_tells_where_the_context_does_not(listener: Listener) -> None:
    ear = Ear(listener, Turned())
    ear.learn(origin=False)
    ear.hear(**_playing(context=""))
    assert ear.heard().foreign
    ear.learn(origin=True)
    ear.hear(**_playing(context=""))
    assert not ear.heard().foreign


def test_waiting_ends_when_time_is_over(listener: Listener) -> None:
    now = Turned()
    ear = Ear(listener, now)
    assert not ear.wait(lambda known: known.heard.playing, now() + 0.01)
    assert not ear.wait(lambda known: known.heard.playing, now() - 5)
    ear.hear(playing=True)
    assert ear.wait(lambda known: known.heard.playing, now() - 5)
    assert ear.heard() == Heard(playing=True, at=now())
