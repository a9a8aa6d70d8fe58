"""The address in the local network, and the picture for the phone."""

import socket
from xml.etree import ElementTree as ET

import pytest

from moodbox.errors import LinkError
from moodbox.music.spotify.link.lan import lan_address, listen, own_address, qr


def raising(error):
    def probe():
        raise error

    return probe


@pytest.mark.parametrize("address", ["192.168.1.20", "10.0.0.3", "172.16.4.4", "169.254.9.9", "100.64.0.9"])
def test_address_of_a_local_network_is_taken(address):
    assert lan_address(lambda: address) == address


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        (raising(OSError(101, "Network is unreachable")), "no local network"),
        (lambda: "127.0.0.1", "no local network"),
        (lambda: "127.0.1.1", "no local network"),
        (lambda: "0.0.0.0", "no local network"),  # noqa: S104 - what a machine without a network may say
        (lambda: "224.0.0.1", "no local network"),
        (lambda: "", "no local network"),
        (lambda: "8.8.8.8", "open to the whole internet"),
    ],
)
def test_no_local_network_is_a_sentence(probe, words):
    with pytest.raises(LinkError, match=words):
        lan_address(probe)


def test_own_address_is_found_without_sending(monkeypatch):
    sent = []
    monkeypatch.setattr(socket.socket, "sendto", lambda *given: sent.append(given), raising=False)
    try:
        address = own_address()
    except OSError:
        pytest.skip("this machine has no route anywhere")
    assert socket.inet_aton(address)
    assert not sent


def test_port_in_use_is_a_sentence():
    with listen("127.0.0.1", 0) as taken, pytest.raises(LinkError, match="in use by another program"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_address_that_is_not_ours_is_a_sentence():
    with pytest.raises(LinkError, match="cannot be opened"):
        listen("198.51.100.7", 0)


def test_qr_is_a_dark_on_light_picture_with_nothing_from_outside():
    url = "https://accounts.spotify.com/authorize?" + "x=abcdefghij&" * 50
    picture = qr(url)
    root = ET.fromstring(picture)  # noqa: S314 - our own
    assert root.get("viewBox")
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "title", "path"}
    assert "https" not in picture
    assert "href" not in picture
    assert "style=" not in picture
    light, dark = root.findall("{http://www.w3.org/2000/svg}path")
    assert light.get("fill") in {"#fff", "#ffffff"}
    assert dark.get("stroke") in {"#000", "#000000"}
