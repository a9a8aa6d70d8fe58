"""Devices and what they play, by a clock that is turned by hand."""

import pytest

from tests.fakes.spotify_caller import Caller


@pytest.fixture
def happy(playlists):
    return f"spotify:playlist:{playlists['Sunday sunshine']}"


def play(call, device, **body):
    return call("PUT", f"/me/player/play?device_id={device.id}", json=body)


def reason(answer):
    return (answer.status_code, answer.json()["error"].get("reason", ""))


def test_the_household_has_speakers_and_the_attic_is_not_among_them(call):
    devices = {one["name"]: one for one in call("GET", "/me/player/devices").json()["devices"]}
    assert set(devices) == {"Kitchen", "Living room", "Phone", "Car", "Moodbox", "Moodbox go-librespot"}
    assert devices["Car"]["is_restricted"] is True
    assert devices["Phone"]["supports_volume"] is False
    assert not any(one["is_active"] for one in devices.values())


def test_nothing_active_is_a_204(call):
    answer = call("GET", "/me/player")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_context_plays_and_moves_on_with_the_clock(spotify, call, kitchen, happy, spotify_clock):
    assert play(call, kitchen, context_uri=happy).status_code == 204
    spotify_clock.turn(30)
    state = call("GET", "/me/player").json()
    tracks = spotify.world.contents(happy)
    assert state["is_playing"] is True
    assert state["device"]["name"] == "Kitchen"
    assert state["context"]["uri"] == happy
    assert state["item"]["uri"] == tracks[0]
    assert state["progress_ms"] == 30_000

    spotify_clock.turn(spotify.world.length(tracks[0]))
    state = call("GET", "/me/player").json()
    assert state["item"]["uri"] == tracks[1]
    assert state["progress_ms"] == 30_000
    assert call("GET", "/me/player/queue").json()["queue"][0]["uri"] == tracks[2]
    heard = call("GET", "/me/player/recently-played").json()["items"]
    assert [one["track"]["uri"] for one in heard] == [tracks[0]]


def test_a_list_of_tracks_ends_and_the_player_stands_still(spotify, call, kitchen, spotify_clock):
    uris = spotify.world.top[:2]
    play(call, kitchen, uris=uris)
    spotify_clock.turn(sum(spotify.world.length(uri) for uri in uris) + 1)
    state = call("GET", "/me/player").json()
    assert state["is_playing"] is False
    assert state["context"] is None
    assert spotify.world.playback().ended


def test_repeating_the_context_never_ends(spotify, call, kitchen, spotify_clock):
    uris = spotify.world.top[:2]
    play(call, kitchen, uris=uris)
    assert call("PUT", f"/me/player/repeat?state=context&device_id={kitchen.id}").status_code == 204
    spotify_clock.turn(sum(spotify.world.length(uri) for uri in uris) + 1)
    state = call("GET", "/me/player").json()
    assert (state["is_playing"], state["item"]["uri"], state["progress_ms"]) == (True, uris[0], 1000)
    call("PUT", "/me/player/repeat?state=track")
    spotify_clock.turn(spotify.world.length(uris[0]) * 3)
    assert call("GET", "/me/player").json()["item"]["uri"] == uris[0]


def test_shuffling_is_another_order_and_the_same_one_every_time(spotify, call, kitchen, happy):
    call("PUT", f"/me/player/shuffle?state=true&device_id={kitchen.id}")
    play(call, kitchen, context_uri=happy)
    playback = spotify.world.playback()
    order = [playback.current, *playback.upcoming]
    assert sorted(order) == sorted(spotify.world.contents(happy))
    assert order != spotify.world.contents(happy)
    play(call, kitchen, context_uri=happy)
    assert [playback.current, *playback.upcoming] != order  # another start is another order

    call("PUT", "/me/player/shuffle?state=false")
    here = playback.current
    assert playback.upcoming == spotify.world.contents(happy)[spotify.world.contents(happy).index(here) + 1 :]


def test_pause_resume_and_what_does_not_fit(call, kitchen, happy, spotify_clock):
    play(call, kitchen, context_uri=happy)
    spotify_clock.turn(10)
    assert call("PUT", f"/me/player/pause?device_id={kitchen.id}").status_code == 204
    spotify_clock.turn(100)
    assert call("GET", "/me/player").json()["progress_ms"] == 10_000
    answer = call("PUT", f"/me/player/pause?device_id={kitchen.id}")
    assert answer.status_code == 403
    assert "Restriction violated" in answer.json()["error"]["message"]
    assert call("PUT", f"/me/player/play?device_id={kitchen.id}").status_code == 204
    assert call("PUT", f"/me/player/play?device_id={kitchen.id}").status_code == 403
    spotify_clock.turn(5)
    assert call("GET", "/me/player/currently-playing").json()["progress_ms"] == 15_000


def test_next_previous_and_seek(spotify, call, kitchen, happy, spotify_clock):
    tracks = spotify.world.contents(happy)
    play(call, kitchen, context_uri=happy, offset={"position": 3}, position_ms=5000)
    assert spotify.world.playback().current == tracks[3]
    assert call("POST", "/me/player/next").status_code == 204
    assert spotify.world.playback().current == tracks[4]
    assert call("POST", "/me/player/previous").status_code == 204
    assert spotify.world.playback().current == tracks[3]
    assert call("PUT", "/me/player/seek?position_ms=60000").status_code == 204
    assert call("GET", "/me/player").json()["progress_ms"] == 60_000
    call("PUT", "/me/player/seek?position_ms=9999999")
    assert spotify.world.playback().current == tracks[4]


def test_a_queued_track_comes_before_the_context_goes_on(spotify, call, kitchen, happy):
    tracks, guest = spotify.world.contents(happy), spotify.world.top[-1]
    play(call, kitchen, context_uri=happy)
    assert call("POST", f"/me/player/queue?uri={guest}").status_code == 204
    call("POST", "/me/player/next")
    assert spotify.world.playback().current == guest
    call("POST", "/me/player/next")
    assert spotify.world.playback().current == tracks[1]


def test_volume_only_where_the_device_takes_it(spotify, call, kitchen):
    assert call("PUT", f"/me/player/volume?volume_percent=35&device_id={kitchen.id}").status_code == 204
    assert kitchen.volume == 35
    phone, car = spotify.world.device("Phone"), spotify.world.device("Car")
    assert reason(call("PUT", f"/me/player/volume?volume_percent=35&device_id={phone.id}")) == (
        403,
        "VOLUME_CONTROL_DISALLOW",
    )
    assert reason(call("PUT", f"/me/player/volume?volume_percent=35&device_id={car.id}")) == (
        403,
        "DEVICE_NOT_CONTROLLABLE",
    )
    assert call("PUT", f"/me/player/volume?volume_percent=101&device_id={kitchen.id}").status_code == 400


def test_transfer_takes_the_music_along(spotify, call, kitchen, happy, spotify_clock):
    play(call, kitchen, context_uri=happy)
    spotify_clock.turn(20)
    living = spotify.world.device("Living room")
    assert call("PUT", "/me/player", json={"device_ids": [living.id]}).status_code == 204
    state = call("GET", "/me/player").json()
    assert (state["device"]["name"], state["is_playing"], state["progress_ms"]) == ("Living room", True, 20_000)
    assert call("PUT", "/me/player", json={"device_ids": [living.id, kitchen.id]}).status_code == 400


def test_a_command_without_any_device_finds_none(call):
    assert reason(call("PUT", "/me/player/pause")) == (404, "NO_ACTIVE_DEVICE")
    answer = call("PUT", "/me/player/pause?device_id=nobody")
    assert answer.json() == {"error": {"status": 404, "message": "Device not found"}}


def test_a_device_that_is_not_the_active_one_refuses(spotify, call, kitchen, happy):
    play(call, kitchen, context_uri=happy)
    living = spotify.world.device("Living room")
    assert call("PUT", f"/me/player/pause?device_id={living.id}").status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"context_uri": "spotify:playlist:0000000000000000000000"}, 404),
        ({"context_uri": "nonsense"}, 400),
        ({"uris": []}, 400),
        ({"uris": ["spotify:artist:x"]}, 400),
        ({"uris": ["spotify:track:x"] * 101}, 413),
        ({"context_uri": "spotify:album:x", "uris": ["spotify:track:x"]}, 400),
    ],
)
def test_what_cannot_be_played_is_refused(call, kitchen, body, status):
    assert play(call, kitchen, **body).status_code == status


def test_followed_and_spotifys_own_playlists_play_though_nobody_may_read_them(spotify, call, kitchen, playlists):
    for name in ("Last bus home", "Daily Mix 1"):
        assert play(call, kitchen, context_uri=f"spotify:playlist:{playlists[name]}").status_code == 204
        assert spotify.world.playback().playing


def test_an_idle_speaker_falls_asleep_and_play_wakes_it(spotify, call, kitchen, happy, spotify_clock):
    spotify_clock.turn(kitchen.idle_seconds + 1)
    names = {one["name"] for one in call("GET", "/me/player/devices").json()["devices"]}
    assert "Kitchen" not in names
    assert "Living room" in names
    assert call("PUT", f"/me/player/volume?volume_percent=5&device_id={kitchen.id}").status_code == 404

    assert play(call, kitchen, context_uri=happy).status_code == 204
    assert call("GET", "/me/player").status_code == 204  # it takes a moment
    spotify_clock.turn(spotify.world.waking_seconds + 2)
    state = call("GET", "/me/player").json()
    assert (state["device"]["name"], state["is_playing"]) == ("Kitchen", True)


def test_a_speaker_that_plays_stays_awake_and_sleeps_after_its_list(spotify, call, kitchen, spotify_clock):
    play(call, kitchen, uris=spotify.world.top[:5])
    spotify_clock.turn(kitchen.idle_seconds + 1)
    assert call("GET", "/me/player").json()["is_playing"] is True
    spotify_clock.turn(5 * 300 + kitchen.idle_seconds)
    assert call("GET", "/me/player").status_code == 204
    assert kitchen.asleep


def test_deep_sleep_and_a_speaker_that_was_never_paired_cannot_be_woken(spotify, call, kitchen, happy):
    spotify.world.sleep(kitchen.id, deep=True)
    assert play(call, kitchen, context_uri=happy).status_code == 404
    assert play(call, spotify.world.device("Attic"), context_uri=happy).status_code == 404
    spotify.world.wake(kitchen.id)
    assert play(call, kitchen, context_uri=happy).status_code == 204


def test_a_client_that_was_installed_again_has_a_new_id(spotify, call, kitchen, happy):
    old = kitchen.id
    new = spotify.world.reinstall(old)
    assert call("PUT", f"/me/player/play?device_id={old}", json={"context_uri": happy}).status_code == 404
    assert call("PUT", f"/me/player/play?device_id={new}", json={"context_uri": happy}).status_code == 204
    spotify.world.rename(new, "Kitchen island")
    assert call("GET", "/me/player").json()["device"]["name"] == "Kitchen island"


def test_an_account_without_premium_plays_nothing(spotify, kitchen, happy):
    theo = Caller(spotify, user="theo.demo")
    assert reason(play(theo, kitchen, context_uri=happy)) == (403, "PREMIUM_REQUIRED")
    assert theo("GET", "/me/player").status_code == 204


def test_listeners_hear_what_happens(spotify, call, kitchen, happy, spotify_clock):
    heard = []
    end = spotify.world.listen(lambda happening: heard.append((happening.kind, happening.device_id)))
    play(call, kitchen, context_uri=happy)
    assert [kind for kind, _ in heard] == ["device", "context", "track", "playback"]
    spotify_clock.turn(300)
    spotify.world.advance()
    assert heard[-1] == ("track", kitchen.id)
    end()
    count = len(heard)
    call("PUT", "/me/player/pause")
    assert len(heard) == count
