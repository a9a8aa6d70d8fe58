"""Writing a lift into its playlist."""

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Purpose
from moodbox.standin.faults import Fault, FaultKind

WRITE = {"path": "/playlists/", "method": "PUT"}


def test_a_lift_replaces_what_was_there_with_one_call(bench):
    uri = bench.workshop.write_lift(bench.songs(100))
    before = len(bench.calls())
    songs = bench.songs(12)[::-1]
    assert bench.workshop.write_lift(songs) == uri
    assert bench.calls(before) == [f"PUT /playlists/{uri.rsplit(':', 1)[-1]}/items"]
    assert bench.tracks("lift") == songs
    assert bench.budget.state().by_purpose == {Purpose.PRESS: len(bench.calls())}


def test_the_same_lift_costs_no_call(bench):
    songs = bench.songs(9)
    bench.workshop.write_lift(songs)
    before = len(bench.calls())
    bench.workshop.write_lift(songs)
    assert len(bench.calls()) == before


def test_a_lift_of_no_tracks_or_too_many_is_refused_before_any_call(bench):
    for songs in ([], bench.songs(101)):
        with pytest.raises(SpotifyError) as told:
            bench.workshop.write_lift(songs)
        assert told.value.verdict is Verdict.TELL
    assert bench.calls() == []


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_that_is_cut_while_writing_leaves_the_right_list(bench, after):
    bench.workshop.write_lift(bench.songs(5))
    bench.spotify.faults.add(Fault(FaultKind.CUT, after=after, **WRITE))
    songs = bench.songs(20)[10:]
    bench.workshop.write_lift(songs)
    assert bench.tracks("lift") == songs


@pytest.mark.parametrize("after", [False, True])
def test_after_a_write_whose_end_is_unknown_the_old_list_is_not_taken_for_granted(bench, after):
    """Were the old digest kept, playing the first lift again would play the second one."""
    first, second = bench.songs(5), bench.songs(20)[10:]
    bench.workshop.write_lift(first)
    bench.spotify.faults.add(Fault(FaultKind.CUT, times=None, after=after, **WRITE))
    with pytest.raises(SpotifyError):
        bench.workshop.write_lift(second)
    bench.spotify.faults.clear()
    bench.workshop.write_lift(first)
    assert bench.tracks("lift") == first


def test_a_playlist_that_has_disappeared_is_made_again_and_written(bench):
    old = bench.workshop.write_lift(bench.songs(5))
    bench.world.followed.remove(old)
    del bench.world.playlists[old]
    bench.clock.turn(3600)
    new = bench.workshop.write_lift(bench.songs(7))
    assert new != old
    assert bench.tracks("lift") == bench.songs(7)
    assert bench.shelf.made("lift").uri == new


def test_another_account_gets_a_playlist_of_its_own(bench):
    old = bench.workshop.write_lift(bench.songs(5))
    bench.world.followed.remove(old)
    bench.world.playlists[old].owner = "jonas.demo"
    bench.clock.turn(3600)
    new = bench.workshop.write_lift(bench.songs(7))
    assert new != old
    assert len(bench.world.playlists[old].items) == 5


def test_the_quota_stops_a_lift_with_a_sentence_and_loses_nothing(bench):
    bench.workshop.write_lift(bench.songs(5))
    bench.spotify.faults.add(Fault(FaultKind.QUOTA))
    with pytest.raises(SpotifyError) as stopped:
        bench.workshop.write_lift(bench.songs(8))
    assert (stopped.value.verdict, stopped.value.key) == (Verdict.LATER, "spotify-quota")
    bench.clock.turn(50_000)
    bench.workshop.write_lift(bench.songs(8))
    assert bench.tracks("lift") == bench.songs(8)
    assert len(bench.ours("lift")) == 1
