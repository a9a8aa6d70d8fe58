"""A speaker that plays by the test's clock: local or plain, with an owner who may use the Spotify app meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.values import Heard, Order, SpeakerChoice, SpeakerKind, Track

KITCHEN = SpeakerChoice(SpeakerKind.CONNECT, "kitchen-id", "Kitchen")
BOX = SpeakerChoice(SpeakerKind.SOLOIST, "box-id", "Box")


def trouble(key: str = "spotify-down", *, uncertain: bool = False, verdict: Verdict = Verdict.LATER) -> SpotifyError:
    return SpotifyError("Spotify is down", "Wait", verdict, key=key, uncertain=uncertain)


class FakeSpeaker:
    """Keep what sounds; `commands` is the log of what was asked. A failure may come before or after the effect."""

    def __init__(
        self,
        choice: SpeakerChoice,
        clock: Callable[[], float],
        contexts: Mapping[str, Sequence[Track]],
        on_heard: Callable[[Heard], None] = lambda _: None,
    ) -> None:
        self.choice, self.clock, self.contexts, self.on_heard = choice, clock, contexts, on_heard
        self.tracks = {track.uri: track for tracks in contexts.values() for track in tracks}
        self.commands: list[str] = []
        self.asked = 0
        self.orders: list[Order] = []
        self.volumes: list[float] = []
        self.connected, self.closed = True, False
        self.knows: SpotifyError | None = None  # why it cannot play
        self.during: Callable[[str], None] = lambda _: None  # what happens while a command is on its way
        self._failures: dict[str, list[tuple[SpotifyError, bool]]] = {}
        self._queue: list[Track] = []
        self._index, self._position, self._at = 0, 0.0, 0.0
        self.playing = self.paused = self.ended = self.foreign = False
        self.context = ""

    @property
    def lists(self) -> bool:
        return self.choice.kind is SpeakerKind.CONNECT

    @property
    def sounding(self) -> bool:
        return self._now().playing

    def fail(self, name: str, error: SpotifyError | None = None, *, times: int = 1, after: bool = False) -> None:
        """Let the next commands of a name fail: before their effect, or after it."""
        self._failures.setdefault(name, []).extend([(error or trouble(), after)] * times)

    # --- the speaker ----------------------------------------------------------------------------------------

    def play(self, order: Order, *, until: float) -> None:
        self.orders.append(order)
        assert bool(order.context) != bool(order.tracks)
        tracks = self.contexts[order.context] if order.context else [self.tracks[uri] for uri in order.tracks]
        self._do("play", lambda: self._begin(tracks, order.context))

    def resume(self) -> None:
        self._do("resume", lambda: self._set(playing=True, paused=False))

    def pause(self) -> None:
        self._do("pause", lambda: self._set(playing=False, paused=bool(self._queue)))

    def next(self) -> None:
        self._do("next", self._skip)

    def set_volume(self, level: float) -> None:
        self._do("volume", lambda: self.volumes.append(level))

    def heard(self) -> Heard:
        return self._now() if self.choice.kind is not SpeakerKind.CONNECT else Heard()

    def ask(self) -> Heard:
        self.asked += 1
        self._do("ask", lambda: None)
        return self._now()

    def trouble(self) -> SpotifyError | None:
        return self.knows

    def close(self) -> None:
        self.closed = True

    # --- what others do -------------------------------------------------------------------------------------

    def app_plays(self, tracks: Sequence[Track]) -> None:
        """Somebody chooses something in the Spotify app."""
        self._begin(tracks, "spotify:playlist:theirs", foreign=True)

    def app_pauses(self) -> None:
        self._set(playing=False, paused=True)

    def vanish(self) -> None:
        self._now()
        self.connected = False
        self.playing = False
        self.on_heard(self._now())

    def come_back(self, *, playing: bool) -> None:
        self.connected, self.playing = True, playing
        self._at = self.clock()
        self.on_heard(self._now())

    def fall_mute(self) -> None:
        """Neither play nor pause nor end, as a speaker does that waits for data."""
        self._set(playing=False, paused=False)

    # --- inside ---------------------------------------------------------------------------------------------

    def _do(self, name: str, effect: Callable[[], None]) -> None:
        self.commands.append(name)
        self.during(name)
        failures = self._failures.get(name, [])
        error, after = failures.pop(0) if failures else (None, True)
        if after:
            effect()
        if error is not None:
            raise error

    def _begin(self, tracks: Sequence[Track], context: str, *, foreign: bool = False) -> None:
        self._queue, self._index, self._position, self.context = list(tracks), 0, 0.0, context
        self.foreign, self.ended = foreign, False
        self._set(playing=True, paused=False)

    def _set(self, *, playing: bool, paused: bool) -> None:
        self._now()
        self.playing, self.paused, self._at = playing, paused, self.clock()
        self.on_heard(self._now())

    def _skip(self) -> None:
        self._now()
        self._index, self._position, self._at = self._index + 1, 0.0, self.clock()
        self.playing, self.paused = True, False
        self._end()
        self.on_heard(self._now())

    def _end(self) -> None:
        if self._index >= len(self._queue):
            self._index = max(0, len(self._queue) - 1)
            self.playing, self.ended = False, True

    def _now(self) -> Heard:
        """Move on with the clock."""
        now = self.clock()
        if self.playing:
            self._position += now - self._at
            while self.playing and self._position >= self._queue[self._index].seconds:
                self._position -= self._queue[self._index].seconds
                self._index += 1
                self._end()
        self._at = now
        track = self._queue[self._index] if self._queue and self.connected else None
        return Heard(
            connected=self.connected,
            active=self.connected and bool(self._queue),
            playing=self.playing,
            paused=self.paused and self.connected,
            ended=self.ended,
            track=track,
            position=self._position,
            at=now,
            context=self.context,
            foreign=self.foreign,
        )
