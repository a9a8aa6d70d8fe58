"""Any device of the account, over the Web API. No thread: nothing is heard unless it is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.ports import OnHeard, WebApi
from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.speaker.ear import advanced
from moodbox.music.spotify.speaker.turn import Turn
from moodbox.music.spotify.speaker.wake import Waker, is_asleep, match
from moodbox.music.spotify.values import Device, Heard, Order, Purpose, SpeakerChoice, WebPlayback

_SECONDS = 3.0  # for waking on `resume`


class ConnectSpeaker:
    """Drive a device with as few calls as can be. `on_heard` is never called: there are no news without a call."""

    lists = True

    def __init__(
        self,
        api: WebApi,
        choice: SpeakerChoice,
        on_heard: OnHeard,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        restart: Callable[[], bool] | None = None,
        wait: Callable[[float], None] | None = None,
    ) -> None:
        """Take a device; `restart` restarts its service where that is on this machine, `wait` is for tests."""
        self._api = api.for_(Purpose.PRESS)
        self._poll = api.for_(Purpose.POLL)
        self._choice = choice
        self._on_heard = on_heard
        self._monotonic = monotonic
        self._closed = threading.Event()
        self._lock = threading.Lock()  # of the fields below; never held over a call
        self._turn = Turn(monotonic)
        self._heard = Heard()
        self._order = Order()
        self._shuffle: bool | None = None  # as last told or set
        self._owes_shuffle = False  # the device slept when it was to be told
        self._takes_volume = True
        self._trouble: SpotifyError | None = None
        self._waker = Waker(self._api.devices, restart, monotonic, wait or self._sleep)

    @property
    def choice(self) -> SpeakerChoice:
        """Say which device this is, by the id and name that it has now."""
        with self._lock:
            return self._choice

    def play(self, order: Order, *, until: float) -> None:
        """Start, waking the device if it sleeps; returns once Spotify has accepted."""
        with self._one_at_a_time(until):
            try:
                self._start(order, until)
            except SpotifyError as error:
                self._note(error, order)
                raise
            self._trouble = None
            with self._lock:
                self._order = order
                volume = self._heard.volume
                now = self._monotonic()
                self._heard = Heard(
                    connected=True, active=True, playing=True, at=now, volume=volume, context=order.context
                )

    def resume(self) -> None:
        """Go on playing, waking the device if it sleeps."""
        until = self._monotonic() + _SECONDS
        with self._one_at_a_time(until):
            self._awake(self._api.resume, until)
            self._hear(connected=True, active=True, playing=True, paused=False)

    def pause(self) -> None:
        """Pause; a device that is not there is silent already."""
        with self._one_at_a_time(self._monotonic() + _SECONDS):
            try:
                self._api.pause(self._known_id())
            except SpotifyError as error:
                if not is_asleep(error) and error.verdict is not Verdict.IGNORE:
                    raise
            self._hear(playing=False, paused=True)

    def next(self) -> None:
        """Skip to the next track; which one that is, only asking tells."""
        with self._one_at_a_time(self._monotonic() + _SECONDS):
            self._api.next(self._known_id())
            self._hear(track=None, position=0.0)

    def set_volume(self, level: float) -> None:
        """Set the volume of the device, where it takes one."""
        if not self._takes_volume:
            raise refusal.fixed_volume(self.choice.name)
        level = min(1.0, max(0.0, level))
        with self._one_at_a_time(self._monotonic() + _SECONDS):
            self._api.volume(self._known_id(), level)
            self._hear(volume=level)

    def heard(self) -> Heard:
        """Return what was last known, moved on by the clock."""
        with self._lock:
            return advanced(self._heard, self._monotonic())

    def ask(self) -> Heard:
        """Ask with one call what the account plays; a device that slept when it was to shuffle is told now."""
        playback = self._poll.playback()
        with self._lock:
            heard = self._heard = self._read(playback)
            order, owed = self._order, self._owes_shuffle
        if owed and heard.playing and not heard.foreign:
            self._owes_shuffle = False
            with suppress(SpotifyError):
                self._set_shuffle(order, self._monotonic() + _SECONDS)
        return heard

    def trouble(self) -> SpotifyError | None:
        """Return what the owner must be told: how the last order failed, until one does not."""
        return self._trouble

    def close(self) -> None:
        """End waiting for a device; what plays goes on."""
        self._closed.set()

    # --- commands -------------------------------------------------------------------------------------------

    def _start(self, order: Order, until: float) -> None:
        set_before = self._set_shuffle(order, until)
        self._awake(lambda device_id: self._api.play(device_id, order), until)
        self._owes_shuffle = not set_before and not self._set_shuffle(order, until)

    def _set_shuffle(self, order: Order, until: float) -> bool:
        """Switch shuffling where it is not as wanted; False when the device sleeps, so that it must be done later.

        Before playing, or every match would begin with the same track.
        """
        if self._shuffle is order.shuffle or not self.choice.id:
            return self._shuffle is order.shuffle
        if self._monotonic() >= until:
            return True  # the music matters more
        try:
            self._api.shuffle(self.choice.id, order.shuffle)
        except SpotifyError as error:
            if is_asleep(error):
                return False
            if error.verdict is not Verdict.IGNORE:
                raise
            return True
        self._shuffle = order.shuffle
        return True

    def _awake(self, command: Callable[[str], None], until: float) -> None:
        """Command the device by the id it had; if it sleeps, find it and command once more (spotify.md 4.4)."""
        choice = self.choice
        if not choice.id and not choice.name:
            raise refusal.nothing_chosen()
        if choice.id:
            self._in_time(until)
            try:
                command(choice.id)
            except SpotifyError as error:
                if not is_asleep(error):
                    raise
                self._waker.shake()
            else:
                return
        device = self._waker.find(choice, until)
        self._met(device)
        if device.restricted:
            raise refusal.restricted(device.name)
        self._in_time(until)
        try:
            command(device.id)
        except SpotifyError as error:
            raise (refusal.asleep(device.name) if is_asleep(error) else error) from None

    def _known_id(self) -> str:
        """Return the device's id, looking it up by name if there is none."""
        choice = self.choice
        if choice.id:
            return choice.id
        device = match(self._api.devices(), choice)
        if device is None:
            raise refusal.asleep(choice.name)
        self._met(device)
        return device.id

    def _one_at_a_time(self, until: float) -> AbstractContextManager[None]:
        return self._turn.taken(until, self.choice.name)

    def _in_time(self, until: float) -> None:
        if self._monotonic() >= until or self._closed.is_set():
            raise refusal.too_late(self.choice.name)

    def _sleep(self, seconds: float) -> None:
        self._closed.wait(seconds)

    def _note(self, error: SpotifyError, order: Order) -> None:
        """Note how an order failed; one that may have been carried out is ours if it is heard later."""
        if error.uncertain:
            with self._lock:
                self._order = order
        if error.key == refusal.KEY and error.verdict is Verdict.TELL:
            self._trouble = error

    # --- what is known --------------------------------------------------------------------------------------

    def _met(self, device: Device) -> None:
        """Note the id and name that the device has now, and what it can."""
        with self._lock:
            self._choice = replace(self._choice, id=device.id, name=device.name or self._choice.name)
            self._takes_volume = device.takes_volume
            if device.volume is not None:
                self._heard = replace(self._heard, volume=device.volume)

    def _hear(self, **changes: object) -> None:
        with self._lock:
            self._heard = replace(advanced(self._heard, self._monotonic()), **changes)  # type: ignore[arg-type]

    def _read(self, playback: WebPlayback | None) -> Heard:
        """Turn an answer into what is heard here; the lock is held."""
        now, before = self._monotonic(), self._heard
        ordered = bool(self._order.context or self._order.tracks)
        if playback is None:
            return Heard(connected=True, ended=ordered and (before.playing or before.ended), at=now)
        self._shuffle = playback.shuffle
        here = playback.device is None or self._is_ours(playback.device)
        if not here:
            return Heard(connected=True, foreign=playback.playing, at=now, volume=before.volume)
        if playback.device is not None:
            self._takes_volume = playback.device.takes_volume
        foreign = not self._is_ordered(playback)
        # A list that is over stands at its beginning; somebody's pause leaves the place where it was.
        over = before.ended or (before.playing and playback.position == 0.0)
        ended = not playback.playing and not foreign and over
        return Heard(
            connected=True,
            active=True,
            playing=playback.playing,
            paused=not playback.playing and not ended,
            ended=ended,
            track=playback.track,
            position=playback.position,
            at=now,
            volume=playback.device.volume if playback.device else before.volume,
            context=playback.context,
            foreign=foreign,
        )

    def _is_ours(self, device: Device) -> bool:
        """Say whether that is the chosen device, and keep its new name."""
        choice = self._choice
        if choice.id and device.id == choice.id:
            self._choice = replace(choice, name=device.name or choice.name)
            return True
        if not choice.id and device.name == choice.name:
            self._choice = replace(choice, id=device.id)
            return True
        return False

    def _is_ordered(self, playback: WebPlayback) -> bool:
        """Say whether what is at hand was our order."""
        if self._order.context:
            return playback.context in ("", self._order.context)
        track = playback.track.uri if playback.track else ""
        return bool(self._order.tracks) and not playback.context and track in ("", *self._order.tracks)
