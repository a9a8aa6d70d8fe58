"""The weekly refresh: what it costs, and that it may be cut off anywhere."""

import pytest

from moodbox.mood import COORDINATES
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict
from moodbox.music.spotify.made.refresh import main
from moodbox.music.spotify.values import Feature, Purpose
from moodbox.standin.faults import Fault, FaultKind
from moodbox.standin.things import Item

WEEK = 7 * 86_400.0
SOURCES = {
    "happy": "Sunday sunshine",
    "sad": "Rainy window",
    "angry": "Storm out",
    "fear": "Night light",
    "disgust": "Clear the palate",
    "surprise": "Jack-in-the-box",
    "neutral": "Deep work",
}


def grow(bench, size=60):
    """Let every source have that many tracks."""
    for label, name in SOURCES.items():
        own = bench.playlist(name)
        more = [one.uri for one in bench.world.tracks.values() if one.kind == "track" and one.mood == label]
        more += [one.uri for one in bench.world.tracks.values() if one.kind == "track" and one.mood != label]
        known = {item.uri for item in own.items}
        add = [uri for uri in more if uri not in known][: size - len(own.items)]
        own.items += [Item(uri, bench.clock(), own.owner) for uri in add]
        own.writes += 1


def furnish(bench, *labels):
    """Make some, or all seven as a household has that uses everything."""
    for label in labels or SOURCES:
        bench.pick(label, SOURCES[label])
        bench.workshop.make(label)


def lists(bench, labels=tuple(COORDINATES)):
    return {label: bench.tracks(label) for label in labels}


FEW = ("happy", "sad", "angry")


def test_a_refresh_of_everything_costs_at_most_110_calls(bench, capsys):
    grow(bench)
    furnish(bench)
    bench.clock.turn(WEEK)
    before, old = len(bench.calls()), lists(bench)
    for name in SOURCES.values():
        bench.playlist(name).writes += 1  # all of them have changed: the dearest week
    assert bench.refresh.run() == "7 playlists of yours read. 7 playlists made anew."
    dear, middle = len(bench.calls()) - before, len(bench.calls())
    assert bench.budget.state().by_purpose == {Purpose.WEEKLY: dear}
    new = lists(bench)
    assert all(new[label] != old[label] for label in COORDINATES)
    assert bench.shelf.preferences().refreshed_at == bench.clock()
    bench.clock.turn(WEEK)
    assert bench.refresh.run() == "7 playlists made anew."
    quiet = len(bench.calls()) - middle
    with capsys.disabled():
        print(
            f"\na refresh of 7 made moods with sources of 60 tracks: {dear} calls, {quiet} when no source has changed"
        )
    assert quiet < dear <= 110


def test_the_second_refresh_of_a_day_does_nothing_twice(bench):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    bench.refresh.run()
    before, there = len(bench.calls()), lists(bench, FEW)
    bench.clock.turn(3600)
    assert bench.refresh.run() == "Everything is fresh."
    assert set(bench.calls(before)) == {"GET /me/playlists"}
    assert lists(bench, FEW) == there


def test_it_makes_nothing_that_the_owner_did_not_ask_for(bench):
    bench.pick("happy", "Sunday sunshine")
    assert bench.refresh.run() == "1 playlist of yours read."
    assert not [call for call in bench.calls() if not call.startswith("GET")]
    assert len(bench.shelf.tracks(bench.playlist("Sunday sunshine").uri)) == 28
    assert len(bench.shelf.library()) > 10


def test_without_permission_to_make_it_still_reads(bench):
    bench.pick("happy", "Sunday sunshine")
    bench.allowed.discard(Feature.MAKE)
    assert bench.refresh.run() == "1 playlist of yours read."


@pytest.mark.parametrize("at", [3, 12, 24])
def test_a_quota_in_the_middle_keeps_what_was_done_and_does_the_rest_next_time(bench, at):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    start, old = len(bench.calls()), lists(bench, FEW)
    bench.world.quota, bench.world.daily_calls = True, at
    told = bench.refresh.run()
    assert "Stopped early: Spotify takes no more calls from this account for now." in told
    assert "Left for next time: Moodbox: " in told
    done = [label for label, tracks in lists(bench, FEW).items() if tracks != old[label]]
    assert len(done) < 3
    assert all(tracks for tracks in lists(bench, FEW).values())
    assert bench.shelf.preferences().refreshed_at is None
    before = len(bench.calls())
    with pytest.raises(SpotifyError):
        bench.refresh.run()  # held back by the quota: no call is made at all
    assert len(bench.calls()) == before
    bench.world.quota = False
    bench.clock.turn(86_500)
    kept = {label: bench.tracks(label) for label in done}
    left = 3 - len(done)
    assert bench.refresh.run() == f"{left} playlist{'s' if left > 1 else ''} made anew."
    assert {label: bench.tracks(label) for label in done} == kept
    assert all(len(bench.ours(label)) == 1 for label in FEW)
    assert start < before


def test_our_own_budget_stops_it_as_gently(bench):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    for _ in range(265):
        bench.budget.spend(Purpose.PRESS)
    told = bench.refresh.run()
    assert "Stopped early: The box has made as many calls of Spotify as it may in a day." in told
    assert bench.budget.state().used <= 281


def test_the_oldest_is_made_first(bench):
    for label in ("sad", "happy", "angry"):
        bench.workshop.make(label)
        bench.clock.turn(86_400)
    bench.clock.turn(WEEK)
    words = []
    bench.refresh.run(words.append)
    assert [line for line in words if line.startswith("Making")] == [
        "Making Moodbox: sad, 1 of 3.",
        "Making Moodbox: happy, 2 of 3.",
        "Making Moodbox: angry, 3 of 3.",
    ]


def test_one_that_fails_does_not_stop_the_others(bench):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    broken = bench.shelf.made("sad").uri
    path = f"/playlists/{broken.rsplit(':', 1)[-1]}/items"
    bench.spotify.faults.add(Fault(FaultKind.HTML, times=None, path=path))
    old = bench.tracks("sad")
    told = bench.refresh.run()
    assert told.startswith("2 playlists made anew. Not done: Moodbox: sad: Spotify")
    assert bench.tracks("sad") == old


def test_what_only_the_owner_can_change_is_not_tried_seven_times(bench):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    bench.spotify.faults.add(Fault(FaultKind.OWNER_PREMIUM, times=None, path="/playlists/"))
    told = bench.refresh.run()
    assert told.startswith("Stopped early: The account that owns the Spotify app has no Premium. Left for next time:")
    assert sum(call.status == 403 for call in bench.spotify.calls) == 1


def test_a_short_pause_that_spotify_asks_for_is_waited_for(bench):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    bench.refresh._sleep = bench.clock.turn
    bench.spotify.faults.add(Fault(FaultKind.RATE_LIMITED, seconds=20, path="/search"))
    now = bench.clock()
    assert bench.refresh.run() == "3 playlists made anew."
    assert bench.clock() == now + 21


def test_a_long_pause_is_not_waited_for(bench):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    bench.spotify.faults.add(Fault(FaultKind.RATE_LIMITED, seconds=600, path="/search"))
    assert "Stopped early: Spotify asked for a short pause." in bench.refresh.run()
    assert bench.slept == []


def test_two_refreshes_never_run_at_once(bench):
    other = bench.another()
    seen = []
    bench.pick("happy", "Sunday sunshine")
    bench.refresh.run(lambda _: seen.append(other.refresh.run()))
    other.close()
    assert set(seen) == {"The playlists are being refreshed already."}


def test_a_lift_can_be_written_while_a_refresh_runs(bench):
    furnish(bench, *FEW)
    bench.clock.turn(WEEK)
    other = bench.another()
    bench.refresh.run(lambda _: other.workshop.write_lift(bench.songs(5)))
    other.close()
    assert bench.tracks("lift") == bench.songs(5)


def test_one_that_was_deleted_and_unchosen_stays_deleted(bench):
    bench.workshop.make("happy")
    bench.workshop.make("sad")
    bench.clock.turn(WEEK)
    happy, sad = bench.shelf.made("happy").uri, bench.shelf.made("sad").uri
    for uri in (happy, sad):
        bench.world.followed.remove(uri)
    bench.shelf.choose("happy", [bench.playlist("Kitchen disco").uri])
    bench.refresh.run()
    assert bench.ours("happy") == []
    assert len(bench.ours("sad")) == 1  # still chosen for its mood: the box cannot do without
    assert bench.shelf.mood_playlists("sad")[0].uri == bench.ours("sad")[0].uri


def test_a_playlist_of_a_strangers_choice_is_played_but_never_read(bench):
    bench.pick("happy", "Corner Records: up and out")
    assert bench.refresh.run() == "Everything is fresh."


def test_the_lift_gets_its_cover_when_there_is_time(bench):
    bench.workshop.write_lift(bench.songs(5))
    assert bench.ours("lift")[0].cover == b""
    bench.refresh.run()
    assert bench.ours("lift")[0].cover


def test_what_was_chosen_is_read_at_once(bench):
    bench.pick("happy", "Sunday sunshine", "Corner Records: up and out")
    assert bench.refresh.read("happy") == "1 playlist read."
    assert len(bench.shelf.candidates("happy")) == 28
    assert bench.refresh.read("happy") == "0 playlists read."


def test_the_command_tells_how_it_went_and_fails_only_when_the_owner_must_act():
    def ends(error):
        def run(progress):
            progress("Listing your playlists.")
            raise error

        said = []
        return main(run, said.append), said

    assert main(lambda _: "Everything is fresh.", lambda _: None) == 0
    code, said = ends(NeedsLogin("Nobody is signed in"))
    assert code == 0
    assert said[-1] == "Nobody is signed in. Open Setup on this page and sign in to Spotify."
    assert ends(SpotifyError("Busy", "Wait", Verdict.LATER, key="spotify-quota"))[0] == 0
    assert ends(SpotifyError("Wrong", "Act", Verdict.TELL, key="spotify-setup"))[0] == 1
