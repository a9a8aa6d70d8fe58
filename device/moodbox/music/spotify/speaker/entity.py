"""What local speakers say of a track, read forgivingly: any part may be missing or of another kind."""

from __future__ import annotations

import json
import math

from moodbox.music.spotify.values import Artist, Track

_LONGEST = 2_000  # characters of a text that is kept; covers are URLs of about a hundred


def document(message: str | bytes) -> dict[str, object]:
    """Read a JSON object; whatever else it is reads as an empty one."""
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested without end
        return {}
    return found if isinstance(found, dict) else {}


def part(value: object, *keys: str) -> object:
    """Walk into nested objects; None where the way ends."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text(value: object) -> str:
    """Return a text as one line, or "" when it is none."""
    return " ".join(value[:_LONGEST].split()) if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """Return a finite number that is not negative, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        read = float(value)
    except OverflowError:
        return None
    return read if math.isfinite(read) and read >= 0 else None


def truth(value: object) -> bool | None:
    """Return a boolean, else None."""
    return value if isinstance(value, bool) else None


def seconds(milliseconds: object) -> float:
    """Return milliseconds as seconds; 0 when they are no number."""
    return (number(milliseconds) or 0.0) / 1000


def entity_track(entity: object) -> Track | None:
    """Read the ENTITY of Soloist's WebSocket as a track; None without a URI."""
    uri = text(part(entity, "uri"))
    if not uri:
        return None
    about = part(entity, "decorations")
    return Track(
        uri,
        _name(entity),
        artists=tuple(_artists(part(about, "creators"))),
        album=_name(part(about, "parent", "entity")),
        cover=_first_url(part(about, "visual_identity", "cover")),
        seconds=seconds(part(about, "playback", "duration_ms")),
    )


def librespot_track(data: object) -> Track | None:
    """Read go-librespot's `metadata` event or its status's track; None without a URI. Artists have no URI there."""
    uri = text(part(data, "uri"))
    if not uri:
        return None
    names = part(data, "artist_names")
    return Track(
        uri,
        text(part(data, "name")),
        artists=tuple(Artist("", text(name)) for name in names if text(name)) if isinstance(names, list) else (),
        album=text(part(data, "album_name")),
        cover=text(part(data, "album_cover_url")),
        seconds=seconds(part(data, "duration")),
    )


def _name(entity: object) -> str:
    return text(part(entity, "decorations", "identity", "name"))


def _artists(creators: object) -> list[Artist]:
    found = [part(creator, "entity") for creator in creators] if isinstance(creators, list) else []
    return [Artist(text(part(one, "uri")), _name(one)) for one in found if _name(one)]


def _first_url(covers: object) -> str:
    urls = [text(part(cover, "url")) for cover in covers] if isinstance(covers, list) else []
    return next((url for url in urls if url), "")
