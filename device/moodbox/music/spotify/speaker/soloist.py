"""Spotify Soloist, Spotify's own headless client, over its WebSocket on this machine (spotify.md 4.1)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.ports import OnHeard
from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.speaker.address import soloist_url
from moodbox.music.spotify.speaker.ear import Known
from moodbox.music.spotify.speaker.entity import document, entity_track, number, part, seconds, text, truth
from moodbox.music.spotify.speaker.line import EventLine
from moodbox.music.spotify.speaker.local import LocalSpeaker, plays, quietly
from moodbox.music.spotify.values import Heard, Order, SpeakerChoice

_LOOK = 0.5  # seconds without news after which a state is asked for while a command is being confirmed

_BACK = 3.0  # seconds from the end of the last track to being idle


class SoloistSpeaker(LocalSpeaker):
    """Drive Soloist. A command counts when its effect was told, not when it was accepted."""

    def __init__(
        self,
        folder: Path,
        choice: SpeakerChoice,
        on_heard: OnHeard,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Begin to listen; `folder` is Soloist's data folder, `clock` the wall clock that its positions are told in."""
        super().__init__(choice, on_heard, monotonic)
        self._clock = clock
        self._over_at = -_BACK  # when a track was heard to its end
        self._news: dict[str, Callable[[dict[str, object]], None]] = {
            "auth_state": self._on_auth,
            "device_changed": self._on_device,
            "playback_state": self._on_state,
            "playback_changed": self._on_status,
            "track_changed": self._on_track,
            "context_changed": lambda news: self._ear.hear(context=text(part(news, "context", "uri"))),
            "volume_changed": self._on_volume,
            "options_changed": self._on_options,
            "position_sync": self._on_position,
            "command_result": self._on_answer,
            "error": self._on_error,
        }
        self._line = EventLine(
            "soloist",
            partial(soloist_url, folder),
            on_open=lambda: self._ear.hear(connected=True),
            on_message=self._on_message,
            on_lost=self._on_lost,
            on_quiet=self._on_quiet,
            monotonic=monotonic,
        )

    def play(self, order: Order, *, until: float) -> None:
        """Become the active device without its old music, start, and return once the ordered music is told to play."""
        uri = refusal.only_uri(order)
        with self._one_at_a_time(until):
            self._reach(until)
            with self._ear.ordering(uri):
                self._activate(until)
                self._shuffle(order, until)
                before = self._ear.known
                self._command("play", until, uri=uri)
                self._confirm(lambda known: known.starts > before.starts and plays(known.heard, uri), before, until)
                self._shuffle(order, until)  # a new context may come with its own

    def resume(self) -> None:
        """Go on playing."""
        until = self._soon()
        with self._one_at_a_time(until):
            self._reach(until)
            if not self._ear.known.heard.active:
                self._command("activate", until)
            before = self._ear.known
            self._command("play", until)
            self._confirm(lambda known: known.heard.playing, before, until)

    def pause(self) -> None:
        """Pause; return once it is silent."""
        until = self._soon()
        with self._one_at_a_time(until):
            self._reach(until)
            self._pause(until)

    def next(self) -> None:
        """Skip to the next track."""
        self._skipped_at = self._monotonic()
        self._simple("skip_next")

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1."""
        self._simple("set_volume", volume=round(100 * min(1.0, max(0.0, level))))

    def ask(self) -> Heard:
        """Ask for the whole state."""
        until = self._soon()
        with self._one_at_a_time(until):
            self._reach(until)
            if not self._look(until):
                self._line.reset()
                raise refusal.unanswered(self._name, sent=False)
        return self.heard()

    # --- commands -------------------------------------------------------------------------------------------

    def _simple(self, name: str, **fields: object) -> None:
        until = self._soon()
        with self._one_at_a_time(until):
            self._reach(until)
            self._command(name, until, **fields)

    def _reach(self, until: float) -> None:
        """Be connected and belong to an account; one that did not is asked again, for it may have been paired since."""
        if self._line.wait_open(until) and self._ear.known.paired is False:
            self._line.send({"type": "command", "command": "get_auth_state"})
            self._ear.wait(lambda known: known.paired is not False, min(until, self._monotonic() + _LOOK))
        super()._reach(until)

    def _activate(self, until: float) -> None:
        """Become the active device; pause what it may have resumed, so that the old music is not heard."""
        if self._ear.known.heard.active:
            return
        before = self._ear.known
        self._command("activate", until)
        self._confirm(lambda known: known.heard.active, before, until)
        self._look(until)
        if self._ear.known.heard.playing:
            self._pause(until)

    def _pause(self, until: float) -> None:
        before = self._ear.known
        if not before.heard.playing and not self._look(until):
            self._line.reset()
            raise refusal.unanswered(self._name)
        if not self._ear.known.heard.playing:
            return  # pausing what is silent would be refused
        self._command("pause", until)
        self._confirm(lambda known: not known.heard.playing, before, until)

    def _shuffle(self, order: Order, until: float) -> None:
        if self._ear.known.shuffle is not order.shuffle:
            quietly(lambda: self._command("set_shuffle", until, enabled=order.shuffle))

    def _command(self, name: str, until: float, **fields: object) -> None:
        """Send one command and wait until it is accepted. It is never sent twice: who knows what the first one did."""
        self._in_time(until)
        before = self._ear.known
        try:
            self._line.send({"type": "command", "command": name, **fields})
        except ConnectionError:
            raise refusal.unanswered(self._name) from None
        told = self._ear.wait(lambda known: _answered(known, before, name), min(until, self._soon()))
        after = self._ear.known
        if after.errors > before.errors:
            raise refusal.refused(self._name, after.error)
        if not told or after.losses > before.losses:
            self._line.reset()
            raise refusal.unanswered(self._name)

    def _confirm(self, ready: Callable[[Known], bool], before: Known, until: float) -> None:
        """Wait for the effect of an accepted command, asking for the state while no news come; raises SpotifyError."""

        def settled(known: Known) -> bool:
            return ready(known) or known.errors > before.errors or known.losses > before.losses

        while not self._ear.wait(settled, min(until, self._monotonic() + _LOOK)):
            if not self._look(until) and not settled(self._ear.known):
                raise refusal.unanswered(self._name)
        known = self._ear.known
        if not ready(known):
            raise (
                refusal.refused(self._name, known.error)
                if known.errors > before.errors
                else refusal.unanswered(self._name)
            )

    def _look(self, until: float) -> bool:
        """Ask for the state and wait for it: asking changes nothing, so that it may be repeated."""
        if self._monotonic() >= until:
            return False
        before = self._ear.known
        try:
            self._line.send({"type": "command", "command": "get_state"})
        except ConnectionError:
            return False
        self._ear.wait(lambda known: _settled(known, before), min(until, self._soon()))
        return self._ear.known.states > before.states

    # --- news, from the line's thread -----------------------------------------------------------------------

    def _on_quiet(self) -> bool:
        """Ask for a sign of life, which comes over the line; after a suspend this also brings what is true now."""
        self._line.send({"type": "command", "command": "get_state"})
        return False

    def _on_message(self, message: str | bytes) -> None:
        news = document(message)
        handle = self._news.get(text(news.get("type")))
        if handle is not None:
            handle(news)

    def _on_auth(self, news: dict[str, object]) -> None:
        logged_in = truth(news.get("logged_in"))
        if logged_in is not None:
            self._ear.learn(paired=logged_in)
        self._on_device(news)

    def _on_device(self, news: dict[str, object]) -> None:
        name, active = text(news.get("device_name")), truth(news.get("is_active"))
        if name:
            self._ear.learn(name=name)
        if active is not None:
            self._ear.hear(active=active, **({} if active else {"playing": False, "paused": False}))

    def _on_state(self, news: dict[str, object]) -> None:
        changes: dict[str, Any] = {"connected": True}
        if "item" in news:
            changes["track"] = entity_track(news["item"])
        if "context" in news:
            changes["context"] = text(part(news, "context", "uri"))
        active = truth(news.get("is_active"))
        if active is not None:
            changes["active"] = active
        changes |= self._status(text(news.get("status")), active=active is not False)
        changes |= self._position(news.get("position"), playing=changes.get("playing") is True)
        self._on_options(news)
        self._ear.hear(**changes, **_volume(news))
        self._ear.count("states")
        if changes.get("playing"):
            self._ear.count("starts")

    def _on_status(self, news: dict[str, object]) -> None:
        status = text(news.get("status"))
        self._ear.hear(**self._status(status, active=True))
        if status == "playing":
            self._ear.count("starts")

    def _on_track(self, news: dict[str, object]) -> None:
        if self._is_over():
            self._over_at = self._monotonic()
        track = entity_track(news.get("item"))
        self._ear.hear(track=track, position=0.0, ended=False)
        if track is not None:
            self._ear.count("starts")

    def _on_volume(self, news: dict[str, object]) -> None:
        self._ear.hear(**_volume(news))

    def _on_options(self, news: dict[str, object]) -> None:
        shuffle = truth(part(news, "options", "shuffle"))
        if shuffle is not None:
            self._ear.learn(shuffle=shuffle)

    def _on_position(self, news: dict[str, object]) -> None:
        self._ear.hear(**self._position(news.get("position"), playing=self._ear.known.heard.playing))

    def _on_answer(self, news: dict[str, object]) -> None:
        self._ear.learn(answer=text(news.get("command")), answers=self._ear.known.answers + 1)

    def _on_error(self, news: dict[str, object]) -> None:
        self._ear.learn(error=text(news.get("message")), errors=self._ear.known.errors + 1)

    def _status(self, status: str, *, active: bool) -> dict[str, Any]:
        """Read playing, paused, idle; buffering leaves things as they are, for it comes between two tracks too."""
        if status == "playing":
            return {"playing": active, "paused": False, "ended": False}
        if status == "paused":
            return {"playing": False, "paused": active, "ended": False}
        if status == "idle":
            # A list that is over goes back to its first track, and is idle after that.
            over = self._is_over() or self._monotonic() - self._over_at < _BACK
            return {"playing": False, "paused": False, "ended": active and over}
        return {}

    def _position(self, told: object, *, playing: bool) -> dict[str, Any]:
        """Read a position, moved on from the moment it was true; both programs share the machine's wall clock."""
        position = number(part(told, "position_ms"))
        if position is None:
            return {}
        stamp = number(part(told, "timestamp_ms"))
        age = self._clock() - stamp / 1000 if stamp and playing else 0.0
        return {"position": seconds(position) + max(0.0, age) * min(4.0, number(part(told, "speed")) or 1.0)}

    def _not_running(self) -> SpotifyError:
        return refusal.soloist_ended()


def _answered(known: Known, before: Known, name: str) -> bool:
    accepted = known.answers > before.answers and known.answer == name
    return accepted or known.errors > before.errors or known.losses > before.losses


def _settled(known: Known, before: Known) -> bool:
    return known.states > before.states or known.errors > before.errors or known.losses > before.losses


def _volume(news: dict[str, object]) -> dict[str, Any]:
    volume = number(news.get("volume"))
    return {} if volume is None else {"volume": min(1.0, volume / 100)}
