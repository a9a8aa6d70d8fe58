"""The address of this box in its local network, and the picture that a phone reads."""

from __future__ import annotations

import errno
import io
import ipaddress
import socket
from collections.abc import Callable

import segno

from moodbox.errors import LinkError
from moodbox.music.spotify.link.loopback import bound

CERTIFICATE = "lan.pem"  # the door's key and certificate, private
_FAR = ("198.51.100.1", 9)  # an address of nobody's (RFC 5737); nothing is ever sent there
_NO_NETWORK = "This box is in no local network: connect it, or sign in by pasting the address instead"


def own_address() -> str:
    """Return the IPv4 address that this computer would send from. Sends nothing; raises OSError without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(_FAR)
        return str(way.getsockname()[0])


def lan_address(probe: Callable[[], str] = own_address) -> str:
    """Return this computer's address in the local network; raises LinkError when there is none."""
    try:
        address = ipaddress.IPv4Address(probe())
    except (OSError, ValueError):
        raise LinkError(_NO_NETWORK) from None
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        raise LinkError(_NO_NETWORK)
    if address.is_global:
        raise LinkError(
            f"The address of this box ({address}) is open to the whole internet, so no door is opened there: "
            "sign in by pasting the address instead"
        )
    return str(address)


def listen(address: str, port: int) -> socket.socket:
    """Open the port there; raises LinkError when it cannot be opened."""
    try:
        return bound(address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise LinkError(
                f"Port {port} is in use by another program: stop it, or choose another spotify.lan_port"
            ) from error
        raise LinkError(
            f"{address}:{port} cannot be opened ({error.strerror}): choose another spotify.lan_port"
        ) from error


def qr(url: str) -> str:
    """Draw a QR code as an SVG picture: dark on light with the quiet zone, nothing from outside."""
    code = segno.make(url, error="l", micro=False)
    picture = io.BytesIO()
    title = "Sign in to Spotify"
    code.save(picture, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False, title=title)
    return picture.getvalue().decode()
