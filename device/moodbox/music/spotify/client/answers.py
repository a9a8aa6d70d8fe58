"""Answers of the Web API as values. Forgiving: nulls, both names of a field (2026 and before), and what is missing."""

from __future__ import annotations

import html
import re
from typing import Any

from moodbox.music.spotify.values import Account, Artist, Device, Playlist, Track, WebPlayback, is_uri

COVER = 200  # px; the smallest picture at least this wide is shown
_LARGEST = 1e12  # of a number that can mean anything here: the milliseconds of 30 years

_OLD_PLAYLIST = re.compile(r"spotify:user:[^:]+:playlist:([A-Za-z0-9]{22})\Z")


class NonsenseError(ValueError):
    """Report an answer that is not what was asked for, in whatever shape."""


def account(raw: object) -> Account:
    """Read who is signed in."""
    fields = table(raw)
    user = _text(fields.get("id"))
    name = _text(fields.get("account_id")) or user
    if not name:
        raise NonsenseError("an account without an id")
    return Account(name, user, _text(fields.get("display_name")) or user)


def playlist(raw: object, user: str = "") -> Playlist:
    """Read a playlist; `user` is who asks. Raises NonsenseError for one without a usable URI."""
    fields = table(raw)
    uri = _uri(fields, "playlist")
    if not uri:
        raise NonsenseError("a playlist without a URI")
    owner = table(fields.get("owner"))
    contents = fields.get("items") if isinstance(fields.get("items"), dict) else fields.get("tracks")
    return Playlist(
        uri=uri,
        name=_text(fields.get("name")),
        owner=_text(owner.get("display_name")) or _text(owner.get("id")),
        owned=_owned(fields, _text(owner.get("id")), user),
        total=_count(table(contents).get("total")),
        cover=_cover(fields.get("images")),
        snapshot=_text(fields.get("snapshot_id")),
        description=html.unescape(_text(fields.get("description"))),  # the only text that comes escaped
    )


def playlists(raw: object, user: str = "") -> list[Playlist]:
    """Read a page of playlists."""
    return [playlist(entry, user) for entry in entries(raw) if _uri(entry, "playlist")]


def track(raw: object) -> Track | None:
    """Read a track; None for local files, episodes, nulls and everything else that is none."""
    fields = table(raw)
    uri = _uri(fields, "track")
    if not uri or fields.get("is_local") is True:
        return None
    album = table(fields.get("album"))
    return Track(
        uri=uri,
        title=_text(fields.get("name")),
        artists=tuple(
            Artist(_uri(artist, "artist"), _text(artist.get("name")))
            for artist in tables(fields.get("artists"))
            if _text(artist.get("name"))
        ),
        album=_text(album.get("name")),
        cover=_cover(album.get("images")),
        seconds=_number(fields.get("duration_ms")) / 1000,
        playable=fields.get("is_playable") is not False,
    )


def tracks(raw: object) -> list[Track]:
    """Read a page of tracks, whether they stand there bare or wrapped as `item` or `track`."""
    found = (track(_unwrapped(entry)) for entry in entries(raw))
    return [one for one in found if one is not None]


def device(raw: object) -> Device | None:
    """Read a device; None where there is none."""
    fields = table(raw)
    if not fields:
        return None
    volume = fields.get("volume_percent")
    return Device(
        id=_text(fields.get("id")),
        name=_text(fields.get("name")),
        kind=_text(fields.get("type")),
        active=fields.get("is_active") is True,
        restricted=fields.get("is_restricted") is True,
        volume=min(_number(volume) / 100, 1.0) if _is_number(volume) else None,
        takes_volume=fields.get("supports_volume") is not False,
    )


def devices(raw: object) -> list[Device]:
    """Read the list of devices."""
    found = (device(entry) for entry in tables(table(raw).get("devices")))
    return [one for one in found if one is not None]


def playback(raw: object) -> WebPlayback | None:
    """Read what plays; None for the empty answer."""
    fields = table(raw)
    if not fields:
        return None
    return WebPlayback(
        device=device(fields.get("device")),
        playing=fields.get("is_playing") is True,
        track=track(fields.get("item")),
        position=_number(fields.get("progress_ms")) / 1000,
        context=_text(table(fields.get("context")).get("uri")),
        shuffle=fields.get("shuffle_state") is True,
    )


def flags(raw: object, count: int) -> list[bool]:
    """Read one yes or no for each thing that was asked about; raises NonsenseError for another number of them."""
    if not isinstance(raw, list) or len(raw) != count:
        raise NonsenseError("not as many answers as questions")
    return [one is True for one in raw]


def page(raw: object) -> dict[str, Any]:
    """Check that an answer is a page: an empty list and no list at all are two things."""
    if not isinstance(table(raw).get("items"), list):
        raise NonsenseError("a page without its list")
    return table(raw)


def entries(raw: object) -> list[dict[str, Any]]:
    """Return what stands on a page, without nulls."""
    return tables(table(raw).get("items"))


def has_more(raw: object, end: int) -> bool:
    """Say whether there are pages after the one that ended before entry number `end`."""
    fields = table(raw)
    if not fields.get("items"):
        return False  # an empty page is the last one, whatever it says: nobody turns pages for ever
    if "next" in fields:
        return bool(fields["next"])
    return end < (_count(fields.get("total")) or 0)


def complaint(raw: object) -> tuple[str, str]:
    """Read (message, reason) of an error body, whose `error` is an object, or only a word."""
    fields = table(raw)
    error = fields.get("error")
    if isinstance(error, dict):
        return _text(error.get("message")), _text(error.get("reason"))
    return _text(fields.get("error_description")) or _text(error), ""


def table(raw: object) -> dict[str, Any]:
    """Return an object of JSON, or an empty one."""
    return raw if isinstance(raw, dict) else {}


def tables(raw: object) -> list[dict[str, Any]]:
    """Return the objects of a list of JSON."""
    return [entry for entry in raw if isinstance(entry, dict)] if isinstance(raw, list) else []


def _owned(fields: dict[str, Any], owner: str, user: str) -> bool:
    # Since 2026 `items` is there only for who owns the playlist or works on it; `tracks` was there for everybody.
    if isinstance(fields.get("items"), dict) or (owner and owner == user):
        return True
    return isinstance(fields.get("tracks"), dict) and fields.get("collaborative") is True


def _unwrapped(entry: dict[str, Any]) -> object:
    if entry.get("is_local") is True:
        return None
    for name in ("item", "track"):
        if isinstance(entry.get(name), dict):
            return entry[name]
    return entry


def _uri(fields: dict[str, Any], kind: str) -> str:
    uri = _text(fields.get("uri"))
    if kind == "playlist" and (old := _OLD_PLAYLIST.match(uri)):
        uri = f"spotify:playlist:{old.group(1)}"
    if not uri and fields.get("type", kind) == kind:
        uri = f"spotify:{kind}:{_text(fields.get('id'))}"
    return uri if is_uri(uri, kind) else ""


def _cover(images: object) -> str:
    # Spotify lists the largest first, and gives no width for the pictures that owners upload.
    found = [image for image in tables(images) if _text(image.get("url")).startswith(("https://", "http://"))]
    wide = [image for image in found if _number(image.get("width")) >= COVER]
    best = min(wide, key=lambda image: _number(image.get("width")), default=found[0] if found else {})
    return _text(best.get("url"))


def _text(value: object) -> str:
    # JSON may carry half a surrogate pair, which no database and no page takes.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _is_number(value: object) -> bool:
    # JSON knows integers of any length, and Python's reader also NaN and Infinity.
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST


def _number(value: object) -> float:
    return max(0.0, float(value)) if isinstance(value, int | float) and _is_number(value) else 0.0


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and _is_number(value) and value >= 0 else None
