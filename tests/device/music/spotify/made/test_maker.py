"""One playlist of each kind, never two, whatever is cut, lost, deleted or renamed."""

import threading

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.made.mark import description
from moodbox.music.spotify.values import Feature
from moodbox.standin.faults import Fault, FaultKind
from moodbox.standin.things import Playlist, new_id

CREATE = {"path": "/me/playlists", "method": "POST"}


def test_a_playlist_is_made_once_and_is_private(bench):
    made = bench.workshop.playlist_for("lift")
    assert bench.calls() == ["GET /me/playlists", "POST /me/playlists"]
    assert bench.workshop.playlist_for("lift") == made
    assert len(bench.calls()) == 2
    [playlist] = bench.ours("lift")
    assert (playlist.uri, playlist.name, playlist.public) == (made.uri, "Moodbox: lift", False)
    assert playlist.description == f"Made by Moodbox · {made.mark}"
    assert bench.shelf.playlist(made.uri).name == "Moodbox: lift"


def test_every_kind_has_its_own(bench):
    made = [bench.workshop.playlist_for(kind) for kind in ("lift", "happy", "sad")]
    assert len({one.uri for one in made}) == len({one.mark for one in made}) == 3


def test_an_answer_that_is_lost_after_the_playlist_was_made_makes_no_second_one(bench):
    bench.spotify.faults.add(Fault(FaultKind.CUT, after=True, **CREATE))
    made = bench.workshop.playlist_for("lift")
    assert [one.uri for one in bench.ours("lift")] == [made.uri]
    assert bench.calls().count("POST /me/playlists") == 1


def test_a_request_that_is_lost_on_the_way_is_not_sent_again_for_two_minutes(bench):
    bench.spotify.faults.add(Fault(FaultKind.CUT, **CREATE))
    with pytest.raises(SpotifyError) as first:
        bench.workshop.playlist_for("lift")
    assert first.value.verdict is Verdict.LATER
    bench.clock.turn(30)
    with pytest.raises(SpotifyError) as second:
        bench.workshop.playlist_for("lift")
    assert (second.value.verdict, second.value.key) == (Verdict.LATER, "spotify-playlist")
    assert second.value.retry_at == bench.clock() + 90
    assert bench.calls().count("POST /me/playlists") == 1
    bench.clock.turn(91)
    bench.workshop.playlist_for("lift")
    assert len(bench.ours("lift")) == 1


def test_a_playlist_that_is_listed_late_is_found_and_not_made_again(bench):
    """Spotify made it, the answer was lost, and its listing is a minute behind."""
    bench.spotify.faults.add(Fault(FaultKind.CUT, after=True, **CREATE))
    bench.spotify.faults.add(Fault(FaultKind.SERVER_ERROR, times=None, path="/me/playlists", method="GET"))
    bench.shelf.plan_made("lift", "a" * 16)
    bench.shelf.keep_made(bench.shelf.made("lift").__class__("lift", "", "a" * 16, "", "", 0.0, 0.0))
    with pytest.raises(SpotifyError):
        bench.workshop.playlist_for("lift")
    assert bench.calls().count("POST /me/playlists") == 0  # nothing is made while nobody can look
    bench.spotify.faults.clear()
    bench.spotify.faults.add(Fault(FaultKind.CUT, **CREATE))
    with pytest.raises(SpotifyError):
        bench.workshop.playlist_for("lift")
    late = Playlist(new_id("late"), "Moodbox: lift", bench.world.owner.id, description=description("a" * 16))
    bench.world.playlists[late.uri] = late
    bench.clock.turn(60)
    with pytest.raises(SpotifyError):
        bench.workshop.playlist_for("lift")
    bench.world.followed.insert(0, late.uri)
    bench.clock.turn(10)
    assert bench.workshop.playlist_for("lift").uri == late.uri
    assert len(bench.ours("lift")) == 1


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED, FaultKind.NOT_REGISTERED])
def test_after_a_clear_no_the_next_try_need_not_wait(bench, kind):
    bench.spotify.faults.add(Fault(kind, seconds=5, **CREATE))
    with pytest.raises(SpotifyError) as refused:
        bench.workshop.playlist_for("lift")
    assert not refused.value.uncertain
    bench.clock.turn(6)
    assert bench.workshop.playlist_for("lift").uri == bench.ours("lift")[0].uri


def test_a_clock_that_went_back_makes_no_second_playlist_and_no_endless_wait(bench):
    bench.spotify.faults.add(Fault(FaultKind.CUT, **CREATE))
    with pytest.raises(SpotifyError):
        bench.workshop.playlist_for("lift")
    bench.clock.turn(-365 * 86_400.0)
    with pytest.raises(SpotifyError) as waiting:
        bench.workshop.playlist_for("lift")
    assert waiting.value.retry_at == bench.clock() + 120
    bench.clock.turn(121)
    bench.workshop.playlist_for("lift")
    assert len(bench.ours("lift")) == 1


def test_a_renamed_playlist_is_kept(bench):
    made = bench.workshop.playlist_for("lift")
    [playlist] = bench.ours("lift")
    playlist.name, playlist.description = "Uphill", "Mine"
    assert bench.workshop.write_lift(bench.songs(3)) == made.uri
    assert playlist.name == "Uphill"
    assert len(playlist.items) == 3


def test_of_two_with_the_mark_the_first_is_used_and_the_other_left_alone(bench):
    mark = "b" * 16
    bench.shelf.plan_made("lift", mark)
    twins = [
        Playlist(new_id("twin", number), "Moodbox: lift", bench.world.owner.id, description=description(mark))
        for number in range(2)
    ]
    for twin in twins:
        bench.world.playlists[twin.uri] = twin
        bench.world.followed.append(twin.uri)
    assert bench.workshop.write_lift(bench.songs(4)) == twins[0].uri
    assert (len(twins[0].items), twins[1].items) == (4, [])


def test_after_a_disconnect_the_old_playlist_is_used_again(bench):
    made = bench.workshop.playlist_for("lift")
    bench.shelf.forget()
    again = bench.workshop.playlist_for("lift")
    assert (again.uri, again.mark) == (made.uri, made.mark)
    assert len(bench.ours("lift")) == 1


def test_two_processes_and_many_threads_make_one(bench):
    desks = [bench.another() for _ in range(2)]
    found, errors = [], []

    def make(desk):
        try:
            found.append(desk.workshop.playlist_for("lift").uri)
        except Exception as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=make, args=(desk,)) for desk in (bench, *desks) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for desk in desks:
        desk.close()
    assert not errors
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(bench.ours("lift")) == 1


def test_without_permission_nothing_is_asked_and_the_owner_is_told_where_to_allow_it(bench):
    bench.allowed.discard(Feature.LIFT)
    with pytest.raises(SpotifyError) as told:
        bench.workshop.playlist_for("lift")
    assert (told.value.verdict, told.value.key) == (Verdict.TELL, "spotify-setup")
    assert "Allow Moodbox to make playlists" in told.value.action
    assert "Moods tab" in told.value.action
    assert bench.calls() == []


def test_a_lock_that_is_held_too_long_is_said_in_a_sentence(bench):
    other = bench.another()
    bench.workshop.lock._patience = 0.0
    with other.workshop.lock, pytest.raises(SpotifyError) as busy:
        bench.workshop.playlist_for("lift")
    other.close()
    assert (busy.value.verdict, busy.value.key) == (Verdict.LATER, "spotify-busy")
