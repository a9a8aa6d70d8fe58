import re
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from moodbox.music.spotify.values import FEATURE_SCOPES, SCOPES, Feature
from tests.device.page.conftest import Visitor
from tests.fakes.spotify_desk import BEDROOM, CODE, KITCHEN, FakeSpotifyDesk, uri

CLIENT_ID = "0123456789abcdef0123456789abcdef"
HREF = re.compile(r'id="sign-in" href="([^"]+)"')


def place(visitor):
    return re.search(r'data-place="([^"]+)"', visitor.get("/setup/spotify").text)[1]


def begin(visitor, client_id=CLIENT_ID):
    assert visitor.post("/spotify/link/begin", json={"client_id": client_id}).status_code == 204
    return HREF.search(visitor.get("/setup/spotify").text)[1].replace("&amp;", "&")


def test_newcomer_begins_with_what_is_needed(visitor, spotify):
    text = visitor.get("/setup").text
    assert "Step 1 of 5" in text
    assert "Premium" in text
    assert "Up to five people" in text


def test_steps_go_on_and_back_and_survive_loading_again(visitor, spotify):
    for number in (2, 3, 2, 1):
        assert visitor.post("/spotify/link/step", json={"step": number}).status_code == 204
        assert f"Step {number} of 5" in visitor.get("/setup").text


@pytest.mark.parametrize("number", [0, 4, 5, -1, True, "2", None, 2.5])
def test_step_that_must_be_earned_cannot_be_chosen(visitor, spotify, number):
    answer = visitor.post("/spotify/link/step", json={"step": number})
    assert answer.status_code == 400
    assert answer.json["error"].endswith(".")
    assert place(visitor) == "step-1"


def test_each_browser_stands_where_it_went(app, spotify):
    one, other = Visitor(app.test_client()), Visitor(app.test_client())
    one.post("/spotify/link/step", json={"step": 3})
    assert (place(one), place(other)) == ("step-3", "step-1")


def test_exact_redirect_is_shown_to_be_copied(visitor, spotify):
    visitor.post("/spotify/link/step", json={"step": 2})
    text = visitor.get("/setup").text
    assert f'<code id="redirect">{spotify.redirect()}</code>' in text
    assert 'data-copy="redirect"' in text
    for word in ("Web API", "User Management", "Create app"):
        assert word in text


@pytest.mark.parametrize("typed", ["", "my id", "0" * 31, "0" * 33, "g" * 32, "x" * 200])
def test_client_id_that_is_none_is_refused_in_a_sentence_and_kept_to_be_mended(visitor, spotify, typed):
    visitor.post("/spotify/link/step", json={"step": 3})
    answer = visitor.post("/spotify/link/begin", json={"client_id": typed})
    assert answer.status_code == 422
    assert "Client ID" in answer.json["error"]
    assert place(visitor) == "step-3"
    assert f'value="{typed}"' in visitor.get("/setup").text


@pytest.mark.parametrize("body", [{}, {"client_id": 7}, {"client_id": None}, {"client_id": "x" * 201}, []])
def test_client_id_that_is_no_text_is_refused(visitor, spotify, body):
    assert visitor.post("/spotify/link/begin", json=body).status_code == 400


def test_demo_fills_the_client_id_in(visitor, desk):
    desk.spotify = FakeSpotifyDesk(demo=True)
    visitor.post("/spotify/link/step", json={"step": 3})
    text = visitor.get("/setup").text
    assert 'value="demo"' in text
    assert "The demo fills this in" in text
    begin(visitor, "demo")
    assert place(visitor) == "step-4"


def test_sign_in_is_bound_to_the_browser_by_a_random_name_that_is_no_token(app, visitor, spotify):
    begin(visitor)
    other = Visitor(app.test_client())
    begin(other)
    sessions = [session for session, _ in spotify.attempts.values()]
    assert len(set(sessions)) == 2
    for session, who in zip(sessions, (visitor, other), strict=True):
        assert len(session) >= 40
        assert session != who.headers["X-Moodbox-Token"]
        assert session not in who.get("/setup").text


def test_answer_pasted_in_another_browser_is_refused(app, visitor, spotify):
    landed = spotify.agree(begin(visitor))
    other = Visitor(app.test_client())
    answer = other.post("/spotify/link/finish", json={"pasted": landed})
    assert answer.status_code == 422
    assert "another browser" in answer.json["error"]
    assert not spotify.login.linked


@pytest.mark.parametrize("form", ["whole", "query"])
def test_pasted_address_links_the_account_and_leads_to_the_speaker(visitor, spotify, form):
    landed = spotify.agree(begin(visitor))
    pasted = landed if form == "whole" else urlsplit(landed).query
    assert visitor.post("/spotify/link/finish", json={"pasted": pasted}).status_code == 204
    assert place(visitor) == "step-5"
    assert "signed in as <strong>Ana</strong>" in visitor.get("/setup").text


def test_pasted_address_works_once(visitor, spotify):
    landed = spotify.agree(begin(visitor))
    visitor.post("/spotify/link/finish", json={"pasted": landed})
    answer = visitor.post("/spotify/link/finish", json={"pasted": landed})
    assert answer.status_code == 422
    assert "begin signing in again" in answer.json["error"]


@pytest.mark.parametrize("pasted", ["", "hello", "https://example.org/?code=x", "x" * 8000])
def test_paste_that_is_no_answer_says_so_and_the_sign_in_goes_on(visitor, spotify, pasted):
    url = begin(visitor)
    answer = visitor.post("/spotify/link/finish", json={"pasted": pasted})
    assert answer.status_code == 422
    assert answer.json["error"].endswith(".")
    assert place(visitor) == "step-4"
    assert visitor.post("/spotify/link/finish", json={"pasted": spotify.agree(url)}).status_code == 204


def test_paste_beyond_every_address_is_refused(visitor, spotify):
    begin(visitor)
    assert visitor.post("/spotify/link/finish", json={"pasted": "x" * 9000}).status_code == 400
    assert visitor.post("/spotify/link/finish", json={"pasted": "x" * 80_000}).status_code == 413


def test_page_notices_by_itself_that_linking_ended(visitor, spotify):
    url = begin(visitor)
    assert place(visitor) == "step-4"
    spotify.land(url)
    assert place(visitor) == "step-5"


def test_sign_in_older_than_ten_minutes_offers_a_new_one(visitor, spotify, monkeypatch):
    begin(visitor)
    later = time.time() + 601
    monkeypatch.setattr("moodbox.page.setup.time.time", lambda: later)
    text = visitor.get("/setup").text
    assert "more than ten minutes ago" in text
    assert 'id="sign-in"' not in text
    assert "Begin again" in text


def test_other_ways_are_offered_with_their_exact_lines(visitor, spotify):
    begin(visitor)
    text = visitor.get("/setup").text
    assert "ssh -L 8888:127.0.0.1:8888 user@" in text
    assert "Open the door" in text


def test_door_shows_redirect_fingerprint_and_a_picture_of_its_own(visitor, spotify):
    begin(visitor)
    assert visitor.get("/spotify/link/qr.svg").status_code == 404
    assert visitor.post("/spotify/link/door", json={"open": True}).status_code == 204
    text = visitor.get("/setup").text
    assert spotify.door.redirect in text
    assert spotify.door.fingerprint in text.replace("<wbr>", "")
    assert 'data-left="300"' in text
    assert "<path" not in text.split('class="qr"')[1][:200]
    picture = visitor.get("/spotify/link/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.decode() == spotify.door.qr
    assert picture.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["Cache-Control"] == "no-store"


def test_door_is_closed_by_hand_by_going_back_and_by_time(visitor, spotify, monkeypatch):
    for end in (
        {"path": "/spotify/link/door", "json": {"open": False}},
        {"path": "/spotify/link/step", "json": {"step": 3}},
    ):
        begin(visitor)
        visitor.post("/spotify/link/door", json={"open": True})
        visitor.post(end["path"], json=end["json"])
        assert spotify.door is None
        assert visitor.get("/spotify/link/qr.svg").status_code == 404
    begin(visitor)
    visitor.post("/spotify/link/door", json={"open": True})
    later = time.time() + 301
    monkeypatch.setattr("moodbox.page.setup.time.time", lambda: later)
    monkeypatch.setattr("moodbox.page.spotify.phone.time.time", lambda: later)
    assert visitor.get("/spotify/link/qr.svg").status_code == 404
    assert "Open the door" in visitor.get("/setup").text


def test_door_of_another_browser_is_not_shown(app, visitor, spotify):
    begin(visitor)
    visitor.post("/spotify/link/door", json={"open": True})
    assert Visitor(app.test_client()).get("/spotify/link/qr.svg").status_code == 404


def test_door_without_a_sign_in_is_refused(visitor, spotify):
    answer = visitor.post("/spotify/link/door", json={"open": True})
    assert answer.status_code == 422
    assert answer.json["error"] == "This sign-in is over: begin signing in again."


def test_speaker_ends_the_steps(visitor, spotify):
    visitor.post("/spotify/link/finish", json={"pasted": spotify.agree(begin(visitor))})
    offers = visitor.post("/spotify/speakers", json={}).json["speakers"]
    assert [(offer["name"], offer["here"], offer["chosen"]) for offer in offers] == [
        ("Kitchen", True, False),
        ("Bedroom", False, False),
    ]
    wanted = {name: offers[1][name] for name in ("kind", "id", "name")}
    assert visitor.post("/spotify/speaker", json=wanted).status_code == 204
    assert spotify.preferences.speaker == BEDROOM
    assert place(visitor) == "linked"


def test_speaker_may_wait(visitor, spotify):
    visitor.post("/spotify/link/finish", json={"pasted": spotify.agree(begin(visitor))})
    visitor.post("/spotify/speaker/later", json={})
    assert place(visitor) == "linked"
    assert "None chosen yet" in visitor.get("/setup").text


def test_linked_page_tells_account_date_budget_and_features(visitor, linked):
    linked.hold()
    text = visitor.get("/setup").text
    assert "Ana" in text
    assert "Signed in until" in text
    assert "412 calls in the last 24 hours" in text
    assert "Spotify takes no more calls" in text
    assert text.count("<span>Allowed</span>") == 3
    assert "never gets a picture" in text


@pytest.mark.parametrize(("days", "said"), [(30, "in 30 days"), (7, "in 7 days"), (1, "tomorrow"), (0, "today")])
def test_end_of_the_sign_in_is_warned_of(visitor, linked, days, said):
    linked.sign_in(days=182 - days - 0.01 if days == 0 else 182 - days)
    linked.login = replace(linked.login, days_left=days)
    assert f"The sign-in ends {said}" in visitor.get("/setup").text


def test_far_end_of_the_sign_in_is_no_warning(visitor, linked):
    assert 'id="ending"' not in visitor.get("/setup").text


def test_lapsed_sign_in_asks_calmly_and_keeps_everything(visitor, linked):
    linked.choose("happy", [uri(1)])
    linked.lapse()
    assert place(visitor) == "lapsed"
    assert visitor.post("/spotify/link/begin", json={"client_id": ""}).status_code == 204
    assert place(visitor) == "again"
    linked.land(HREF.search(visitor.get("/setup").text)[1].replace("&amp;", "&"))
    assert place(visitor) == "linked"
    assert linked.chosen["happy"][0].uri == uri(1)
    assert linked.preferences.speaker == KITCHEN


def test_signing_in_again_asks_for_everything_that_was_allowed(visitor, linked):
    url = begin(visitor, "")
    (scope,) = parse_qs(urlsplit(url).query)["scope"]
    assert set(scope.split()) >= {*SCOPES, *(each for scopes in FEATURE_SCOPES.values() for each in scopes)}


def test_cancelled_sign_in_leaves_the_old_one(visitor, linked):
    begin(visitor, "")
    assert place(visitor) == "again"
    visitor.post("/spotify/link/cancel", json={})
    assert place(visitor) == "linked"


def test_one_more_feature_asks_for_its_scopes_and_the_old_ones(visitor, spotify):
    spotify.sign_in(Feature.LIKE)
    spotify.use_speaker(KITCHEN)
    assert visitor.post("/spotify/link/allow", json={"feature": "make"}).status_code == 204
    url = HREF.search(visitor.get("/setup").text)[1].replace("&amp;", "&")
    (scope,) = parse_qs(urlsplit(url).query)["scope"]
    assert set(scope.split()) >= {*SCOPES, *FEATURE_SCOPES[Feature.MAKE], *FEATURE_SCOPES[Feature.LIKE]}
    spotify.land(url)
    assert spotify.login.may(Feature.MAKE)
    assert visitor.post("/spotify/link/allow", json={"feature": "everything"}).status_code == 400


@pytest.mark.parametrize("forget", [True, False])
def test_disconnect_deletes_and_keeps_the_client_id_only_when_wanted(visitor, linked, forget):
    linked.choose("happy", [uri(1)])
    assert visitor.post("/spotify/disconnect", json={"forget_client_id": forget}).status_code == 204
    assert place(visitor) == "step-1"
    assert not linked.login.linked
    visitor.post("/spotify/link/step", json={"step": 3})
    assert (f'value="{"c" * 32}"' in visitor.get("/setup").text) is not forget


@pytest.mark.parametrize("body", [{}, {"forget_client_id": 1}, {"forget_client_id": "yes"}])
def test_disconnect_is_never_guessed(visitor, linked, body):
    assert visitor.post("/spotify/disconnect", json=body).status_code == 400
    assert linked.login.linked


def test_no_secret_is_in_any_page(visitor, spotify):
    landed = spotify.agree(begin(visitor))
    (session,) = {session for session, _ in spotify.attempts.values()}
    for _ in range(2):  # while signing in, and when it is done
        for path in ("/", "/moods", "/setup", "/setup/spotify", "/moods/cards"):
            text = visitor.get(path).text
            assert CODE not in text
            assert session not in text
            assert "token" not in text.replace("moodbox-token", "").replace("tokens.css", "")
        visitor.post("/spotify/link/finish", json={"pasted": landed})
    assert spotify.login.linked


@pytest.mark.parametrize("path", ["/setup", "/moods"])
def test_page_without_spotify_says_how_to_switch_it_on(visitor, path):
    assert "Spotify is switched off" in visitor.get(path).text


def test_every_change_is_refused_while_spotify_is_switched_off(visitor):
    answer = visitor.post("/spotify/link/begin", json={"client_id": CLIENT_ID})
    assert answer.status_code == 409
    assert answer.json["error"] == "Spotify is switched off in the settings of this box."


def test_too_many_wishes_at_once_are_slowed_down(visitor, linked):
    codes = [visitor.post("/spotify/refresh", json={}).status_code for _ in range(30)]
    assert codes[0] == 204
    assert 429 in codes


def test_words_from_elsewhere_are_never_markup(visitor, linked):
    linked.preferences = replace(linked.preferences, account_name="<img src=x onerror=alert(1)>")
    linked.choose("happy", [uri(1)])
    linked.chosen["happy"] = (replace(linked.chosen["happy"][0], name="<script>alert(1)</script>"),)
    for path in ("/setup", "/moods"):
        assert "<img src=x" not in visitor.get(path).text
        assert "<script>alert" not in visitor.get(path).text
