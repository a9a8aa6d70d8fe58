"""The library, what is heard most, searching and single things."""

import pytest

from tests.fakes.spotify_caller import Caller


def test_saved_tracks_come_newest_first(spotify, call):
    page = call("GET", "/me/tracks?limit=50").json()
    assert page["total"] == 70
    times = [one["added_at"] for one in page["items"]]
    assert times == sorted(times, reverse=True)


def test_saving_and_dropping(spotify, call):
    uri = next(uri for uri in spotify.world.tracks if uri not in spotify.world.library and ":track:" in uri)
    assert call("GET", f"/me/library/contains?uris={uri}").json() == [False]
    assert call("PUT", f"/me/library?uris={uri}").status_code == 200
    assert call("GET", f"/me/library/contains?uris={uri}").json() == [True]
    assert call("DELETE", f"/me/library?uris={uri}").status_code == 200
    assert call("GET", f"/me/library/contains?uris={uri}").json() == [False]


def test_following_and_unfollowing_playlists(spotify, call, playlists):
    uri = f"spotify:playlist:{playlists['Last bus home']}"
    assert call("DELETE", f"/me/library?uris={uri}").status_code == 200
    assert uri not in spotify.world.followed
    assert call("PUT", f"/me/library?uris={uri}").status_code == 200
    assert spotify.world.followed[0] == uri


def test_forty_uris_are_the_most(spotify, call):
    uris = ",".join(spotify.world.top[:40])
    assert call("PUT", f"/me/library?uris={uris}").status_code == 200
    assert call("PUT", f"/me/library?uris={uris},{spotify.world.top[41]}").status_code == 400
    assert call("PUT", "/me/library?uris=7a3LWj5xSFhFRYmztS8wgK").status_code == 400


def test_each_kind_of_thing_needs_its_own_scope(spotify, playlists):
    likes = Caller(spotify, ["user-library-modify"])
    assert likes("PUT", f"/me/library?uris={spotify.world.top[0]}").status_code == 200
    assert likes("PUT", f"/me/library?uris=spotify:playlist:{playlists['Last bus home']}").status_code == 403


def test_top_tracks_and_artists(call):
    assert call("GET", "/me/top/tracks?limit=50").json()["total"] == 60
    assert call("GET", "/me/top/artists?time_range=short_term").json()["items"][0]["type"] == "artist"
    assert call("GET", "/me/top/tracks?time_range=ever").status_code == 400


def test_searching_gives_ten_at_most_and_hides_spotifys_own(call):
    page = call("GET", "/search?q=mila%20mix%20rain&type=playlist&limit=10").json()["playlists"]
    assert None in page["items"]
    assert all(one is None or one["public"] for one in page["items"])
    assert len(call("GET", "/search?q=happy&type=track").json()["tracks"]["items"]) == 5
    both = call("GET", "/search?q=golden&type=track,album,artist,show&limit=10").json()
    assert set(both) == {"tracks", "albums", "artists", "shows"}


@pytest.mark.parametrize("query", ["q=a&type=track&offset=1000", "q=nothing-is-called-like-this&type=track"])
def test_a_search_without_hits_is_an_empty_page(call, query):
    assert call("GET", f"/search?{query}").json()["tracks"]["items"] == []


def test_single_tracks_albums_and_artists(spotify, call):
    track = spotify.world.tracks[spotify.world.top[0]]
    assert call("GET", f"/tracks/{track.id}").json()["name"] == track.title
    assert call("GET", f"/albums/{track.album.id}").json()["tracks"]["total"] == track.album.tracks
    assert call("GET", f"/albums/{track.album.id}/tracks").json()["items"][0]["type"] == "track"
    assert call("GET", f"/artists/{track.artists[0].id}").json()["name"] == track.artists[0].name
    assert call("GET", "/tracks/0000000000000000000000").status_code == 404
    episode = next(one for one in spotify.world.tracks.values() if one.kind == "episode")
    assert call("GET", f"/episodes/{episode.id}").json()["show"]["name"] == "Tea and Valves"


def test_me_has_the_lasting_account_id_and_nothing_that_is_gone(call):
    me = call("GET", "/me").json()
    assert me["account_id"]
    assert not {"product", "country", "email", "followers", "explicit_content"} & set(me)


def test_me_with_a_slash_is_me_as_spotipy_asks_for_it(spotify, call):
    assert call("GET", "/me/").json() == call("GET", "/me").json()
    assert [one.path for one in spotify.calls] == ["/me", "/me"]


def test_others_of_the_household_have_their_own_library(spotify):
    ada = Caller(spotify, user="ada.demo")
    assert ada("GET", "/me").json()["id"] == "ada.demo"
    assert [one["name"] for one in ada("GET", "/me/playlists").json()["items"]] == ["Family road trip"]
    assert ada("GET", "/me/tracks").json()["total"] == 0
    assert ada("GET", "/me/player/devices").json()["devices"] == []
