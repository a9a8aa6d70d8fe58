"""Reading answers: both names of a field, nulls, what is missing, and junk of every shape."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.music.spotify.client import answers
from moodbox.music.spotify.client.answers import NonsenseError
from moodbox.music.spotify.values import Artist, Playlist, Track

ID = "37i9dQZF1DXcBWIGoYBM5M"
TRACK = {
    "uri": f"spotify:track:{ID}",
    "name": "Song",
    "type": "track",
    "duration_ms": 200_500,
    "artists": [{"uri": f"spotify:artist:{ID}", "name": "Band"}, None, {"name": "Guest"}],
    "album": {
        "name": "Record",
        "images": [
            {"url": "https://i.scdn.co/640", "width": 640, "height": 640},
            {"url": "https://i.scdn.co/300", "width": 300, "height": 300},
            {"url": "https://i.scdn.co/64", "width": 64, "height": 64},
        ],
    },
}

FIELDS = [
    *TRACK,
    "id",
    "owner",
    "items",
    "tracks",
    "total",
    "images",
    "url",
    "width",
    "device",
    "devices",
    "item",
    "track",
]
FIELDS += ["is_local", "is_playing", "context", "next", "volume_percent", "progress_ms", "error", "message"]

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def test_track_is_read_with_the_smallest_picture_that_is_large_enough():
    assert answers.track(TRACK) == Track(
        uri=f"spotify:track:{ID}",
        title="Song",
        artists=(Artist(f"spotify:artist:{ID}", "Band"), Artist("", "Guest")),
        album="Record",
        cover="https://i.scdn.co/300",
        seconds=200.5,
    )


def test_uploaded_picture_without_a_width_is_shown():
    images = [{"url": "https://i.scdn.co/up", "width": None, "height": None}]
    assert answers.playlist({"uri": f"spotify:playlist:{ID}", "images": images}).cover == "https://i.scdn.co/up"


def test_picture_of_another_kind_of_address_is_none():
    images = [{"url": "javascript:alert(1)", "width": 300}]
    assert not answers.playlist({"uri": f"spotify:playlist:{ID}", "images": images}).cover


@pytest.mark.parametrize("name", ["item", "track"])
def test_page_of_a_playlist_may_wrap_its_tracks_under_either_name(name):
    page = {"items": [{name: TRACK}, None, {name: None}, {"is_local": True, name: TRACK}]}
    assert [track.title for track in answers.tracks(page)] == ["Song"]


def test_page_of_bare_tracks_is_read_and_episodes_and_local_files_are_left_out():
    episode = {"uri": f"spotify:episode:{ID}", "type": "episode", "name": "Talk"}
    local = {"uri": "spotify:local:Band:Record:Song:200", "type": "track", "name": "Mine"}
    # A track inside a playlist has a field "track" of its own, which is true.
    assert [track.title for track in answers.tracks({"items": [TRACK | {"track": True}, episode, local]})] == ["Song"]


def test_unplayable_track_is_told():
    one = answers.track(TRACK | {"is_playable": False})
    assert one is not None
    assert not one.playable


@pytest.mark.parametrize("name", ["items", "tracks"])
def test_playlist_tells_its_total_under_either_name(name):
    assert answers.playlist({"uri": f"spotify:playlist:{ID}", name: {"total": 7}}).total == 7


def test_playlist_with_items_is_owned_as_they_are_absent_for_others():
    owner = {"id": "ann", "display_name": None}
    other = {"uri": f"spotify:playlist:{ID}", "name": "x", "owner": owner}
    assert not answers.playlist(other).owned
    assert answers.playlist(other).owner == "ann"
    assert answers.playlist(other | {"items": {"total": 3}}).owned
    assert answers.playlist(other, user="ann").owned
    assert not answers.playlist(other | {"tracks": {"total": 3}}, user="bob").owned
    assert answers.playlist(other | {"tracks": {"total": 3}, "collaborative": True}, user="bob").owned


def test_playlist_of_the_old_address_form_and_an_escaped_description_are_read():
    raw = {"uri": f"spotify:user:ann:playlist:{ID}", "name": "R&B", "description": "Made by Moodbox &middot; a&amp;b"}
    one = answers.playlist(raw)
    assert one == Playlist(f"spotify:playlist:{ID}", "R&B", description="Made by Moodbox \N{MIDDLE DOT} a&b")


def test_playlists_leave_out_nulls_and_what_has_no_address():
    page = {"items": [None, {"name": "no uri"}, {"id": ID, "name": "by id"}]}
    assert [one.name for one in answers.playlists(page)] == ["by id"]


def test_account_is_known_by_the_id_that_stays():
    assert answers.account({"id": "ann", "account_id": "A1", "display_name": None}).id == "A1"
    assert answers.account({"id": "ann"}).id == "ann"
    with pytest.raises(NonsenseError):
        answers.account({})


def test_device_may_lack_an_id_and_a_volume():
    (one,) = answers.devices({"devices": [None, {"id": None, "name": "Kitchen", "volume_percent": None}]})
    assert (one.id, one.name, one.volume, one.takes_volume) == ("", "Kitchen", None, True)


def test_playback_without_an_item_or_of_an_episode_has_no_track():
    assert answers.playback(None) is None
    for item in (None, {"uri": f"spotify:episode:{ID}"}):
        found = answers.playback({"is_playing": True, "item": item, "context": None, "device": None})
        assert found is not None
        assert (found.playing, found.track, found.device, found.context) == (True, None, None, "")


def test_half_a_surrogate_does_not_get_into_the_house():
    one = answers.track(TRACK | {"name": "bad \ud800 name"})
    assert one is not None
    assert one.title.encode() == b"bad ? name"


def test_no_list_at_all_is_no_empty_page():
    assert answers.page({"items": []}) == {"items": []}
    for raw in (None, {}, {"items": None}, "text", []):
        with pytest.raises(NonsenseError):
            answers.page(raw)


def test_pages_end_with_next_with_the_total_or_with_an_empty_one():
    assert answers.has_more({"items": [1], "next": "https://x"}, 50)
    assert not answers.has_more({"items": [1], "next": None, "total": 500}, 50)
    assert answers.has_more({"items": [1], "total": 51}, 50)
    assert not answers.has_more({"items": [], "next": "https://x"}, 50)


def test_flags_are_as_many_as_asked():
    assert answers.flags([True, False], 2) == [True, False]
    for raw in ([True], None, {"error": 1}):
        with pytest.raises(NonsenseError):
            answers.flags(raw, 2)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"error": {"status": 403, "message": "No", "reason": "UNKNOWN"}}, ("No", "UNKNOWN")),
        ({"error": "invalid_client", "error_description": "Bad id"}, ("Bad id", "")),
        ({"error": "invalid_client"}, ("invalid_client", "")),
        ({"error": None}, ("", "")),
        (["error"], ("", "")),
    ],
)
def test_complaint_is_read_from_an_object_or_a_word(raw, expected):
    assert answers.complaint(raw) == expected


@given(junk)
def test_junk_is_read_as_nothing_or_called_nonsense(raw):
    for parse in (
        answers.track,
        answers.tracks,
        answers.playlists,
        answers.devices,
        answers.playback,
        answers.complaint,
        lambda one: answers.has_more(one, 5),
    ):
        parse(raw)
    for parse in (answers.account, answers.playlist, answers.page):
        with contextlib.suppress(NonsenseError):
            parse(raw)
