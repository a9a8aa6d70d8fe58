"""Signing in from the first click to the last: by pasting, and what can go wrong on the way."""

import os
import stat
import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from moodbox.errors import LinkError, StorageError
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict
from moodbox.music.spotify.link.attempt import LIFE
from moodbox.music.spotify.link.token_file import NAME, Lapsed, TokenFile
from moodbox.music.spotify.values import FEATURE_SCOPES, SCOPES, Feature, Hosts, LoginState
from moodbox.standin.standin import DEMO_CLIENT_ID, Fault, FaultKind

ME = "browser-session"


def begin(login, session=ME, scopes=SCOPES):
    return login.begin(session, DEMO_CLIENT_ID, scopes)


def other_code(address):
    """Change the code of an address that Spotify sent the browser to."""
    return address.replace("code=", "code=x")


def test_sign_in_by_pasting_the_whole_address(login, browser, clock, folder):
    assert login.state() == LoginState()
    begun = begin(login)
    assert begun.expires_at == clock() + 600
    landed = browser.answer(begun.url)
    assert landed.startswith(f"{begun.redirect}?")
    login.finish(ME, f'  "{landed}"\n')
    state = login.state()
    assert (state.linked, state.lapsed, state.authorized_at, state.days_left) == (True, False, clock(), 182)
    assert set(state.scopes) == set(SCOPES)
    assert login.token() == TokenFile(folder).read().access
    assert login.needs() is None
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("form", ["{query}", "?{query}", "\n{query}\n", "https://192.168.0.9:8443/callback?{query}"])
def test_sign_in_by_pasting_a_part(login, browser, form):
    query = urlsplit(browser.answer(begin(login).url)).query
    login.finish(ME, form.format(query=query))
    assert login.state().linked


def test_redirect_string_is_the_one_to_register(make_login):
    login = make_login(loopback_port=8888, lan_port=8443, lan_address=lambda: "192.168.1.20")
    assert login.redirect() == "http://127.0.0.1:8888/callback"
    assert login.redirect("lan") == "https://192.168.1.20:8443/callback"


def test_only_the_scopes_that_are_needed_are_asked_for(login):
    asked = parse_qs(urlsplit(begin(login).url).query)
    assert asked["scope"] == [" ".join(sorted(SCOPES))]
    assert asked["redirect_uri"] == [login.redirect()]


def test_more_scopes_are_allowed_after_a_new_consent(login, browser):
    login.finish(ME, browser.answer(begin(login).url))
    assert login.allowed(SCOPES)
    assert not login.allowed(FEATURE_SCOPES[Feature.LIKE])
    login.finish(ME, browser.answer(begin(login, scopes=(*SCOPES, *FEATURE_SCOPES[Feature.LIKE])).url))
    assert login.allowed(FEATURE_SCOPES[Feature.LIKE])
    assert login.state().may(Feature.LIKE)


def test_client_id_is_checked_where_it_is_typed(make_login):
    real = make_login(hosts=Hosts())
    for typed in ("", "demo", "secret"):
        with pytest.raises(LinkError, match="Client ID"):
            real.begin(ME, typed, SCOPES)
        with pytest.raises(LinkError, match="Client ID"):
            real.open_lan(ME, typed, SCOPES)
    assert make_login().begin(ME, "demo", SCOPES).url
    with pytest.raises(LinkError):
        make_login(demo=False).begin(ME, "demo", SCOPES)


def test_no_is_no(login, browser):
    landed = browser.answer(begin(login).url, "cancel")
    with pytest.raises(LinkError, match="You did not agree at Spotify"):
        login.finish(ME, landed)
    with pytest.raises(LinkError, match="used already"):
        login.finish(ME, landed)
    with pytest.raises(LinkError, match="You did not agree"):
        login.finish(ME, "error=access_denied")
    assert not login.state().linked


def test_other_refusals_name_themselves(login):
    with pytest.raises(LinkError, match=r"refused the sign-in \(invalid_scope\)"):
        login.finish(ME, "error=invalid_scope")


def test_finish_without_a_beginning(login):
    with pytest.raises(LinkError, match="No sign-in waits"):
        login.finish(ME, "code=a&state=b")


def test_address_works_once(login, browser):
    landed = browser.answer(begin(login).url)
    login.finish(ME, landed)
    with pytest.raises(LinkError, match="used already"):
        login.finish(ME, landed)
    assert login.state().linked


def test_another_browser_cannot_finish_it(login, browser):
    landed = browser.answer(begin(login).url)
    with pytest.raises(LinkError, match="another browser"):
        login.finish("somebody else", landed)
    login.finish(ME, landed)
    assert login.state().linked


def test_wrong_state_is_refused_and_leaves_the_right_one(login, browser):
    landed = browser.answer(begin(login).url)
    with pytest.raises(LinkError, match="another sign-in"):
        login.finish(ME, landed + "x")
    login.finish(ME, landed)


def test_ten_minutes_are_over(login, browser, clock):
    landed = browser.answer(begin(login).url)
    clock.advance(LIFE)
    with pytest.raises(LinkError, match="ten minutes"):
        login.finish(ME, landed)
    assert not login.state().linked


def test_older_of_two_attempts_still_works(login, browser):
    first, second = begin(login), begin(login)
    login.finish(ME, browser.answer(first.url))
    with pytest.raises(LinkError, match="used already"):
        login.finish(ME, browser.answer(second.url))


def test_wrong_code_uses_the_state_up_and_keeps_the_old_sign_in(login, browser, folder):
    login.finish(ME, browser.answer(begin(login).url))
    before = TokenFile(folder).read()
    landed = browser.answer(begin(login).url)
    with pytest.raises(LinkError, match="did not take this answer"):
        login.finish(ME, other_code(landed))
    with pytest.raises(LinkError, match="used already"):
        login.finish(ME, landed)
    assert TokenFile(folder).read() == before


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.HTML, FaultKind.CUT, FaultKind.RATE_LIMITED])
def test_trouble_at_spotify_asks_to_begin_again(login, browser, spotify, kind):
    landed = browser.answer(begin(login).url)
    spotify.faults.add(Fault(kind, path="/api/token"))
    with pytest.raises(SpotifyError) as caught:
        login.finish(ME, landed)
    assert (caught.value.verdict, caught.value.action) == (Verdict.LATER, "Begin signing in again")
    with pytest.raises(LinkError, match="used already"):
        login.finish(ME, landed)
    login.finish(ME, browser.answer(begin(login).url))
    assert login.state().linked


def test_dead_sign_in_on_the_card_does_not_win_over_a_fresh_code(login, browser, link, clock, spotify):
    link()
    clock.advance(7200)
    spotify.world.grants.revoke()
    login.finish(ME, browser.answer(begin(login).url))
    assert login.token()
    with pytest.raises(LinkError):
        login.finish(ME, "hello")


def test_lapsed_sign_in_is_replaced_by_a_new_one(login, browser, folder, clock):
    TokenFile(folder).write(Lapsed(clock() - 100, ("one",), "over"))
    assert login.state().lapsed
    with pytest.raises(NeedsLogin, match="six months"):
        login.token()
    login.finish(ME, browser.answer(begin(login).url))
    assert (login.state().linked, login.state().lapsed) == (True, False)


def test_news_of_a_sign_in_comes_after_the_token_is_saved(make_login, browser, folder):
    seen = []
    login = make_login(on_linked=lambda: seen.append(TokenFile(folder).read().access))
    login.finish(ME, browser.answer(begin(login).url))
    assert seen == [login.token()]


def test_failure_of_who_hears_the_news_does_not_undo_the_sign_in(make_login, browser, caplog):
    def fail():
        raise RuntimeError("elsewhere")

    login = make_login(on_linked=fail)
    login.finish(ME, browser.answer(begin(login).url))
    assert login.state().linked
    assert "what follows a sign-in failed" in caplog.text


def test_disconnect_deletes_everything(login, browser, folder):
    login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    login.finish(ME, browser.answer(begin(login).url))
    landed = browser.answer(begin(login).url)
    login.token()
    login.disconnect()
    assert login.state() == LoginState()
    assert [path.name for path in folder.iterdir()] == ["token.lock"]
    with pytest.raises(NeedsLogin, match="Nobody is signed in"):
        login.token()
    with pytest.raises(LinkError):
        login.finish(ME, landed)
    login.disconnect()


def test_disconnect_of_another_process_is_noticed(login, make_login, link):
    link()
    assert login.token()
    make_login().disconnect()
    with pytest.raises(NeedsLogin):
        login.token()
    assert not login.state().linked


def test_disconnect_during_a_refresh_leaves_nothing(login, link, clock, spotify, folder):
    link()
    clock.advance(3600)
    held = spotify.faults.add(Fault(FaultKind.SLOW, path="/api/token", seconds=10))
    thread = threading.Thread(target=login.token)
    thread.start()
    pause = threading.Event()
    while not held.met:  # until Spotify has the request
        assert thread.is_alive()
        pause.wait(0.005)
    leaving = threading.Thread(target=login.disconnect)
    leaving.start()
    held.release()
    thread.join(10)
    leaving.join(10)
    assert TokenFile(folder).read() is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a disk of its own")
def test_unwritable_folder_is_a_sentence_before_anybody_signs_in(make_login, small_disk):
    with (small_disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            pass
    login = make_login(folder=small_disk / "spotify")
    for start in (login.begin, login.open_lan):
        with pytest.raises(StorageError, match="free some space"):
            start(ME, DEMO_CLIENT_ID, SCOPES)


def test_secrets_stay_out_of_logs_and_messages(login, browser, *, clock, spotify, folder, caplog):
    caplog.set_level("DEBUG")
    for name in ("spotipy", "spotipy.oauth2", "urllib3", "requests"):
        caplog.set_level("DEBUG", logger=name)
    said, secrets = [], []

    def keep(address):
        secrets.extend(value for values in parse_qs(urlsplit(address).query).values() for value in values)
        return address

    def fail(call):
        with pytest.raises((LinkError, SpotifyError)) as caught:
            call()
        said.extend([str(caught.value), repr(caught.value), getattr(caught.value, "action", "")])

    landed = keep(browser.answer(begin(login).url))
    fail(lambda: login.finish("another", landed))
    fail(lambda: login.finish(ME, other_code(landed)))
    fail(lambda: login.finish(ME, landed))
    for kind in (FaultKind.CUT, FaultKind.HTML, FaultKind.SERVER_ERROR):
        spotify.faults.add(Fault(kind, path="/api/token"))
        landed = keep(browser.answer(begin(login).url))
        fail(lambda landed=landed: login.finish(ME, landed))
    attempts = login._attempts
    begun = begin(login)
    secrets.extend(attempt.authorizer.code_verifier for attempt in attempts._open)
    login.finish(ME, keep(browser.answer(begun.url)))
    for kind in (None, FaultKind.SERVER_ERROR, FaultKind.CUT, FaultKind.REVOKED):
        token = TokenFile(folder).read()
        secrets.extend((token.access, token.refresh))
        clock.advance(3600)
        if kind is None:
            login.token()
        else:
            spotify.faults.add(Fault(kind, path="/api/token"))
            fail(login.token)
    said.append(repr(login.state()))
    assert len(secrets) > 15
    text = caplog.text + "".join(str(record.exc_info) for record in caplog.records) + "".join(said)
    assert "signed in to Spotify" in text  # the log was really on
    for secret in secrets:
        assert len(secret) > 20
        assert secret not in text
