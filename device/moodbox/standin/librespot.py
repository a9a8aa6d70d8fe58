"""A small go-librespot: its REST interface and its events on one port, on the stand-in's world."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Self

from moodbox.standin.oneport import Client, OnePort
from moodbox.standin.pump import Pump
from moodbox.standin.refused import Refused
from moodbox.standin.soloist import cover_url
from moodbox.standin.things import Device
from moodbox.standin.world import World

Json = dict[str, Any]

_STEPS = 64  # of the volume: go-librespot's own default is 100, and a client must not count on it


class LibrespotServer:
    """go-librespot as the box sees it."""

    def __init__(self, world: World, port: int = 0) -> None:
        self.world = world
        self.port = port
        self.root = ""  # where the covers are
        self.received: list[tuple[str, str, Json]] = []  # every request, for tests
        self._mute = False
        self._at_hand = ("", 0.0)  # the track that plays and when it will be over
        self._talking = threading.Event()
        self._talking.set()
        self._server: OnePort | None = None
        self._thread: threading.Thread | None = None
        self._pump: Pump | None = None
        self._clients: set[Client] = set()
        self._lock = threading.Lock()

    # --- life -----------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Listen; started again it is found at the same address."""
        if self._server is not None:
            return self
        self._server = OnePort(self, self.port)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="standin-librespot", daemon=True
        )
        self._thread.start()
        self._pump = Pump(self.world, lambda: self.device, self._tell, "standin-librespot-pump", tick=self._skip)
        return self

    def stop(self) -> None:
        """End: nobody listens any more, what played here stops."""
        server, self._server = self._server, None
        was_talking = self._talking.is_set()
        self._talking.set()
        if self._pump is not None:
            self._pump.close()
        if server is not None:
            server.shutdown()
            self.drop()
            server.server_close()
        if self._thread is not None:
            self._thread.join(5.0)
        if not was_talking:
            self._talking.clear()
        with self.world.lock:
            self.world.release(self.device.id)

    def close(self) -> None:
        """End for good; may be called twice."""
        self._talking.set()
        self.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what tests and visitors do -------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def device(self) -> Device:
        """Return the Connect device that this is."""
        device = self.world.local_device("librespot")
        if device is None:
            raise LookupError("the world has no go-librespot device")
        return device

    def tick(self) -> None:
        """Tell at once what the world's clock brought."""
        if self._pump is not None:
            self._pump.turn()

    def pair(self) -> None:
        """Let the owner pick it in the Spotify app."""
        with self.world.lock:
            self.device.user = self.world.owner.id

    def unpair(self) -> None:
        """Let it belong to nobody, as when it is new."""
        with self.world.lock:
            self.world.release(self.device.id)
            self.device.user = ""

    def silence(self, silent: bool = True) -> None:  # noqa: FBT001, FBT002 - it is silent or not
        """Accept connections and requests but never answer."""
        if silent:
            self._talking.clear()
        else:
            self._talking.set()

    def drop(self) -> None:
        """Cut off everybody who listens to events."""
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            client.cut()

    def refuse(self) -> None:
        """Listen no more, as after a crash; `start` brings it back."""
        self.stop()

    def no_audio_key(self, mute: bool = True) -> None:  # noqa: FBT001, FBT002 - it is so or not
        """Let Spotify refuse the keys of every track: each is skipped as soon as it begins."""
        self._mute = mute

    def say(self, message: str) -> None:
        """Send any text to everybody who listens to events, for tests of what must be survived."""
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            client.send(message)

    # --- requests -------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Json | None]:
        """Answer a request of the REST interface; waits while the server is to be silent."""
        try:
            command = json.loads(body) if body else {}
            command = command if isinstance(command, dict) else {}
        except ValueError:
            return 400, None
        self.received.append((method, path, command))
        self._talking.wait()
        if (method, path) == ("GET", "/"):
            return 200, {}
        if not self.device.paired:
            return 204, None
        if (method, path) == ("GET", "/status"):
            return 200, self._status()
        if (method, path) == ("GET", "/player/volume"):
            return 200, {"value": self._volume(), "max": _STEPS}
        work = self._commands().get(path)
        if method != "POST" or work is None:
            return 404, None
        try:
            work(command)
        except Refused as refused:
            return refused.status, None
        except (KeyError, TypeError, ValueError, AttributeError):
            return 400, None
        return 200, None

    def join(self, client: Client) -> None:
        """Let somebody listen to events."""
        with self._lock:
            self._clients.add(client)

    def leave(self, client: Client) -> None:
        """Let them go."""
        with self._lock:
            self._clients.discard(client)

    def wait_to_talk(self) -> None:
        """Wait while the server is to be silent."""
        self._talking.wait()

    def _commands(self) -> dict[str, Callable[[Json], None]]:
        world, here = self.world, self.device.id
        return {
            "/player/play": self._play,
            "/player/resume": lambda _: self._pause(paused=False),
            "/player/pause": lambda _: self._pause(paused=True),
            "/player/playpause": lambda _: self._pause(paused=world.playback().playing),
            "/player/next": lambda _: world.next(here, local=True),
            "/player/prev": lambda _: world.previous(here, local=True),
            "/player/seek": self._seek,
            "/player/volume": self._set_volume,
            "/player/shuffle_context": lambda command: world.shuffle(
                command["shuffle_context"] is True, here, local=True
            ),
            "/player/repeat_context": lambda command: world.repeat(
                "context" if command["repeat_context"] else "off", here, local=True
            ),
            "/player/repeat_track": lambda command: world.repeat(
                "track" if command["repeat_track"] else "off", here, local=True
            ),
            "/player/add_to_queue": lambda command: world.enqueue(command["uri"], here, local=True),
        }

    def _play(self, command: Json) -> None:
        uri = command["uri"]
        single = uri.split(":")[1] in {"track", "episode"}
        with self.world.lock:
            tracks = [] if single else self.world.contents(uri)
            skip = command.get("skip_to_uri")
            self.world.play(
                self.device.id,
                context="" if single else uri,
                uris=[uri] if single else (),
                first=tracks.index(skip) if skip in tracks else None,
                origin="go-librespot",
                local=True,
            )
            if command.get("paused") is True:
                self.world.pause(self.device.id, local=True)

    def _pause(self, *, paused: bool) -> None:
        """Pause or go on; what is so already stays so."""
        with self.world.lock:
            playback = self.world.playback()
            if not self._is_active() or not playback.current or playback.playing is not paused:
                return
            if paused:
                self.world.pause(self.device.id, local=True)
            else:
                self.world.resume(self.device.id, local=True)

    def _seek(self, command: Json) -> None:
        with self.world.lock:
            here = self.world.playback().position(self.world.clock()) if command.get("relative") is True else 0.0
            self.world.seek(max(0.0, here + command["position"] / 1000), self.device.id, local=True)

    def _set_volume(self, command: Json) -> None:
        steps = command["volume"] + (self._volume() if command.get("relative") is True else 0)
        percent = round(100 * min(_STEPS, max(0, steps)) / _STEPS)
        self.world.volume(percent, self.device.id, local=True)

    # --- what is so -----------------------------------------------------------------------------------------

    def _is_active(self) -> bool:
        return self.world.playback().device_id == self.device.id

    def _volume(self) -> int:
        return round((self.device.volume or 0) * _STEPS / 100)

    def _status(self) -> Json:
        with self.world.lock:
            playback, active = self.world.playback(), self._is_active()
            track = self._track(playback.current) if active and playback.current else None
            return {
                "username": self.device.user,
                "device_id": self.device.id,
                "device_name": self.device.name,
                "device_type": self.device.kind.lower(),
                "play_origin": self._origin() if active else "",
                "stopped": track is None or playback.ended,
                "paused": track is not None and not playback.playing,
                "buffering": False,
                "volume": self._volume(),
                "volume_steps": _STEPS,
                "repeat_context": playback.repeat == "context",
                "repeat_track": playback.repeat == "track",
                "shuffle_context": playback.shuffle,
                "track": track,
            }

    def _origin(self) -> str:
        """Say who started what plays, as go-librespot does for what did not come over its own interface."""
        origin = self.world.playback().origin
        return origin if origin == "go-librespot" else "your_library"

    def _track(self, uri: str) -> Json:
        track = self.world.tracks.get(uri)
        position = round(self.world.playback().position(self.world.clock()) * 1000)
        if track is None:
            return {"uri": uri, "name": "", "artist_names": [], "album_name": "", "position": position, "duration": 0}
        return {
            "uri": uri,
            "name": track.title,
            "artist_names": [artist.name for artist in track.artists],
            "album_name": track.album.name,
            "album_cover_url": cover_url(self.root, track) if self.root else None,
            "position": position,
            "duration": round(track.seconds * 1000),
        }

    # --- events ---------------------------------------------------------------------------------------------

    def _tell(self, kind: str) -> None:
        """Tell everybody what happened."""
        if not self.device.paired or not self._talking.is_set():
            return
        with self.world.lock:
            events = self._happened(kind)
        for name, data in events:
            self.say(json.dumps({"type": name, "data": data} if data is not None else {"type": name}))

    def _happened(self, kind: str) -> list[tuple[str, Json | None]]:
        """Put what happened into go-librespot's words; the world's lock is held."""
        playback, active = self.world.playback(), self._is_active()
        if kind == "device":
            return [("active" if active else "inactive", None)]
        if kind == "volume":
            return [("volume", {"value": self._volume(), "max": _STEPS})]
        if kind == "options":
            return [
                ("shuffle_context", {"value": playback.shuffle}),
                ("repeat_context", {"value": playback.repeat == "context"}),
                ("repeat_track", {"value": playback.repeat == "track"}),
            ]
        if not active or not playback.current:
            return []
        about: Json = {"uri": playback.current, "play_origin": self._origin()}
        if kind == "track" and playback.playing:
            metadata = {**self._track(playback.current), "context_uri": playback.context}
            return [*self._finished(), ("will_play", about), ("metadata", metadata), ("playing", about)]
        if kind == "playback":
            if playback.ended:
                return [("not_playing", {"uri": playback.tracks[playback.order[-1]]}), ("stopped", about)]
            return [("playing" if playback.playing else "paused", about)]
        if kind == "position":
            track = self._track(playback.current)
            return [("seek", {"uri": track["uri"], "position": track["position"], "duration": track["duration"]})]
        return []

    def _finished(self) -> list[tuple[str, Json | None]]:
        """Tell of the track before this one, if it was heard to its end: skipped ones are not told."""
        now, playback = self.world.clock(), self.world.playback()
        uri, ends = self._at_hand
        self._at_hand = playback.current, now + self.world.length(playback.current) - playback.position(now)
        return [("not_playing", {"uri": uri})] if uri and now >= ends else []

    def _skip(self) -> None:
        """Give up a track for which there is no key, as go-librespot does: the next one, without a word."""
        with self.world.lock:
            playback = self.world.playback()
            if not (self._mute and self._is_active() and playback.playing):
                return
            self.say(json.dumps({"type": "not_playing", "data": {"uri": playback.current}}))
            self.world.next(self.device.id, local=True)
