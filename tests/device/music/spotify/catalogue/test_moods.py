"""The owner's playlists for a mood, and whose turn it is."""

import pytest

from moodbox.errors import CatalogueError, StorageError
from tests.fakes.spotify_words import playlist, uri

A, B, C = (playlist(word) for word in "ABC")


@pytest.fixture(autouse=True)
def met(shelf):
    shelf.meet_playlists([A, B, C], "library")


def chosen(shelf, label: str = "happy") -> list[str]:
    return [one.name for one in shelf.mood_playlists(label)]


def turns(shelf, clock, count: int, step: float = 60.0) -> str:
    played = ""
    for _ in range(count):
        clock.now += step
        one = shelf.turn("happy", clock.now)
        played += one.name if one else "-"
    return played


def test_choice_is_kept_in_the_owners_order_for_each_mood(shelf):
    shelf.choose("happy", [B.uri, A.uri, B.uri])
    shelf.choose("sad", [A.uri])
    assert (chosen(shelf), chosen(shelf, "sad"), chosen(shelf, "angry")) == (["B", "A"], ["A"], [])
    shelf.choose("happy", [A.uri, C.uri, B.uri])
    assert chosen(shelf) == ["A", "C", "B"]
    shelf.choose("happy", [])
    assert (chosen(shelf), chosen(shelf, "sad")) == ([], ["A"])


def test_unmet_playlist_or_unknown_mood_is_refused_and_changes_nothing(shelf):
    shelf.choose("happy", [A.uri])
    with pytest.raises(CatalogueError, match="search for that playlist first"):
        shelf.choose("happy", [B.uri, uri("playlist", "strange")])
    with pytest.raises(CatalogueError, match='"merry" is no mood this box knows: choose one of angry'):
        shelf.choose("merry", [A.uri])
    with pytest.raises(StorageError, match="cannot be read or written"):
        shelf.choose("happy", ["\ud800"])
    assert chosen(shelf) == ["A"]
    assert shelf.candidates() == []


def test_playlists_take_turns_in_the_owners_order(shelf, clock):
    shelf.choose("happy", [B.uri, A.uri, C.uri])
    assert turns(shelf, clock, 7) == "BACBACB"


def test_new_playlist_comes_first_and_the_others_keep_their_turn(shelf, clock):
    shelf.choose("happy", [A.uri, B.uri])
    assert turns(shelf, clock, 1) == "A"
    shelf.choose("happy", [A.uri, B.uri, C.uri])
    assert turns(shelf, clock, 4) == "BCAB"


@pytest.mark.parametrize("step", [0.0, -60.0, -365 * 86_400.0])
def test_clock_that_stands_or_goes_back_gives_nobody_two_turns(shelf, clock, step):
    shelf.choose("happy", [A.uri, B.uri, C.uri])
    assert turns(shelf, clock, 4) == "ABCA"
    assert turns(shelf, clock, 5, step) == "BCABC"
    assert turns(shelf, clock, 3) == "ABC"


def test_forbidden_playlist_has_no_turn(shelf, clock):
    shelf.choose("happy", [A.uri, B.uri])
    shelf.forbid("happy", A.uri, "A")
    assert turns(shelf, clock, 2) == "BB"
    shelf.forbid("happy", B.uri, "B")
    assert turns(shelf, clock, 1) == "-"


def test_mood_without_playlists_has_no_turn(shelf, clock):
    assert turns(shelf, clock, 1) == "-"
