"""A record while it turns: how far it is, and what was last heard of it. It changes; a new record gets a new one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from moodbox.music.spotify.player.selector import Record
from moodbox.music.spotify.values import Heard, Track

AGREE = 1.5  # seconds that a speaker may go on telling what was so before a command


@dataclass(slots=True)
class Spin:
    """What goes on with one record. Times are of `time.monotonic()`."""

    record: Record
    started: float
    known: Heard = field(default_factory=Heard)  # as last heard, or as it should be by the clock
    uri: str = ""  # of the track that was last dealt with
    at: int = 0  # place in the list of a lift
    about: bool = False  # the clock says what plays, nobody has looked
    waiting: bool = False  # moved to another speaker while paused: nothing was ordered there yet
    skipped: bool = False  # the owner, or the never-list, has skipped
    doubted: bool = False  # it was told to be over right after the start, which may be a mistake
    skips: int = 0  # forbidden tracks in a row
    changes: int = 0  # of the playlist, because of forbidden tracks
    quiet_since: float | None = None
    agreed_until: float = 0.0

    @property
    def label(self) -> str:
        """Name the mood whose music plays."""
        record = self.record
        return record.steps[record.places[self.at].step].label if record.places else record.label

    @property
    def paused(self) -> bool:
        """Say whether silence is wanted; what buffers counts as playing."""
        return self.waiting or self.known.paused or (self.record.foreign and not self.known.playing)

    @property
    def is_last(self) -> bool:
        """Say whether the last track of a lift is at hand."""
        return bool(self.record.places) and self.at + 1 >= len(self.record.places)

    @property
    def is_over(self) -> bool:
        """Say whether by the clock the last track of a lift is over."""
        return self.is_last and self.about and self.known.playing and self.end is None

    @property
    def end(self) -> float | None:
        """Predict when the track at hand is over; None where that cannot be known, or has been dealt with."""
        track = self.known.track
        if not self.known.playing or track is None or track.seconds <= 0 or self.known.position >= track.seconds:
            return None
        return self.known.at + track.seconds - self.known.position

    def meet(self, track: Track) -> bool:
        """Take in the track at hand; True when it is another than before."""
        if track.uri == self.uri:
            return False
        self.uri = track.uri
        place = self.record.place(track.uri)
        self.at = self.at if place is None else place
        return True

    def expect(self, now: float, *, playing: bool) -> None:
        """Believe a command for a moment, even if the speaker still tells what was so before it."""
        position = self.known.position + (now - self.known.at if self.known.playing else 0.0)
        self.known = replace(self.known, playing=playing, paused=not playing, position=position, at=now)
        self.agreed_until = now + AGREE

    def disagrees(self, heard: Heard, now: float) -> bool:
        """Say whether that is still the news from before a command."""
        return now < self.agreed_until and heard.connected and heard.playing != self.known.playing

    def skip(self, now: float) -> None:
        """Note that the track at hand was skipped; what comes is known for a lift."""
        self.skipped = True
        self.at = min(self.at + 1, max(0, len(self.record.places) - 1))
        track = self.record.places[self.at].candidate.track if self.record.places else None
        self.known = replace(self.known, track=track, position=0.0, at=now)

    def run_out(self, now: float) -> Track | None:
        """The track at hand must be over by now: return what should follow in a lift; None = nobody knows."""
        self.about = True
        end = self.end or now
        if self.record.places and not self.is_last:
            self.at += 1
            track = self.record.places[self.at].candidate.track
            self.known = replace(self.known, track=track, position=max(0.0, now - end), at=now)
            return track
        seconds = self.known.track.seconds if self.known.track else 0.0
        self.known = replace(self.known, position=seconds, at=now)
        return None
