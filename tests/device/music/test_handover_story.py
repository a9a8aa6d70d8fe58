"""Any story of presses, failures and late answers: never both, and always music, a pause, or a stated reason."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moodbox.events import Sounding
from moodbox.music.handover import Holder
from moodbox.music.spotify.values import SpeakerChoice
from tests.fakes.concert import Concert
from tests.fakes.spotify_music import Music, lift, match, tracks
from tests.fakes.spotify_speaker import BOX, KITCHEN, trouble

FAILURES = st.tuples(
    st.sampled_from(["play", "next", "resume", "ask"]), st.booleans(), st.booleans(), st.sampled_from([1, 3])
)
CHAPTERS = st.one_of(
    st.sampled_from(["match", "lift", "again", "next", "next", "pause", "resume", "stop"]),
    st.sampled_from(["begin", "work", "hear", "flow", "bar", "unbar"]),
    st.sampled_from(["app", "app pauses", "vanish", "come back", "mute"]),
    st.tuples(st.just("tick"), st.sampled_from([0.3, 1.0, 2.5, 12.0, 210.0])),
    st.tuples(st.just("slow"), st.sampled_from([0.5, 2.5, 9.0])),
    st.tuples(st.just("fail"), FAILURES),
)


class Story:
    """Tell a concert what happens."""

    def __init__(self, music: Music, choice: SpeakerChoice) -> None:
        self.concert = Concert(music, choice)
        self.wanted = False

    def tell(self, chapter: str | tuple) -> None:
        concert = self.concert
        match chapter:
            case "match" | "lift":
                concert.play(match("happy") if chapter == "match" else lift())
                self.wanted = True
            case "again":
                concert.play(replace(match("sad"), piece="0123456789abcdef"))
                self.wanted = True
            case "stop":
                concert.handover.stop()
                concert.run += 1  # as the machine does
                self.wanted = False
            case "next" | "pause" | "resume":
                getattr(concert.handover, chapter)()
            case "begin":
                concert.composer.begin()
            case "work" | "hear" | "flow":
                getattr(concert, chapter)()
            case "bar":
                concert.refusal = trouble("spotify-quota")
            case "unbar":
                concert.refusal = None
            case ("tick", seconds):
                concert.clock.advance(seconds)
                concert.hear()
            case ("slow", seconds):
                concert.slow("play", seconds)
            case ("fail", (name, uncertain, after, times)):
                concert.speaker.fail(name, trouble(uncertain=uncertain), after=after and uncertain, times=times)
            case _:
                self.elsewhere(str(chapter))

    def elsewhere(self, chapter: str) -> None:
        """What happens to the speaker without us."""
        speaker = self.concert.speaker
        local = speaker.choice.kind is BOX.kind
        match chapter:
            case "app" if speaker.connected and (local or self.concert.holder is Holder.SPOTIFY):
                speaker.app_plays(tracks("theirs"))  # a plain device that nobody asks could not be heard anyway
            case "app pauses" if speaker.playing:
                speaker.app_pauses()
            case "vanish" if local:
                speaker.vanish()
            case "come back" if local and not speaker.connected:
                speaker.come_back(playing=speaker.paused is False and speaker.context != "")
            case "mute" if local and speaker.playing:
                speaker.fall_mute()

    def end(self) -> None:
        """Let everything come to rest; nothing fails any more."""
        self.concert.speaker._failures.clear()
        self.concert.speaker.during = lambda _: None
        for _ in range(24):
            self.concert.flow(1.0, step=0.5)
            self.concert.composer.begin()
        self.concert.flow()


@pytest.fixture(scope="module", params=[BOX, KITCHEN], ids=["local", "plain"])
def choice(request: pytest.FixtureRequest) -> SpeakerChoice:
    return request.param


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(chapters=st.lists(CHAPTERS, max_size=25))
def test_any_story_ends_with_one_music_or_a_reason(music_of: dict, choice: SpeakerChoice, chapters: list):
    story = Story(music_of[choice], choice)
    for chapter in chapters:
        story.tell(chapter)
    story.end()
    concert = story.concert
    assert not concert.both
    shown = concert.shown
    if not story.wanted:
        assert not concert.composer.sounding
        return
    sounds = concert.composer.sounding or concert.speaker.sounding
    if shown.player == "spotify" and choice is KITCHEN and any(chapter[:1] == ("fail",) for chapter in chapters):
        return  # nobody could look what the plain device does since
    assert sounds or shown.sounding is Sounding.PAUSED or shown.problems
    if sounds:
        assert shown.sounding is Sounding.PLAYING
        assert shown.player == ("composer" if concert.composer.sounding else "spotify")
    if concert.holder is Holder.COMPOSER:
        asked = concert.composer.programme is not None and concert.composer.programme.piece
        assert shown.problems or asked, "whoever stands in says why"


@pytest.fixture(scope="module")
def music_of() -> dict:
    """One catalogue for each kind of speaker: a story changes nothing in it but whose turn it is."""
    folder = Path(tempfile.mkdtemp())
    found = {}
    for one in (BOX, KITCHEN):
        (folder / one.name).mkdir()
        found[one] = Music(folder / one.name, one)
    yield found
    for music in found.values():
        music.database.close()
