"""The stand-in's Soloist, spoken to as its documentation says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from moodbox.standin.soloist import SoloistServer
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
def soloist(world: World, tmp_path: Path) -> Iterator[SoloistServer]:
    with SoloistServer(world, tmp_path / "data") as server:
        server.root = "http://127.0.0.1:1"
        yield server


@pytest.fixture
def client(soloist: SoloistServer) -> Iterator[ClientConnection]:
    with connect(_url(soloist)) as client:
        yield client


@pytest.fixture
def context(world: World) -> str:
    return next(uri for uri, one in world.playlists.items() if one.owner == world.owner.id and world.contents(uri))


def _url(soloist: SoloistServer) -> str:
    addr, port = ((soloist.folder / name).read_text("ascii") for name in ("ws.addr", "ws.port"))
    return f"ws://{addr}:{port}/"


def _hear(client: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        message = json.loads(client.recv(timeout=DEADLINE))
        if message["type"] == kind:
            return message


def _do(client: ClientConnection, name: str, **fields: object) -> None:
    client.send(json.dumps({"type": "command", "command": name, **fields}))


def test_whoever_connects_is_told_how_things_stand(client: ClientConnection, soloist: SoloistServer) -> None:
    assert json.loads(client.recv(timeout=DEADLINE)) == {
        "type": "auth_state",
        "logged_in": True,
        "is_active": False,
        "device_name": soloist.device.name,
    }
    state = json.loads(client.recv(timeout=DEADLINE))
    assert (state["type"], state["status"], state["is_active"]) == ("playback_state", "idle", False)


def test_a_new_one_has_no_state_to_tell(soloist: SoloistServer) -> None:
    soloist.unpair()
    with connect(_url(soloist)) as client:
        assert _hear(client, "auth_state")["logged_in"] is False
        _do(client, "play")
        assert _hear(client, "error")["message"] == "Not logged in"
        soloist.pair()
        assert _hear(client, "auth_state")["logged_in"] is True


def test_an_inactive_one_refuses_until_it_is_activated(client: ClientConnection, context: str, world: World) -> None:
    _do(client, "play", uri=context)
    assert "not active" in _hear(client, "error")["message"]
    _do(client, "activate")
    assert _hear(client, "command_result")["command"] == "activate"
    assert _hear(client, "device_changed")["is_active"] is True
    _do(client, "play", uri=context)
    assert _hear(client, "context_changed")["context"]["uri"] == context
    item = _hear(client, "track_changed")["item"]
    assert item["uri"] == world.playback().current
    track = world.tracks[item["uri"]]
    about = item["decorations"]
    assert about["identity"]["name"] == track.title
    assert about["playback"]["duration_ms"] == round(track.seconds * 1000)
    assert about["visual_identity"]["cover"][0]["url"].endswith(f"/covers/{track.album.id}.jpg")
    assert _hear(client, "playback_changed")["status"] == "playing"


def test_old_music_goes_on_when_it_is_activated_unless_told_otherwise(
    client: ClientConnection, soloist: SoloistServer, world: World, context: str
) -> None:
    kitchen = world.device("Kitchen").id
    world.play(kitchen, context=context)
    world.pause(kitchen)
    _do(client, "activate")
    assert _hear(client, "playback_changed")["status"] == "playing"
    world.transfer(kitchen)
    world.pause(kitchen)
    soloist.resumes = False
    _do(client, "activate")
    assert _hear(client, "playback_changed")["status"] == "paused"


def test_every_command_of_the_documentation(
    client: ClientConnection, soloist: SoloistServer, world: World, context: str
) -> None:
    tracks = world.contents(context)
    _do(client, "activate")
    _do(client, "play", uri=context)
    for name, fields in (
        ("set_volume", {"volume": 40}),
        ("set_shuffle", {"enabled": True}),
        ("set_shuffle", {"enabled": False}),
        ("set_repeat_context", {"enabled": True}),
        ("set_repeat_track", {"enabled": True}),
        ("seek", {"position_ms": 30_000}),
        ("add_to_queue", {"uri": tracks[-1]}),
        ("skip_next", {}),
        ("skip_prev", {}),
        ("pause", {}),
        ("play", {}),
        ("play", {"uri": tracks[0]}),
    ):
        _do(client, name, **fields)
        while True:
            message = json.loads(client.recv(timeout=DEADLINE))
            assert message["type"] != "error", (name, message)
            if message["type"] == "command_result" and message["command"] == name:
                break
    assert soloist.device.volume == 40
    assert (world.playback().repeat, world.playback().current) == ("track", tracks[0])
    _do(client, "get_queue", limit=3)
    assert isinstance(_hear(client, "queue_changed")["upcoming"], list)
    _do(client, "get_state")
    assert _hear(client, "playback_state")["options"] == {"shuffle": False, "repeat": "track"}
    _do(client, "deactivate")
    assert _hear(client, "device_changed")["is_active"] is False
    assert not world.playback().playing


def test_nonsense_is_refused_in_words(client: ClientConnection) -> None:
    for message in ("{", "[]", '{"type":"command"}', '{"type":"command","command":"dance"}', '"x"'):
        client.send(message)
        assert _hear(client, "error")["message"]
    _do(client, "activate")
    _do(client, "play", uri="spotify:playlist:none")
    assert _hear(client, "error")["message"] == "Resource not found"
    _do(client, "seek", position_ms="late")
    assert _hear(client, "error")["message"]


def test_tracks_move_on_with_the_clock(
    client: ClientConnection, soloist: SoloistServer, world: World, clock: FakeClock, context: str
) -> None:
    _do(client, "activate")
    _do(client, "play", uri=context)
    tracks = world.contents(context)
    assert _hear(client, "track_changed")["item"]["uri"] == tracks[0]
    clock.turn(world.length(tracks[0]))
    soloist.tick()
    assert _hear(client, "track_changed")["item"]["uri"] == tracks[1]


def test_the_files_live_as_long_as_it_does(soloist: SoloistServer) -> None:
    first = soloist.port
    soloist.stop()
    assert list(soloist.folder.iterdir()) == []
    soloist.start()
    assert (soloist.folder / "ws.port").read_text("ascii") == str(soloist.port)
    soloist.refuse()
    assert {path.name for path in soloist.folder.iterdir()} == {"ws.addr", "ws.port"}
    with pytest.raises(ConnectionRefusedError), connect(_url(soloist)):
        pass
    assert first


def test_after_ninety_days_it_ends_and_does_not_come_back(soloist: SoloistServer) -> None:
    soloist.expire()
    soloist.start()
    with pytest.raises(ConnectionRefusedError), connect(_url(soloist)):
        pass


def test_silent_and_dropped(client: ClientConnection, soloist: SoloistServer) -> None:
    _hear(client, "playback_state")
    soloist.silence()
    _do(client, "get_state")
    with pytest.raises(TimeoutError):
        client.recv(timeout=0.2)
    soloist.silence(False)
    soloist.drop()
    with pytest.raises(ConnectionClosed):
        client.recv(timeout=DEADLINE)


def test_a_folder_of_its_own_goes_with_it(world: World) -> None:
    with SoloistServer(world) as server:
        folder = server.folder
        assert (folder / "ws.port").exists()
    assert not folder.exists()
    server.close()
