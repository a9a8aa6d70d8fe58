"""What must not play for a mood."""

import pytest

from moodbox.music.spotify.values import Track
from tests.fakes.spotify_words import playlist, track, uri

SONG = track("song", "artist")


def test_list_of_a_mood_in_the_order_of_adding(shelf, clock):
    for word in ("b", "a"):
        clock.now += 1
        shelf.forbid("happy", uri("track", word), word)
    shelf.forbid("sad", uri("track", "c"), "half \ud83d")
    assert list(shelf.never("happy").items()) == [(uri("track", "b"), "b"), (uri("track", "a"), "a")]
    assert shelf.never("sad") == {uri("track", "c"): "half ?"}
    assert shelf.never("") == {}


def test_forbidding_twice_and_allowing(shelf):
    shelf.forbid("happy", SONG.uri, "old name")
    shelf.forbid("happy", SONG.uri, "song")
    assert shelf.never("happy") == {SONG.uri: "song"}
    shelf.allow("sad", SONG.uri)
    assert shelf.is_forbidden("happy", SONG)
    shelf.allow("happy", SONG.uri)
    shelf.allow("happy", SONG.uri)
    assert not shelf.is_forbidden("happy", SONG)


@pytest.mark.parametrize("forbidden", [SONG.uri, uri("artist", "artist"), playlist("list").uri])
def test_track_is_forbidden_by_itself_its_artist_or_its_playlist(shelf, forbidden):
    assert not shelf.is_forbidden("happy", SONG, playlist("list").uri)
    shelf.forbid("happy", forbidden, "it")
    assert shelf.is_forbidden("happy", SONG, playlist("list").uri)
    assert not shelf.is_forbidden("sad", SONG, playlist("list").uri)
    assert not shelf.is_forbidden("happy", track("other", "other"), playlist("other").uri)


def test_nothing_known_is_nothing_forbidden(shelf):
    shelf.forbid("happy", "", "a slip")
    assert not shelf.is_forbidden("happy", Track("spotify:local", "local"), "")
