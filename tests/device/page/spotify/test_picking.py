import re

import pytest

from moodbox.errors import StorageError
from moodbox.mood import ADJECTIVES, COORDINATES, color_of, mood_by_hand
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.page.app import STATIC
from tests.fakes.spotify_desk import SONG, uri


def test_unlinked_tab_says_what_it_would_do_and_where_to_begin(visitor, spotify):
    text = visitor.get("/moods").text
    assert "Once Spotify is linked" in text
    assert 'href="/setup"' in text
    for word in ADJECTIVES.values():
        assert word in text


def test_linked_tab_without_any_choice_says_how_to_begin(visitor, linked):
    text = visitor.get("/moods").text
    assert "Nothing is chosen yet" in text
    assert text.count('<article class="card glass"') == len(COORDINATES)


def test_choice_is_shown_in_its_order_by_the_next_view(visitor, linked):
    assert visitor.post("/spotify/choose", json={"label": "happy", "uris": [uri(4), uri(1)]}).status_code == 204
    text = visitor.get("/moods/cards").text
    assert text.index("Kitchen disco") < text.index("Sunshine on the balcony")
    assert "2 playlists" in text
    assert "Nothing is chosen yet" not in text


def test_playlist_of_somebody_else_says_what_it_cannot_do(visitor, linked):
    linked.choose("happy", [uri(5)])
    assert visitor.get("/moods").text.count("cannot be used for lift") == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"label": "happy"},
        {"label": "furious", "uris": []},
        {"label": "happy", "uris": "spotify:playlist:x"},
        {"label": "happy", "uris": [7]},
        {"label": "happy", "uris": [uri(1), uri(1)]},
        {"label": "happy", "uris": [uri(1, "track")]},
        {"label": "happy", "uris": ["javascript:alert(1)"]},
        {"label": "happy", "uris": [uri(number) for number in range(101)]},
    ],
)
def test_choice_that_is_none_is_refused_and_nothing_changes(visitor, linked, body):
    linked.choose("happy", [uri(2)])
    answer = visitor.post("/spotify/choose", json=body)
    assert answer.status_code == 400
    assert answer.json["error"].endswith(".")
    assert [each.uri for each in linked.chosen["happy"]] == [uri(2)]


def test_playlist_that_was_never_met_is_refused_in_the_rooms_own_sentence(visitor, linked):
    answer = visitor.post("/spotify/choose", json={"label": "happy", "uris": [uri(77)]})
    assert answer.status_code == 422
    assert "never met" in answer.json["error"]


def test_library_search_and_link_give_playlists_in_one_form(visitor, linked):
    own = visitor.post("/spotify/library", json={"again": False}).json["playlists"]
    assert [each["whole"] for each in own] == [False, False, False, False, True]
    assert own[0]["words"] == "by Ana · 41 songs"
    assert own[3]["words"] == "by Ana · 1 song"
    assert own[0]["cover"].startswith("/spotify/cover/")
    assert "scdn" not in str(own)
    found = visitor.post("/spotify/search", json={"words": " sunny "}).json["playlists"]
    assert ("search", "sunny") in linked.asked
    assert set(found[0]) == set(own[0])
    link = "https://open.spotify.com/playlist/" + "9" * 22
    (pasted,) = visitor.post("/spotify/look-up", json={"link": link}).json["playlists"]
    assert visitor.post("/spotify/choose", json={"label": "sad", "uris": [pasted["uri"]]}).status_code == 204


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/spotify/search", {"words": "  "}, 400),
        ("/spotify/search", {"words": "x" * 201}, 400),
        ("/spotify/search", {}, 400),
        ("/spotify/library", {"again": "yes"}, 400),
        ("/spotify/look-up", {"link": "https://example.org/playlist"}, 422),
        ("/spotify/look-up", {"link": uri(1, "album")}, 422),
        ("/spotify/look-up", {"link": ["x"]}, 400),
        ("/spotify/make", {"label": "furious"}, 400),
        ("/spotify/forbid", {"label": "happy", "uri": "spotify:user:ana"}, 400),
        ("/spotify/like", {"uri": uri(1), "liked": True}, 400),
        ("/spotify/like", {"uri": uri(1, "track"), "liked": 1}, 400),
        ("/spotify/market", {"market": "Germany"}, 400),
        ("/spotify/market", {"market": None}, 400),
        ("/spotify/language", {"language": "klingon"}, 422),
        ("/spotify/ceiling", {"ceiling": 1.1}, 400),
        ("/spotify/speaker", {"kind": "radio", "id": "", "name": ""}, 400),
        ("/spotify/speaker", {"kind": "soloist", "id": "invented", "name": "Mine"}, 400),
    ],
)
def test_bad_input_is_one_sentence(visitor, linked, path, body, code):
    answer = visitor.post(path, json=body)
    assert answer.status_code == code
    assert answer.json["error"].endswith(".")


def test_failure_of_spotify_is_its_cause_and_what_to_do(visitor, linked):
    linked.failure = SpotifyError("Spotify does not answer", "Try again in a minute", Verdict.LATER, key="spotify-down")
    answer = visitor.post("/spotify/search", json={"words": "sun"})
    assert (answer.status_code, answer.json["error"]) == (422, "Spotify does not answer. Try again in a minute.")


def test_database_that_cannot_be_read_is_said_on_the_tab(visitor, linked):
    def broken():
        raise StorageError("The database cannot be read: the disk is full")

    linked.moods = broken
    answer = visitor.get("/moods")
    assert answer.status_code == 200
    assert "The database cannot be read: the disk is full." in answer.text


def test_never_list_takes_song_artist_and_playlist_and_gives_them_back(visitor, desk, linked):
    desk.play_song()
    text = visitor.get("/moods").text
    assert "This song:" in text
    assert text.count("This artist:") == 2 * len(COORDINATES)
    for barred in (SONG.uri, SONG.artist_uris[0], uri(2)):
        assert visitor.post("/spotify/forbid", json={"label": "happy", "uri": barred}).status_code == 204
    text = visitor.get("/moods").text
    assert "(3)" in text
    assert text.count("This artist:") == 2 * len(COORDINATES) - 1  # what is barred is not offered again
    visitor.post("/spotify/allow", json={"label": "happy", "uri": SONG.uri})
    assert list(linked.barred["happy"]) == [SONG.artist_uris[0], uri(2)]


def test_made_playlist_tells_how_it_goes_and_can_be_refreshed(visitor, linked):
    assert visitor.post("/spotify/make", json={"label": "happy"}).status_code == 204
    text = visitor.get("/moods").text
    assert "Looking for happy songs…" in text
    assert re.search(r'id="make-happy"[^>]* disabled', text)
    linked.finish_job("happy")
    text = visitor.get("/moods").text
    assert "Made with 50 songs." in text
    assert "Refresh mine" in text


def test_making_that_was_not_allowed_leads_to_setup(visitor, spotify):
    spotify.sign_in()
    text = visitor.get("/moods").text
    assert 'href="/setup#allow"' in text
    assert "/spotify/make" not in text


def test_lapsed_sign_in_keeps_the_choice_on_the_tab(visitor, linked):
    linked.choose("happy", [uri(1)])
    linked.lapse()
    text = visitor.get("/moods").text
    assert "Sunshine on the balcony" in text
    assert "Sign in again in Setup" in text


def test_suggestions_fit_by_name(visitor, linked):
    moods = visitor.post("/spotify/suggestions", json={}).json["moods"]
    assert [each["name"] for each in moods["happy"]] == ["Sunshine on the balcony", "Kitchen disco"]
    assert [each["name"] for each in moods["sad"]] == ["Rainy day"]
    assert [each["name"] for each in moods["neutral"]] == ["Sunday calm"]


def test_preferences_are_kept(visitor, linked):
    for path, body in (
        ("/spotify/language", {"language": "de"}),
        ("/spotify/market", {"market": "de"}),
        ("/spotify/ceiling", {"ceiling": 0.65}),
    ):
        assert visitor.post(path, json=body).status_code == 204
    kept = linked.preferences
    assert (kept.language, kept.market, kept.ceiling) == ("de", "DE", 0.65)
    assert 'value="65"' in visitor.get("/setup").text


@pytest.mark.parametrize("label", COORDINATES)
def test_color_of_a_mood_is_the_boxes_own(label):
    sheet = (STATIC / "moods.css").read_text()
    red, green, blue = (round(255 * level) for level in color_of(mood_by_hand(label, 0.0)))
    assert f'[data-mood="{label}"] {{ --glow: rgb({red} {green} {blue}); }}' in sheet
