"""Where a local speaker's interface is; never anywhere but on this machine, for it asks for no password."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from moodbox.music.spotify.speaker import refusal

_LONGEST = 200  # bytes of ws.addr and ws.port that are read
_SOLOIST_ACTION = "Start Soloist with --ws 127.0.0.1:0"
_LIBRESPOT_ACTION = 'Set librespot = "http://127.0.0.1:3678" under [spotify] in the settings'


def is_loopback(host: str) -> bool:
    """Say whether a host can only be this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def soloist_url(folder: Path) -> str:
    """Return the WebSocket address that Soloist wrote into its data folder; raises SpotifyError if there is none."""
    port = _word(folder / "ws.port")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise refusal.soloist_absent()
    host = (_word(folder / "ws.addr") or "127.0.0.1").strip("[]")
    if not is_loopback(host):
        raise refusal.not_loopback(host, _SOLOIST_ACTION)
    return f"ws://{f'[{host}]' if ':' in host else host}:{port}/"


def librespot_place(address: str) -> tuple[str, int]:
    """Return host and port of go-librespot's interface; raises SpotifyError for any place but this machine."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 3678
    except ValueError:
        raise refusal.not_loopback(address, _LIBRESPOT_ACTION) from None
    if parts.scheme != "http" or not is_loopback(host):
        raise refusal.not_loopback(address, _LIBRESPOT_ACTION)
    return host, port


def _word(path: Path) -> str:
    """Read a small file; "" when it cannot be."""
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
