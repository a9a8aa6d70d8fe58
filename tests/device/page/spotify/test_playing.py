import re
from dataclasses import replace

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Feature
from moodbox.page.spotify.gallery import MOST, Gallery
from moodbox.page.spotify.memory import Memory
from moodbox.page.view import view
from tests.fakes.spotify_desk import COVER, SONG, picture, uri

SOURCE = re.compile(r'id="cover" alt="" src="([^"]+)"')


def song(desk):
    return view(desk, desk.board.latest(), Memory())["song"]


def test_song_is_shown_with_cover_names_playlist_speaker_link_and_where_it_is_from(visitor, desk, linked):
    desk.play_song()
    text = visitor.get("/").text
    for words in (SONG.title, "Marta Quill, The Harbour", "Sunshine on the balcony", "Kitchen", SONG.link):
        assert words in text
    assert "Music from <strong>Spotify</strong>" in text
    assert SONG.cover not in text


def test_piece_of_the_box_is_no_song(desk, linked):
    desk.play()
    assert song(desk) is None


def test_song_without_spotify_is_none(desk):
    desk.play_song()
    assert song(desk) is None


def test_link_that_leads_elsewhere_is_not_shown(desk, linked):
    desk.play_song(replace(SONG, link="javascript:alert(1)"))
    assert song(desk)["link"] == ""


def test_heart_follows_what_the_room_knows_and_what_is_allowed(desk, linked):
    desk.play_song()
    assert (song(desk)["liked"], song(desk)["may_like"]) == (False, True)
    linked.like(SONG.uri, liked=True)
    assert song(desk)["liked"] is True
    linked.sign_in(Feature.MAKE)
    assert song(desk)["may_like"] is False


def test_like_is_taken_and_taken_back(visitor, linked):
    for liked in (True, False):
        assert visitor.post("/spotify/like", json={"uri": SONG.uri, "liked": liked}).status_code == 204
        assert (SONG.uri in linked.likes) is liked


def test_cover_comes_through_the_box_under_a_name_of_its_own(visitor, desk, linked):
    desk.play_song()
    path = SOURCE.search(visitor.get("/").text)[1]
    answer = visitor.get(path)
    assert answer.data == picture(SONG.cover)
    assert answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("key", ["0" * 32, "https:%2F%2Fevil.example%2Fx", "..%2F..%2Fetc", COVER])
def test_cover_that_was_never_shown_is_asked_of_nobody(visitor, linked, key):
    assert visitor.get(f"/spotify/cover/{key}").status_code == 404
    assert linked.asked == []


def test_cover_that_does_not_come_is_no_failure(visitor, desk, linked):
    desk.play_song()
    path = SOURCE.search(visitor.get("/").text)[1]
    linked.failure = SpotifyError("No", "No", Verdict.LATER, key="spotify-down")
    answer = visitor.get(path)
    assert (answer.status_code, answer.data) == (204, b"")


def test_cover_that_is_no_picture_is_not_handed_on(visitor, desk, linked):
    desk.play_song()
    path = SOURCE.search(visitor.get("/").text)[1]
    linked.cover = lambda _url: (b"<script>alert(1)</script>", "text/html")
    assert visitor.get(path).status_code == 204


def test_covers_are_forgotten_when_the_account_is_disconnected(visitor, desk, linked):
    desk.play_song()
    path = SOURCE.search(visitor.get("/").text)[1]
    visitor.post("/spotify/disconnect", json={"forget_client_id": False})
    assert visitor.get(path).status_code == 404


def test_gallery_forgets_the_oldest_and_names_nothing_for_nothing():
    gallery = Gallery()
    first = gallery.path(f"{COVER}0").rsplit("/", 1)[1]
    assert gallery.path("") == ""
    assert gallery.path(f"{COVER}0").endswith(first)
    for number in range(1, MOST + 1):
        gallery.path(f"{COVER}{number}")
    assert gallery.url(first) is None
    assert Gallery().path(f"{COVER}0").rsplit("/", 1)[1] != first  # nobody can work the name out


def test_song_that_plays_can_be_barred_for_its_mood(visitor, desk, linked):
    desk.play_song()
    assert song(desk)["label"] == "happy"
    visitor.post("/spotify/forbid", json={"label": "happy", "uri": SONG.uri})
    assert linked.barred["happy"] == {SONG.uri: SONG.title}


def test_song_of_no_mood_cannot_be_barred(desk, linked):
    desk.play_song(replace(SONG, label=""))
    assert song(desk)["label"] == ""


def test_view_of_spotify_holds_no_secret(desk, linked):
    linked.choose("happy", [uri(1)])
    desk.play_song()
    shown = view(desk, desk.board.latest(), Memory())
    assert set(shown["spotify"]) == {"setup", "moods", "linked", "speaker"}
    assert linked.preferences.client_id not in str(shown)
