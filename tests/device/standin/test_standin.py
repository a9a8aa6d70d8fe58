"""Starting, closing, and what the stand-in tells of its calls."""

import socket

import pytest
import requests

from moodbox.standin.standin import Standin
from tests.fakes.spotify_caller import Caller


def test_calls_are_listed_with_what_was_asked(spotify, call, kitchen, spotify_clock):
    call("PUT", f"/me/player/volume?volume_percent=5&device_id={kitchen.id}")
    call("POST", "/me/playlists", json={"name": "x", "public": False})
    call.refresh()
    first, second = spotify.calls
    assert (first.method, first.path, first.status) == ("PUT", "/me/player/volume", 204)
    assert first.query == {"volume_percent": "5", "device_id": kitchen.id}
    assert (second.body, second.at) == ({"name": "x", "public": False}, spotify_clock.now)


def test_two_worlds_of_one_seed_are_the_same_and_another_seed_is_another():
    one, two, three = (Standin(lambda: 0.0, seed=seed).world for seed in (1, 1, 2))
    assert one.playlists == two.playlists
    assert one.tracks == two.tracks
    assert not set(one.tracks) & {uri for uri in three.tracks if ":track:" in uri}


def test_closing_twice_is_fine_and_nobody_answers_afterwards():
    standin = Standin(local_speakers=False)
    with pytest.raises(RuntimeError):
        _ = standin.hosts
    standin.start()
    root = standin.root
    assert requests.get(f"{root}/v1/me", timeout=5).status_code == 401
    standin.close()
    standin.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{root}/v1/me", timeout=5)


def test_started_again_it_is_where_it_was_and_remembers():
    standin = Standin(local_speakers=False)
    with standin:
        call, address = Caller(standin), standin.root
    with standin:
        assert standin.root == address
        assert call("GET", "/me").status_code == 200


def test_the_demo_listens_on_the_loopback_address_only():
    with Standin.demo() as demo:
        port = int(demo.root.rsplit(":", 1)[1])
        assert demo.root.startswith("http://127.0.0.1:")
        with socket.socket() as probe:
            probe.settimeout(1)
            assert probe.connect_ex(("127.0.0.2", port)) != 0
        assert demo.world.grants.app("de30de30de30de30de30de30de30de30")


def test_local_speakers_can_be_left_out():
    standin = Standin(local_speakers=False)
    assert standin.soloist is None
    assert standin.librespot is None
    assert standin.world.local_device("soloist") is None


def test_local_speakers_play_in_the_same_world(spotify, call, playlists):
    device = spotify.world.local_device("soloist")
    spotify.world.play(device.id, context=f"spotify:playlist:{playlists['Deep work']}", origin="soloist", local=True)
    state = call("GET", "/me/player").json()
    assert (state["device"]["id"], state["is_playing"]) == (device.id, True)


def test_links_to_spotify_lead_to_a_page_that_says_what_would_open(spotify, call):
    track = call("GET", f"/tracks/{spotify.world.top[0].split(':')[2]}").json()
    page = requests.get(track["external_urls"]["spotify"], timeout=5)
    assert page.status_code == 200
    assert track["name"] in page.text
    assert requests.get(f"{spotify.root}/open/track/nothing", timeout=5).status_code == 404
