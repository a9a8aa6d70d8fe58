"""The session below Spotipy, against a server that speaks plain bytes and can misbehave in every way."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from moodbox.music.spotify.session import IDLE, LARGEST, Refused, Session

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Take connections, keep what comes, and let `answer(connection, number)` do what it likes."""

    def __init__(self, answer, tls=None):
        self._answer = answer
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/v1"
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain):
        with contextlib.suppress(OSError), self._wrap(plain) as connection:
            while True:
                taken = b""
                while b"\r\n\r\n" not in taken:
                    part = connection.recv(65_536)
                    if not part:
                        return
                    taken += part
                self.requests.append(taken)
                if not self._answer(connection, len(self.requests)):
                    return

    def _wrap(self, plain):
        return self._tls.wrap_socket(plain, server_side=True) if self._tls else plain

    def close(self):
        self.closing.set()
        self._listener.close()


@pytest.fixture
def serve():
    servers = []

    def start(answer, tls=None):
        servers.append(Server(answer, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate of 127.0.0.1 for an hour; returns (its file, the server's context)."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "cert.pem"
    pem.write_bytes(signed.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, folder / "key.pem")
    return pem, context


def plain(connection, _number):
    connection.sendall(OK)
    return True


def trickle(server_of, head):
    """Send `head`, then one byte now and then, for ever: no read ever times out."""

    def answer(connection, _number):
        connection.sendall(head)
        while not server_of[0].closing.wait(0.02):
            connection.sendall(b"x")
        return False

    return answer


def test_answer_is_read_and_the_connection_used_again(serve):
    server = serve(plain)
    with Session(server.base) as session:
        for _ in range(3):
            assert session.request("GET", f"{server.base}/me").json() == {}
            assert session.trip.sent
    assert (server.connections, len(server.requests)) == (1, 3)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /v1/other\r\nContent-Length: 1000000\r\n\r\n",
    ],
    ids=["status line", "header", "body", "endless body", "redirect"],
)
def test_trickling_answer_ends_at_the_deadline(serve, head):
    box = []
    server = serve(trickle(box, head))
    box.append(server)
    with Session(server.base) as session:
        session.seconds = 0.3
        begun = time.monotonic()
        with pytest.raises(requests.Timeout):
            session.request("GET", f"{server.base}/me")
        assert time.monotonic() - begun < 1.5
        assert session.trip.sent
        assert session.trip.done.wait(5)  # the thread that was left behind ends as well


def test_secure_connection_is_checked_used_again_and_ended_at_the_deadline(serve, certificate):
    file, context = certificate
    box = []
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"

    def answer(connection, number):
        return plain(connection, number) if number < 3 else trickle(box, head)(connection, number)

    server = serve(answer, context)
    box.append(server)
    with Session(server.base) as session:
        with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            session.request("GET", f"{server.base}/me")
        assert not session.trip.sent
        session.verify = str(file)
        for _ in range(2):
            assert session.request("GET", f"{server.base}/me").json() == {}
        session.seconds = 0.3
        begun = time.monotonic()
        with pytest.raises(requests.Timeout):
            session.request("GET", f"{server.base}/me")
        assert time.monotonic() - begun < 1.5
        assert session.trip.done.wait(5)
    assert (server.connections, len(server.requests)) == (2, 3)


def test_slow_name_lookup_ends_at_the_deadline_and_nothing_is_sent_later(serve, monkeypatch):
    server = serve(plain)
    found, really = threading.Event(), socket.getaddrinfo

    def lookup(*args, **kwargs):
        assert found.wait(10)
        return really(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with Session(server.base) as session:
        session.seconds = 0.2
        with pytest.raises(requests.Timeout):
            session.request("PUT", f"{server.base}/me/player/play")
        trip = session.trip
        assert not trip.sent
        found.set()
        assert trip.done.wait(5)
        assert not trip.sent
    assert server.requests == []


def test_refused_connection_was_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Session(f"http://127.0.0.1:{port}/v1") as session:
        with pytest.raises(requests.ConnectionError):
            session.request("POST", f"http://127.0.0.1:{port}/v1/me/player/next")
        assert not session.trip.sent


def test_cut_connection_was_sent_once(serve):
    server = serve(lambda _connection, _number: False)
    with Session(server.base) as session:
        with pytest.raises(requests.ConnectionError):
            session.request("POST", f"{server.base}/me/player/next")
        assert session.trip.sent
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_no_answer_is_asked_for_twice_whatever_its_retry_after(serve, status):
    def answer(connection, _number):
        connection.sendall(f"HTTP/1.1 {status} No\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n".encode())
        return True

    server = serve(answer)
    with Session(server.base) as session:
        begun = time.monotonic()
        assert session.request("GET", f"{server.base}/me").status_code == status
        assert time.monotonic() - begun < 4
    assert len(server.requests) == 1


def test_redirect_is_not_followed_and_no_cookie_kept(serve):
    other = serve(plain)

    def answer(connection, _number):
        head = f"HTTP/1.1 302 Found\r\nLocation: {other.base}/me\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())
        return True

    server = serve(answer)
    with Session(server.base) as session:
        for _ in range(2):
            assert session.request("GET", f"{server.base}/me").status_code == 302
        assert len(session.cookies) == 0
    assert other.requests == []
    assert not any(b"cookie" in one.lower() for one in server.requests)


def test_large_answer_is_refused(serve):
    def answer(connection, _number):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(LARGEST // 100_000 + 20):
            connection.sendall(b"x" * 100_000)
        return False

    server = serve(answer)
    with Session(server.base) as session, pytest.raises(Refused, match="too large"):
        session.request("GET", f"{server.base}/me")


def test_small_answer_that_unpacks_to_a_large_one_is_refused(serve):
    import gzip

    packed = gzip.compress(b"x" * (LARGEST * 5))

    def answer(connection, _number):
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        connection.sendall(head.encode() + packed)
        return True

    server = serve(answer)
    with Session(server.base) as session, pytest.raises(Refused, match="too large"):
        session.request("GET", f"{server.base}/me")


@pytest.mark.parametrize(
    "head", [b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\njunk", b"Content-Length: 9\r\n\r\n{}"]
)
def test_answer_that_breaks_off_is_an_error_of_the_connection(serve, head):
    def answer(connection, _number):
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)
        return False

    server = serve(answer)
    with Session(server.base) as session, pytest.raises(requests.ConnectionError):
        session.request("GET", f"{server.base}/me")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/v1/me", "https://api.spotify.com/v1/me", "http://169.254.169.254/latest", "file:///etc"]
)
def test_other_hosts_are_not_asked(serve, url):
    server = serve(plain)
    with Session(server.base) as session, pytest.raises(Refused):
        session.request("GET", url)
    assert server.requests == []


def test_environment_adds_no_proxy_and_no_password(serve, monkeypatch, tmp_path):
    server, proxy = serve(plain), serve(plain)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.base)
    with Session(server.base) as session:
        assert session.request("GET", f"{server.base}/me").ok
    assert proxy.requests == []
    assert b"authorization" not in server.requests[0].lower()


def test_connection_that_rested_long_is_not_trusted(serve):
    now = [100.0]
    server = serve(plain)
    with Session(server.base, monotonic=lambda: now[0]) as session:
        session.request("GET", f"{server.base}/me")
        now[0] += IDLE + 1
        session.request("GET", f"{server.base}/me")
    assert server.connections == 2


def test_header_that_cannot_be_sent_is_refused_without_its_text(serve):
    server = serve(plain)
    with Session(server.base) as session, pytest.raises(Refused) as raised:
        session.request("GET", f"{server.base}/me", headers={"Authorization": "Bearer SECRET\nX: y"})
    assert not isinstance(raised.value, ValueError)
    assert "SECRET" not in str(raised.value)
    assert server.requests == []


def test_no_token_reaches_a_log_at_its_loudest(serve, caplog):
    import spotipy

    class Bearer:
        def get_access_token(self, *, as_dict=False):
            return "SECRET-TOKEN"

    server = serve(plain)
    with caplog.at_level(logging.DEBUG), Session(server.base) as session:
        client = spotipy.Spotify(auth_manager=Bearer(), requests_session=session)
        client.prefix = server.base + "/"
        assert client.me() == {}
    assert b"SECRET-TOKEN" in server.requests[0]
    assert "SECRET" not in caplog.text
