"""The handover: Spotify where it can, else the composer; never both, never silence without a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moodbox.events import Sounding
from moodbox.music.handover import Holder
from moodbox.music.spotify.player.news import Failed
from moodbox.music.spotify.values import LoginState, SpeakerChoice
from tests.fakes.concert import WAIT, Concert
from tests.fakes.spotify_music import lift, match, tracks
from tests.fakes.spotify_speaker import BOX, KITCHEN, trouble


@pytest.fixture
def concert(tmp_path: Path) -> Iterator[Callable[[SpeakerChoice], Concert]]:
    made: list[Concert] = []

    def make(choice: SpeakerChoice) -> Concert:
        made.append(Concert.of(tmp_path, choice))
        return made[-1]

    yield make
    for one in made:
        one.music.database.close()


@pytest.fixture
def plain(concert: Callable[[SpeakerChoice], Concert]) -> Concert:
    return concert(KITCHEN)


@pytest.fixture
def local(concert: Callable[[SpeakerChoice], Concert]) -> Concert:
    return concert(BOX)


def standing_in(concert: Concert) -> Concert:
    """Let the composer play because Spotify does not."""
    concert.speaker.fail("play")
    concert.play(lift())
    concert.flow()
    concert.composer.begin()
    concert.flow()
    assert concert.composer.sounding
    return concert


def test_press_asks_spotify_and_says_so(local: Concert):
    local.play(match("sad"))
    assert (local.shown.sounding, local.shown.player) == (Sounding.PREPARING, "spotify")
    assert local.shown.why == "Asking Spotify."
    shown = local.flow()
    assert (shown.sounding, shown.player, shown.why) == (Sounding.PLAYING, "spotify", "Because.")
    assert local.composer.programme is None


def test_box_that_was_never_linked_composes_without_a_word(local: Concert):
    local.login = LoginState()
    local.play(match("sad"))
    local.composer.begin()
    shown = local.flow()
    assert (shown.player, shown.why, shown.problems) == ("composer", "Because.", ())
    local.handover.next()
    assert local.flow().player == "composer"
    assert local.speaker.commands == []


def test_lapsed_sign_in_is_said_and_the_composer_plays_at_once(local: Concert):
    local.login = LoginState(lapsed=True)
    local.play(match("sad"))
    local.composer.begin()
    shown = local.flow()
    assert shown.sounding is Sounding.PLAYING
    assert shown.why == "The sign-in to Spotify is over, so here is music of the box's own."
    assert [problem.key for problem in shown.problems] == ["spotify-login"]


def test_trouble_of_the_web_api_does_not_stop_a_speaker_of_this_box(local: Concert):
    local.refusal = trouble("spotify-down")
    local.play(match("sad"))
    assert local.flow().player == "spotify"


def test_failure_lets_the_composer_play_the_same_programme_and_run(plain: Concert):
    plain.speaker.fail("play", trouble("spotify-speaker"))
    programme = match("sad")
    plain.play(programme)
    plain.flow()
    assert (plain.composer.programme, plain.composer.run) == (programme, plain.run)
    plain.composer.begin()
    shown = plain.flow()
    assert shown.why == "Spotify is down, so here is music of the box's own."
    assert [problem.key for problem in shown.problems] == ["spotify-speaker"]


def test_no_answer_in_time_lets_the_composer_play_and_the_late_start_is_paused(plain: Concert):
    plain.slow("play", WAIT + 3)
    plain.play(match("sad"))
    plain.work()  # the call hangs; meanwhile the wait is over
    plain.hear()
    plain.composer.begin()
    shown = plain.flow(20)
    assert (shown.player, shown.sounding) == ("composer", Sounding.PLAYING)
    assert "so here is music of the box's own." in shown.why
    assert not plain.speaker.sounding
    assert plain.speaker.commands.count("play") == 1


def test_worker_that_never_comes_back_costs_only_the_wait(plain: Concert):
    plain.play(match("sad"))
    plain.clock.advance(WAIT - 0.1)
    plain.hear()
    assert plain.composer.programme is None
    plain.clock.advance(0.1)
    plain.hear()
    assert plain.composer.programme is not None
    assert plain.shown.why.startswith("Spotify does not answer")


def test_reason_that_comes_late_replaces_the_guess(plain: Concert):
    plain.slow("play", WAIT + 1)
    plain.speaker.fail("play", trouble("spotify-speaker"))
    plain.play(match("sad"))
    plain.work()
    plain.hear()
    plain.composer.begin()
    assert plain.flow().why == "Spotify is down, so here is music of the box's own."


def test_next_while_the_composer_stands_in_asks_spotify_again_without_overlap(plain: Concert):
    standing_in(plain)
    plain.handover.next()
    assert not plain.composer.sounding, "hushed before Spotify is asked"
    shown = plain.flow()
    assert (shown.player, shown.sounding, shown.problems) == ("spotify", Sounding.PLAYING, ())
    assert shown.step == 1
    assert plain.composer.programme is None


def test_next_that_spotify_refuses_again_lets_the_composer_go_on(plain: Concert):
    standing_in(plain)
    plain.speaker.fail("play", trouble("spotify-speaker"))
    plain.handover.next()
    shown = plain.flow()
    assert plain.composer.sounding
    assert (shown.player, shown.step) == ("composer", 1)


def test_silence_of_a_second_try_is_under_three_seconds(plain: Concert):
    standing_in(plain)
    plain.handover.next()
    plain.clock.advance(WAIT)
    plain.hear()
    assert plain.composer.sounding


def test_next_while_spotify_is_held_back_is_the_composers(plain: Concert):
    standing_in(plain)
    plain.refusal = trouble("spotify-quota")
    plain.handover.next()
    assert plain.composer.sounding
    assert [problem.key for problem in plain.flow().problems] == ["spotify-quota"]


@pytest.mark.parametrize("command", ["next", "resume"])
def test_command_that_fails_hands_over_what_is_left_of_the_programme(plain: Concert, command: str):
    programme = lift()
    plain.play(programme)
    plain.flow(3 * 200 + 3)
    assert plain.shown.step == 1
    if command == "resume":
        plain.handover.pause()
        plain.flow()
    plain.speaker.fail(command)
    getattr(plain.handover, command)()
    plain.flow()
    assert plain.composer.programme is not None
    assert plain.composer.programme.steps == programme.steps[1:]
    plain.composer.begin()
    shown = plain.flow()
    assert (shown.step, shown.player) == (1, "composer")
    assert not plain.speaker.sounding


def test_lost_speaker_hands_over(local: Concert):
    local.play(match("sad"))
    local.flow()
    local.speaker.vanish()
    local.flow(9)
    assert local.holder is Holder.SPOTIFY
    local.flow(2)
    local.composer.begin()
    assert local.flow().why == "Box cannot be reached any more, so here is music of the box's own."


def test_spotify_that_cannot_be_silenced_keeps_the_floor(plain: Concert):
    plain.play(match("sad"))
    plain.flow()
    for command in ("next", "pause", "play"):
        plain.speaker.fail(command, trouble("spotify-quota"), times=5)
    plain.handover.next()
    shown = plain.flow()
    assert (shown.player, shown.sounding) == ("spotify", Sounding.PLAYING)
    assert [problem.key for problem in shown.problems] == ["spotify-quota"]
    plain.play(match("happy"))
    assert plain.flow(5).player == "spotify"
    plain.refusal = trouble("spotify-quota")
    plain.play(match("happy"))
    plain.flow(1)
    assert plain.composer.programme is None


def test_change_of_programme_keeps_the_old_music_until_spotify_plays_the_new(local: Concert):
    local.play(match("sad"))
    local.flow()
    local.play(match("happy"))
    assert local.speaker.sounding
    assert local.flow().source == "Happy songs"


def test_composer_waits_until_spotify_is_silent(plain: Concert):
    plain.play(match("sad"))
    plain.flow()
    plain.refusal = trouble("spotify-quota")
    plain.play(match("happy"))
    assert plain.composer.programme is None
    plain.flow()
    assert not plain.speaker.sounding
    assert plain.composer.programme is not None


def test_pause_while_spotify_is_asked_holds_whoever_comes(plain: Concert):
    plain.play(match("sad"))
    plain.handover.pause()
    plain.flow(1)
    assert (plain.shown.sounding, plain.speaker.sounding) == (Sounding.PAUSED, False)


def test_pause_while_spotify_is_asked_holds_the_composer_too(plain: Concert):
    plain.speaker.fail("play")
    plain.play(match("sad"))
    plain.handover.pause()
    plain.flow()
    plain.composer.begin()
    assert plain.flow().sounding is Sounding.PAUSED
    plain.handover.resume()
    assert plain.flow().sounding is Sounding.PLAYING


def test_stop_silences_everybody_and_what_comes_late(plain: Concert):
    plain.slow("play", 1.0)
    plain.play(match("sad"))
    plain.handover.stop()
    plain.run += 1
    plain.flow(20)
    assert not plain.speaker.sounding
    assert not plain.composer.sounding
    assert plain.holder is Holder.NOBODY


def test_composer_gives_way_to_what_somebody_chose_in_the_app(local: Concert):
    standing_in(local)
    local.flow(3)
    local.speaker.app_plays(tracks("theirs"))
    shown = local.flow(1)
    assert not local.composer.sounding
    assert local.speaker.sounding
    assert (shown.player, shown.why) == ("spotify", "Chosen in the Spotify app.")


def test_volume_is_shown_as_chosen_though_the_composer_comes_to_it_late(plain: Concert, monkeypatch):
    plain.play(match("sad"))
    plain.flow()
    monkeypatch.setattr(plain.composer, "set_volume", lambda level: None)
    plain.handover.set_volume(0.9)
    assert plain.flow().volume == 0.9
    assert plain.handover.state().volume == 0.9


def test_volume_goes_to_both(plain: Concert):
    plain.play(match("sad"))
    plain.flow()
    plain.handover.set_volume(0.9)
    assert plain.flow().volume == 0.9
    assert plain.composer.state().volume == 0.9
    assert plain.speaker.volumes[-1] == 0.45


def test_music_that_moves_to_another_speaker_is_not_silence(local: Concert):
    local.play(match("sad"))
    local.flow()
    local.spotify.use(KITCHEN)
    local.flow(2)
    assert all(said.playback.sounding is not Sounding.SILENT for said in local.news)
    assert local.holder is Holder.SPOTIFY


# --- kept pieces ------------------------------------------------------------------------------------------------


def test_kept_piece_is_the_composers_and_spotify_is_silenced_first(plain: Concert):
    plain.play(match("sad"))
    plain.flow()
    assert plain.speaker.sounding
    plain.play(replace(match("happy"), piece="0123456789abcdef"))
    assert plain.holder is Holder.LEAVING
    assert plain.composer.programme is None
    plain.flow()
    plain.composer.begin()
    shown = plain.flow()
    assert not plain.speaker.sounding
    assert (shown.player, shown.sounding, shown.why) == ("composer", Sounding.PLAYING, "Because.")
    assert plain.composer.programme is not None
    assert plain.composer.programme.piece == "0123456789abcdef"
    assert plain.composer.run == plain.run


def test_after_a_kept_piece_the_composer_goes_on_although_spotify_is_there(plain: Concert):
    plain.play(replace(match("happy"), piece="0123456789abcdef"))
    plain.composer.begin()
    plain.flow()
    plain.handover.next()
    assert plain.flow().player == "composer"
    assert "play" not in plain.speaker.commands
    plain.play(match("sad"))
    assert plain.flow().player == "spotify", "the next press asks Spotify again"


def test_spotify_that_cannot_be_silenced_and_then_fails_leaves_the_floor_to_the_kept_piece(plain: Concert):
    plain.play(lift())
    plain.flow()
    plain.speaker.fail("pause", trouble(uncertain=True), times=9)
    plain.play(replace(match("happy"), piece="0123456789abcdef"))
    plain.flow(1)
    assert plain.holder is Holder.SPOTIFY, "what sounds keeps the floor, and the page says why"
    plain.handover._step = 3  # of the programme that it goes on with
    plain.handover.spotify_says(Failed(plain.run, trouble("spotify-speaker")))
    assert plain.composer.programme is not None
    assert plain.composer.programme.steps == match("happy").steps
