import socket

import pytest

from moodbox.errors import StorageError
from moodbox.page.app import create_app
from moodbox.page.pieces.files import disposition
from moodbox.page.server import PageServer
from moodbox.settings import PageSettings
from tests.device.page.conftest import TOKEN
from tests.fakes.pieces_desk import CHUNK, FakePiecesDesk, key_of

PATIENCE = 20.0  # seconds


@pytest.fixture
def shelf(desk):
    desk.pieces = FakePiecesDesk(3)
    return desk.pieces


@pytest.mark.parametrize(
    ("form", "mimetype", "size"),
    [
        *(("mid", "audio/midi", 20), ("wav", "audio/wav", 20 * CHUNK)),
        *(("flac", "audio/flac", 20 * CHUNK), ("ogg", "audio/ogg", 20 * CHUNK)),
    ],
)
def test_file_comes_whole_named_and_is_never_stored_on_the_way(visitor, shelf, form, mimetype, size):
    with visitor.get(f"/pieces/{key_of(1)}.{form}") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == mimetype
        assert len(answer.data) == size
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="Bright Morning, in D major.{form}"; '
            f"filename*=UTF-8''Bright%20Morning%2C%20in%20D%20major.{form}"
        )
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert shelf.bodies == 0


def test_size_is_told_where_it_is_known(visitor, shelf):
    with visitor.get(f"/pieces/{key_of(1)}.mid") as midi, visitor.get(f"/pieces/{key_of(1)}.wav") as sound:
        assert midi.headers["Content-Length"] == "20"
        assert "Content-Length" not in sound.headers


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        ("Élan, in A.mid", "Elan, in A.mid", "%C3%89lan%2C%20in%20A.mid"),
        ("夜.ogg", "ogg", "%E5%A4%9C.ogg"),
        ('a"b\r\nX: y/../c.mid', "abX y..c.mid", "abX%20y..c.mid"),
        ("", "piece", "piece"),
        ("...", "piece", "piece"),
    ],
)
def test_name_is_given_twice_and_can_end_no_header(name, plain, exact):
    said = disposition(name)
    assert plain in said.split(";")[1].strip().removeprefix("filename=").strip('"')
    assert said.endswith(f"filename*=UTF-8''{exact}")
    assert not {"\r", "\n", "/"} & set(said)


def test_unknown_key_and_unknown_form_are_not_there(visitor, shelf):
    gone = visitor.get(f"/pieces/{'0' * 16}.mid")
    assert (gone.status_code, gone.json["error"]) == (404, "This piece is not kept any more.")
    for form in ("mp3", "midi", "MID", "mid.exe", ""):
        assert visitor.get(f"/pieces/{key_of(1)}.{form}").status_code == 404
    assert {each[0] for each in shelf.asked} <= {"find", "shelf"}


@pytest.mark.parametrize(
    "key", ["..", "%2e%2e%2fx", "0" * 15, "0" * 17, "G" * 16, "A" * 16, "0" * 15 + "%0a", "0" * 15 + "%2f"]
)
def test_key_that_is_none_reaches_nobody(visitor, shelf, key):
    asked = len(shelf.asked)
    assert visitor.get(f"/pieces/{key}.mid").status_code == 404
    for change in ("like", "play", "delete"):
        assert visitor.post(f"/pieces/{key}/{change}", json={"liked": True, "sure": True}).status_code == 404
    assert len(shelf.asked) == asked


@pytest.mark.parametrize("method", ["post", "delete", "put"])
def test_file_can_only_be_looked_at(visitor, shelf, method):
    ask = getattr(visitor.client, method)
    answer = ask(f"/pieces/{key_of(1)}.mid", base_url="http://127.0.0.1:8080", headers=visitor.headers)
    assert answer.status_code == 405
    assert shelf.find(key_of(1))


def test_asking_for_the_head_alone_leaves_no_body_open(visitor, shelf):
    answer = visitor.client.head(f"/pieces/{key_of(1)}.wav", base_url="http://127.0.0.1:8080")
    assert answer.status_code == 200
    answer.close()
    assert shelf.bodies == 0


def test_failure_before_the_sound_is_a_sentence(visitor, shelf):
    shelf.failure = StorageError("The folder of the pieces cannot be read: look at its rights")
    answer = visitor.get(f"/pieces/{key_of(1)}.wav")
    assert (answer.status_code, answer.json["error"]) == (
        *(422, "The folder of the pieces cannot be read: look at its rights."),
    )


def test_failure_while_the_sound_is_made_is_a_sentence_too(visitor, shelf):
    shelf.silent = True
    answer = visitor.get(f"/pieces/{key_of(1)}.wav", headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "The disk is full: delete some pieces." in answer.text
    assert "Content-Disposition" not in answer.headers
    assert shelf.bodies == 0


def test_body_is_closed_when_the_visitor_goes_away(desk, shelf):
    shelf.chunks = 10**9  # more than anybody waits for
    server = PageServer(create_app(desk), PageSettings(port=0))
    try:
        address = server.start()
        _leave_early(address, f"/pieces/{key_of(1)}.wav")
        assert shelf.all_closed(PATIENCE)
    finally:
        server.close()


def _leave_early(address, path):
    """Load the page, ask for a file, read its first bytes only, and hang up."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as line:
        line.sendall(f"GET /pieces HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
        head = line.makefile("rb").read().decode()
    assert TOKEN.search(head)
    cookie = next(row.split(" ", 1)[1].split(";")[0] for row in head.splitlines() if row.startswith("Set-Cookie"))
    with socket.create_connection((host, int(port)), PATIENCE) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        assert line.recv(12) == b"HTTP/1.1 200"
