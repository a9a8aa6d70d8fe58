"""The accounts service in every mood: what comes of it, within which time, and with whom the box speaks."""

import socket
import threading
import time

import pytest

from moodbox.errors import StorageError
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.link.accounts import Accounts, Grant, InvalidGrant
from moodbox.music.spotify.link.authorizer import Authorizer
from moodbox.music.spotify.link.exchange import Exchange
from moodbox.standin.standin import DEMO_CLIENT_ID, Fault, FaultKind

AT_TOKEN = "/api/token"  # noqa: S105 - a path


@pytest.fixture
def accounts(spotify, clock):
    return Accounts(spotify.hosts.accounts, clock)


@pytest.fixture
def refresh_token(spotify):
    return spotify.world.grant(("a-scope",))["refresh_token"]


class Talker:
    """A server that answers every connection with these pieces, one each twentieth of a second, and then waits."""

    def __init__(self, *pieces, endless=b"", close=True):
        self._pieces, self._endless, self._close = pieces, endless, close
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests = 0
        self._threads = [threading.Thread(target=self._run)]
        self._threads[0].start()

    def _run(self):
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        with connection:
            connection.settimeout(5)
            try:
                connection.recv(65_536)
                self.requests += 1
                for piece in self._pieces:
                    connection.sendall(piece)
                while self._endless and not self._stop.wait(0.05):
                    connection.sendall(self._endless)
                if not self._close:
                    self._stop.wait(10)
            except OSError:
                pass

    def close(self):
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)


@pytest.fixture
def talk():
    """Return a function that starts a server which says something, and gives an Accounts that asks it."""
    talkers = []

    def start(*pieces, **how):
        talkers.append(Talker(*pieces, **how))
        return Accounts(talkers[-1].url, lambda: 1000.0, seconds=0.4), talkers[-1]

    yield start
    for talker in talkers:
        talker.close()


def answer(body, status="200 OK", head=""):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n{body}".encode()


def failure(accounts, sent="r"):
    with pytest.raises(SpotifyError) as caught:
        accounts.refresh(DEMO_CLIENT_ID, sent)
    assert caught.value.cause
    assert caught.value.action
    return caught.value


def test_refresh_gives_a_new_pair(accounts, refresh_token):
    grant = accounts.refresh(DEMO_CLIENT_ID, refresh_token)
    assert grant.refresh
    assert grant.refresh != refresh_token
    assert (grant.seconds, grant.scopes) == (3600.0, ("a-scope",))


def test_old_refresh_token_is_refused(accounts, refresh_token):
    accounts.refresh(DEMO_CLIENT_ID, refresh_token)
    with pytest.raises(InvalidGrant):
        accounts.refresh(DEMO_CLIENT_ID, refresh_token)


def test_six_months_are_told_as_expired(accounts, refresh_token, clock):
    clock.advance(183 * 86_400)
    with pytest.raises(InvalidGrant) as caught:
        accounts.refresh(DEMO_CLIENT_ID, refresh_token)
    assert caught.value.expired


def test_unknown_client_id_is_for_the_owner(accounts, refresh_token):
    with pytest.raises(SpotifyError) as caught:
        accounts.refresh("0" * 32, refresh_token)
    assert (caught.value.verdict, caught.value.key) == (Verdict.TELL, "spotify-setup")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(FaultKind.SERVER_ERROR, path=AT_TOKEN, status=500), "spotify-down"),
        (Fault(FaultKind.SERVER_ERROR, path=AT_TOKEN, status=502), "spotify-down"),
        (Fault(FaultKind.SERVER_ERROR, path=AT_TOKEN, status=503), "spotify-down"),
        (Fault(FaultKind.HTML, path=AT_TOKEN), "spotify-down"),
        (Fault(FaultKind.CUT, path=AT_TOKEN), "spotify-down"),
        (Fault(FaultKind.ROTATED_LOST), "spotify-down"),
        (Fault(FaultKind.FORBIDDEN, path=AT_TOKEN), "spotify-down"),
        (Fault(FaultKind.RATE_LIMITED, path=AT_TOKEN, seconds=17), "spotify-busy"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_trouble_at_spotify_is_for_later(fault, key, *, accounts, refresh_token, spotify, clock):
    spotify.faults.add(fault)
    error = failure(accounts, refresh_token)
    assert (error.verdict, error.key) == (Verdict.LATER, key)
    if key == "spotify-busy":
        assert error.retry_at == clock() + 17
    assert fault.met == 1  # asked once: nothing tries again inside a call


def test_nobody_there_is_offline(free_port):
    error = failure(Accounts(f"http://127.0.0.1:{free_port}"))
    assert (error.verdict, error.key) == (Verdict.LATER, "spotify-offline")
    error = failure(Accounts("http://spotify.invalid", seconds=5))
    assert (error.verdict, error.key) == (Verdict.LATER, "spotify-offline")


@pytest.mark.parametrize(
    ("pieces", "how"),
    [
        ((), {"close": False}),
        ((b"HTTP/1.1 200 OK\r\n",), {"endless": b"X-A: b\r\n"}),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",), {"endless": b" "}),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",), {"endless": b"1\r\n \r\n"}),
    ],
    ids=["silence", "trickling head", "trickling body", "trickling chunks"],
)
def test_answer_that_does_not_end_is_cut_off_at_the_deadline(talk, pieces, how):
    accounts, _ = talk(*pieces, **how)
    began = time.monotonic()
    error = failure(accounts)
    assert time.monotonic() - began < 3
    assert (error.verdict, error.key) == (Verdict.LATER, "spotify-down")
    assert not [thread for thread in threading.enumerate() if thread.name == "spotify-accounts"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        '"text"',
        '{"access_token": 1, "expires_in": 3600}',
        '{"access_token": "", "expires_in": 3600}',
        '{"access_token": "a"}',
        '{"access_token": "a", "expires_in": "soon"}',
        '{"access_token": "a b\\n", "expires_in": 3600}',
        '{"access_token": "a", "refresh_token": 3, "expires_in": 3600}',
        "x" * 70_000,
    ],
)
def test_nonsense_is_for_later(talk, body):
    accounts, _ = talk(answer(body))
    assert failure(accounts).verdict is Verdict.LATER


@pytest.mark.parametrize("body", ['{"error": {"status": 400}}', '{"error": null}', "[]", '"invalid_grant"', ""])
def test_refusal_in_another_form_keeps_the_token(talk, body):
    accounts, _ = talk(answer(body, "400 Bad Request"))
    assert failure(accounts).verdict is Verdict.LATER


def test_invalid_grant_of_a_server_in_trouble_keeps_the_token(talk):
    accounts, _ = talk(answer('{"error": "invalid_grant"}', "503 Service Unavailable"))
    assert failure(accounts).verdict is Verdict.LATER


def test_redirect_is_not_followed(talk):
    _, elsewhere = talk(answer('{"access_token": "a", "expires_in": 3600}'))
    accounts, asked = talk(answer("", "307 Temporary Redirect", f"Location: {elsewhere.url}/api/token\r\n"))
    assert failure(accounts).verdict is Verdict.LATER
    assert (asked.requests, elsewhere.requests) == (1, 0)


def test_proxy_of_the_environment_is_not_asked(accounts, refresh_token, talk, monkeypatch):
    _, proxy = talk(answer("{}"))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    assert accounts.refresh(DEMO_CLIENT_ID, refresh_token).access
    assert proxy.requests == 0


def test_no_other_host_can_be_asked(talk):
    _, elsewhere = talk(answer("{}"))
    exchange = Exchange("http://127.0.0.1:1")
    with pytest.raises(Exception, match="only Spotify may be asked"):
        exchange.run(lambda: exchange.session.post(f"{elsewhere.url}/api/token"))
    assert elsewhere.requests == 0


def test_what_must_come_before_sending_stops_it(accounts, refresh_token, spotify):
    def refuse():
        raise StorageError("the disk is full")

    with pytest.raises(StorageError, match="the disk is full"):
        accounts.refresh(DEMO_CLIENT_ID, refresh_token, refuse)
    assert not spotify.world.grants.spent
    assert accounts.refresh(DEMO_CLIENT_ID, refresh_token).access


def test_nothing_comes_before_sending_where_nobody_listens(free_port):
    called = []
    with pytest.raises(SpotifyError):
        Accounts(f"http://127.0.0.1:{free_port}").refresh(DEMO_CLIENT_ID, "r", lambda: called.append(1))
    assert not called


@pytest.mark.parametrize(
    ("said", "taken"), [(3600, 3600), (1, 120), (-5, 120), (10**400, 86_400), (float("nan"), 120), (True, 3600)]
)
def test_life_of_a_token_is_kept_sensible(said, taken):
    assert Grant.read({"access_token": "a", "expires_in": said}).seconds == taken


def test_grant_hides_its_tokens():
    grant = Grant.read({"access_token": "secret-a", "refresh_token": "secret-b", "expires_in": 1})
    assert "secret" not in repr(grant)


def test_authorizer_never_prompts(capsys, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("it asked"))
    monkeypatch.setattr("webbrowser.open", lambda *_: pytest.fail("it opened a browser"))
    for call in (
        lambda spotipy: spotipy.get_access_token(),
        lambda spotipy: spotipy.get_access_token(check_cache=False),
        lambda spotipy: spotipy.get_authorization_code(),
        lambda spotipy: spotipy._get_user_input("?"),
        lambda spotipy: spotipy._get_auth_response(open_browser=True),
        lambda spotipy: spotipy._get_auth_response_interactive(open_browser=True),
        lambda spotipy: spotipy._get_auth_response_local_server(8888),
        lambda spotipy: spotipy._open_auth_url(),
    ):
        with pytest.raises(SpotifyError, match="Nobody is signed in"):
            call(Authorizer("https://accounts.spotify.com", "demo"))
    assert capsys.readouterr().out == ""
