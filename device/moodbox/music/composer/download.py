"""A file for a visitor: its name, its kind, and its bytes in chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from moodbox.music.composer.live import KeptWave
from moodbox.page.pieces.desk import Download

_MIMETYPES = {"mid": "audio/midi", "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg"}
_CHUNK = 128 * 1024  # bytes
_LONGEST = 80  # letters of a name


def download(title: str, form: str, data: bytes) -> Download:
    """Hand out a piece's bytes; a WAV is decoded on the way from its FLAC, so that it is never whole in memory."""
    name = f"{_plain(title)}.{form}"
    if form == "wav":
        wave = KeptWave(data)
        return Download(name, _MIMETYPES[form], wave.between(0, wave.size), wave.size)
    return Download(name, _MIMETYPES[form], _chunks(data), len(data))


def _plain(title: str) -> str:
    """Leave of a title what every system takes in a file's name."""
    words = re.sub(r"[^A-Za-z0-9 ,.]+", " ", title).split()
    return " ".join(words).strip(" .,")[:_LONGEST] or "Piece"


def _chunks(data: bytes) -> Iterator[bytes]:
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK):
        yield bytes(view[start : start + _CHUNK])
