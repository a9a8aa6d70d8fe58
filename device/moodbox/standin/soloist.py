"""A small Spotify Soloist: the same WebSocket and the same two files, on the stand-in's world."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from moodbox.standin.pump import Pump
from moodbox.standin.refused import Refused
from moodbox.standin.things import Artist, Device, Track
from moodbox.standin.world import World

log = logging.getLogger(__name__)

Json = dict[str, Any]


class SoloistServer:
    """Soloist as the box sees it. Every start has another port, written into `folder` as the real one does."""

    def __init__(self, world: World, folder: Path | None = None) -> None:
        self.world = world
        self.folder = folder or Path(tempfile.mkdtemp(prefix="moodbox-soloist-"))
        self._own_folder = folder is None
        self.root = ""  # where the covers are
        self.resumes = True  # becoming the active device goes on with old music, if there is some
        self.expired = False  # the build is older than 90 days: it does not run any more
        self.port = 0
        self.received: list[Json] = []  # every command, for tests
        self._silent = False
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._pump: Pump | None = None
        self._clients: set[ServerConnection] = set()
        self._lock = threading.Lock()

    # --- life -----------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Listen on a free port and write it down; a build that is over ends at once, and says nothing."""
        if self._server is not None or self.expired:
            return self
        self._server = serve(self._client, "127.0.0.1", 0, compression=None, max_size=65_536)
        self.port = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="standin-soloist", daemon=True)
        self._thread.start()
        self._pump = Pump(self.world, lambda: self.device, self._tell, "standin-soloist-pump")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "ws.addr").write_text("127.0.0.1", "ascii")
        (self.folder / "ws.port").write_text(str(self.port), "ascii")
        return self

    def stop(self, *, tidy: bool = True) -> None:
        """End as the service manager ends it; without `tidy` as a crash does, which leaves the two files behind."""
        server, self._server = self._server, None
        if self._pump is not None:
            self._pump.close()
        if server is not None:
            server.shutdown()
        if self._thread is not None:
            self._thread.join(5.0)
        if tidy:
            for name in ("ws.addr", "ws.port"):
                (self.folder / name).unlink(missing_ok=True)
        with self.world.lock:
            self.world.release(self.device.id)

    def close(self) -> None:
        """End for good; may be called twice."""
        self.stop()
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what tests and visitors do -------------------------------------------------------------------------

    @property
    def device(self) -> Device:
        """Return the Connect device that this is."""
        device = self.world.local_device("soloist")
        if device is None:
            raise LookupError("the world has no Soloist device")
        return device

    def tick(self) -> None:
        """Tell at once what the world's clock brought."""
        if self._pump is not None:
            self._pump.turn()

    def pair(self) -> None:
        """Let the owner pick it in the Spotify app."""
        with self.world.lock:
            self.device.user = self.world.owner.id
        self._broadcast(self._auth())

    def unpair(self) -> None:
        """Let it belong to nobody, as when it is new."""
        with self.world.lock:
            self.world.release(self.device.id)
            self.device.user = ""
        self._broadcast(self._auth())

    def silence(self, silent: bool = True) -> None:  # noqa: FBT001, FBT002 - it is silent or not
        """Accept connections and commands but never answer."""
        self._silent = silent

    def drop(self) -> None:
        """Cut every client off."""
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            client.close(1011, "dropped")

    def refuse(self) -> None:
        """Crash: the files stay, and nobody listens any more."""
        self.stop(tidy=False)

    def expire(self) -> None:
        """Let the build's 90 days be over: it exits and cannot be started again."""
        self.expired = True
        self.stop(tidy=False)

    def say(self, message: str) -> None:
        """Send any text to every client, for tests of what must be survived."""
        self._send_all(message)

    # --- clients --------------------------------------------------------------------------------------------

    def _client(self, connection: ServerConnection) -> None:
        with self._lock:
            self._clients.add(connection)
        try:
            if not self._silent:
                self._send(connection, self._auth())
                if self.device.paired:
                    self._send(connection, self._state())
            for message in connection:
                self._obey(connection, message)
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                self._clients.discard(connection)

    def _obey(self, connection: ServerConnection, message: str | bytes) -> None:
        try:
            command = json.loads(message)
            name = command["command"]
        except (ValueError, TypeError, KeyError):
            command, name = {}, ""
        self.received.append(command)
        if self._silent:
            return
        try:
            self._send(connection, self._answer(name, command))
        except Refused as refused:
            self._send(connection, {"type": "error", "message": refused.message})
        except (KeyError, TypeError, ValueError):
            self._send(connection, {"type": "error", "message": "Invalid command"})

    def _answer(self, name: str, command: Json) -> Json:
        """Carry a command out; news of its effect come to everybody from the pump. Raises Refused, KeyError."""
        if name == "get_auth_state":
            return self._auth()
        if not self.device.paired:
            raise Refused(403, "Not logged in")
        if name == "get_state":
            return self._state()
        if name == "get_queue":
            return self._queue(int(command.get("limit", 20)))
        work = self._commands()[name]
        if name not in {"activate", "deactivate", "set_volume"} and not self._is_active():
            raise Refused(403, "This device is not active")
        work(command)
        return {"type": "command_result", "command": name}

    def _commands(self) -> dict[str, Callable[[Json], None]]:
        world, here = self.world, self.device.id
        return {
            "play": self._play,
            "pause": lambda _: world.pause(here, local=True),
            "skip_next": lambda _: world.next(here, local=True),
            "skip_prev": lambda _: world.previous(here, local=True),
            "seek": lambda command: world.seek(command["position_ms"] / 1000, here, local=True),
            "set_volume": lambda command: world.volume(min(100, max(0, int(command["volume"]))), here, local=True),
            "set_shuffle": lambda command: world.shuffle(command["enabled"] is True, here, local=True),
            "set_repeat_context": lambda command: self._repeat("context", on=command["enabled"] is True),
            "set_repeat_track": lambda command: self._repeat("track", on=command["enabled"] is True),
            "add_to_queue": lambda command: world.enqueue(command["uri"], here, local=True),
            "activate": self._activate,
            "deactivate": lambda _: world.release(here),
        }

    def _play(self, command: Json) -> None:
        uri = command.get("uri")
        if uri is None:
            self.world.resume(self.device.id, local=True)
        elif uri.split(":")[1] in {"track", "episode"}:
            self.world.play(self.device.id, uris=[uri], origin="soloist", local=True)
        else:
            self.world.play(self.device.id, context=uri, origin="soloist", local=True)

    def _activate(self, _: Json) -> None:
        with self.world.lock:
            old_music = bool(self.world.playback().current)
            self.world.transfer(self.device.id, play=self.resumes and old_music, local=True)

    def _repeat(self, mode: str, *, on: bool) -> None:
        self.world.repeat(mode if on else "off", self.device.id, local=True)

    def _is_active(self) -> bool:
        return self.world.playback().device_id == self.device.id

    # --- messages -------------------------------------------------------------------------------------------

    def _tell(self, kind: str) -> None:
        """Tell everybody what happened."""
        if not self.device.paired:
            return
        with self.world.lock:
            message = self._message(kind)
        if message is not None:
            self._broadcast(message)

    def _message(self, kind: str) -> Json | None:
        state = self._state()
        if kind in {"track", "context"} and "item" not in state:
            return None  # somebody else has taken over meanwhile
        if kind in {"playback", "position"} and not state["is_active"]:
            return None
        messages: dict[str, Json] = {
            "track": {"type": "track_changed", "item": state.get("item")},
            "context": {"type": "context_changed", "context": state.get("context")},
            "playback": {"type": "playback_changed", "status": state["status"]},
            "volume": {"type": "volume_changed", "volume": state["volume"]},
            "options": {"type": "options_changed", "options": state["options"]},
            "position": {"type": "position_sync", "position": state["position"]},
            "device": {
                "type": "device_changed",
                "is_active": state["is_active"],
                "device_name": self.device.name,
            },
            "queue": self._queue(20),
        }
        return messages.get(kind)

    def _auth(self) -> Json:
        return {
            "type": "auth_state",
            "logged_in": self.device.paired,
            "is_active": self.device.paired and self._is_active(),
            "device_name": self.device.name,
        }

    def _state(self) -> Json:
        with self.world.lock:
            playback, now = self.world.playback(), self.world.clock()
            active = playback.device_id == self.device.id
            playing = active and playback.playing
            status = (
                "playing" if playing else "paused" if active and playback.current and not playback.ended else "idle"
            )
            state: Json = {
                "type": "playback_state",
                "status": status,
                "is_active": active,
                "position": {
                    "position_ms": round(playback.position(now) * 1000) if active else 0,
                    "timestamp_ms": round(now * 1000),
                    "speed": 1 if playing else 0,
                },
                "volume": self.device.volume or 0,
                "options": {"shuffle": playback.shuffle, "repeat": playback.repeat},
                "available_actions": ["play", "pause", "skip_next", "skip_prev", "seek"],
            }
            if active and playback.current:
                state["item"] = self._entity(playback.current)
                if playback.context:
                    state["context"] = {
                        "uri": playback.context,
                        "entity_type": playback.context.split(":")[1],
                        "decorations": {"identity": {"name": self._context_name(playback.context)}},
                    }
            return state

    def _queue(self, limit: int) -> Json:
        with self.world.lock:
            upcoming = self.world.playback().upcoming if self._is_active() else []
            return {
                "type": "queue_changed",
                "previous": [],
                "upcoming": [self._entity(uri) for uri in upcoming[: max(0, limit)]],
            }

    def _context_name(self, uri: str) -> str:
        playlist = self.world.playlists.get(uri)
        return playlist.name if playlist is not None else ""

    def _entity(self, uri: str) -> Json:
        """Write a track as Soloist does."""
        track = self.world.tracks.get(uri)
        if track is None:
            return {"uri": uri}
        return {
            "uri": uri,
            "entity_type": track.kind,
            "decorations": {
                "identity": {"name": track.title},
                "visual_identity": {"cover": [{"url": cover_url(self.root, track)}] if self.root else []},
                "parent": {"entity": _named(track.album.uri, track.album.name)},
                "creators": [{"entity": _artist(artist)} for artist in track.artists],
                "playback": {"duration_ms": round(track.seconds * 1000)},
            },
        }

    def _broadcast(self, message: Json) -> None:
        if not self._silent:
            self._send_all(json.dumps(message))

    def _send_all(self, message: str) -> None:
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            try:
                client.send(message)
            except (ConnectionClosed, OSError):
                log.debug("a client of the stand-in's Soloist is gone")

    def _send(self, connection: ServerConnection, message: Json) -> None:
        connection.send(json.dumps(message))


def cover_url(root: str, track: Track) -> str:
    """Give the address of a track's cover in the stand-in."""
    return f"{root}/covers/{track.album.id}.jpg"


def _artist(artist: Artist) -> Json:
    return _named(artist.uri, artist.name)


def _named(uri: str, name: str) -> Json:
    return {"uri": uri, "decorations": {"identity": {"name": name}}}
