"""The stand-in's go-librespot, spoken to as its API says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from moodbox.standin.librespot import LibrespotServer
from moodbox.standin.world import World
from tests.fakes.spotify_fixtures import FakeClock

DEADLINE = 10.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def librespot(world: World) -> Iterator[LibrespotServer]:
    with LibrespotServer(world) as server:
        server.root = "http://127.0.0.1:1"
        yield server


@pytest.fixture
def events(librespot: LibrespotServer) -> Iterator[ClientConnection]:
    with connect(f"{librespot.address.replace('http', 'ws')}/events") as client:
        yield client


@pytest.fixture
def context(world: World) -> str:
    return next(uri for uri, one in world.playlists.items() if one.owner == world.owner.id and world.contents(uri))


def _get(librespot: LibrespotServer, path: str) -> requests.Response:
    return requests.get(librespot.address + path, timeout=DEADLINE)


def _post(librespot: LibrespotServer, path: str, **body: object) -> int:
    return requests.post(f"{librespot.address}/player/{path}", json=body, timeout=DEADLINE).status_code


def _hear(events: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        message = json.loads(events.recv(timeout=DEADLINE))
        if message["type"] == kind:
            return message.get("data", {})


def test_both_interfaces_share_one_port(librespot: LibrespotServer, events: ClientConnection) -> None:
    assert _get(librespot, "/").status_code == 200
    assert _get(librespot, "/nowhere").status_code == 404
    assert requests.get(f"{librespot.address}/events", timeout=DEADLINE).status_code in {400, 426}  # no WebSocket
    events.ping().wait(DEADLINE)


def test_status_before_and_after_pairing(librespot: LibrespotServer) -> None:
    librespot.unpair()
    assert _get(librespot, "/status").status_code == 204
    assert _post(librespot, "pause") == 204
    librespot.pair()
    status = _get(librespot, "/status").json()
    assert (status["device_id"], status["device_name"]) == (librespot.device.id, librespot.device.name)
    assert (status["stopped"], status["track"]) == (True, None)


def test_playing_is_told_in_its_order(
    librespot: LibrespotServer, events: ClientConnection, world: World, context: str
) -> None:
    assert _post(librespot, "play", uri=context) == 200
    heard = [json.loads(events.recv(timeout=DEADLINE)) for _ in range(4)]
    assert [event["type"] for event in heard] == ["active", "will_play", "metadata", "playing"]
    assert heard[2]["data"]["context_uri"] == context
    assert heard[2]["data"]["album_cover_url"].startswith("http://127.0.0.1:1/covers/")
    assert heard[3]["data"]["play_origin"] == "go-librespot"
    status = _get(librespot, "/status").json()
    assert (status["stopped"], status["paused"], status["play_origin"]) == (False, False, "go-librespot")
    assert status["track"]["name"] == world.tracks[world.playback().current].title
    world.play(librespot.device.id, context=context, origin="app")
    assert _get(librespot, "/status").json()["play_origin"] != "go-librespot"


def test_every_command_of_the_api(
    librespot: LibrespotServer, events: ClientConnection, world: World, context: str
) -> None:
    tracks = world.contents(context)
    assert _post(librespot, "play", uri=context, skip_to_uri=tracks[2], paused=True) == 200
    assert (world.playback().current, world.playback().playing) == (tracks[2], False)
    for path, body in (
        ("resume", {}),
        ("next", {}),
        ("prev", {}),
        ("seek", {"position": 20_000}),
        ("seek", {"position": 5_000, "relative": True}),
        ("volume", {"volume": 32}),
        ("volume", {"volume": -16, "relative": True}),
        ("shuffle_context", {"shuffle_context": True}),
        ("repeat_context", {"repeat_context": True}),
        ("repeat_track", {"repeat_track": True}),
        ("add_to_queue", {"uri": tracks[0]}),
        ("playpause", {}),
        ("pause", {}),
    ):
        assert _post(librespot, path, **body) == 200, path
    playback = world.playback()
    assert (playback.current, playback.playing, playback.shuffle, playback.repeat) == (tracks[2], False, True, "track")
    assert playback.position(world.clock()) == pytest.approx(25)
    assert _get(librespot, "/player/volume").json() == {"value": 16, "max": 64}
    assert _hear(events, "volume")["max"] == 64
    assert _post(librespot, "play", uri=tracks[1]) == 200
    assert world.playback().current == tracks[1]


def test_nonsense_is_refused(librespot: LibrespotServer) -> None:
    assert _post(librespot, "play") == 400
    assert _post(librespot, "play", uri=7) == 400
    assert _post(librespot, "play", uri="spotify:playlist:none") == 404
    assert _post(librespot, "dance") == 404
    assert requests.post(f"{librespot.address}/player/play", data="{", timeout=DEADLINE).status_code == 400
    assert requests.post(f"{librespot.address}/player/play", data=b"x" * 70_000, timeout=DEADLINE).status_code == 413


def test_a_track_heard_to_its_end_and_the_end_of_the_list(
    librespot: LibrespotServer, events: ClientConnection, world: World, clock: FakeClock, context: str
) -> None:
    tracks = world.contents(context)
    _post(librespot, "play", uri=context)
    _hear(events, "playing")
    clock.turn(world.length(tracks[0]))
    librespot.tick()
    assert _hear(events, "not_playing")["uri"] == tracks[0]
    assert _hear(events, "playing")["uri"] == tracks[1]
    clock.turn(sum(map(world.length, tracks)))
    librespot.tick()
    assert _hear(events, "stopped") is not None
    assert _get(librespot, "/status").json()["stopped"] is True


def test_without_an_audio_key_every_track_is_skipped(
    librespot: LibrespotServer, events: ClientConnection, world: World, context: str
) -> None:
    librespot.no_audio_key()
    _post(librespot, "play", uri=context)
    skipped = [_hear(events, "not_playing")["uri"] for _ in range(3)]
    assert skipped == world.contents(context)[:3]


def test_silent_dropped_and_gone(librespot: LibrespotServer, events: ClientConnection) -> None:
    librespot.silence()
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{librespot.address}/status", timeout=0.2)
    librespot.silence(False)
    librespot.drop()
    with pytest.raises(ConnectionClosed):
        events.recv(timeout=DEADLINE)
    address = librespot.address
    librespot.refuse()
    with pytest.raises(requests.ConnectionError):
        _get(librespot, "/")
    librespot.start()
    assert librespot.address == address
    assert _get(librespot, "/").status_code == 200
