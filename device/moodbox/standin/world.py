"""The state of the stand-in's world: accounts, music, devices and what plays, behind one lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from moodbox.standin.devices import household_devices
from moodbox.standin.grants import DEMO_CLIENT_ID, App, Grants
from moodbox.standin.playback import Playback
from moodbox.standin.refused import Refused, device_not_found, no_active_device, restriction
from moodbox.standin.shelves import HOUSEHOLD, OWNER, stock
from moodbox.standin.things import Device, Playlist, Track, User, new_id


@dataclass(frozen=True, slots=True)
class Happening:
    """Something changed on a device. `kind`: track, playback, volume, options, device, queue, context."""

    kind: str
    device_id: str
    at: float


Listener = Callable[[Happening], None]


class World:
    """Everything that the stand-in knows.

    Each method holds `lock` and moves the state on to now first, so nothing needs a thread. Commands of the player
    raise Refused, with the answer that the Web API would give.
    """

    def __init__(self, clock: Callable[[], float] = time.time, *, seed: int = 1, local_speakers: bool = True) -> None:
        self.clock = clock
        self.seed = seed
        self.lock = threading.RLock()
        shelves = stock(seed, clock())
        self.owner: User = OWNER
        self.users = shelves.users
        self.tracks: dict[str, Track] = shelves.tracks  # by URI
        self.playlists: dict[str, Playlist] = shelves.playlists  # by URI
        self.followed: list[str] = shelves.followed  # playlist URIs as GET /me/playlists lists them
        self.library: dict[str, float] = shelves.saved  # URI -> when it was saved, newest first
        self.top: list[str] = shelves.top
        self.devices: list[Device] = household_devices(seed, clock(), local=local_speakers)
        self.grants = Grants(clock)
        loopback = {"http://127.0.0.1/callback", "http://[::1]/callback"}
        people = {OWNER.id, *(user.id for user in HOUSEHOLD)}
        self.grants.apps[DEMO_CLIENT_ID] = App(DEMO_CLIENT_ID, "Moodbox demo", loopback, people, any_lan=True)
        self.signs_in = OWNER.id  # whose account the sign-in page shows
        self.quota = False  # refuse what goes beyond `daily_calls` in 24 hours
        self.daily_calls = 1_000
        self.rate: int | None = None  # calls in 30 s; None = as many as one likes
        self.waking_seconds = 0.7  # from "play" to sound, for a speaker that slept
        self._followed: dict[str, list[str]] = {OWNER.id: self.followed}
        self._libraries: dict[str, dict[str, float]] = {OWNER.id: self.library}
        self._playbacks: dict[str, Playback] = {}
        self._listeners: list[Listener] = []

    # --- looking --------------------------------------------------------------------------------------------

    def device(self, which: str) -> Device:
        """Find a device by id or by name; raises KeyError."""
        with self.lock:
            for device in self.devices:
                if which in {device.id, device.name}:
                    return device
        raise KeyError(which)

    def local_device(self, local: str) -> Device | None:
        """Find the device of a local speaker: "soloist" or "librespot"."""
        return next((device for device in self.devices if device.local == local), None)

    def playback(self, user: str = OWNER.id) -> Playback:
        """Return what an account plays, as of now."""
        with self.lock:
            self.advance()
            return self._playback(user)

    def followed_by(self, user: str) -> list[str]:
        """Return the playlists that somebody has, as URIs; what the household shares is there from the beginning."""
        if user not in self._followed:
            self._followed[user] = [one.uri for one in self.playlists.values() if one.readable(user)]
        return self._followed[user]

    def library_of(self, user: str) -> dict[str, float]:
        """Return what somebody has saved: URI -> when."""
        return self._libraries.setdefault(user, {})

    def contents(self, context: str) -> list[str]:
        """Return the playable tracks of a context: a playlist, album or artist; raises Refused (404)."""
        kind = context.split(":")[1] if context.count(":") >= 2 else ""
        if kind == "playlist" and context in self.playlists:
            uris = [item.uri for item in self.playlists[context].items]
        elif kind == "album":
            uris = [track.uri for track in self.tracks.values() if track.album.uri == context]
        elif kind == "artist":
            uris = [track.uri for track in self.tracks.values() if context in {one.uri for one in track.artists}]
        else:
            uris = []
        if not uris and not (kind == "playlist" and context in self.playlists):
            raise Refused(404, "Resource not found")
        return [uri for uri in uris if uri in self.tracks and self.tracks[uri].playable]

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell what happens on devices; it is called with the lock held and must only take a note. Returns an end."""
        with self.lock:
            self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # --- people ---------------------------------------------------------------------------------------------

    def grant(self, scopes: Sequence[str], client_id: str = "demo", user: str = OWNER.id) -> dict[str, Any]:
        """Return a token document as if somebody had just agreed to these scopes."""
        with self.lock:
            app = self.grants.app(client_id)
            return self.grants.grant(user, app.client_id if app else client_id, scopes)

    # --- time -----------------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Move everything on to now: tracks end, devices wake and fall asleep."""
        with self.lock:
            now = self.clock()
            for device in self.devices:
                if device.wakes_at is not None and device.wakes_at <= now:
                    self._woken(device)
            for playback in self._playbacks.values():
                before = playback.playing
                ended = playback.advance(now)
                if ended and playback.device_id:
                    self._tell("track", playback.device_id)
                if before and not playback.playing:
                    self.device(playback.device_id).idle_since = playback.then
                    self._tell("playback", playback.device_id)
            for device in self.devices:
                if device.listed and not self._plays(device) and now - device.idle_since >= device.idle_seconds:
                    self.sleep(device.id)

    def sleep(self, device_id: str, *, deep: bool = False) -> None:
        """Let a device fall asleep: it is no longer listed. `deep`: not even "play" wakes it over the Web API."""
        with self.lock:
            device = self.device(device_id)
            device.asleep, device.deep, device.wakes_at, device.pending = True, deep, None, None
            for playback in self._playbacks.values():
                if playback.device_id == device.id:
                    if playback.playing:
                        playback.pause(self.clock())
                    playback.device_id = ""
            self._tell("device", device.id)

    def wake(self, device_id: str) -> None:
        """Wake a device at once, as somebody does who touches it or opens its app."""
        with self.lock:
            device = self.device(device_id)
            device.asleep, device.deep, device.wakes_at = False, False, None
            device.idle_since = self.clock()

    def rename(self, device_id: str, name: str) -> None:
        """Give a device another name; its id stays."""
        with self.lock:
            self.device(device_id).name = name

    def reinstall(self, device_id: str) -> str:
        """Give a device another id, as a client has that was installed again; returns the new id."""
        with self.lock:
            device = self.device(device_id)
            old = device.id
            device.id = new_id(self.seed, "reinstalled", old)
            for playback in self._playbacks.values():
                if playback.device_id == old:
                    playback.device_id = device.id
            return device.id

    # --- commands of the player -----------------------------------------------------------------------------

    def play(
        self,
        device_id: str = "",
        *,
        context: str = "",
        uris: Sequence[str] = (),
        first: int | None = None,
        position: float = 0.0,
        user: str = OWNER.id,
        origin: str = "web",
        local: bool = False,
    ) -> None:
        """Start a context or a list of tracks. `local`: asked through the device's own interface, which wakes it."""
        with self.lock:
            device = self._target(device_id, user, wakes=True, local=local)
            tracks = self.contents(context) if context else self._playable(uris)

            def start() -> None:
                playback = self._take_over(device, user)
                playback.origin = origin
                playback.start(tracks, self.clock(), context=context, first=first, position=position)
                device.idle_since = self.clock()
                for kind in ("context", "track", "playback"):
                    self._tell(kind, device.id)

            self._when_awake(device, start)

    def resume(self, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Go on playing, on another device if one is named."""
        with self.lock:
            device = self._target(device_id, user, wakes=True, local=local)
            playback = self._playback(user)
            if not playback.current or (playback.playing and playback.device_id == device.id):
                raise restriction()

            def go_on() -> None:
                self._take_over(device, user).resume(self.clock())
                self._tell("playback", device.id)

            self._when_awake(device, go_on)

    def pause(self, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Pause; raises Refused when nothing plays there."""
        with self.lock:
            device, playback = self._active(device_id, user, local=local)
            if not playback.playing:
                raise restriction()
            playback.pause(self.clock())
            device.idle_since = self.clock()
            self._tell("playback", device.id)

    def next(self, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Skip to the next track."""
        with self.lock:
            device, playback = self._active(device_id, user, local=local)
            playback.step(self.clock())
            self._tell("track", device.id)
            if not playback.playing:
                device.idle_since = self.clock()
                self._tell("playback", device.id)

    def previous(self, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Skip to the track before."""
        with self.lock:
            device, playback = self._active(device_id, user, local=local)
            playback.back(self.clock())
            self._tell("track", device.id)

    def seek(self, seconds: float, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Go to a place in the track; beyond its end is the next one."""
        with self.lock:
            device, playback = self._active(device_id, user, local=local)
            if seconds >= self.length(playback.current):
                playback.step(self.clock())
                self._tell("track", device.id)
            else:
                playback.seek(seconds, self.clock())
                self._tell("position", device.id)

    def volume(self, percent: int, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Set a device's volume; raises Refused when it takes none."""
        with self.lock:
            device = self._target(device_id, user, local=local)
            if not device.takes_volume:
                raise Refused(403, "Player command failed: Cannot control device volume", "VOLUME_CONTROL_DISALLOW")
            device.volume = percent
            self._tell("volume", device.id)

    def shuffle(self, on: bool, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:  # noqa: FBT001
        """Switch shuffling."""
        with self.lock:
            device = self._target(device_id, user, local=local)
            self._playback(user).set_shuffle(on)
            self._tell("options", device.id)

    def repeat(self, mode: str, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Repeat "off", "context" or "track"."""
        with self.lock:
            device = self._target(device_id, user, local=local)
            self._playback(user).repeat = mode
            self._tell("options", device.id)

    def enqueue(self, uri: str, device_id: str = "", *, user: str = OWNER.id, local: bool = False) -> None:
        """Put a track into the queue, before what the context brings."""
        with self.lock:
            device = self._target(device_id, user, local=local)
            self._playback(user).waiting += self._playable([uri])
            self._tell("queue", device.id)

    def transfer(self, device_id: str, *, play: bool = False, user: str = OWNER.id, local: bool = False) -> None:
        """Make a device the active one; what plays goes on there, what is paused only if `play`."""
        with self.lock:
            device = self._target(device_id, user, wakes=True, local=local)

            def move() -> None:
                playback = self._take_over(device, user)
                if play and playback.current and not playback.playing:
                    playback.resume(self.clock())
                self._tell("playback", device.id)

            self._when_awake(device, move)

    def release(self, device_id: str, *, user: str = OWNER.id) -> None:
        """Let a device no longer be the active one; what played there is paused."""
        with self.lock:
            self.advance()
            playback = self._playback(user)
            if playback.device_id == device_id:
                if playback.playing:
                    playback.pause(self.clock())
                playback.device_id = ""
                self._tell("device", device_id)

    def length(self, uri: str) -> float:
        """Return the seconds of a track."""
        return self.tracks[uri].seconds if uri in self.tracks else 180.0

    # --- inside ---------------------------------------------------------------------------------------------

    def _playback(self, user: str) -> Playback:
        if user not in self._playbacks:
            self._playbacks[user] = Playback(self.length, f"{self.seed}:{user}")
        return self._playbacks[user]

    def _playable(self, uris: Sequence[str]) -> list[str]:
        """Leave out what cannot be played; raises Refused when a URI is none at all."""
        for uri in uris:
            if not uri.startswith(("spotify:track:", "spotify:episode:")):
                raise Refused(400, f"Unsupported uri kind: {uri}")
        return [uri for uri in uris if uri in self.tracks and self.tracks[uri].playable]

    def _target(self, device_id: str, user: str, *, wakes: bool = False, local: bool = False) -> Device:
        """Find the device that a command is for; raises Refused as Spotify does."""
        self.advance()
        if not device_id:
            device_id = self._playback(user).device_id
            if not device_id:
                raise no_active_device()
        found = [device for device in self.devices if device.id == device_id and device.user == user]
        if not found:
            raise device_not_found()
        device = found[0]
        if device.asleep and local:
            self.wake(device.id)
        if device.asleep and (not wakes or device.deep):
            raise device_not_found()
        if device.restricted:
            raise Refused(403, "Player command failed: Restricted device", "DEVICE_NOT_CONTROLLABLE")
        return device

    def _active(self, device_id: str, user: str, *, local: bool) -> tuple[Device, Playback]:
        """Find device and player for a command to what plays; a device that is not the active one refuses it."""
        device, playback = self._target(device_id, user, local=local), self._playback(user)
        if playback.device_id != device.id:
            raise restriction() if playback.device_id else no_active_device()
        if not playback.current:
            raise restriction()
        return device, playback

    def _when_awake(self, device: Device, work: Callable[[], None]) -> None:
        if not device.asleep:
            work()
            return
        # The newest command counts; a speaker that wakes already is not kept waiting by it.
        device.pending = work
        if device.wakes_at is None:
            device.wakes_at = self.clock() + self.waking_seconds

    def _woken(self, device: Device) -> None:
        self.wake(device.id)
        work, device.pending = device.pending, None
        if work is not None:
            work()

    def _take_over(self, device: Device, user: str) -> Playback:
        playback = self._playback(user)
        if playback.device_id != device.id:
            before, playback.device_id = playback.device_id, device.id
            if before:
                self.device(before).idle_since = self.clock()
                self._tell("device", before)
            device.idle_since = self.clock()
            self._tell("device", device.id)
        return playback

    def _plays(self, device: Device) -> bool:
        return any(one.playing and one.device_id == device.id for one in self._playbacks.values())

    def _tell(self, kind: str, device_id: str) -> None:
        happening = Happening(kind, device_id, self.clock())
        for listener in list(self._listeners):
            listener(happening)
