"""Staying signed in when Spotify, the network or the disk does not play along: what is said, what is kept."""

import contextlib
from dataclasses import replace

import pytest

from moodbox.lock import FileLock
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict
from moodbox.music.spotify.link.token_file import NAME, Lapsed, TokenFile
from moodbox.standin.standin import Fault, FaultKind

AT_TOKEN = "/api/token"  # noqa: S105 - a path
HOUR = 3600.0


def saved(folder):
    return TokenFile(folder).read()


def fill(disk):
    """Fill a disk; return what must go to make room again."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return ballast


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.CUT, FaultKind.RATE_LIMITED])
def test_trouble_keeps_the_token_and_the_next_try_gets_through(kind, *, login, link, clock, spotify, folder):
    token = link()
    clock.advance(HOUR)
    spotify.faults.add(Fault(kind, path=AT_TOKEN, seconds=5))
    with pytest.raises(SpotifyError) as caught:
        login.token()
    assert caught.value.verdict is Verdict.LATER
    assert saved(folder).refresh == token.refresh
    assert login.state().linked
    clock.advance(6)
    assert login.token() == saved(folder).access


def test_failure_is_told_again_for_five_seconds_without_asking(login, link, clock, spotify):
    link()
    clock.advance(HOUR)
    fault = spotify.faults.add(Fault(FaultKind.SERVER_ERROR, times=None, path=AT_TOKEN))
    failures = []
    for _ in range(3):
        with pytest.raises(SpotifyError) as caught:
            login.token()
        failures.append(caught.value)
    assert fault.met == 1
    assert len({failure.cause for failure in failures}) == 1
    assert len({id(failure) for failure in failures}) == 3
    clock.advance(5)
    with pytest.raises(SpotifyError):
        login.token()
    assert fault.met == 2


def test_wait_that_spotify_asks_for_is_kept(login, link, clock, spotify):
    link()
    clock.advance(HOUR)
    fault = spotify.faults.add(Fault(FaultKind.RATE_LIMITED, times=None, path=AT_TOKEN, seconds=90))
    until = clock() + 90
    for _ in range(3):
        with pytest.raises(SpotifyError) as caught:
            login.token()
        assert (caught.value.key, caught.value.retry_at) == ("spotify-busy", until)
        clock.advance(29)
    assert fault.met == 1
    spotify.faults.clear()
    clock.advance(3)
    assert login.token()


def test_offline_keeps_the_token_and_writes_nothing(make_login, link, clock, spotify, folder):
    token = link()
    login = make_login()
    clock.advance(HOUR)
    before = (folder / NAME).stat().st_mtime_ns
    spotify.close()
    with pytest.raises(SpotifyError) as caught:
        login.token()
    assert (caught.value.verdict, caught.value.key) == (Verdict.LATER, "spotify-offline")
    assert saved(folder) == token
    assert (folder / NAME).stat().st_mtime_ns == before
    spotify.start()
    clock.advance(6)
    assert login.token() == saved(folder).access


def test_revoked_consent_leaves_a_note_and_asks_nobody_again(login, link, clock, spotify, folder):
    token = link(("one", "two"))
    clock.advance(HOUR)
    spotify.faults.add(Fault(FaultKind.REVOKED))
    with pytest.raises(NeedsLogin, match="no longer accepts") as caught:
        login.token()
    assert caught.value.key == "spotify-login"
    assert saved(folder) == Lapsed(token.authorized_at, ("one", "two"), "refused")
    assert token.refresh.encode() not in (folder / NAME).read_bytes()
    state = login.state()
    assert (state.linked, state.lapsed, state.authorized_at) == (False, True, token.authorized_at)
    spotify.close()  # nobody is asked any more
    for call in (login.token, lambda: login.renew(token.access)):
        with pytest.raises(NeedsLogin, match="no longer accepts"):
            call()
    assert str(login.needs()) == caught.value.cause


def test_lost_answer_is_named_when_spotify_refuses_the_old_token(login, link, clock, spotify, folder):
    token = link()
    clock.advance(HOUR)
    spotify.faults.add(Fault(FaultKind.ROTATED_LOST))
    with pytest.raises(SpotifyError) as caught:
        login.token()
    assert caught.value.verdict is Verdict.LATER
    assert saved(folder) == replace(token, renewing=True)
    clock.advance(6)
    with pytest.raises(NeedsLogin, match="got lost"):
        login.token()
    assert saved(folder).why == "lost"


def test_lost_answer_that_spotify_forgives_is_forgotten(login, link, clock, spotify, folder):
    token = link()
    clock.advance(HOUR)
    spotify.faults.add(Fault(FaultKind.ROTATED_LOST))
    with pytest.raises(SpotifyError):
        login.token()
    grants = spotify.world.grants
    grants.refresh[token.refresh] = grants.spent.pop(token.refresh)  # a grace period for the old one
    clock.advance(6)
    assert login.token() == saved(folder).access
    assert not saved(folder).renewing


def test_power_cut_between_answer_and_saving_is_named(make_login, link, clock, spotify, folder):
    token = link()
    clock.advance(HOUR)
    TokenFile(folder).write(replace(token, renewing=True))  # what was on the card when the power went
    spotify.world.grants.renew(token.refresh, token.client_id)
    with pytest.raises(NeedsLogin, match="got lost"):
        make_login().token()


def test_full_disk_does_not_spend_the_refresh_token(make_login, link, clock, refreshes, small_disk):
    token = link()
    inside = small_disk / "spotify"
    TokenFile(inside).write(token)
    login = make_login(folder=inside)
    with FileLock(inside / "token.lock"):
        pass
    clock.advance(HOUR)
    ballast = fill(small_disk)
    with pytest.raises(SpotifyError) as caught:
        login.token()
    assert (caught.value.verdict, caught.value.key) == (Verdict.TELL, "spotify-disk")
    assert "cannot be written" in caught.value.cause
    assert caught.value.action.startswith("Free some space")
    assert refreshes() == 0
    assert saved(inside) == token
    ballast.unlink()
    assert login.token() == saved(inside).access


def test_token_that_a_full_disk_refused_is_not_used_and_not_lost(make_login, link, clock, refreshes, small_disk):
    inside = small_disk / "spotify"
    TokenFile(inside).write(replace(link(), renewing=True))  # so the disk is not tried before the refresh
    login = make_login(folder=inside)
    with FileLock(inside / "token.lock"):
        pass
    clock.advance(HOUR)
    ballast = fill(small_disk)
    for _ in range(2):
        with pytest.raises(SpotifyError, match="cannot be written"):
            login.token()
    assert refreshes() == 1
    ballast.unlink()
    assert login.token() == saved(inside).access
    assert refreshes() == 1


def test_broken_file_is_nobody_signed_in(login, folder):
    folder.mkdir(parents=True)
    (folder / NAME).write_text("{")
    with pytest.raises(NeedsLogin):
        login.token()
    assert not login.state().linked


def test_file_that_cannot_be_read_is_for_the_owner(login, folder):
    (folder / NAME).mkdir(parents=True)
    with pytest.raises(SpotifyError) as caught:
        login.token()
    assert (caught.value.verdict, caught.value.key) == (Verdict.TELL, "spotify-disk")
    assert not login.state().linked
    assert login.needs() is None
