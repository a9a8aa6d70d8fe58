"""The player: devices, what plays, and commands."""

from __future__ import annotations

from typing import Any

from flask import request

from moodbox.standin.documents import stamp
from moodbox.standin.playback import Playback
from moodbox.standin.refused import Refused
from moodbox.standin.webapi.base import (
    EMPTY,
    MAX_URIS,
    Answer,
    api,
    body,
    caller,
    documents,
    needed,
    needs,
    number,
    world,
)

READ = "user-read-playback-state"
MODIFY = "user-modify-playback-state"


def _command() -> tuple[str, str]:
    """Return (device id, user id) of a command; raises Refused for accounts without Premium."""
    if not caller().user.premium:
        raise Refused(403, "Player command failed: Premium required", "PREMIUM_REQUIRED")
    return request.args.get("device_id", ""), caller().user.id


def _track(playback: Playback) -> dict[str, Any] | None:
    track = world().tracks.get(playback.current)
    return documents().track(track) if track else None


def _now(playback: Playback) -> dict[str, Any]:
    """Write what plays."""
    track, now = _track(playback), world().clock()
    return {
        "actions": {"disallows": {"resuming" if playback.playing else "pausing": True}},
        "context": documents().context(playback.context),
        "currently_playing_type": track["type"] if track else "unknown",
        "is_playing": playback.playing,
        "item": track,
        "progress_ms": int(playback.position(now) * 1000),
        "timestamp": int(playback.then * 1000),
    }


@api.get("/me/player")
@needs(READ)
def state() -> Answer:
    """Answer what plays and where; 204 when no device is active."""
    playback = world().playback(caller().user.id)
    if not playback.device_id:
        return EMPTY
    device = world().device(playback.device_id)
    return _now(playback) | {
        "device": documents().device(device, playback.device_id),
        "repeat_state": playback.repeat,
        "shuffle_state": playback.shuffle,
    }


@api.get("/me/player/currently-playing")
@needs("user-read-currently-playing")
def currently_playing() -> Answer:
    """Answer what plays; 204 when nothing does."""
    playback = world().playback(caller().user.id)
    return _now(playback) if playback.device_id and playback.current else EMPTY


@api.get("/me/player/devices")
@needs(READ)
def devices() -> Answer:
    """Answer the devices with a live session."""
    user = caller().user.id
    active = world().playback(user).device_id
    listed = [device for device in world().devices if device.listed and device.user == user]
    return {"devices": [documents().device(device, active) for device in listed]}


@api.get("/me/player/queue")
@needs("user-read-currently-playing", READ)
def queue() -> Answer:
    """Answer what comes next."""
    playback = world().playback(caller().user.id)
    upcoming = [documents().track(world().tracks[uri]) for uri in playback.upcoming[:20]]
    return {"currently_playing": _track(playback), "queue": upcoming}


@api.get("/me/player/recently-played")
@needs("user-read-recently-played")
def recently_played() -> Answer:
    """Answer the tracks that were heard lately, newest first."""
    limit = number("limit", 20, 1, 50)
    if "after" in request.args and "before" in request.args:
        raise Refused(400, "Only one of after and before may be given")
    after, before = number("after", -1, 0, 2**53), number("before", 2**53, 0, 2**53)
    write = documents()
    heard = [
        one for one in reversed(world().playback(caller().user.id).history) if one.uri.startswith("spotify:track:")
    ]
    shown = [one for one in heard if after < one.at * 1000 < before][:limit]
    items = [
        {
            "track": write.track(world().tracks[one.uri]),
            "played_at": stamp(one.at),
            "context": write.context(one.context),
        }
        for one in shown
    ]
    cursors = {"after": str(int(shown[0].at * 1000)), "before": str(int(shown[-1].at * 1000))} if shown else {}
    return {
        "href": f"{write.api}/me/player/recently-played?limit={limit}",
        "items": items,
        "limit": limit,
        "next": None,
        "cursors": cursors,
    }


@api.put("/me/player")
@needs(MODIFY)
def transfer() -> Answer:
    """Make a device the active one."""
    _, user = _command()
    sent = body()
    ids = sent.get("device_ids")
    if not isinstance(ids, list) or len(ids) != 1 or not isinstance(ids[0], str):
        raise Refused(400, "Exactly one device id must be given")
    world().transfer(ids[0], play=sent.get("play") is True, user=user)
    return EMPTY


@api.put("/me/player/play")
@needs(MODIFY)
def play() -> Answer:
    """Start a context or a list of tracks, or go on playing."""
    device, user = _command()
    sent = body()
    context, uris = sent.get("context_uri"), sent.get("uris")
    if context is None and uris is None:
        world().resume(device, user=user)
        return EMPTY
    if context is not None and uris is not None:
        raise Refused(400, "Can't have both offset and context and uris")
    position = sent.get("position_ms", 0)
    if not isinstance(position, int) or position < 0:
        raise Refused(400, "Invalid position_ms")
    if uris is not None:
        if not isinstance(uris, list) or not uris or not all(isinstance(uri, str) for uri in uris):
            raise Refused(400, "Invalid uris")
        if len(uris) > MAX_URIS:
            raise Refused(413, "Payload too large")
    elif not isinstance(context, str) or context.count(":") < 2:
        raise Refused(400, "Invalid context uri")
    first = _offset(sent.get("offset"), context or "", uris or [])
    world().play(device, context=context or "", uris=uris or (), first=first, position=position / 1000, user=user)
    return EMPTY


def _offset(offset: object, context: str, uris: list[str]) -> int | None:
    """Read where to begin: a place or a URI; None when nothing was asked for."""
    if offset is None:
        return None
    if not isinstance(offset, dict):
        raise Refused(400, "Invalid offset")
    tracks = world().contents(context) if context else uris
    if isinstance(offset.get("position"), int) and 0 <= offset["position"] < len(tracks):
        return int(offset["position"])
    if offset.get("uri") in tracks:
        return tracks.index(offset["uri"])
    raise Refused(404, "Invalid offset")


@api.put("/me/player/pause")
@needs(MODIFY)
def pause() -> Answer:
    """Pause."""
    device, user = _command()
    world().pause(device, user=user)
    return EMPTY


@api.post("/me/player/next")
@needs(MODIFY)
def following() -> Answer:
    """Skip to the next track."""
    device, user = _command()
    world().next(device, user=user)
    return EMPTY


@api.post("/me/player/previous")
@needs(MODIFY)
def previous() -> Answer:
    """Skip to the track before."""
    device, user = _command()
    world().previous(device, user=user)
    return EMPTY


@api.put("/me/player/seek")
@needs(MODIFY)
def seek() -> Answer:
    """Go to a place in the track."""
    needed("position_ms")
    device, user = _command()
    world().seek(number("position_ms", 0, 0, 2**31) / 1000, device, user=user)
    return EMPTY


@api.put("/me/player/volume")
@needs(MODIFY)
def volume() -> Answer:
    """Set the volume of a device."""
    needed("volume_percent")
    device, user = _command()
    world().volume(number("volume_percent", 0, 0, 100), device, user=user)
    return EMPTY


@api.put("/me/player/shuffle")
@needs(MODIFY)
def shuffle() -> Answer:
    """Switch shuffling."""
    device, user = _command()
    wanted = needed("state").lower()
    if wanted not in {"true", "false"}:
        raise Refused(400, "Invalid state")
    world().shuffle(wanted == "true", device, user=user)
    return EMPTY


@api.put("/me/player/repeat")
@needs(MODIFY)
def repeat() -> Answer:
    """Repeat the track, the context, or nothing."""
    device, user = _command()
    wanted = needed("state")
    if wanted not in {"track", "context", "off"}:
        raise Refused(400, "Invalid state")
    world().repeat(wanted, device, user=user)
    return EMPTY


@api.post("/me/player/queue")
@needs(MODIFY)
def enqueue() -> Answer:
    """Put a track into the queue."""
    device, user = _command()
    world().enqueue(needed("uri"), device, user=user)
    return EMPTY
