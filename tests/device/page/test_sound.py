import pytest
from flask import Flask

from moodbox.page.app import create_app
from tests.device.page.conftest import Visitor
from tests.fakes.desk import FakeDesk, FakeSound

SOUND = b"RIFF" + bytes(range(256)) * 40


@pytest.fixture
def piece(desk) -> bytes:
    desk.sounds["piece-1"] = FakeSound(SOUND)
    return SOUND


def test_piece_is_sent_as_sound(visitor, piece):
    with visitor.get("/music/piece-1.wav") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "audio/wav"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.data == piece


def test_part_of_a_piece_is_sent_alone(visitor, piece):
    with visitor.get("/music/piece-1.wav", headers={"Range": "bytes=100-199"}) as answer:
        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == f"bytes 100-199/{len(piece)}"
        assert answer.data == piece[100:200]


def test_part_beyond_the_end_is_refused(visitor, piece):
    with visitor.get("/music/piece-1.wav", headers={"Range": f"bytes={len(piece)}-"}) as answer:
        assert answer.status_code == 416
        assert answer.json["error"] == "That part of the piece does not exist."


def test_unknown_piece_is_not_there(visitor):
    assert visitor.get("/music/piece-2.wav").status_code == 404


@pytest.fixture
def growing(desk) -> bytes:
    desk.sounds["piece-3"] = FakeSound(SOUND, part=1000)
    return SOUND


def test_piece_that_is_still_made_is_sent_as_it_grows(visitor, growing):
    with visitor.get("/music/piece-3.wav") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "audio/wav"
        assert answer.headers["Content-Length"] == str(len(growing))
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.data == growing


def test_part_of_a_growing_piece_is_sent_alone(visitor, growing):
    with visitor.get("/music/piece-3.wav", headers={"Range": "bytes=500-"}) as answer:
        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == f"bytes 500-{len(growing) - 1}/{len(growing)}"
        assert answer.data == growing[500:]


def test_part_beyond_the_end_of_a_growing_piece_is_refused(visitor, growing):
    assert visitor.get("/music/piece-3.wav", headers={"Range": f"bytes={len(growing)}-"}).status_code == 416


@pytest.mark.parametrize(
    "key", ["..", ".hidden", "%2e%2e%2fpasswd", "..%2f..%2fetc%2fpasswd", "a b", "x" * 101, "a%0a"]
)
def test_key_that_could_be_a_path_never_reaches_the_desk(visitor, desk, key):
    asked: list[str] = []
    desk.sound = asked.append
    assert visitor.get(f"/music/{key}.wav").status_code in (404, 400)
    assert asked == []


def test_real_box_sounds_itself_and_sends_nothing():
    desk = FakeDesk(simulated=False)
    desk.sounds["piece-1"] = FakeSound(SOUND)
    app: Flask = create_app(desk)
    visitor = Visitor(app.test_client())
    assert visitor.get("/music/piece-1.wav").status_code == 404
    assert "<audio" not in visitor.get("/").text
