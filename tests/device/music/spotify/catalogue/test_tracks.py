"""Tracks that were met, and what own playlists hold."""

from dataclasses import replace

import pytest

from moodbox.errors import CatalogueError
from moodbox.music.spotify.values import Artist
from moodbox.store.tables import TrackRow
from tests.fakes.spotify_words import playlist, track, uri

DAY = 86_400.0


@pytest.fixture
def own(shelf):
    one = playlist("own", snapshot="s1")
    shelf.meet_playlists([one], "library")
    return one.uri


def test_met_track_is_given_back_whole(shelf):
    two = (Artist(uri("artist", "a"), "A"), Artist(uri("artist", "b"), "B \ud83d"))
    one = track("one", artists=two, album="Album", cover="https://i/1", playable=False)
    shelf.meet_tracks([one], "search")
    assert shelf.track(one.uri) == replace(one, artists=(two[0], Artist(two[1].uri, "B ?")))
    assert shelf.track(uri("track", "two")) is None


def test_track_met_again_is_brought_up_to_date_and_keeps_its_origin(shelf, database):
    shelf.meet_tracks([track("one", cover="https://i/1")], "top")
    shelf.meet_tracks([track("one", "else", playable=False), track("one", "else", playable=False)], "search")
    found = shelf.track(track("one").uri)
    assert (found.artists[0].name, found.playable, found.cover) == ("else", False, "https://i/1")
    with database.reading() as session:
        assert session.get_one(TrackRow, found.uri).origin == "top"


@pytest.mark.parametrize(("days", "shown"), [(0, True), (29, True), (31, False), (-365, False)])
def test_cover_of_a_track_lives_a_month(shelf, clock, days, shown):
    shelf.meet_tracks([track("one", cover="https://i/1")], "search")
    clock.now += days * DAY
    assert shelf.track(track("one").uri).cover == ("https://i/1" if shown else "")


def test_filled_playlist_gives_its_tracks_in_order_with_repetitions(shelf, own):
    tracks = [track("b"), track("a"), track("b"), track("c")]
    shelf.fill(own, tracks, "s1")
    assert shelf.tracks(own) == tracks
    shelf.fill(own, [track("c"), track("a")], "s2")
    assert shelf.tracks(own) == [track("c"), track("a")]
    shelf.fill(own, [], "s3")
    assert shelf.tracks(own) == []
    assert shelf.track(track("b").uri) is not None, "a track may be gone from a playlist and still be liked"


def test_snapshot_says_whether_a_call_is_needed(shelf, own):
    assert not shelf.is_read(own, "s1"), "met, but its tracks were never read"
    shelf.fill(own, [track("a")], "s1")
    assert shelf.is_read(own, "s1")
    assert not shelf.is_read(own, "s2")
    shelf.meet_playlists([playlist("own", snapshot="s2")], "library")
    assert shelf.is_read(own, "s1"), "what is known is still that of s1"


def test_unknown_snapshot_is_never_read(shelf, own):
    shelf.fill(own, [track("a")], "")
    assert not shelf.is_read(own, "")
    assert not shelf.is_read(uri("playlist", "other"), "s1")


def test_unmet_playlist_cannot_be_filled(shelf):
    with pytest.raises(CatalogueError, match="does not know spotify:playlist:strange"):
        shelf.fill(uri("playlist", "strange"), [track("a")], "s1")
    assert shelf.track(track("a").uri) is None


def test_large_playlist_is_filled_at_once(shelf, own):
    tracks = [track(f"t{number}") for number in range(1200)]
    shelf.fill(own, tracks, "s1")
    assert shelf.tracks(own) == tracks
