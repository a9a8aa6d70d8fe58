"""The turntable: what a speaker shall play, what it does play, and what follows from that. No thread of its own.

The speaker may do late what it is told, or be told otherwise in the Spotify app. So nothing is sent twice blindly,
every command is followed by what was heard, and what the owner does in the app is followed and never fought.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from moodbox.events import Playback, Problem, Programme, Sounding
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.player import trouble
from moodbox.music.spotify.player.arm import Arm
from moodbox.music.spotify.player.polls import SETTLE, Polls
from moodbox.music.spotify.player.selector import Record, Selector
from moodbox.music.spotify.player.showing import FOREIGN, NAME, showing
from moodbox.music.spotify.player.spin import AGREE, Spin
from moodbox.music.spotify.ports import Speaker
from moodbox.music.spotify.speaker.wake import is_asleep
from moodbox.music.spotify.values import BudgetState, Heard, Order, SpeakerChoice, Track

log = logging.getLogger(__name__)

COMMAND = 10.0  # seconds that a command which nobody waits for may take
LOST = 10.0  # seconds without the speaker, or without its sound, after which the music counts as lost
SHORT = 8.0  # seconds; music that is over before it has played for so long never played
SKIPS = 5  # forbidden tracks in a row before another playlist is tried
FOREVER = 3600.0


class Turntable:
    """Play a programme on a speaker. When a method raises SpotifyError nothing sounds any more, as far as is known.

    Only `start` may leave something sounding when it fails: whoever called it calls `stop`.
    """

    def __init__(
        self,
        selector: Selector,
        open_speaker: Callable[[SpeakerChoice], Speaker],
        *,
        ceiling: Callable[[], float],
        budget: Callable[[], BudgetState],
        volume: float,
        tell: Callable[[Playback], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._selector, self._open, self._ceiling, self._budget = selector, open_speaker, ceiling, budget
        self._volume, self._tell, self._monotonic = volume, tell, monotonic
        self._arm: Arm | None = None
        self._chosen: SpeakerChoice | None = None
        self._spin: Spin | None = None
        self._polls = Polls()
        self._problem: Problem | None = None
        self.playback = Playback(player=NAME, volume=volume, time=monotonic())

    # --- what may be asked ----------------------------------------------------------------------------------

    def use(self, choice: SpeakerChoice | None, *, move: bool = True) -> None:
        """Change the speaker; what plays moves over, and what is paused waits there."""
        if choice == self._chosen:
            return
        spin = self._spin
        self.drop()
        if self._arm is not None:
            self._arm.close()
        self._arm, self._chosen = None, None
        if choice is not None:
            self._arm, self._chosen = Arm(self._open(choice), self._monotonic), choice
        if move and self._arm is not None and spin is not None and not spin.record.foreign:
            record = self._selector.rest(spin.record, spin.at, lists=self._arm.speaker.lists)
            if spin.paused:
                known = Heard(connected=True, paused=True, at=self._monotonic())
                self._spin = Spin(record, self._monotonic(), known, waiting=True)
            else:
                self._put_on(record, self._late())
        self._publish()

    def renamed(self) -> tuple[SpeakerChoice, SpeakerChoice] | None:
        """Return the chosen speaker before and after its id or name has changed; None when it is as it was."""
        before, after = self._chosen, self._arm.speaker.choice if self._arm is not None else None
        if before is None or after is None or before == after:
            return None
        self._chosen = after
        return before, after

    def start(self, programme: Programme, *, until: float) -> None:
        """Start a programme instead of what plays; nothing is sent after `until`."""
        self._problem = None
        record = self._selector.record(programme, lists=self._need().speaker.lists)
        self._put_on(record, until)

    def pause(self) -> None:
        """Fall silent and keep the place; when that fails the page says so, for it still sounds."""
        if self._spin is None or self._spin.paused:
            return
        try:
            self._need().pause()
        except SpotifyError as error:
            self._problem = error.problem
        else:
            self._problem = None
            self._spin.expect(self._monotonic(), playing=False)
            self._polls.rest()
        self._publish()

    def resume(self) -> None:
        """Go on."""
        spin = self._spin
        if spin is None or not spin.paused:
            return
        try:
            if spin.waiting:
                self._put_on(spin.record, self._late())
            else:
                self._need().resume()
                spin.expect(self._monotonic(), playing=True)
                self._polls.soon(self._monotonic())
        except SpotifyError as error:
            self._give_up(error)
        self._publish()

    def next(self) -> None:
        """Go to the next track; after a lift's last one, on to more of its last step."""
        if self._spin is not None:
            self._spin.skips = 0
            self._skip(self._spin)
            self._publish()

    def stop(self) -> None:
        """Fall silent and forget the programme. What cannot be silenced is told as a problem."""
        self.drop()
        self._publish()

    def drop(self) -> None:
        """Do as `stop` does without telling it: what has failed is told first."""
        error = self._silence()
        self._spin = self._problem = None
        self._polls.rest()
        if error is not None and self._arm is not None:
            self._problem = trouble.unstoppable(self._arm.name, error)

    def give_way(self) -> SpotifyError | None:
        """Fall silent as `stop` does; but what cannot be silenced stays on, and the reason is returned."""
        error = self._silence()
        if error is None:
            self.stop()
        else:
            self._problem = error.problem
            self._publish()
        return error

    def _silence(self) -> SpotifyError | None:
        arm = self._arm
        if arm is None:
            return None
        if arm.plain and self._spin is not None and not self._spin.waiting:
            arm.sounds = True  # what we paused may have been resumed in the app, and nobody would have told us
        return arm.silence()

    @property
    def follows(self) -> bool:
        """Say whether what plays was chosen in the Spotify app."""
        return self._spin is not None and self._spin.record.foreign

    @property
    def track(self) -> Track | None:
        """Return the track at hand."""
        spin = self._spin
        return spin.known.track if spin is not None else None

    @property
    def label(self) -> str:
        """Name the mood whose music plays; "" for none of ours."""
        spin = self._spin
        return spin.label if spin is not None else ""

    def close(self) -> None:
        """Fall silent and let go of the speaker."""
        self.use(None)

    def set_volume(self, level: float) -> None:
        """Set the owner's level, 0..1; the ceiling lies below it."""
        self._volume = min(1.0, max(0.0, level))
        self.settle()
        self._publish()

    def settle(self) -> None:
        """Give the speaker its volume while it plays, if it has another."""
        if self._spin is None or self._spin.waiting or self._arm is None:
            return
        try:
            self._arm.set_volume(round(self._volume * min(1.0, max(0.0, self._ceiling())), 2))
        except SpotifyError as error:
            log.info("the volume of the speaker stays as it is: %s", error.cause)

    def reconsider(self) -> None:
        """Look again whether what plays now may: the owner has changed what never plays."""
        spin = self._spin
        if spin is not None and not spin.record.foreign and spin.known.track is not None:
            self._check(spin, spin.known.track)
            self._publish()

    # --- the course of things -------------------------------------------------------------------------------

    def turn(self) -> float:
        """Do what is due, and return the seconds until the next turn is."""
        arm, spin = self._arm, self._spin
        if arm is None:
            return FOREVER
        if arm.plain:
            if spin is not None:
                self._look_from_afar(arm, spin)
        elif spin is None:
            self._mind_silence(arm, arm.speaker.heard())
        elif not spin.waiting:
            self._take(arm.speaker.heard())
        return self._seconds(arm)

    def _seconds(self, arm: Arm) -> float:
        now, spin = self._monotonic(), self._spin
        dues = [self._polls.due]
        if spin is None:
            dues.append(None if arm.plain else arm.due)
        else:
            dues.append(spin.end if arm.plain else None)
            dues.append(spin.agreed_until if now < spin.agreed_until else None)
            dues.append(None if spin.quiet_since is None or spin.paused else spin.quiet_since + LOST)
        return min((max(0.0, due - now) for due in dues if due is not None), default=FOREVER)

    def _look_from_afar(self, arm: Arm, spin: Spin) -> None:
        """Ask a plain device when it is due; in between, the clock tells where it should be."""
        if self._polls.due is not None and self._monotonic() >= self._polls.due:
            try:
                heard = arm.speaker.ask()
            except SpotifyError as error:
                log.info("what plays is not known for now: %s", error.cause)
                self._polls.refused(self._monotonic(), error)
            else:
                self._polls.asked(self._monotonic(), heard, self._budget())
                spin.about = False
                self._take(heard)
                return
        now = self._monotonic()
        if spin.end is not None and now >= spin.end:
            self._run_out(spin, now)
        no_look = self._polls.due is None or self._polls.due > now + 2 * SETTLE
        if spin.is_over and no_look:
            self._go_on(spin)

    def _run_out(self, spin: Spin, now: float) -> None:
        """The track must be over by now: show what should follow in a lift, or that nobody knows."""
        track = spin.run_out(now)
        if track is not None:
            spin.meet(track)
            self._selector.heard(track)
        self._publish()

    def _take(self, heard: Heard) -> None:
        """Take in what the speaker does."""
        now, spin = self._monotonic(), self._spin
        if spin is None or spin.disagrees(heard, now):
            return
        before, spin.known = spin.known, heard
        autoplay = heard.foreign and self._is_autoplay(spin, before, now)
        if heard.connected and (heard.playing or heard.paused or heard.foreign or spin.record.foreign):
            self._found(spin, heard, autoplay=autoplay)
        elif heard.ended or (heard.connected and self._need().plain):
            self._is_ended(spin, now)
        else:
            self._miss(spin, before, now)
        self._publish()

    def _found(self, spin: Spin, heard: Heard, *, autoplay: bool) -> None:
        spin.quiet_since = None
        self._need().sounds = heard.playing
        if autoplay:
            self._go_on(spin)
        elif heard.foreign:
            self._follow(heard)
        elif heard.track is not None and spin.meet(heard.track):
            self._selector.heard(heard.track)
            if not spin.record.foreign:
                self._check(spin, heard.track)

    def _follow(self, heard: Heard) -> None:
        """Somebody chose something in the Spotify app: the programme ends, and the box follows."""
        if self._spin is None or not self._spin.record.foreign:
            self._spin = Spin(Record(Order(), (), "", FOREIGN, foreign=True), self._monotonic())
            self._problem = None
        self._spin.known = heard

    def _check(self, spin: Spin, track: Track) -> None:
        """Skip a track that must never play for this mood; after five in a row try another playlist, once."""
        record = spin.record
        if not self._selector.is_forbidden(spin.label, track, record.order.context):
            spin.skips = spin.changes = 0
        elif spin.skips < SKIPS:
            spin.skips += 1
            self._skip(spin)
        elif spin.changes < 1:
            spin.changes += 1
            self._change(spin, last=record.last)
        else:
            self._give_up(trouble.all_forbidden(spin.label))

    def _skip(self, spin: Spin) -> None:
        if spin.is_last or spin.waiting:
            self._go_on(spin)
            return
        try:
            self._need().next()
        except SpotifyError as error:
            if is_asleep(error):
                self._begin_again(spin)
            else:
                self._give_up(error)
            return
        now = self._monotonic()
        if self._need().plain:
            spin.skip(now)
        spin.skipped = True
        spin.expect(now, playing=True)
        self._polls.soon(now)

    def _is_autoplay(self, spin: Spin, before: Heard, now: float) -> bool:
        """Tell Spotify's autoplay, which begins when a list is over, from somebody's choice in the app."""
        if spin.record.foreign or not spin.known.playing or before.track is None or not before.playing:
            return False
        over = before.track.seconds <= before.position + max(0.0, now - before.at) + 3.0
        # A plain device is only looked at when a track should be over, so there that says nothing by itself.
        return over and before.track.seconds > 0 and (spin.is_last or not self._need().plain)

    def _is_ended(self, spin: Spin, now: float) -> None:
        """Go on after the end of a list; right after the start it may only be that Spotify does not know yet."""
        arm = self._need()
        if now - spin.started >= SHORT or spin.skipped:
            self._go_on(spin)
        elif arm.plain and not spin.doubted:
            spin.doubted = True
            spin.known = replace(spin.known, ended=False, playing=True)
            self._polls.due = now + SHORT / 2
        else:
            self._give_up(arm.speaker.trouble() or trouble.silent(arm.name))

    def _go_on(self, spin: Spin) -> None:
        """The list is over: stay on the last step, with the music of its mood."""
        if spin.record.foreign:
            return
        self._change(spin, last=True)

    def _change(self, spin: Spin, *, last: bool) -> None:
        try:
            record = self._selector.match(spin.record.steps, spin.record.said, last=last)
            self._put_on(record, self._late(), skips=0, changes=spin.changes)
        except SpotifyError as error:
            self._give_up(error)

    def _begin_again(self, spin: Spin) -> None:
        """Order the rest of the record afresh: its list was over, nobody looked, and the speaker has fallen asleep."""
        record = spin.record
        if not record.places:
            self._change(spin, last=record.last)
            return
        try:
            self._put_on(self._selector.rest(record, spin.at + 1, lists=self._need().speaker.lists), self._late())
        except SpotifyError as error:
            self._give_up(error)

    def _miss(self, spin: Spin, before: Heard, now: float) -> None:
        """The speaker is gone, or says neither that it plays nor why not."""
        spin.quiet_since = now if spin.quiet_since is None else spin.quiet_since
        connected = spin.known.connected
        spin.known = replace(before, connected=connected)  # go on showing what was last known
        if now - spin.quiet_since < LOST or spin.paused:
            return
        arm = self._need()
        if connected:
            self._give_up(arm.speaker.trouble() or trouble.silent(arm.name))
            return
        arm.lose()
        error = arm.speaker.trouble() or trouble.gone(arm.name)
        if spin.record.foreign:
            self._spin, self._problem = None, error.problem
        else:
            self._give_up(error)

    def _mind_silence(self, arm: Arm, heard: Heard) -> None:
        """Nothing is to play: pause what comes through late, and follow what somebody chose in the app."""
        arm.hush_late(heard)
        if heard.foreign and heard.playing and arm.settled:
            arm.sounds = True
            self._follow(heard)
            self._publish()

    # --- inside ---------------------------------------------------------------------------------------------

    def _put_on(self, record: Record, until: float, *, skips: int = 0, changes: int = 0) -> None:
        """Order a record; what lay there before stays when that fails."""
        arm = self._need()
        if self._monotonic() >= until:
            raise trouble.too_late()
        arm.play(record.order, until)
        now = self._monotonic()
        spin = self._spin = Spin(record, now, skips=skips, changes=changes)
        self._problem = None
        if arm.plain:
            first = record.places[0].candidate.track if record.places else None
            spin.known = Heard(connected=True, active=True, playing=True, track=first, at=now)
            self._polls.soon(now)
        else:
            heard = arm.speaker.heard()
            spin.known = replace(heard, connected=True, playing=True, paused=False, ended=False, foreign=False, at=now)
            spin.agreed_until = now + AGREE
            self._polls.rest()
        if spin.known.track is not None and spin.meet(spin.known.track):
            self._selector.heard(spin.known.track)
            self._check(spin, spin.known.track)
        self._publish()

    def _give_up(self, error: SpotifyError) -> None:
        """End with an error; but what cannot be silenced goes on with the error shown: never two musics at once."""
        if self._need().silence() is not None:
            self._problem = error.problem
            if self._spin is not None:
                self._spin.quiet_since = None  # it is tried again after a while, not at once
            self._publish()
            return
        self._spin = self._problem = None
        self._polls.rest()
        raise error

    def _late(self) -> float:
        return self._monotonic() + COMMAND

    def _need(self) -> Arm:
        if self._arm is None:
            raise trouble.no_speaker()
        return self._arm

    def _publish(self) -> None:
        """Tell what is so, if more than the time has changed."""
        spin = self._spin
        output = self._arm.speaker.choice.name if self._arm else ""
        before = self.playback
        self.playback = showing(
            spin,
            output=output,
            volume=self._volume,
            problems=(self._problem,) if self._problem else (),
            now=self._monotonic(),
        )
        if _is_news(before, self.playback):
            self._tell(self.playback)


def _is_news(before: Playback, after: Playback) -> bool:
    """Say whether anything but the passing of time is new."""
    if replace(before, position=0.0, time=0.0) != replace(after, position=0.0, time=0.0):
        return True
    expected = before.position + (after.time - before.time if after.sounding is Sounding.PLAYING else 0.0)
    if after.piece is not None and after.piece.seconds:
        expected = min(expected, after.piece.seconds)
    return abs(expected - after.position) > 2.0  # seconds: somebody has wound on or back
