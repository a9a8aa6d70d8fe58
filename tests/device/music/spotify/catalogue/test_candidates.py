"""Tracks for a lift: where they come from, where they lie, and which are left out."""

import pytest

from moodbox.mood import COORDINATES
from tests.fakes.spotify_words import playlist, track, uri

HAPPY, SAD, FOLLOWED = playlist("happy"), playlist("sad"), playlist("followed", owned=False)


@pytest.fixture(autouse=True)
def moods(shelf):
    """Two own playlists that share a track, and one that is only followed."""
    shelf.meet_playlists([HAPPY, SAD, FOLLOWED], "library")
    shelf.fill(HAPPY.uri, [track("one"), track("both", "star"), track("one"), track("gone", playable=False)], "s")
    shelf.fill(SAD.uri, [track("two"), track("both", "star")], "s")
    shelf.fill(FOLLOWED.uri, [track("not mine")], "s")
    shelf.choose("happy", [FOLLOWED.uri, HAPPY.uri])
    shelf.choose("sad", [SAD.uri])


def titles(shelf, label=None) -> list[str]:
    return [one.track.title for one in shelf.candidates(label)]


def point(shelf, title: str) -> tuple[float, float, float]:
    (one,) = (one for one in shelf.candidates() if one.track.title == title)
    return one.valence, one.arousal, one.weight


def mean(*parts: tuple[str, float]) -> tuple[float, float, float]:
    """Compute what a point must be, from mood labels and weights."""
    total = sum(weight for _, weight in parts)
    valence, arousal = (sum(COORDINATES[label][axis] * weight for label, weight in parts) / total for axis in (0, 1))
    return pytest.approx((valence, arousal, total))


def test_playable_tracks_of_own_mood_playlists_each_once_in_order(shelf):
    assert titles(shelf, "happy") == ["one", "both"]
    assert titles(shelf, "sad") == ["two", "both"]
    assert titles(shelf, "angry") == []
    assert titles(shelf) == ["one", "both", "two"]
    assert {one.playlist for one in shelf.candidates("sad")} == {SAD.uri}


def test_track_lies_where_the_playlists_that_hold_it_lie(shelf):
    assert point(shelf, "one") == mean(("happy", 1.0))
    assert point(shelf, "two") == mean(("sad", 1.0))
    assert point(shelf, "both") == mean(("happy", 1.0), ("sad", 1.0))


def test_playlist_of_two_moods_lies_between_them(shelf):
    shelf.choose("surprise", [HAPPY.uri])
    assert point(shelf, "one") == mean(("happy", 1.0), ("surprise", 1.0))
    assert point(shelf, "both") == mean(("happy", 1.0), ("surprise", 1.0), ("sad", 1.0))
    assert titles(shelf, "surprise") == ["one", "both"]


def test_choice_taken_back_takes_its_point_along(shelf):
    shelf.choose("surprise", [HAPPY.uri])
    shelf.choose("surprise", [])
    shelf.choose("sad", [])
    assert point(shelf, "one") == point(shelf, "both") == mean(("happy", 1.0))
    assert titles(shelf, "surprise") == titles(shelf, "sad") == []


def test_choosing_again_counts_once(shelf):
    shelf.choose("happy", [HAPPY.uri])
    shelf.choose("happy", [HAPPY.uri, FOLLOWED.uri])
    assert point(shelf, "one") == mean(("happy", 1.0))


def test_like_moves_a_track_towards_the_mood_that_played(shelf):
    shelf.like(track("one"), "sad")
    shelf.like(track("one"), "sad")
    assert point(shelf, "one") == mean(("happy", 1.0), ("sad", 0.5))
    assert [one.track.title for one in shelf.candidates() if one.liked] == ["one"]
    shelf.like(track("one"), "angry")
    assert point(shelf, "one") == mean(("happy", 1.0), ("sad", 0.5), ("angry", 0.5))
    shelf.unlike(track("one").uri)
    assert point(shelf, "one") == mean(("happy", 1.0))
    assert not any(one.liked for one in shelf.candidates())


def test_like_without_a_mood_moves_nothing(shelf):
    shelf.like(track("one"), "")
    assert point(shelf, "one") == mean(("happy", 1.0))
    assert [one.track.title for one in shelf.candidates() if one.liked] == ["one"]


@pytest.mark.parametrize(
    ("forbidden", "left"),
    [
        (track("one").uri, ["both"]),
        (uri("artist", "star"), ["one"]),
        (HAPPY.uri, []),
    ],
)
def test_forbidden_tracks_artists_and_playlists_are_left_out_of_their_mood(shelf, forbidden, left):
    shelf.forbid("happy", forbidden, "it")
    assert titles(shelf, "happy") == left
    assert titles(shelf, "sad") == ["two", "both"]
    shelf.allow("happy", forbidden)
    assert titles(shelf, "happy") == ["one", "both"]


def test_track_forbidden_for_one_mood_is_found_through_another(shelf):
    shelf.forbid("happy", track("both").uri, "both")
    (both,) = (one for one in shelf.candidates() if one.track.title == "both")
    assert both.playlist == SAD.uri
    shelf.forbid("sad", track("both").uri, "both")
    assert titles(shelf) == ["one", "two"]


def test_playlist_that_is_no_longer_own_gives_no_tracks(shelf):
    shelf.meet_playlists([playlist("happy", owned=False)], "library")
    assert titles(shelf) == ["two", "both"]
    assert point(shelf, "both") == mean(("sad", 1.0))
