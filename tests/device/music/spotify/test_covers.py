"""Covers: only Spotify's own pictures, fetched once, and nothing else through this door."""

import pytest

from moodbox.music.spotify.covers import KEPT, LARGEST, Covers
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.values import Hosts


@pytest.mark.parametrize(
    "url",
    [
        "http://i.scdn.co/image/abc",  # not encrypted
        "https://evil.example/image/abc",
        "https://i.scdn.co.evil.example/image/abc",
        "https://evilscdn.co/image/abc",
        "https://user@i.scdn.co/image/abc",
        "https://i.scdn.co:8443/image/abc",
        "https://127.0.0.1/image/abc",
        "file:///etc/passwd",
        "https://[::1/image",
        "",
    ],
)
def test_only_pictures_of_spotify_are_fetched(url):
    with pytest.raises(SpotifyError, match="no picture of Spotify's"):
        Covers(Hosts()).fetch(url)


def test_unreachable_picture_is_a_sentence_without_its_address():
    hosts = Hosts(api="http://127.0.0.1:9/v1", images=("127.0.0.1",))
    with pytest.raises(SpotifyError) as raised:
        Covers(hosts).fetch("http://127.0.0.1:9/secret-path")
    assert raised.value.cause == "The cover did not come"
    assert "secret" not in repr(raised.value)
    assert (KEPT, LARGEST) == (48, 1_000_000)


def test_cover_of_the_stand_in_is_fetched_once_and_forgotten_when_told(spotify):
    covers = Covers(spotify.hosts)
    url = f"{spotify.root}/covers/abc.jpg"
    picture, kind = covers.fetch(url)
    assert (picture[:3], kind) == (b"\xff\xd8\xff", "image/jpeg")
    spotify.close()
    assert covers.fetch(url)[0] is picture
    covers.clear()
    with pytest.raises(SpotifyError, match="did not come"):
        covers.fetch(url)
