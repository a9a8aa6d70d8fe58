from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.music.spotify.speaker.entity import document, entity_track, librespot_track, number
from moodbox.music.spotify.values import Artist

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["uri", "decorations"]), inner),
)
PARTS = ("identity", "visual_identity", "parent", "creators", "playback")


def test_a_whole_entity_becomes_a_track() -> None:
    track = entity_track(
        {
            "uri": "spotify:track:1",
            "decorations": {
                "identity": {"name": "Title"},
                "visual_identity": {"cover": [{}, {"url": "https://i.scdn.co/1"}]},
                "parent": {"entity": {"decorations": {"identity": {"name": "Album"}}}},
                "creators": [{"entity": {"uri": "spotify:artist:2", "decorations": {"identity": {"name": "Ann"}}}}, 7],
                "playback": {"duration_ms": 200_500},
            },
        }
    )
    assert track is not None
    assert (track.title, track.album, track.cover, track.seconds) == ("Title", "Album", "https://i.scdn.co/1", 200.5)
    assert track.artists == (Artist("spotify:artist:2", "Ann"),)


def test_a_bare_uri_is_a_track_too() -> None:
    track = entity_track({"uri": "spotify:track:1"})
    assert track is not None
    assert track.seconds == 0


@given(JSON)
def test_any_json_is_survived(value: object) -> None:
    entity_track(value)
    librespot_track(value)
    entity_track({"uri": "spotify:track:1", "decorations": value})
    entity_track({"uri": "spotify:track:1", "decorations": dict.fromkeys(PARTS, value)})
    librespot_track(dict.fromkeys(("uri", "name", "artist_names", "album_cover_url", "duration"), value))


@pytest.mark.parametrize("message", ["", "{", "[]", "7", b"\xff\xfe", "[" * 100_000, "null", '"text"'])
def test_what_is_no_object_reads_as_an_empty_one(message: str | bytes) -> None:
    assert document(message) == {}


def test_long_and_odd_texts_are_cut_to_a_line() -> None:
    track = librespot_track({"uri": "spotify:track:1", "name": "a\n" * 5_000, "artist_names": ["", "Bo", 3]})
    assert track is not None
    assert "\n" not in track.title
    assert len(track.title) <= 2_000
    assert track.artists == (Artist("", "Bo"),)


@pytest.mark.parametrize("value", [True, "7", -1, float("nan"), float("inf"), 10**400, None])
def test_odd_numbers_are_none(value: object) -> None:
    assert number(value) is None
