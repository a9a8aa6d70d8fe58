"""Signing in at the accounts service."""

import pytest

SIX_MONTHS = 182 * 86_400


def test_a_whole_sign_in_gives_tokens_that_work(spotify, sign_in, call):
    page = sign_in.open()
    assert page.status_code == 200
    assert "Moodbox demo" in page.text
    assert "Mila" in page.text
    answer = sign_in.answer(page)
    assert answer["state"] == "st4te"

    sent = sign_in.exchange(answer["code"])
    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "no-store"
    assert sent.json()["expires_in"] == 3600
    assert sent.json()["scope"] == "user-read-playback-state playlist-read-private"

    call.token = sent.json()
    assert call("GET", "/me").json()["display_name"] == "Mila"


def test_cancel_tells_the_app_and_gives_no_code(sign_in):
    assert sign_in.answer(sign_in.open(), "cancel") == {"error": "access_denied", "state": "st4te"}


def test_a_page_that_was_answered_cannot_be_answered_again(sign_in):
    page = sign_in.open()
    assert "code" in sign_in.answer(page)
    assert sign_in.answer(page).status_code == 400


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "0" * 32}, "INVALID_CLIENT: Invalid client"),
        ({"redirect_uri": "http://192.168.1.5:8888/callback"}, "INVALID_CLIENT: Insecure redirect URI"),
        ({"redirect_uri": "http://localhost:8888/callback"}, "INVALID_CLIENT: Insecure redirect URI"),
        ({"redirect_uri": "http://127.0.0.1:8888/elsewhere"}, "INVALID_CLIENT: Invalid redirect URI"),
        ({"redirect_uri": "https://evil.example/callback"}, "INVALID_CLIENT: Invalid redirect URI"),
    ],
)
def test_what_cannot_be_trusted_is_refused_on_the_page(sign_in, changes, words):
    page = sign_in.open(**changes)
    assert page.status_code == 400
    assert words in page.text
    assert "Location" not in page.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "user-read-everything"}, "invalid_scope"),
    ],
)
def test_other_mistakes_are_told_to_the_app(sign_in, changes, error):
    page = sign_in.open(**changes)
    assert page.status_code == 302
    assert f"error={error}&state=st4te" in page.headers["Location"]


@pytest.mark.parametrize(
    "redirect",
    ["http://127.0.0.1:8888/callback", "http://127.0.0.1/callback", "http://[::1]:1234/callback",
     "https://192.168.1.20:8443/callback"],
)  # fmt: skip
def test_the_demo_takes_loopback_with_any_port_and_the_box_in_the_lan(sign_in, redirect):
    sign_in.redirect = redirect
    assert "code" in sign_in.answer(sign_in.open())


def test_without_the_demos_kindness_a_lan_redirect_must_match_exactly(spotify, sign_in):
    app = spotify.world.grants.app("demo")
    app.any_lan = False
    app.redirects.add("https://192.168.1.20:8443/callback")
    sign_in.redirect = "https://192.168.1.20:8443/callback"
    assert sign_in.open().status_code == 200
    sign_in.redirect = "https://192.168.1.20:8444/callback"
    assert "Invalid redirect URI" in sign_in.open().text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:9999/callback"}, "invalid_grant"),
        ({"client_id": "0" * 32}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_good_only_for_whoever_asked_for_it(sign_in, changes, error):
    code = sign_in.answer(sign_in.open())["code"]
    sent = sign_in.exchange(code, **changes)
    assert sent.status_code == 400
    assert sent.json()["error"] == error
    assert sent.json()["error_description"]


def test_a_code_works_once(sign_in):
    code = sign_in.answer(sign_in.open())["code"]
    assert sign_in.exchange(code).status_code == 200
    assert sign_in.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_is_over_after_ten_minutes(sign_in, spotify_clock):
    code = sign_in.answer(sign_in.open())["code"]
    spotify_clock.turn(601)
    assert sign_in.exchange(code).json() == {
        "error": "invalid_grant",
        "error_description": "Authorization code expired",
    }


def test_refreshing_rotates_the_refresh_token(call):
    first = call.token["refresh_token"]
    renewed = call.refresh().json()
    assert renewed["refresh_token"] != first
    assert renewed["access_token"] != call.token["access_token"]

    again = call.refresh(first)
    assert again.status_code == 400
    assert again.json() == {"error": "invalid_grant", "error_description": "Refresh token revoked"}
    assert call.refresh(renewed["refresh_token"]).status_code == 200


def test_six_months_after_the_consent_it_is_over_however_often_it_was_refreshed(call, spotify_clock):
    spotify_clock.turn(SIX_MONTHS - 60)
    call.token = call.refresh().json()
    spotify_clock.turn(61)
    assert call.refresh().json() == {"error": "invalid_grant", "error_description": "Refresh token expired"}


def test_another_app_cannot_refresh(call):
    assert call.refresh(client_id="0" * 32).json()["error"] == "invalid_client"


def test_a_refresh_token_that_nobody_gave_out_is_refused(call):
    assert call.refresh("made-up").json() == {"error": "invalid_grant", "error_description": "Invalid refresh token"}


def test_an_access_token_lasts_an_hour(call, spotify_clock):
    spotify_clock.turn(3599)
    assert call("GET", "/me").status_code == 200
    spotify_clock.turn(1)
    answer = call("GET", "/me")
    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "The access token expired"


def test_the_pages_are_neither_kept_nor_framed_nor_told_on(sign_in):
    headers = sign_in.open().headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_somebody_outside_the_apps_list_gets_tokens_but_no_answers(spotify, call):
    spotify.world.grants.app("demo").users.discard("ada.demo")
    call.token = spotify.world.grant(["user-top-read"], user="ada.demo")
    answer = call("GET", "/me")
    assert answer.status_code == 403
    assert "not registered" in answer.json()["error"]["message"]


def test_no_secret_is_logged(sign_in, call, caplog):
    caplog.set_level("DEBUG")
    code = sign_in.answer(sign_in.open())["code"]
    tokens = sign_in.exchange(code).json()
    call.token = tokens
    call("GET", "/me")
    written = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("urllib3"))
    for secret in (code, tokens["access_token"], tokens["refresh_token"], sign_in.verifier):
        assert secret not in written
