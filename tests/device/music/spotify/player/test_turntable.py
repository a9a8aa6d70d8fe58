"""The turntable, with a real catalogue and a speaker that plays by the test's clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moodbox.events import Playback, Programme, Sounding
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.player.selector import Selector
from moodbox.music.spotify.player.turntable import LOST, SKIPS, Turntable
from moodbox.music.spotify.values import BudgetState, Order, SpeakerChoice
from tests.fakes.sound_device import SoundClock
from tests.fakes.spotify_music import NOW, Music, lift, match, tracks, uri
from tests.fakes.spotify_speaker import BOX, KITCHEN, FakeSpeaker, trouble

SAD, NEUTRAL = uri("playlist", "sad"), uri("playlist", "neutral")


class Bench:
    """A turntable without its thread: the test lets time pass and turns it when it is due."""

    def __init__(self, folder: Path, choice: SpeakerChoice) -> None:
        self.clock = SoundClock()
        self.music = Music(folder, choice)
        self.news: list[Playback] = []
        self.used = 0
        self.speakers: dict[str, FakeSpeaker] = {}
        self.turntable = Turntable(
            Selector(self.music.shelf, self.music.write_lift, rng=random.Random(1), clock=lambda: NOW + self.clock()),
            self.open,
            ceiling=lambda: self.music.shelf.preferences().ceiling,
            budget=lambda: BudgetState(self.used, 300, 600),
            volume=0.6,
            tell=self.news.append,
            monotonic=self.clock,
        )
        self.turntable.use(choice)
        self.speaker = self.speakers[choice.name]

    def open(self, choice: SpeakerChoice) -> FakeSpeaker:
        speaker = FakeSpeaker(choice, self.clock, self.music.contexts)
        self.speakers[choice.name] = speaker
        return speaker

    def start(self, programme: Programme, seconds: float = 2.2) -> Playback:
        self.turntable.start(programme, until=self.clock() + seconds)
        self.turntable.settle()
        return self.turntable.playback

    def wait(self, seconds: float, step: float = 0.5) -> Playback:
        """Let time pass; the turntable turns when it wants to, and a local speaker wakes it every half second."""
        end = self.clock() + seconds
        due = self.clock() + self.turntable.turn()
        while self.clock() < end:
            self.clock.advance(min(step, end - self.clock()))
            if self.clock() >= due or not self.speaker.lists:
                due = self.clock() + self.turntable.turn()
        return self.turntable.playback

    @property
    def title(self) -> str:
        piece = self.turntable.playback.piece
        return piece.title if piece else ""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[[SpeakerChoice], Bench]]:
    benches: list[Bench] = []

    def make(choice: SpeakerChoice) -> Bench:
        benches.append(Bench(tmp_path, choice))
        return benches[-1]

    yield make
    for one in benches:
        one.music.database.close()


@pytest.fixture
def local(bench: Callable[[SpeakerChoice], Bench]) -> Bench:
    return bench(BOX)


@pytest.fixture
def plain(bench: Callable[[SpeakerChoice], Bench]) -> Bench:
    return bench(KITCHEN)


# --- match ------------------------------------------------------------------------------------------------------


def test_match_plays_the_moods_playlist_shuffled_and_shows_everything(local: Bench):
    playback = local.start(match("sad"))
    assert local.speaker.orders == [Order(context=SAD, shuffle=True)]
    assert (playback.sounding, playback.player, playback.why) == (Sounding.PLAYING, "spotify", "Because.")
    assert (playback.source, playback.output, playback.audible) == ("Sad songs", "Box", True)
    piece = playback.piece
    assert piece is not None
    assert (piece.title, piece.artists, piece.label, piece.seconds) == ("sad-0", ("The sads",), "sad", 200.0)
    assert piece.cover == "https://i.scdn.co/image/sad-0"
    assert piece.link == f"https://open.spotify.com/track/{piece.uri.rsplit(':', 1)[-1]}"


def test_playlists_of_a_mood_take_turns(local: Bench):
    local.music.add("sad", "rain")
    for _ in range(3):
        local.start(match("sad"))
        local.clock.advance(60)
    assert [order.context for order in local.speaker.orders] == [SAD, uri("playlist", "rain"), SAD]


def test_mood_without_a_playlist_takes_the_nearest_that_has_one_and_says_so(local: Bench):
    playback = local.start(match("surprise"))
    assert playback.source == "Happy songs"
    assert playback.why == "Because. No playlist is chosen for surprise, so it is one for happy."
    assert playback.piece is not None
    assert playback.piece.label == "happy"


def test_no_playlist_at_all_is_told_with_what_to_do(local: Bench):
    for label in ("sad", "neutral", "happy"):
        local.music.shelf.choose(label, [])
    with pytest.raises(SpotifyError) as caught:
        local.start(match("happy"))
    assert (caught.value.key, caught.value.verdict) == ("spotify-playlist", Verdict.TELL)
    assert caught.value.cause == "No playlist is chosen for happy"
    assert local.speaker.commands == []


def test_playlist_that_must_never_play_for_the_mood_is_passed_over(local: Bench):
    local.music.shelf.choose("sad", [SAD, NEUTRAL])
    local.music.shelf.forbid("sad", SAD, "Sad songs")
    assert local.start(match("sad")).source == "Neutral songs"


def test_mood_whose_neighbours_have_no_playlist_either_is_left_to_the_composer(local: Bench):
    with pytest.raises(SpotifyError) as caught:
        local.start(match("fear"))
    assert (caught.value.key, caught.value.cause) == ("spotify-playlist", "No playlist is chosen for fear")


def test_speaker_that_fell_asleep_is_woken_by_the_next_press(plain: Bench):
    asleep = SpotifyError("It is asleep", "Wake it", Verdict.TELL, key="spotify-speaker", reason="NO_ACTIVE_DEVICE")
    plain.start(match("sad"))
    plain.speaker.fail("next", asleep)
    plain.turntable.next()
    assert [order.context for order in plain.speaker.orders] == [SAD, SAD]
    assert plain.speaker.sounding


def test_lift_goes_on_where_it_was_when_its_speaker_fell_asleep(plain: Bench):
    asleep = SpotifyError("It is asleep", "Wake it", Verdict.TELL, key="spotify-speaker", reason="NO_ACTIVE_DEVICE")
    plain.start(lift("sad"))
    plain.speaker.fail("next", asleep)
    plain.turntable.next()
    first, second = (order.tracks for order in plain.speaker.orders)
    assert second == first[1:]


def test_track_changes_are_told(local: Bench):
    local.start(match("sad"))
    local.wait(201)
    assert local.title == "sad-1"
    assert local.turntable.playback.position == pytest.approx(1.0, abs=0.6)


def test_playlist_that_ends_is_followed_by_more_for_the_same_mood(local: Bench):
    local.music.add("sad", "rain")
    local.start(match("sad"))
    local.wait(8 * 200 + 2)
    assert local.speaker.orders[-1] == Order(context=uri("playlist", "rain"), shuffle=True)
    assert local.turntable.playback.sounding is Sounding.PLAYING


# --- lift -------------------------------------------------------------------------------------------------------


def test_lift_is_a_list_for_a_plain_device_and_walks_its_steps(plain: Bench):
    programme = lift()
    playback = plain.start(programme)
    (order,) = plain.speaker.orders
    assert len(order.tracks) == 3 * len(programme.steps)
    assert not order.context
    assert (playback.step, playback.source) == (0, "Sad songs")
    seen = [playback.step]
    seen += [plain.wait(200).step for _ in range(len(order.tracks) - 1)]
    assert seen == sorted(seen)
    assert seen[-1] == len(programme.steps) - 1
    assert plain.turntable.playback.source == "Happy songs"


def test_lift_is_written_into_a_playlist_for_a_local_speaker(local: Bench):
    playback = local.start(lift())
    assert local.speaker.orders == [Order(context=uri("playlist", "lift"), shuffle=False)]
    assert len(local.music.lifts) == 1
    assert (playback.step, playback.source) == (0, "Sad songs")
    local.wait(3 * 200 + 1)
    assert local.turntable.playback.step == 1


@pytest.mark.parametrize("kind", ["local", "plain"])
def test_lift_that_is_over_stays_on_its_last_step(kind: str, request: pytest.FixtureRequest):
    bench: Bench = request.getfixturevalue(kind)
    programme = lift()
    bench.start(programme)
    bench.wait(3 * len(programme.steps) * 200 + 6)
    assert bench.speaker.orders[-1] == Order(context=uri("playlist", "happy"), shuffle=True)
    assert bench.turntable.playback.step == len(programme.steps) - 1
    assert bench.turntable.playback.sounding is Sounding.PLAYING
    assert bench.speaker.sounding


def test_lift_without_enough_tracks_is_a_match_and_says_so(local: Bench):
    local.music.shelf.fill(SAD, tracks("sad", 2), "two")
    playback = local.start(lift())
    assert local.speaker.orders == [Order(context=SAD, shuffle=True)]
    assert playback.why == "There are too few tracks for a lift yet, so here is music that fits."


def test_lift_that_cannot_be_written_is_a_match_and_says_why(local: Bench, monkeypatch: pytest.MonkeyPatch):
    def refuse(_uris: tuple[str, ...]) -> str:
        raise trouble("spotify-quota")

    monkeypatch.setattr(local.turntable._selector, "_write_lift", refuse)
    playback = local.start(lift())
    assert local.speaker.orders == [Order(context=SAD, shuffle=True)]
    assert playback.why == "Spotify is down, so there is no lift now: here is music that fits."


def test_next_after_the_last_track_of_a_lift_goes_on_with_its_last_step(plain: Bench):
    plain.start(lift())
    for _ in plain.speaker.orders[0].tracks:
        plain.turntable.next()
        plain.wait(2)
    assert plain.speaker.orders[-1].context == uri("playlist", "happy")
    assert plain.speaker.sounding


# --- never ------------------------------------------------------------------------------------------------------


def test_forbidden_tracks_are_skipped(local: Bench):
    for track in local.music.contexts[SAD][:3]:
        local.music.shelf.forbid("sad", track.uri, track.title)
    local.start(match("sad"))
    local.wait(3)
    assert local.title == "sad-3"


def test_five_forbidden_tracks_in_a_row_bring_another_playlist(local: Bench):
    local.music.add("sad", "rain")
    local.music.shelf.forbid("sad", uri("artist", "bysad"), "The sads")
    local.start(match("sad"))
    local.wait(5)
    assert local.speaker.commands.count("next") == SKIPS
    assert local.title == "rain-0"


def test_nothing_but_forbidden_tracks_ends_with_the_reason(local: Bench):
    local.music.shelf.forbid("sad", uri("artist", "bysad"), "The sads")
    local.start(match("sad"))
    with pytest.raises(SpotifyError) as caught:
        local.wait(20)
    assert caught.value.cause == "Everything that comes up must never play for sad"
    assert not local.speaker.sounding


def test_what_is_forbidden_while_it_plays_is_skipped_at_once(local: Bench):
    local.start(match("sad"))
    local.music.shelf.forbid("sad", local.music.contexts[SAD][0].uri, "sad-0")
    local.turntable.reconsider()
    local.wait(2)
    assert local.title == "sad-1"


# --- pause, next, stop, volume ----------------------------------------------------------------------------------


def test_pause_keeps_the_place_and_resume_goes_on(local: Bench):
    local.start(match("sad"))
    local.wait(30)
    local.turntable.pause()
    assert local.turntable.playback.sounding is Sounding.PAUSED
    local.wait(100)
    assert (local.turntable.playback.sounding, local.speaker.sounding) == (Sounding.PAUSED, False)
    local.turntable.resume()
    assert local.turntable.playback.sounding is Sounding.PLAYING
    assert local.turntable.playback.position == pytest.approx(30, abs=1)


def test_pause_that_fails_says_so_and_does_not_claim_silence(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.fail("pause", trouble("spotify-offline"))
    plain.turntable.pause()
    assert plain.turntable.playback.sounding is Sounding.PLAYING
    assert [problem.key for problem in plain.turntable.playback.problems] == ["spotify-offline"]
    plain.turntable.pause()
    assert (plain.turntable.playback.sounding, plain.turntable.playback.problems) == (Sounding.PAUSED, ())


def test_uncertain_next_is_followed_by_one_look_and_not_repeated(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.fail("next", trouble(uncertain=True), after=True)
    plain.turntable.next()
    assert plain.speaker.commands.count("next") == 1
    assert plain.speaker.asked == 1
    assert plain.wait(3).piece is not None
    assert plain.title == "sad-1"


def test_command_that_did_not_fit_is_no_failure(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.fail("pause", trouble(verdict=Verdict.IGNORE))
    plain.turntable.pause()
    assert plain.turntable.playback.problems == ()


def test_next_that_fails_pauses_and_gives_up(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.fail("next")
    with pytest.raises(SpotifyError):
        plain.turntable.next()
    assert not plain.speaker.sounding


def test_music_that_cannot_be_silenced_goes_on_with_the_reason(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.fail("next", trouble("spotify-quota"))
    plain.speaker.fail("pause", trouble("spotify-quota"))
    plain.turntable.next()
    assert plain.speaker.sounding
    assert plain.turntable.playback.sounding is Sounding.PLAYING
    assert [problem.key for problem in plain.turntable.playback.problems] == ["spotify-quota"]


def test_stop_pauses_once_and_is_silent(plain: Bench):
    plain.start(match("sad"))
    plain.turntable.stop()
    plain.turntable.stop()
    assert plain.speaker.commands.count("pause") == 1
    assert plain.turntable.playback.sounding is Sounding.SILENT


def test_stop_that_fails_is_told(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.fail("pause", trouble("spotify-offline"))
    plain.turntable.stop()
    (problem,) = plain.turntable.playback.problems
    assert problem.cause == "Kitchen could not be told to be silent: Spotify is down"


def test_volume_is_the_owners_below_the_ceiling_and_sent_once(plain: Bench):
    plain.start(match("sad"))
    plain.start(match("happy"))
    assert plain.speaker.volumes == [0.3]
    plain.turntable.set_volume(1.0)
    plain.turntable.set_volume(1.0)
    assert plain.speaker.volumes == [0.3, 0.5]
    assert plain.turntable.playback.volume == 1.0


def test_speaker_without_a_volume_is_asked_once(plain: Bench):
    plain.speaker.fail("volume", trouble(verdict=Verdict.IGNORE))
    plain.start(match("sad"))
    plain.start(match("happy"))
    assert plain.speaker.commands.count("volume") == 1


# --- another speaker --------------------------------------------------------------------------------------------


def test_what_plays_moves_to_the_other_speaker(local: Bench):
    local.start(lift())
    local.wait(3 * 200 + 10)
    local.turntable.use(KITCHEN)
    kitchen = local.speakers["Kitchen"]
    assert local.speaker.closed
    assert not local.speaker.sounding
    assert kitchen.orders[0].tracks == local.music.lifts[0][3:]
    assert local.turntable.playback.output == "Kitchen"
    assert local.turntable.playback.step == 1


def test_what_is_paused_waits_at_the_other_speaker(local: Bench):
    local.start(match("sad"))
    local.turntable.pause()
    local.turntable.use(KITCHEN)
    kitchen = local.speakers["Kitchen"]
    local.wait(30)
    assert kitchen.commands == []
    assert local.turntable.playback.sounding is Sounding.PAUSED
    local.turntable.resume()
    assert kitchen.sounding


def test_without_a_speaker_the_owner_is_told(local: Bench):
    local.turntable.use(None)
    with pytest.raises(SpotifyError, match="No speaker"):
        local.start(match("sad"))


# --- late, lost, and chosen in the app --------------------------------------------------------------------------


def test_start_after_its_time_sends_nothing(local: Bench):
    with pytest.raises(SpotifyError):
        local.start(match("sad"), seconds=0.0)
    assert local.speaker.commands == []


def test_uncertain_start_that_plays_is_a_start(plain: Bench):
    plain.speaker.fail("play", trouble(uncertain=True), after=True)
    assert plain.start(match("sad")).sounding is Sounding.PLAYING
    assert plain.speaker.commands.count("play") == 1


def test_start_that_comes_through_late_is_paused(local: Bench):
    local.speaker.fail("play", trouble(uncertain=True))
    with pytest.raises(SpotifyError):
        local.start(match("sad"))
    local.turntable.stop()
    local.wait(4)
    local.speaker._begin(local.music.contexts[SAD], SAD)
    local.wait(3)
    assert not local.speaker.sounding
    assert local.speaker.commands.count("play") == 1


def test_owner_who_resumes_in_the_app_after_a_stop_is_left_alone(local: Bench):
    local.start(match("sad"))
    local.turntable.stop()
    local.wait(3)
    local.speaker.resume()
    local.wait(30)
    assert local.speaker.sounding


def test_music_chosen_in_the_app_is_followed_and_never_fought(local: Bench):
    local.start(match("sad"))
    local.speaker.app_plays(tracks("theirs"))
    before = list(local.speaker.commands)
    playback = local.wait(300)
    assert playback.why == "Chosen in the Spotify app."
    assert (local.title, playback.sounding) == ("theirs-1", Sounding.PLAYING)
    assert local.speaker.commands == before
    local.speaker.app_pauses()
    assert local.wait(1).sounding is Sounding.PAUSED


def test_music_chosen_in_the_app_is_not_judged_by_the_never_list(local: Bench):
    local.start(match("sad"))
    local.music.shelf.forbid("sad", uri("artist", "bythe"), "Theirs")
    local.speaker.app_plays(tracks("theirs"))
    local.wait(10)
    assert "next" not in local.speaker.commands


def test_button_still_works_on_music_chosen_in_the_app(local: Bench):
    local.speaker.app_plays(tracks("theirs"))
    local.wait(3)
    assert local.turntable.follows
    local.turntable.next()
    local.wait(2)
    assert local.title == "theirs-1"
    local.turntable.stop()
    assert not local.speaker.sounding


def test_autoplay_after_the_end_is_not_taken_for_a_choice(local: Bench):
    local.music.add("sad", "rain")
    local.start(match("sad"))
    local.wait(8 * 200 - 1)
    local.clock.advance(1.5)
    local.speaker._begin(tracks("radio"), "spotify:station:radio", foreign=True)
    local.wait(1)
    assert local.title == "rain-0"


def test_pause_in_the_app_is_followed(local: Bench):
    local.start(match("sad"))
    local.wait(5)
    local.speaker.app_pauses()
    assert local.wait(60).sounding is Sounding.PAUSED


def test_speaker_that_is_gone_for_a_moment_is_no_loss(local: Bench):
    local.start(match("sad"))
    local.speaker.vanish()
    assert local.wait(LOST - 1).sounding is Sounding.PLAYING
    local.speaker.come_back(playing=True)
    assert local.wait(60).sounding is Sounding.PLAYING


def test_lost_speaker_ends_the_music_and_is_silenced_when_it_comes_back(local: Bench):
    local.start(match("sad"))
    local.speaker.vanish()
    with pytest.raises(SpotifyError, match="Box cannot be reached") as caught:
        local.wait(LOST + 1)
    assert caught.value.key == "spotify-speaker"
    local.wait(120)
    local.speaker.come_back(playing=True)
    local.wait(3)
    assert not local.speaker.sounding


def test_speaker_that_is_lost_while_paused_is_no_reason_to_make_a_noise(local: Bench):
    local.start(match("sad"))
    local.turntable.pause()
    local.speaker.vanish()
    assert local.wait(60).sounding is Sounding.PAUSED
    local.speaker.fail("resume")
    with pytest.raises(SpotifyError):
        local.turntable.resume()


def test_speaker_that_says_nothing_and_plays_nothing_is_given_up(local: Bench):
    local.start(match("sad"))
    local.wait(30)
    local.speaker.fall_mute()
    with pytest.raises(SpotifyError, match="plays nothing"):
        local.wait(LOST + 1)


def test_speaker_that_knows_why_it_plays_nothing_is_believed(local: Bench):
    local.start(match("sad"))
    local.wait(30)
    local.speaker.knows = trouble("spotify-speaker")
    local.speaker.fall_mute()
    with pytest.raises(SpotifyError, match="Spotify is down"):
        local.wait(LOST + 1)


def test_plain_device_that_was_resumed_in_the_app_is_stopped_all_the_same(plain: Bench):
    plain.start(match("sad"))
    plain.turntable.pause()
    plain.speaker.resume()
    plain.turntable.stop()
    assert not plain.speaker.sounding


def test_plain_device_that_takes_the_order_but_plays_nothing_is_given_up(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.playing, plain.speaker.ended = False, True
    with pytest.raises(SpotifyError, match="plays nothing"):
        plain.wait(20)
    assert plain.speaker.asked == 2
    assert plain.speaker.commands.count("play") == 1


# --- asking a plain device --------------------------------------------------------------------------------------


def test_plain_device_is_asked_after_the_start_and_at_the_end_of_each_track(plain: Bench):
    plain.start(match("sad"))
    assert plain.turntable.playback.piece is None
    plain.wait(2)
    assert (plain.title, plain.speaker.asked) == ("sad-0", 1)
    plain.wait(200)
    assert (plain.title, plain.speaker.asked) == ("sad-1", 2)


def test_long_track_is_looked_at_every_four_minutes(plain: Bench):
    plain.music.add("angry", "opera", seconds=3600.0)
    plain.start(match("angry"))
    plain.wait(3000)
    assert plain.speaker.asked == pytest.approx(3000 / 240, abs=2)


def test_silence_costs_no_calls(plain: Bench):
    plain.start(match("sad"))
    plain.wait(10)
    plain.turntable.pause()
    plain.wait(3600)
    plain.turntable.stop()
    plain.wait(3600)
    assert plain.speaker.asked == 1


def test_day_of_music_on_a_plain_device_stays_within_its_share(plain: Bench):
    plain.start(match("sad"))
    plain.speaker.during = lambda name: setattr(plain, "used", plain.used + 1)
    plain.used = 100  # by presses
    plain.wait(8 * 3600, step=5.0)
    assert plain.used < 200
    assert plain.speaker.asked > 50


def test_refused_look_is_no_failure_and_the_page_says_about(plain: Bench):
    plain.start(match("sad"))
    plain.wait(5)
    plain.speaker.fail("ask", trouble("spotify-quota"), times=9)
    playback = plain.wait(250)
    assert playback.sounding is Sounding.PLAYING
    assert playback.about
    assert plain.title == "sad-0"
    assert playback.position == 200.0


def test_lift_goes_on_by_the_clock_while_looks_are_refused(plain: Bench):
    programme = lift()
    plain.start(programme)
    plain.speaker.fail("ask", trouble("spotify-quota"), times=99)
    playback = plain.wait(3 * 200 + 5)
    assert (playback.step, playback.about) == (1, True)
    plain.wait(3 * len(programme.steps) * 200 - 600)
    assert plain.speaker.orders[-1].context == uri("playlist", "happy")


def test_local_speaker_is_never_asked(local: Bench):
    local.start(match("sad"))
    local.wait(3600, step=5.0)
    assert local.speaker.asked == 0


def test_news_come_with_changes_and_not_with_time(local: Bench):
    local.start(match("sad"))
    local.wait(2)
    before = len(local.news)
    local.wait(190)
    assert len(local.news) == before
