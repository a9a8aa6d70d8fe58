"""Sign-ins that finish by themselves: the loopback listener, and the door in the local network."""

import contextlib
import hashlib
import http.client
import socket
import ssl
import threading
from urllib.parse import urlsplit

import pytest

from moodbox.errors import LinkError
from moodbox.music.spotify.link.lan import own_address
from moodbox.music.spotify.link.login import LAN_LIFE
from moodbox.music.spotify.link.loopback import bound
from moodbox.music.spotify.values import SCOPES
from moodbox.standin.standin import DEMO_CLIENT_ID, Fault, FaultKind

ME = "browser-session"


def follow(address, context=None):
    """Do what a browser does with the address that Spotify sends it to; return status and page."""
    parts = urlsplit(address)
    if context is None:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=15)
    else:
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=15, context=context)
    with contextlib.closing(connection):
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        return response.status, response.read().decode()


def is_open(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError:
        return False
    return True


def no_threads_left():
    left = [thread for thread in threading.enumerate() if thread.name.startswith("spotify-door")]
    for thread in left:
        thread.join(5)
    return not any(thread.is_alive() for thread in left)


def trusting(door):
    """Trust the door's own certificate, if its fingerprint is the one that was shown, and nothing else."""
    parts = urlsplit(door.redirect)
    pem = ssl.get_server_certificate((parts.hostname, parts.port), timeout=5)
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    assert ":".join(digest[at : at + 2] for at in range(0, 64, 2)) == door.fingerprint
    context = ssl.create_default_context(cadata=pem)
    assert context.check_hostname
    return context


# --- loopback -------------------------------------------------------------------------------------------------


def test_browser_on_the_box_finishes_by_itself(make_login, browser, free_port):
    linked = threading.Event()
    login = make_login(on_linked=linked.set)
    begun = login.begin(ME, DEMO_CLIENT_ID, SCOPES)
    assert (begun.listening, begun.port) == (True, free_port)
    status, page = follow(browser.answer(begun.url))
    assert status == 200
    assert "Done: go back to the Moodbox page" in page
    assert linked.wait(5)
    assert login.state().linked
    assert no_threads_left()
    assert not is_open(free_port)


def test_nothing_listens_before_an_attempt_or_after_ten_minutes(login, clock, free_port):
    assert not is_open(free_port)
    login.begin(ME, DEMO_CLIENT_ID, SCOPES)
    assert is_open(free_port)
    clock.advance(599)
    login.begin(ME, DEMO_CLIENT_ID, SCOPES)  # puts it off
    clock.advance(599)
    assert is_open(free_port)
    clock.advance(1)
    assert no_threads_left()
    assert not is_open(free_port)
    assert login.begin(ME, DEMO_CLIENT_ID, SCOPES).listening


def test_port_in_use_leaves_pasting(login, browser, free_port):
    with bound("127.0.0.1", free_port):
        begun = login.begin(ME, DEMO_CLIENT_ID, SCOPES)
        assert (begun.listening, begun.port) == (False, 0)
        login.finish(ME, browser.answer(begun.url))
    assert login.state().linked


def test_listener_is_in_no_network(login, free_port):
    login.begin(ME, DEMO_CLIENT_ID, SCOPES)
    try:
        address = own_address()
    except OSError:
        pytest.skip("this machine has no other address")
    assert not is_open(free_port, address)


def test_wrong_state_at_the_door_says_so_and_leaves_the_right_one(login, browser):
    landed = browser.answer(login.begin(ME, DEMO_CLIENT_ID, SCOPES).url)
    status, page = follow(landed + "x")
    assert (status, "another sign-in" in page) == (400, True)
    assert landed.partition("code=")[2][:20] not in page
    assert follow(landed)[0] == 200


@pytest.mark.parametrize("query", ["", "code=a", "state=b", "code=a&code=b&state=c", "code=%0a&state=b"])
def test_nonsense_at_the_door_is_a_page(login, query):
    begun = login.begin(ME, DEMO_CLIENT_ID, SCOPES)
    assert follow(f"{begun.redirect}?{query}")[0] == 400
    assert not login.state().linked


def test_no_at_the_door_has_its_sentence(login, browser):
    status, page = follow(browser.answer(login.begin(ME, DEMO_CLIENT_ID, SCOPES).url, "cancel"))
    assert (status, "You did not agree at Spotify" in page) == (400, True)


def test_trouble_at_spotify_is_told_at_the_door(login, browser, spotify):
    landed = browser.answer(login.begin(ME, DEMO_CLIENT_ID, SCOPES).url)
    spotify.faults.add(Fault(FaultKind.SERVER_ERROR, path="/api/token"))
    status, page = follow(landed)
    assert (status, "Begin signing in again" in page) == (502, True)
    assert follow(landed)[0] == 400


def test_closing_ends_both_doors(login, free_port):
    login.begin(ME, DEMO_CLIENT_ID, SCOPES)
    port = urlsplit(login.open_lan(ME, DEMO_CLIENT_ID, SCOPES).redirect).port
    assert is_open(port)
    login.close()
    login.close()
    assert no_threads_left()
    assert not is_open(free_port)
    assert not is_open(port)


# --- local network --------------------------------------------------------------------------------------------


def test_phone_finishes_over_tls_that_names_the_address(login, browser, clock):
    door = login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    assert door.redirect.startswith("https://127.0.0.1:")
    assert door.closes_at == clock() + 300
    assert "<svg" in door.qr
    context = trusting(door)
    status, page = follow(browser.answer(door.url), context)
    assert status == 200
    assert "Done: go back to the Moodbox page" in page
    assert login.state().linked
    assert no_threads_left()
    assert not is_open(urlsplit(door.redirect).port)


def test_certificate_is_good_for_the_address_only(login):
    door = login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    context = trusting(door)
    port = urlsplit(door.redirect).port
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    with connection, pytest.raises(ssl.SSLCertVerificationError, match="not valid for"):
        context.wrap_socket(connection, server_hostname="localhost")


def test_old_tls_is_refused(login):
    door = login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    connection = socket.create_connection(("127.0.0.1", urlsplit(door.redirect).port), timeout=5)
    with connection, pytest.raises((ssl.SSLError, ConnectionError)):
        context.wrap_socket(connection)


def test_door_listens_at_the_lan_address_only(make_login, free_port):
    try:
        address = own_address()
    except OSError:
        pytest.skip("this machine has no other address")
    door = make_login(lan_address=lambda: address, lan_port=free_port).open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    assert door.redirect == f"https://{address}:{free_port}/callback"
    assert is_open(free_port, address)
    assert not is_open(free_port)
    trusting(door)


def test_door_closes_after_five_minutes(login, clock):
    port = urlsplit(login.open_lan(ME, DEMO_CLIENT_ID, SCOPES).redirect).port
    clock.advance(LAN_LIFE - 1)
    assert is_open(port)
    clock.advance(1)
    assert no_threads_left()
    assert not is_open(port)


def test_door_can_be_closed_and_opened_again(make_login, free_port):
    login = make_login(lan_port=free_port)
    first = login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    login.close_lan()
    login.close_lan()
    assert not is_open(free_port)
    second = login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    third = login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)  # while it is open
    assert is_open(free_port)
    assert first.fingerprint == second.fingerprint == third.fingerprint
    assert len({first.url, second.url, third.url}) == 3


def test_sign_in_of_the_closed_door_can_be_pasted(login, browser):
    landed = browser.answer(login.open_lan(ME, DEMO_CLIENT_ID, SCOPES).url)
    login.close_lan()
    login.finish(ME, landed)
    assert login.state().linked


def test_no_network_is_a_sentence(make_login):
    def nowhere():
        raise LinkError("This box is in no local network")

    with pytest.raises(LinkError, match="no local network"):
        make_login(lan_address=nowhere).open_lan(ME, DEMO_CLIENT_ID, SCOPES)


def test_lan_port_in_use_is_a_sentence(make_login, free_port):
    login = make_login(lan_port=free_port)
    with bound("127.0.0.1", free_port), pytest.raises(LinkError, match="in use by another program"):
        login.open_lan(ME, DEMO_CLIENT_ID, SCOPES)
    assert login.open_lan(ME, DEMO_CLIENT_ID, SCOPES).url


def test_plain_http_at_the_tls_door_is_no_sign_in(login, browser):
    landed = browser.answer(login.open_lan(ME, DEMO_CLIENT_ID, SCOPES).url)
    with pytest.raises((http.client.HTTPException, OSError)):
        follow(landed.replace("https://", "http://"))
    assert not login.state().linked
