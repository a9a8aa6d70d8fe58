"""Staying signed in: one refresh, saved before it is used, by clocks right and wrong."""

import contextlib
import json
import subprocess
import sys
import threading
import time

import pytest

from moodbox.lock import FileLock
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict
from moodbox.music.spotify.link import renewal
from moodbox.music.spotify.link.token_file import NAME, TokenFile
from moodbox.music.spotify.values import LOGIN_LIFE
from moodbox.standin.grants import Grants
from moodbox.standin.standin import Fault, FaultKind

AT_TOKEN = "/api/token"  # noqa: S105 - a path
HOUR = 3600.0


def saved(folder):
    return TokenFile(folder).read()


def until(happened):
    """Wait for something that another process does, at most ten seconds."""
    never, end = threading.Event(), time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end
        never.wait(0.005)


# --- the hour -------------------------------------------------------------------------------------------------


def test_good_token_asks_nobody(login, link, refreshes, clock, folder):
    token = link()
    clock.advance(HOUR - 61)
    assert login.token() == token.access
    assert refreshes() == 0
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_token_is_renewed_a_minute_before_its_end(login, link, refreshes, clock, folder):
    token = link()
    assert login.token() == token.access
    clock.advance(HOUR - 60)
    renewed = login.token()
    assert renewed != token.access
    assert login.token() == renewed
    assert refreshes() == 1
    kept = saved(folder)
    assert (kept.access, kept.authorized_at, kept.scopes) == (renewed, token.authorized_at, token.scopes)
    assert kept.refresh != token.refresh
    assert not kept.renewing


def test_half_a_year_of_refreshes_ends_with_the_consent_and_keeps_its_date(login, link, clock, refreshes):
    authorized_at = link().authorized_at
    weeks = int(LOGIN_LIFE // (7 * 86_400))
    for _ in range(weeks):
        login.token()
        assert login.state().authorized_at == authorized_at
        clock.advance(7 * 86_400)
    assert refreshes() == weeks - 1
    with pytest.raises(NeedsLogin, match="six months"):
        login.token()


class Keeping(Grants):
    """A Spotify that does not rotate: then its answer has no refresh token."""

    def renew(self, refresh_token, client_id):
        document = super().renew(refresh_token, client_id)
        grant = self.refresh.pop(document.pop("refresh_token"))
        grant.refresh_token = refresh_token
        self.refresh[refresh_token] = grant
        return document


def test_old_refresh_token_stays_when_no_new_one_comes(login, link, clock, folder, spotify):
    token = link()
    old = spotify.world.grants
    spotify.world.grants = Keeping(old.clock, old.apps, old.access, old.refresh)
    for _ in range(2):
        clock.advance(HOUR)
        access = login.token()
        assert access != token.access
        assert (saved(folder).access, saved(folder).refresh) == (access, token.refresh)


def test_nobody_signed_in_needs_a_login_and_writes_nothing(login, folder):
    for call in (login.token, lambda: login.renew("x")):
        with pytest.raises(NeedsLogin, match="Nobody is signed in"):
            call()
    assert not folder.exists()
    assert str(login.needs()) == "Nobody is signed in to Spotify"


# --- several at once ------------------------------------------------------------------------------------------


def test_threads_that_need_it_at_once_cause_one_refresh(login, link, clock, refreshes):
    link()
    clock.advance(HOUR)
    got, start = [], threading.Barrier(6)

    def ask():
        start.wait(5)
        got.append(login.token())

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(got) == 6
    assert len(set(got)) == 1
    assert refreshes() == 1


ASKER = """
import sys
from pathlib import Path
from moodbox.music.spotify.link import Login
from moodbox.music.spotify.values import Hosts

login = Login(Path(sys.argv[1]), Hosts(accounts=sys.argv[2]), clock=lambda: float(sys.argv[3]))
print("ready", flush=True)
sys.stdin.readline()
print("asking", flush=True)
print(login.token(), flush=True)
"""


def test_two_processes_that_need_it_at_once_cause_one_refresh(link, clock, refreshes, spotify, folder):
    link()
    clock.advance(HOUR)
    held = spotify.faults.add(Fault(FaultKind.SLOW, times=1, path=AT_TOKEN, seconds=10))
    command = [sys.executable, "-c", ASKER, str(folder), spotify.hosts.accounts, str(clock())]
    with contextlib.ExitStack() as stack:
        askers = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(2)
        ]
        assert [asker.stdout.readline() for asker in askers] == ["ready\n"] * 2
        for asker in askers:
            asker.stdin.write("\n")
            asker.stdin.flush()
            assert asker.stdout.readline() == "asking\n"
            until(lambda: held.met)  # the first one's request is at Spotify before the second begins
        held.release()
        got = {asker.stdout.readline().strip() for asker in askers}
    assert got == {saved(folder).access}
    assert refreshes() == 1


def test_what_another_process_renewed_is_used(login, make_login, link, clock, refreshes):
    link()
    other = make_login()
    clock.advance(HOUR)
    assert login.token() == other.token()
    assert refreshes() == 1


def test_lock_that_is_not_given_back_is_for_later(make_login, link, clock, folder, monkeypatch):
    monkeypatch.setattr(renewal, "PATIENCE", 0.1)
    link()
    clock.advance(HOUR)
    login = make_login()
    with FileLock(folder / "token.lock"), pytest.raises(SpotifyError) as caught:
        login.token()
    assert (caught.value.verdict, caught.value.key) == (Verdict.LATER, "spotify-down")
    assert login.token() == saved(folder).access


def test_whoever_waited_long_does_not_begin_a_try_of_its_own(login, link, clock, folder, refreshes):
    link()
    clock.advance(HOUR)
    held, waits = threading.Event(), []

    def ticks():  # the wait for the lock takes five seconds of this clock
        waits.append(1)
        return clock.monotonic + (5.0 if held.is_set() and len(waits) > 1 else 0.0)

    login._renewal._monotonic = ticks
    held.set()
    with pytest.raises(SpotifyError) as caught:
        login.token()
    assert caught.value.verdict is Verdict.LATER
    assert refreshes() == 0


# --- forced ---------------------------------------------------------------------------------------------------


def test_rejected_token_is_renewed_before_its_end(login, link, refreshes, spotify):
    token = link()
    spotify.world.grants.expire()
    renewed = login.renew(token.access)
    assert renewed != token.access
    assert login.token() == renewed
    assert refreshes() == 1


def test_rejected_token_that_was_replaced_already_costs_no_refresh(login, make_login, link, refreshes):
    token = link()
    renewed = make_login().renew(token.access)
    assert login.renew(token.access) == renewed
    assert refreshes() == 1


def test_forced_refreshes_come_every_thirty_seconds_at_most(login, link, refreshes, clock):
    second = login.renew(link().access)
    clock.advance(29)
    with pytest.raises(SpotifyError) as caught:
        login.renew(second)
    assert caught.value.verdict is Verdict.LATER
    assert caught.value.retry_at == clock() + 1
    assert refreshes() == 1
    clock.advance(1)
    assert login.renew(second) != second
    assert refreshes() == 2


# --- clocks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [-60, -3, -0.1, 0.4])
def test_clock_that_was_set_leads_to_one_refresh(years, *, login, link, clock, refreshes, spotify):
    link()
    login.token()
    now = clock()
    spotify.world.grants.clock = lambda: now  # Spotify's clock is right
    clock.wall += years * 365 * 86_400
    renewed = login.token()
    assert refreshes() == 1
    for _ in range(3):
        clock.advance(600)
        assert login.token() == renewed
    assert refreshes() == 1


def test_token_got_under_a_wrong_clock_is_renewed_once_after_a_restart(make_login, link, clock, refreshes):
    link(got_at=100.0, expires_at=3700.0, authorized_at=100.0)
    login = make_login()
    login.token()
    login.token()
    assert refreshes() == 1
    assert login.state().authorized_at == clock()  # the best date there is


def test_absurd_end_of_a_token_is_not_believed(make_login, link, clock, refreshes):
    link(expires_at=clock() + 10 * 365 * 86_400)
    login = make_login()
    login.token()
    login.token()
    assert refreshes() == 1


def test_hour_passes_although_the_wall_clock_stands_still(login, link, clock, refreshes):
    link()
    login.token()
    clock.monotonic += HOUR
    login.token()
    assert refreshes() == 1


def test_file_is_never_seen_with_an_old_token_in_use(login, link, clock, spotify, folder):
    """Whoever uses a token finds it in the file: a power cut right after leaves the newest pair there."""
    link()
    for _ in range(3):
        clock.advance(HOUR)
        access = login.token()
        document = json.loads((folder / NAME).read_bytes())
        assert document["access"] == access
        assert document["refresh"] in spotify.world.grants.refresh
