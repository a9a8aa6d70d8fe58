"""Playlists that were met: the picker's list, and pictures that expire."""

from dataclasses import replace

import pytest

from moodbox.music.spotify.catalogue.catalogue import Catalogue
from moodbox.store.database import Database
from moodbox.store.tables import PlaylistRow
from tests.fakes.spotify_words import playlist, uri


def names(shelf) -> list[str]:
    return [one.name for one in shelf.library()]


def test_met_playlist_is_given_back_whole(shelf):
    one = playlist("One", owner="Ann", total=7, cover="https://i/1", snapshot="s", description="d")
    shelf.meet_playlists([one], "library")
    assert shelf.playlist(one.uri) == one
    assert shelf.playlist(uri("playlist", "Two")) is None


def test_library_is_what_was_listed_by_name(shelf):
    shelf.meet_playlists([playlist("beta"), playlist("Alpha"), playlist("gamma", owned=False)], "library")
    shelf.meet_playlists([playlist("found")], "search")
    shelf.meet_playlists([playlist("pasted")], "link")
    shelf.meet_playlists([playlist("Moodbox: happy")], "made")
    assert names(shelf) == ["Alpha", "beta", "gamma", "Moodbox: happy"]
    assert shelf.playlist(playlist("found").uri) is not None


def test_whole_library_unlists_what_is_gone_but_keeps_it(shelf):
    shelf.meet_playlists([playlist("one"), playlist("two")], "library", whole_library=True)
    shelf.choose("happy", [playlist("one").uri])
    shelf.meet_playlists([playlist("two"), playlist("three")], "library", whole_library=True)
    assert names(shelf) == ["three", "two"]
    assert [one.name for one in shelf.mood_playlists("happy")] == ["one"]
    shelf.meet_playlists([playlist("one")], "library")
    assert names(shelf) == ["one", "three", "two"]


def test_empty_library_is_empty(shelf):
    shelf.meet_playlists([playlist("one")], "library")
    shelf.meet_playlists([], "library", whole_library=True)
    assert shelf.library() == []


def test_search_takes_nothing_away_that_it_does_not_say(shelf):
    full = playlist("One", owner="Ann", total=7, cover="https://i/1", snapshot="s", description="d")
    shelf.meet_playlists([full], "library")
    shelf.meet_playlists([replace(full, name="New name", total=None, cover="", snapshot="", description="")], "search")
    assert shelf.library() == [replace(full, name="New name")]


def test_origin_is_where_it_was_met_first(shelf, database):
    shelf.meet_playlists([playlist("mine")], "made")
    shelf.meet_playlists([playlist("mine")], "library", whole_library=True)
    with database.reading() as session:
        assert session.get_one(PlaylistRow, playlist("mine").uri).origin == "made"


def test_same_playlist_twice_in_one_answer_is_one(shelf):
    shelf.meet_playlists([playlist("one"), playlist("one", total=3)], "library")
    assert [one.total for one in shelf.library()] == [3]


@pytest.mark.parametrize(("hours", "shown"), [(0, True), (19.9, True), (20.1, False), (24, False), (-8760, False)])
def test_cover_expires_within_a_day_whatever_the_clock_was(shelf, clock, hours, shown):
    shelf.meet_playlists([playlist("one", cover="https://i/1")], "library")
    shelf.choose("happy", [playlist("one").uri])
    clock.now += hours * 3600
    wanted = "https://i/1" if shown else ""
    assert [one.cover for one in (*shelf.library(), *shelf.mood_playlists("happy"))] == [wanted] * 2
    assert shelf.playlist(playlist("one").uri) == playlist("one", cover=wanted)


def test_cover_lives_again_when_seen_again(shelf, clock):
    shelf.meet_playlists([playlist("one", cover="https://i/1")], "library")
    clock.now += 30 * 3600
    shelf.meet_playlists([playlist("one", cover="https://i/2")], "library")
    assert shelf.library()[0].cover == "https://i/2"


def test_strange_names_are_kept_as_far_as_text_goes(shelf):
    shelf.meet_playlists([playlist("one", description="'; DROP TABLE playlist; --")], "library")
    shelf.meet_playlists([replace(playlist("two"), name="half \ud83d of 🎷", owner="\ud83d")], "library")
    assert [one.name for one in shelf.library()] == ["half ? of 🎷", "one"]
    assert shelf.library()[1].description == "'; DROP TABLE playlist; --"


def test_another_process_sees_the_same(shelf, tmp_path):
    shelf.meet_playlists([playlist("one")], "library")
    other = Database(tmp_path / "moodbox.db")
    assert Catalogue(other).library() == shelf.library()
    other.close()
