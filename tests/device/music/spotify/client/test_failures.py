"""Every failure of spotify.md 1.6 against the stand-in: repeats, holds, and what the owner is told."""

from __future__ import annotations

import pytest

from moodbox.music.spotify.client.client import Client
from moodbox.music.spotify.failure import NeedsLogin, Verdict
from moodbox.music.spotify.values import Order, Purpose
from tests.fakes.spotify_bench import fails, fault


def test_expired_token_is_renewed_and_the_call_repeated_once(bench):
    old = bench.purse.token()
    fault(bench, "expired_token")
    assert bench.client.me().user == bench.spotify.world.owner.id
    assert bench.purse.renewals == [old]
    assert [call.status for call in bench.spotify.calls] == [401, 200]


def test_token_that_is_rejected_for_good_is_renewed_once(bench):
    fault(bench, "expired_token", times=None)
    error = fails(bench.client.me)
    assert (error.verdict, error.key) == (Verdict.LATER, "spotify-down")
    assert len(bench.purse.renewals) == 1
    assert len(bench.spotify.calls) == 2


def test_over_sign_in_asks_nobody(bench):
    bench.purse.fails = NeedsLogin("The sign-in to Spotify is over")
    with pytest.raises(NeedsLogin):
        bench.client.me()
    assert bench.spotify.calls == []


def test_sign_in_that_turns_out_over_while_renewing_is_said(bench):
    fault(bench, "expired_token")
    renew = bench.purse.renew

    def over(rejected):
        bench.purse.fails = NeedsLogin("The sign-in to Spotify is over")
        return renew(rejected)

    bench.purse.renew = over
    with pytest.raises(NeedsLogin):
        bench.client.me()
    assert len(bench.spotify.calls) == 1


def test_lost_token_at_the_players_gateway_is_waited_for_with_the_same_token(bench):
    fault(bench, "missing_token")
    assert bench.press.devices()
    assert bench.slept == [1.0]
    assert bench.purse.renewals == []


def test_token_lost_twice_is_renewed_once_and_then_spotify_is_down(bench):
    fault(bench, "missing_token", times=2)
    assert bench.press.devices()
    assert len(bench.purse.renewals) == 1
    fault(bench, "missing_token", times=None)
    error = fails(bench.press.devices)
    assert (error.verdict, error.key) == (Verdict.LATER, "spotify-down")
    assert len(bench.purse.renewals) == 2
    assert bench.slept == [1.0, 1.0]


def test_premium_blip_is_tried_again_and_real_lack_is_told(bench):
    fault(bench, "premium")
    bench.press.play(bench.kitchen.id, Order(context=bench.own))
    fault(bench, "premium", times=None)
    before = len(bench.spotify.calls)
    error = fails(lambda: bench.press.play(bench.kitchen.id, Order(context=bench.own)))
    assert (error.verdict, error.key) == (Verdict.TELL, "spotify-premium")
    assert len(bench.spotify.calls) - before == 2


def test_owner_without_premium_is_asked_for_once_an_hour_but_by_the_page_at_any_time(spotify, bench):
    now = [0.0]
    client = Client(spotify.hosts, bench.purse, bench.budget, clock=bench.clock, monotonic=lambda: now[0])
    press = client.for_(Purpose.PRESS)
    fault(bench, "owner_premium", times=2)
    error = fails(press.devices)
    assert (error.verdict, error.key, error.retry_at) == (Verdict.TELL, "spotify-setup", bench.clock.now + 3600)
    now[0] += 3000
    assert fails(press.devices).cause == error.cause
    assert len(bench.spotify.calls) == 1
    now[0] += 700
    fails(press.devices)
    assert len(bench.spotify.calls) == 2
    client.me()  # somebody looks at the page after Premium was renewed
    assert press.devices()
    client.close()


@pytest.mark.parametrize(("kind", "key"), [("not_registered", "spotify-setup"), ("forbidden", "spotify-setup")])
def test_refusal_for_good_is_told_and_never_repeated(bench, kind, key):
    fault(bench, kind, times=None)
    error = fails(bench.client.me)
    assert (error.verdict, error.key) == (Verdict.TELL, key)
    assert len(bench.spotify.calls) == 1


def test_command_that_does_not_fit_changes_nothing_and_says_nothing(bench):
    bench.press.play(bench.kitchen.id, Order(context=bench.own))
    bench.press.pause(bench.kitchen.id)
    bench.press.pause(bench.kitchen.id)
    assert bench.spotify.calls[-1].status == 403
    for command in (bench.press.next, bench.press.resume, lambda id_: bench.press.volume(id_, 0.5)):
        fault(bench, "restriction")
        command(bench.kitchen.id)


def test_music_that_the_speaker_does_not_take_is_told_for_it_is_silent(bench):
    fault(bench, "restriction")
    error = fails(lambda: bench.press.play(bench.kitchen.id, Order(context=bench.own)))
    assert (error.verdict, error.key) == (Verdict.TELL, "spotify-speaker")


@pytest.mark.parametrize("kind", ["no_active_device", "sleeping"])
def test_sleeping_speaker_is_told_with_its_reason_and_not_repeated(bench, kind):
    fault(bench, kind)
    error = fails(lambda: bench.press.play(bench.kitchen.id, Order(context=bench.own)))
    assert (error.verdict, error.key, error.reason, error.status) == (
        Verdict.TELL,
        "spotify-speaker",
        "NO_ACTIVE_DEVICE",
        404,
    )
    assert len(bench.spotify.calls) == 1


def test_unknown_device_is_told(bench):
    error = fails(lambda: bench.press.play("0" * 40, Order(context=bench.own)))
    assert (error.verdict, error.key, error.status) == (Verdict.TELL, "spotify-speaker", 404)


def test_rate_limit_holds_every_call_until_it_is_over(bench):
    fault(bench, "rate_limited", seconds=7.0)
    error = fails(bench.client.me)
    assert (error.verdict, error.key, error.retry_at) == (Verdict.LATER, "spotify-busy", bench.clock.now + 7)
    for ask in (bench.client.me, bench.press.devices):
        assert fails(ask).key == "spotify-busy"
    assert len(bench.spotify.calls) == 1
    assert bench.slept == []
    bench.moved(7.1)
    bench.client.me()


def test_quota_holds_every_call_for_hours_and_over_a_restart(spotify, bench):
    fault(bench, "quota")
    error = fails(bench.client.me)
    assert (error.verdict, error.key, error.retry_at) == (Verdict.LATER, "spotify-quota", bench.clock.now + 48_925)
    again = Client(spotify.hosts, bench.purse, bench.budget, clock=bench.clock)
    bench.moved(48_000)
    assert fails(again.for_(Purpose.PRESS).devices).retry_at == error.retry_at
    hold = again.budget().hold
    assert hold is not None
    assert hold.reason == "quota"
    assert len(bench.spotify.calls) == 1
    bench.moved(1_000)
    again.me()
    again.close()


def test_own_stop_holds_before_anything_is_sent(bench):
    for _ in range(450):
        bench.budget.spend(Purpose.PAGE)
    error = fails(bench.client.me)
    assert (error.verdict, error.key) == (Verdict.LATER, "spotify-quota")
    assert error.retry_at is not None
    assert bench.spotify.calls == []
    assert bench.press.devices()


def test_every_request_is_counted_repeats_too(bench):
    fault(bench, "server_error")
    fault(bench, "expired_token")
    bench.client.me()
    assert bench.client.budget().used == len(bench.spotify.calls) == 3


@pytest.mark.parametrize("status", [500, 502, 503])
def test_fault_of_spotify_is_tried_twice(bench, status):
    fault(bench, "server_error", status=status)
    bench.client.me()
    fault(bench, "server_error", status=status, times=None)
    before = len(bench.spotify.calls)
    error = fails(bench.client.me)
    assert (error.verdict, error.key, error.status, error.uncertain) == (
        Verdict.LATER,
        "spotify-down",
        status,
        False,
    )
    assert len(bench.spotify.calls) - before == 2
    assert bench.slept == [0.3, 0.3]


def test_music_is_started_again_after_a_fault_but_a_second_one_leaves_it_uncertain(bench):
    fault(bench, "server_error")
    bench.press.play(bench.kitchen.id, Order(context=bench.own))
    fault(bench, "server_error", times=2)
    error = fails(lambda: bench.press.play(bench.kitchen.id, Order(context=bench.own)))
    assert (error.key, error.uncertain) == ("spotify-down", True)
    assert [call.status for call in bench.spotify.calls] == [503, 204, 503, 503]


def test_making_and_skipping_are_never_repeated(bench):
    for ask in (lambda: bench.client.create_playlist("A", ""), lambda: bench.press.next(bench.kitchen.id)):
        for kind in ("server_error", "cut"):
            bench.client.me()  # so that there are no three failures in a row
            fault(bench, kind)
            before = len(bench.spotify.calls)
            error = fails(ask)
            assert (error.verdict, error.uncertain) == (Verdict.LATER, True)
            assert len(bench.spotify.calls) - before == 1


def test_cut_after_the_playlist_was_made_says_that_it_may_be_there(bench):
    fault(bench, "cut", after=True)
    before = len(bench.spotify.world.playlists)
    assert fails(lambda: bench.client.create_playlist("A", "")).uncertain
    assert len(bench.spotify.world.playlists) == before + 1


@pytest.mark.parametrize("after", [False, True])
def test_cut_connection_is_repeated_once_where_that_does_no_harm(bench, after):
    bench.press.play(bench.kitchen.id, Order(context=bench.own))
    for ask in (
        bench.client.me,
        lambda: bench.press.volume(bench.kitchen.id, 0.4),
        lambda: bench.client.replace_tracks(bench.own, bench.songs[:2]),
        lambda: bench.client.save(bench.songs[:2]),
    ):
        fault(bench, "cut", after=after)
        before = len(bench.spotify.calls)
        ask()
        lost, repeated = bench.spotify.calls[before:]
        assert lost.status == 0
        assert repeated.status in (200, 204)


def test_cut_connection_never_starts_music_twice(bench):
    fault(bench, "cut", after=True)
    error = fails(lambda: bench.press.play(bench.kitchen.id, Order(context=bench.own)))
    assert (error.verdict, error.uncertain) == (Verdict.LATER, True)
    assert bench.calls() == ["PUT /me/player/play"]


def test_reading_is_never_uncertain(bench):
    fault(bench, "cut", times=None)
    assert not fails(bench.client.me).uncertain
    assert len(bench.spotify.calls) == 2


def test_page_instead_of_an_answer_is_nonsense_for_reading(bench):
    fault(bench, "html", times=None)
    for ask in (bench.client.me, bench.client.own_playlists):
        error = fails(ask)
        assert (error.verdict, error.key) == (Verdict.LATER, "spotify-down")


def test_page_instead_of_an_answer_is_success_for_a_command(bench):
    fault(bench, "html")
    bench.press.play(bench.kitchen.id, Order(context=bench.own))
    assert bench.spotify.calls[-1].status == 200


def test_page_instead_of_the_new_playlist_says_that_it_may_be_there(bench):
    fault(bench, "html")
    assert fails(lambda: bench.client.create_playlist("A", "")).uncertain


def test_nulls_everywhere_are_left_out(bench):
    bench.press.play(bench.kitchen.id, Order(context=bench.own))
    fault(bench, "nulls", times=None)
    assert all(one.uri for one in bench.client.own_playlists())
    assert all(one.uri for one in bench.client.search_tracks("happy"))
    assert all(one.uri for one in bench.client.playlist_tracks(bench.own))
    assert all(one.uri for one in bench.client.saved_tracks())
    assert len(bench.client.devices()) > 1
    found = bench.client.playback()
    assert found is not None
    assert found.track is None
    assert bench.client.me().id


def test_year_off_at_spotify_changes_nothing(bench):
    fault(bench, "clock_wrong", times=None)
    assert bench.client.me().id
