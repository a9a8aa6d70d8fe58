"""go-librespot over its REST interface and its events on this machine (spotify.md 4.2)."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.ports import OnHeard
from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.speaker.address import librespot_place
from moodbox.music.spotify.speaker.ear import Known
from moodbox.music.spotify.speaker.entity import document, librespot_track, number, part, seconds, text, truth
from moodbox.music.spotify.speaker.line import EventLine
from moodbox.music.spotify.speaker.local import LocalSpeaker, plays, quietly
from moodbox.music.spotify.speaker.rest import Answer, NoAnswerError, NoConnectionError, Rest
from moodbox.music.spotify.speaker.skips import Skips
from moodbox.music.spotify.values import Heard, Order, SpeakerChoice

_OURS = "go-librespot"  # the play_origin of what its own REST interface started


class LibrespotSpeaker(LocalSpeaker):
    """Drive go-librespot: commands over REST, news over its WebSocket."""

    def __init__(
        self,
        address: str,
        choice: SpeakerChoice,
        on_heard: OnHeard,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to listen; `address` is http://127.0.0.1:PORT. Raises SpotifyError for any other machine."""
        super().__init__(choice, on_heard, monotonic)
        host, port = librespot_place(address)
        self._rest = Rest(host, port, monotonic)
        self._skips = Skips()
        self._finished = False  # the track at hand was told to be over
        self._steps = 100.0  # of the volume, as last told
        self._news: dict[str, Callable[[object], None]] = {
            "active": lambda _: self._ear.hear(active=True),
            "inactive": lambda _: self._ear.hear(active=False, playing=False, paused=False),
            "metadata": self._on_metadata,
            "playing": self._on_playing,
            "not_playing": self._on_not_playing,
            "paused": lambda _: self._ear.hear(playing=False, paused=True),
            "stopped": self._on_stopped,
            "seek": self._on_seek,
            "volume": self._on_volume,
            "shuffle_context": self._on_shuffle,
        }
        url = f"ws://{f'[{host}]' if ':' in host else host}:{port}/events"
        self._line = EventLine(
            "go-librespot",
            lambda: url,
            on_open=self._on_open,
            on_message=self._on_message,
            on_lost=self._on_lost,
            on_quiet=self._on_quiet,
            monotonic=monotonic,
            quiet=60.0,
        )

    def play(self, order: Order, *, until: float) -> None:
        """Start, and return once the ordered music is told to play."""
        uri = refusal.only_uri(order)
        if self._is_mute():
            raise refusal.no_audio_key()
        with self._one_at_a_time(until):
            if not self._line.wait_open(until):
                raise self._lost(self._line.error)
            self._look(until, tell=False)
            if self._ear.known.paired is False:
                raise refusal.unpaired(self._name)
            with self._ear.ordering(uri):
                self._shuffle(order, until)
                before = self._ear.known
                self._command("/player/play", {"uri": uri}, until)
                self._confirm(lambda known: known.starts > before.starts and plays(known.heard, uri), until)
                self._shuffle(order, until)  # a new context may come with its own

    def resume(self) -> None:
        """Go on playing."""
        self._simple("/player/resume")

    def pause(self) -> None:
        """Pause; pausing what is silent does nothing."""
        self._simple("/player/pause")

    def next(self) -> None:
        """Skip to the next track."""
        self._skipped_at = self._monotonic()
        self._simple("/player/next", {})

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1, in the steps that go-librespot has."""
        steps = self._steps
        self._simple("/player/volume", {"volume": round(steps * min(1.0, max(0.0, level)))})

    def ask(self) -> Heard:
        """Ask for the status."""
        until = self._soon()
        with self._one_at_a_time(until):
            self._look(until, tell=False)
        return self.heard()

    def trouble(self) -> SpotifyError | None:
        """Return what the owner must be told: also that the account gets no sound this way."""
        self._skips.lasts(self._monotonic())
        return refusal.no_audio_key() if self._is_mute() else super().trouble()

    # --- commands -------------------------------------------------------------------------------------------

    def _simple(self, path: str, body: dict[str, object] | None = None) -> None:
        until = self._soon()
        with self._one_at_a_time(until):
            self._command(path, body, until)

    def _shuffle(self, order: Order, until: float) -> None:
        if self._ear.known.shuffle is not order.shuffle:
            body: dict[str, object] = {"shuffle_context": order.shuffle}
            quietly(lambda: self._command("/player/shuffle_context", body, until))
            self._ear.learn(shuffle=order.shuffle)

    def _command(self, path: str, body: dict[str, object] | None, until: float) -> None:
        """Send one command; it is never sent twice."""
        self._in_time(until)
        answer = self._ask(lambda end: self._rest.post(path, body, end), until)
        if answer.status == 204:
            raise refusal.unpaired(self._name)
        if not 200 <= answer.status < 300:
            raise refusal.refused(self._name, text(answer.body.get("error")) or f"status {answer.status}")

    def _ask(self, call: Callable[[float], Answer], until: float, *, sent: bool = True) -> Answer:
        """Call with a deadline; `sent`: what is asked may have been carried out though no answer came."""
        try:
            return call(min(until, self._soon()))
        except NoConnectionError:
            raise refusal.librespot_absent() from None
        except NoAnswerError:
            raise refusal.unanswered(self._name, sent=sent) from None

    def _confirm(self, ready: Callable[[Known], bool], until: float) -> None:
        """Wait for news that the ordered music plays; raises SpotifyError."""
        lost = self._ear.known.losses
        self._ear.wait(lambda known: ready(known) or known.losses > lost or self._is_mute(), until)
        if self._is_mute():
            raise refusal.no_audio_key()
        if not ready(self._ear.known):
            raise refusal.unanswered(self._name)

    def _is_mute(self) -> bool:
        return self._skips.noticed(self._monotonic())

    def _look(self, until: float, *, tell: bool) -> None:
        """Read the whole status; 204 means that it belongs to no account."""
        answer = self._ask(lambda end: self._rest.get("/status", end), until, sent=False)
        if answer.status == 204:
            self._ear.learn(paired=False)
            return
        if answer.status != 200 or not answer.body:
            raise refusal.unanswered(self._name, sent=False)
        status = answer.body
        shuffle, origin = truth(status.get("shuffle_context")), text(status.get("play_origin"))
        self._steps = number(status.get("volume_steps")) or self._steps
        name, device = text(status.get("device_name")), text(status.get("device_id"))
        known = self._ear.known
        self._ear.learn(
            paired=True,
            name=name or known.name,
            id=device or known.id,
            shuffle=known.shuffle if shuffle is None else shuffle,
            origin=origin == _OURS if origin else None,
        )
        self._ear.hear(tell=tell, **self._told(status))

    def _told(self, status: dict[str, object]) -> dict[str, Any]:
        stopped, paused = truth(status.get("stopped")) is True, truth(status.get("paused")) is True
        track = librespot_track(status.get("track"))
        buffering = truth(status.get("buffering")) is True
        heard = self._ear.known.heard
        told: dict[str, Any] = {
            "connected": True,
            "active": heard.active if stopped else True,
            "playing": heard.playing if buffering else track is not None and not stopped and not paused,
            "paused": paused and not stopped,
            "track": track,
        }
        position, volume = number(part(status, "track", "position")), number(status.get("volume"))
        if position is not None:
            told["position"] = position / 1000
        if volume is not None:
            told["volume"] = min(1.0, volume / self._steps)
        if told["playing"]:
            told["ended"] = False
        return told

    # --- news, from the line's thread -----------------------------------------------------------------------

    def _on_open(self) -> None:
        """Read the status when the line opens, and when it has been quiet: what was known may be old."""
        try:
            self._look(self._soon(), tell=True)
        except SpotifyError as error:
            raise ConnectionError(error.cause) from error  # the line is of no use without the other half
        self._ear.hear(connected=True)

    def _on_quiet(self) -> bool:
        """Read the status: an answer is a sign of life, for the events of a speaker that nobody uses are none."""
        self._on_open()
        return True

    def _on_message(self, message: str | bytes) -> None:
        news = document(message)
        handle = self._news.get(text(news.get("type")))
        if handle is not None:
            handle(news.get("data"))

    def _on_metadata(self, data: object) -> None:
        track = librespot_track(data)
        self._ear.learn(paired=True)
        self._ear.hear(
            active=True, track=track, context=text(part(data, "context_uri")), position=seconds(part(data, "position"))
        )

    def _on_playing(self, data: object) -> None:
        uri, origin = text(part(data, "uri")), text(part(data, "play_origin"))
        self._skips.begins(uri, self._monotonic())
        self._finished = False
        self._ear.learn(origin=origin == _OURS if origin else None)
        self._ear.hear(active=True, playing=True, paused=False, ended=False)
        self._ear.count("starts")

    def _on_not_playing(self, data: object) -> None:
        """Note that a track is over: `playing` or `stopped` follows, unless none of them has sound."""
        self._finished = True
        heard = self._ear.known.heard
        length = heard.track.seconds if heard.track else 0.0
        if self._skips.ends(text(part(data, "uri")), length, self._monotonic()):
            with suppress(NoConnectionError, NoAnswerError):  # or it goes on skipping through the whole list
                self._rest.post("/player/pause", None, self._soon())
            self._ear.hear(playing=False, ended=True)

    def _on_stopped(self, _: object) -> None:
        over = self._finished or self._skipped() or self._ear.known.heard.ended
        self._ear.hear(playing=False, paused=False, ended=over)

    def _on_seek(self, data: object) -> None:
        position = number(part(data, "position"))
        if position is not None:
            self._ear.hear(position=position / 1000)

    def _on_volume(self, data: object) -> None:
        value, steps = number(part(data, "value")), number(part(data, "max"))
        self._steps = steps or self._steps
        if value is not None:
            self._ear.hear(volume=min(1.0, value / self._steps))

    def _on_shuffle(self, data: object) -> None:
        shuffle = truth(part(data, "value"))
        if shuffle is not None:
            self._ear.learn(shuffle=shuffle)

    def _not_running(self) -> SpotifyError:
        return refusal.librespot_absent()
