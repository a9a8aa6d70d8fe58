"""What a new app cannot call, and what no token or a wrong page size gets."""

import pytest
import requests

from moodbox.standin.standin import Standin
from tests.fakes.spotify_caller import Caller

GONE = (
    "GET /markets", "GET /recommendations", "GET /audio-features/x", "GET /audio-features?ids=x", "GET /users/x",
    "GET /users/x/playlists", "GET /playlists/x/tracks", "POST /playlists/x/tracks", "PUT /playlists/x/tracks",
    "DELETE /playlists/x/tracks", "GET /tracks?ids=x", "GET /albums?ids=x", "GET /artists?ids=x",
    "GET /artists/x/top-tracks", "GET /artists/x/related-artists", "GET /browse/new-releases",
    "GET /browse/featured-playlists", "GET /browse/categories", "PUT /me/tracks?ids=x", "DELETE /me/tracks?ids=x",
    "GET /me/tracks/contains?ids=x", "PUT /me/albums?ids=x", "PUT /me/following?ids=x",
    "PUT /playlists/x/followers", "DELETE /playlists/x/followers", "GET /playlists/x/followers/contains",
)  # fmt: skip


@pytest.fixture(scope="module")
def unchecked():
    """Start a stand-in that is not held to the specification: these calls are outside it on purpose."""
    with Standin(local_speakers=False) as standin:
        yield Caller(standin)


@pytest.mark.parametrize("what", GONE)
def test_what_is_gone_answers_a_bare_403(unchecked, what):
    method, path = what.split(" ")
    answer = unchecked(method, path)
    assert answer.status_code == 403
    assert answer.json() == {"error": {"status": 403, "message": "Forbidden"}}


def test_the_old_way_of_making_playlists_blames_the_user(unchecked):
    answer = unchecked("POST", "/users/mila.demo/playlists", json={"name": "x"})
    assert answer.status_code == 403
    assert "for another user" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=a&type=playlist&limit=11", "/search?q=a&type=playlist&limit=0",
        "/search?q=a&type=track&offset=1001", "/search?q=a&type=song", "/search?type=track", "/search?q=a",
        "/me/playlists?limit=51", "/me/playlists?limit=0", "/me/playlists?limit=many", "/me/playlists?offset=-1",
        "/me/tracks?limit=51", "/me/top/tracks?limit=51", "/me/player/recently-played?limit=51",
        "/me/player/recently-played?after=1&before=2",
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_400(unchecked, path):
    answer = unchecked("GET", path)
    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == 400


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        ({}, 401, "No token provided"),
        ({"Authorization": "Basic abc"}, 400, "Only valid bearer authentication supported"),
        ({"Authorization": "Bearer abc"}, 401, "Invalid access token"),
    ],
)
def test_tokens_that_are_none(unchecked, header, status, message):
    answer = requests.get(f"{unchecked.standin.hosts.api}/me", headers=header, timeout=10)
    assert answer.status_code == status
    assert answer.json() == {"error": {"status": status, "message": message}}


@pytest.mark.parametrize(
    "what",
    [
        "GET /me/playlists", "GET /me/tracks", "GET /me/top/tracks", "GET /me/player", "GET /me/player/devices",
        "PUT /me/player/play", "PUT /me/player/pause", "POST /me/player/next", "GET /me/player/recently-played",
        "PUT /me/library?uris=spotify:track:x", "POST /me/playlists",
    ],
)  # fmt: skip
def test_each_call_needs_its_scope(unchecked, what):
    method, path = what.split(" ")
    answer = Caller(unchecked.standin, ["user-read-email"])(method, path)
    assert answer.status_code == 403
    assert answer.json()["error"]["message"] == "Insufficient client scope"


@pytest.mark.parametrize("path", ["/nothing", "/me/nothing"])
def test_unknown_paths_are_not_found_in_spotifys_form(unchecked, path):
    assert unchecked("GET", path).json() == {"error": {"status": 404, "message": "Service not found"}}


def test_a_bare_array_is_no_way_to_add_items(unchecked):
    made = unchecked("POST", "/me/playlists", json={"name": "x", "public": False}).json()
    answer = unchecked("POST", f"/playlists/{made['id']}/items", json=unchecked.standin.world.top[:2])
    assert answer.status_code == 400


def test_a_body_that_is_no_json_is_a_400(unchecked):
    assert unchecked("POST", "/me/playlists", data=b"{").status_code == 400
