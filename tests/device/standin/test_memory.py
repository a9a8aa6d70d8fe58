"""What the demo remembers from one start to the next."""

import base64
import io
import stat

from PIL import Image

from moodbox.standin.standin import Standin
from tests.fakes.spotify_caller import Caller


def test_sign_ins_playlists_and_likes_outlive_the_stand_in(tmp_path):
    path = tmp_path / "spotify.json"
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(file, "JPEG")
    with Standin(local_speakers=False, memory=path) as first:
        call, liked = Caller(first), first.world.top[-1]
        made = call("POST", "/me/playlists", json={"name": "Lift", "public": False, "description": "mark"}).json()
        call("PUT", f"/playlists/{made['id']}/items", json={"uris": first.world.top[:3]})
        cover = base64.b64encode(file.getvalue())
        call("PUT", f"/playlists/{made['id']}/images", data=cover, headers={"Content-Type": "image/jpeg"})
        call("PUT", f"/me/library?uris={liked}")
        snapshot = call("GET", f"/playlists/{made['id']}").json()["snapshot_id"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    with Standin(local_speakers=False, memory=path) as second:
        call.standin = second
        again = call("GET", f"/playlists/{made['id']}").json()
        assert (again["description"], again["items"]["total"], again["snapshot_id"]) == ("mark", 3, snapshot)
        assert second.world.playlists[made["uri"]].cover == file.getvalue()
        assert second.world.followed[0] == made["uri"]
        assert call("GET", f"/me/library/contains?uris={liked}").json() == [True]
        assert call.refresh().status_code == 200


def test_the_newest_refresh_token_is_the_one_remembered(tmp_path):
    path = tmp_path / "spotify.json"
    with Standin(local_speakers=False, memory=path) as first:
        call = Caller(first)
        old, call.token = call.token["refresh_token"], call.refresh().json()
    with Standin(local_speakers=False, memory=path) as second:
        call.standin = second
        assert call.refresh(old).status_code == 400
        assert call.refresh().status_code == 200


def test_a_file_that_cannot_be_read_is_a_new_beginning(tmp_path, caplog):
    path = tmp_path / "spotify.json"
    path.write_text('{"seed": 1, "playlists"')
    with Standin(local_speakers=False, memory=path) as standin:
        assert Caller(standin)("GET", "/me").status_code == 200
    assert "begins anew" in caplog.text


def test_without_a_memory_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Standin.demo() as standin:
        Caller(standin)("POST", "/me/playlists", json={"name": "x", "public": False})
    assert not list(tmp_path.iterdir())
