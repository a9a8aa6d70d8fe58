"""Each failure does what it says."""

import threading
from email.utils import parsedate_to_datetime

import pytest
import requests

from moodbox.standin.standin import Fault, FaultKind
from tests.fakes.spotify_caller import Caller


def error(answer):
    return answer.json()["error"]


def play(call, kitchen, playlists):
    uri = f"spotify:playlist:{playlists['Sunday sunshine']}"
    return call("PUT", f"/me/player/play?device_id={kitchen.id}", json={"context_uri": uri})


def test_expired_token_ends_the_token_until_it_is_refreshed(spotify, call):
    spotify.faults.add(Fault("expired_token"))
    assert call("GET", "/me").status_code == 401
    again = call("GET", "/me")
    assert again.status_code == 401
    assert error(again)["message"] == "The access token expired"
    call.token = call.refresh().json()
    assert call("GET", "/me").status_code == 200


def test_missing_token_blames_a_good_token_and_only_at_the_player(spotify, call):
    spotify.faults.add(Fault(FaultKind.MISSING_TOKEN))
    assert call("GET", "/me").status_code == 200
    assert error(call("GET", "/me/player")) == {"status": 401, "message": "Access token missing"}
    assert call("GET", "/me/player").status_code == 204


def test_revoked_ends_the_consent_at_the_next_refresh(spotify, call):
    spotify.faults.add(Fault("revoked"))
    assert call("GET", "/me").status_code == 200
    answer = call.refresh()
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_grant", "error_description": "Refresh token revoked"}
    assert call.refresh().status_code == 400
    assert Caller(spotify).refresh().status_code == 200  # a new consent is another matter


@pytest.mark.parametrize(
    "expected",
    [
        ("premium", 403, "Premium required", "PREMIUM_REQUIRED"),
        ("restriction", 403, "Restriction violated", "UNKNOWN"),
        ("no_active_device", 404, "No active device", "NO_ACTIVE_DEVICE"),
    ],
)
def test_the_players_faults_meet_commands_only(spotify, call, kitchen, playlists, expected):
    kind, status, word, reason = expected
    spotify.faults.add(Fault(kind))
    assert call("GET", "/me/player").status_code == 204
    answer = play(call, kitchen, playlists)
    assert answer.status_code == status
    assert word in error(answer)["message"]
    assert error(answer)["reason"] == reason
    assert not spotify.world.playback().playing
    assert play(call, kitchen, playlists).status_code == 204


def test_owner_premium_not_registered_and_forbidden_are_403(spotify, call):
    for kind, word in (("owner_premium", "owner of the app"), ("not_registered", "not registered")):
        spotify.faults.add(Fault(kind))
        answer = call("GET", "/me/playlists")
        assert answer.status_code == 403
        assert word in error(answer)["message"]
    spotify.faults.add(Fault("forbidden"))
    assert call("GET", "/me").json() == {"error": {"status": 403, "message": "Forbidden"}}


def test_rate_limited_has_retry_after_and_no_reason(spotify, call):
    spotify.faults.add(Fault("rate_limited", seconds=7))
    answer = call("GET", "/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert "reason" not in error(answer)


def test_quota_has_its_reason_and_a_long_wait(spotify, call):
    spotify.faults.add(Fault("quota"))
    answer = call("GET", "/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "48925")
    assert error(answer)["reason"] == "QUOTA_EXCEEDED"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_error_has_no_effect(spotify, call, status):
    before = len(spotify.world.playlists)
    spotify.faults.add(Fault("server_error", status=status))
    answer = call("POST", "/me/playlists", json={"name": "x", "public": False})
    assert answer.status_code == error(answer)["status"] == status
    assert len(spotify.world.playlists) == before


def test_html_comes_instead_of_the_answer_though_the_call_had_its_effect(spotify, call, kitchen, playlists):
    spotify.faults.add(Fault("html"))
    answer = play(call, kitchen, playlists)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert spotify.world.playback().playing


@pytest.mark.parametrize("after", [False, True])
def test_slow_holds_the_answer_until_it_is_released(spotify, call, kitchen, playlists, after):
    fault = spotify.faults.add(Fault("slow", after=after))
    answers, begun = [], threading.Event()

    def ask():
        begun.set()
        answers.append(play(call, kitchen, playlists).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(5)
    assert fault.held.wait(5)
    assert spotify.world.playback().playing is after
    assert not answers
    assert call("GET", "/me").status_code == 200  # others are served meanwhile
    fault.release()
    thread.join(5)
    assert answers == [204]
    assert spotify.world.playback().playing


def test_slow_ends_by_itself_and_when_faults_are_cleared(spotify, call):
    spotify.faults.add(Fault("slow", seconds=0.01))
    assert call("GET", "/me").status_code == 200
    fault = spotify.faults.add(Fault("slow", times=None))
    thread = threading.Thread(target=call, args=("GET", "/me"))
    thread.start()
    assert fault.held.wait(5)
    spotify.faults.clear()
    thread.join(5)
    assert not thread.is_alive()
    assert call("GET", "/me").status_code == 200


@pytest.mark.parametrize("after", [False, True])
def test_cut_closes_the_connection_before_or_after_the_effect(spotify, call, after):
    before = len(spotify.world.playlists)
    spotify.faults.add(Fault("cut", after=after))
    with pytest.raises(requests.ConnectionError):
        call("POST", "/me/playlists", json={"name": "x", "public": False})
    assert len(spotify.world.playlists) - before == int(after)
    assert spotify.calls[-1].status == 0
    assert call("GET", "/me").status_code == 200


def test_cut_at_the_accounts_service_must_be_named(spotify, call):
    spotify.faults.add(Fault("cut", path="/api/token"))
    assert call("GET", "/me").status_code == 200
    with pytest.raises(requests.ConnectionError):
        call.refresh()
    assert call.refresh().status_code == 200


def test_nulls_come_wherever_spotify_may_send_them(spotify, call, kitchen, playlists):
    play(call, kitchen, playlists)
    spotify.faults.add(Fault("nulls", times=None))
    items = call("GET", f"/playlists/{playlists['Sunday sunshine']}/items").json()["items"]
    assert items[0]["item"]
    assert items[1]["item"] is None
    assert items[3] is None
    listed = call("GET", "/me/playlists").json()["items"]
    assert listed[1] is None
    assert listed[0]["images"] is None
    assert call("GET", "/me/player").json()["item"] is None
    assert any(one["id"] is None for one in call("GET", "/me/player/devices").json()["devices"])
    assert None in call("GET", "/search?q=golden&type=track").json()["tracks"]["items"]


def test_rotated_lost_leaves_only_a_refresh_token_that_is_over(spotify, call):
    spotify.faults.add(Fault("rotated_lost"))
    with pytest.raises(requests.ConnectionError):
        call.refresh()
    assert call.refresh().json()["error"] == "invalid_grant"
    assert call("GET", "/me").status_code == 200  # the access token is good for its hour


def test_sleeping_puts_every_device_to_sleep_before_a_command(spotify, call, kitchen, playlists, spotify_clock):
    spotify.faults.add(Fault("sleeping"))
    assert error(play(call, kitchen, playlists))["reason"] == "NO_ACTIVE_DEVICE"
    assert call("GET", "/me/player/devices").json() == {"devices": []}
    assert play(call, kitchen, playlists).status_code == 204
    spotify_clock.turn(2)
    assert call("GET", "/me/player").json()["is_playing"] is True


def test_renamed_gives_every_device_another_name(spotify, call, kitchen):
    spotify.faults.add(Fault("renamed", path="/me/player/devices"))
    devices = call("GET", "/me/player/devices").json()["devices"]
    assert {"id": kitchen.id, "name": "Kitchen (2)"}.items() <= devices[0].items()


def test_clock_wrong_shows_in_the_date_alone(spotify, call, spotify_clock):
    honest = parsedate_to_datetime(call("GET", "/me").headers["Date"]).timestamp()
    assert honest == spotify_clock.now
    spotify.faults.add(Fault("clock_wrong"))
    answer = call("GET", "/me")
    assert answer.status_code == 200
    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() - honest == 365 * 86_400


def test_faults_end_after_their_times_and_meet_only_their_path_and_method(spotify, call):
    fault = spotify.faults.add(Fault("server_error", times=2, path="/me/p", method="GET"))
    assert call("POST", "/me/playlists", json={"name": "x"}).status_code == 201
    assert call("GET", "/me").status_code == 200
    assert [call("GET", "/me/playlists").status_code for _ in range(3)] == [503, 503, 200]
    assert fault.met == 2
    spotify.faults.add(Fault("server_error", times=None))
    assert {call("GET", "/me").status_code for _ in range(3)} == {503}
    spotify.faults.clear()
    assert call("GET", "/me").status_code == 200


def test_the_daily_quota_is_a_rolling_window(spotify, call, spotify_clock):
    spotify.world.quota, spotify.world.daily_calls = True, 5
    for _ in range(5):
        assert call("GET", "/me").status_code == 200
        spotify_clock.turn(60)
    answer = call("GET", "/me")
    assert answer.status_code == 429
    assert error(answer)["reason"] == "QUOTA_EXCEEDED"
    assert int(answer.headers["Retry-After"]) == pytest.approx(86_400 - 300, abs=2)
    spotify_clock.turn(int(answer.headers["Retry-After"]))
    call.token = call.refresh().json()
    assert call("GET", "/me").status_code == 200
    assert call("GET", "/me").status_code == 429


def test_the_rate_limit_is_thirty_seconds_wide(spotify, call, spotify_clock):
    spotify.world.rate = 3
    assert [call("GET", "/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    spotify_clock.turn(30)
    assert call("GET", "/me").status_code == 200
