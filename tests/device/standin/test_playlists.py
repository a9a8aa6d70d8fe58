"""Playlists over the Web API."""

import base64
import io

import pytest
import requests
from PIL import Image

from tests.fakes.spotify_caller import Caller


def jpeg(side=64, quality=80):
    file = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(file, "JPEG", quality=quality)
    return base64.b64encode(file.getvalue())


def test_the_library_has_own_followed_shared_and_hidden_playlists(spotify, call):
    page = call("GET", "/me/playlists?limit=50").json()
    names = {one["name"]: one for one in page["items"] if one}
    assert page["total"] == len(page["items"]) >= 14
    assert page["items"].count(None) == 1  # Spotify's own
    assert names["For later"]["items"]["total"] == 0
    assert names["Family road trip"]["collaborative"] is True
    assert names["Family road trip"]["owner"]["display_name"] == "Jonas"
    assert "items" not in names["Last bus home"]
    assert "Somebody else's secrets" not in names
    assert len(spotify.world.tracks) >= 250


def test_pages_follow_each_other(call):
    first = call("GET", "/me/playlists?limit=7").json()
    second = requests.get(
        first["next"], headers={"Authorization": f"Bearer {call.token['access_token']}"}, timeout=10
    ).json()
    assert first["previous"] is None
    assert second["offset"] == 7
    assert not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"] if one}


def test_collaborative_playlists_need_their_scope(spotify):
    page = Caller(spotify, ["playlist-read-private"])("GET", "/me/playlists?limit=50").json()
    assert "Family road trip" not in {one["name"] for one in page["items"] if one}


def test_own_and_shared_playlists_can_be_read_others_not(call, playlists):
    own = call("GET", f"/playlists/{playlists['Sunday sunshine']}/items?limit=50")
    assert own.status_code == 200
    assert own.json()["items"][0]["item"]["type"] == "track"
    assert "track" not in own.json()["items"][0]
    assert call("GET", f"/playlists/{playlists['Family road trip']}/items").status_code == 200
    theirs = call("GET", f"/playlists/{playlists['Last bus home']}/items")
    assert theirs.status_code == 403
    assert theirs.json() == {"error": {"status": 403, "message": "Forbidden"}}
    assert "items" not in call("GET", f"/playlists/{playlists['Last bus home']}").json()


@pytest.mark.parametrize("name", ["Daily Mix 1", "Somebody else's secrets"])
def test_spotifys_own_and_strangers_private_playlists_are_not_found(call, playlists, name):
    assert call("GET", f"/playlists/{playlists[name]}").status_code == 404


def test_a_playlist_may_hold_what_a_reader_stumbles_over(call, playlists):
    items = call("GET", f"/playlists/{playlists['Bits and pieces']}/items").json()["items"]
    assert any(one["item"] is None for one in items)
    assert any(one["is_local"] and one["item"]["id"] is None for one in items)
    assert any(one["item"] and one["item"]["type"] == "episode" for one in items)


def test_fields_choose_what_comes(call, playlists):
    path = f"/playlists/{playlists['Sunday sunshine']}"
    chosen = call("GET", f"{path}?fields=name,uri,owner(id),items.items(added_at,item(name,artists.name))").json()
    assert set(chosen) == {"name", "uri", "owner", "items"}
    assert chosen["owner"] == {"id": "mila.demo"}
    assert set(chosen["items"]["items"][0]) == {"added_at", "item"}
    assert set(chosen["items"]["items"][0]["item"]["artists"][0]) == {"name"}
    assert "uri" not in call("GET", f"{path}/items?fields=items(item(!uri))").json()["items"][0]["item"]
    assert call("GET", f"{path}?fields=name,(").status_code == 400


def test_a_playlist_is_public_unless_told_otherwise(spotify, call):
    assert call("POST", "/me/playlists", json={"name": "Loud"}).json()["public"] is True
    made = call("POST", "/me/playlists", json={"name": "Quiet", "public": False, "description": "mark 17"})
    assert made.status_code == 201
    assert made.json()["public"] is False
    listed = call("GET", "/me/playlists?limit=1").json()["items"][0]
    assert (listed["name"], listed["description"]) == ("Quiet", "mark 17")

    private_only = Caller(spotify, ["playlist-modify-private"])
    assert private_only("POST", "/me/playlists", json={"name": "Loud"}).status_code == 403


def test_writing_changes_items_and_snapshot(spotify, call):
    made = call("POST", "/me/playlists", json={"name": "Lift", "public": False}).json()
    path, (one, two, three) = f"/playlists/{made['id']}/items", spotify.world.top[:3]

    def uris():
        return [entry["item"]["uri"] for entry in call("GET", path).json()["items"]]

    snapshots = {made["snapshot_id"]}
    snapshots.add(call("PUT", path, json={"uris": [one, two]}).json()["snapshot_id"])
    assert uris() == [one, two]
    added = call("POST", path, json={"uris": [three], "position": 1})
    assert added.status_code == 201
    snapshots.add(added.json()["snapshot_id"])
    assert uris() == [one, three, two]
    snapshots.add(call("PUT", path, json={"range_start": 0, "insert_before": 3}).json()["snapshot_id"])
    assert uris() == [three, two, one]
    snapshots.add(call("DELETE", path, json={"items": [{"uri": two}]}).json()["snapshot_id"])
    assert uris() == [three, one]
    snapshots.add(call("PUT", path, json={"uris": []}).json()["snapshot_id"])
    assert uris() == []
    assert len(snapshots) == 6


def test_a_hundred_uris_are_the_most(spotify, call):
    made = call("POST", "/me/playlists", json={"name": "Lift", "public": False}).json()
    uris = [track.uri for track in spotify.world.tracks.values() if track.kind == "track"]
    assert call("PUT", f"/playlists/{made['id']}/items", json={"uris": uris[:100]}).status_code == 200
    assert call("PUT", f"/playlists/{made['id']}/items", json={"uris": uris[:101]}).status_code == 400
    assert call("POST", f"/playlists/{made['id']}/items", json={"uris": ["spotify:track:nope"]}).status_code == 400


def test_others_playlists_and_missing_scopes_cannot_write(spotify, call, playlists):
    uris = spotify.world.top[:1]
    assert call("PUT", f"/playlists/{playlists['Last bus home']}/items", json={"uris": uris}).status_code == 403
    reader = Caller(spotify, ["playlist-read-private"])
    answer = reader("PUT", f"/playlists/{playlists['For later']}/items", json={"uris": uris})
    assert answer.json()["error"] == {"status": 403, "message": "Insufficient client scope"}


def test_name_and_description_can_be_changed(call, playlists):
    path = f"/playlists/{playlists['For later']}"
    before = call("GET", path).json()["snapshot_id"]
    assert call("PUT", path, json={"name": "For now", "description": "Soon"}).status_code == 200
    after = call("GET", path).json()
    assert (after["name"], after["description"]) == ("For now", "Soon")
    assert after["snapshot_id"] != before


def test_a_cover_is_taken_and_shown(call, playlists):
    path = f"/playlists/{playlists['For later']}/images"
    assert call("GET", path).json() == []
    picture = jpeg()
    assert call("PUT", path, data=picture, headers={"Content-Type": "image/jpeg"}).status_code == 202
    shown = requests.get(call("GET", path).json()[0]["url"], timeout=10)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.content == base64.b64decode(picture)


def test_a_cover_that_is_too_big_or_none_is_refused(call, playlists):
    path, kind = f"/playlists/{playlists['For later']}/images", {"Content-Type": "image/jpeg"}
    big = jpeg(800, 100)
    assert len(big) > 256 * 1024
    assert call("PUT", path, data=big, headers=kind).status_code == 413
    assert call("PUT", path, data=b"bm90IGEgcGljdHVyZQ==", headers=kind).status_code == 400
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    assert call("PUT", path, data=base64.b64encode(file.getvalue()), headers=kind).status_code == 400
    assert call("GET", path).json() == []


def test_drawn_covers_are_pictures_and_always_the_same(spotify, call):
    address = call("GET", "/me/playlists?limit=1").json()["items"][0]["images"][0]["url"]
    assert address.startswith(f"http://{spotify.hosts.images[0]}:")
    first, second = requests.get(address, timeout=10), requests.get(address, timeout=10)
    assert first.content == second.content
    assert Image.open(io.BytesIO(first.content)).size == (320, 320)
    assert requests.get(f"{spotify.root}/covers/..%2Fsecret.jpg", timeout=10).status_code == 404
