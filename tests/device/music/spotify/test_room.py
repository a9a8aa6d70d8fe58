"""The room as the page uses it: real parts on the stand-in, from the first sign-in to the last goodbye."""

import pytest

from bench.household import agree
from bench.rig import Rig, until
from moodbox.errors import CatalogueError, LinkError, SettingsError
from moodbox.music.spotify.values import Feature, SpeakerChoice, SpeakerKind
from tests.fakes.spotify_fixtures import held_to_spec


@pytest.fixture
def rig(tmp_path):
    with Rig(tmp_path) as rig:
        spec = held_to_spec(rig.standin)
        yield rig
    assert not spec or not spec.wrong


@pytest.fixture
def home(rig):
    """Return a rig that is linked, with playlists, a speaker and everything allowed."""
    rig.settle_in(linked=True)
    return rig


def test_room_that_was_never_linked_has_nothing_to_complain_about(rig):
    view = rig.room.view()
    assert not view.login.linked
    assert not view.ready
    assert view.problems == ()
    assert view.demo
    assert rig.room.redirect().startswith("http://127.0.0.1:")
    assert all(playlists == () for playlists in rig.room.moods().values())


def test_sign_in_greets_the_account_and_lists_its_playlists(rig):
    begun = rig.room.begin_link("browser", rig.standin.client_id)
    assert begun.redirect == rig.room.redirect()
    rig.room.finish_link("browser", agree(begun.url))
    assert rig.wait_for_job("refresh", 30).problem is None
    view = rig.room.view()
    assert view.login.linked
    assert view.account
    assert view.preferences.client_id == rig.standin.client_id
    assert view.allowed == dict.fromkeys(Feature, False)
    calls = len(rig.standin.calls)
    assert len(rig.room.library()) > 10
    assert len(rig.standin.calls) == calls  # they are known already
    rig.room.library(again=True)
    assert len(rig.standin.calls) > calls


def test_more_is_allowed_only_when_asked_for_and_nothing_is_taken_back(rig):
    for features in ((Feature.LIKE,), (Feature.LIFT,)):
        begun = rig.room.begin_link("browser", rig.standin.client_id, features)
        rig.room.finish_link("browser", agree(begun.url))
    allowed = rig.room.view().allowed
    assert (allowed[Feature.LIKE], allowed[Feature.LIFT], allowed[Feature.MAKE]) == (True, True, False)


def test_playlists_are_found_by_words_and_by_link_and_chosen_in_order(home):
    found = home.room.search("rain")
    assert found
    listed = home.room.library()[0]
    assert home.room.look_up(f"https://open.spotify.com/playlist/{listed.id}?si=x").name == listed.name
    home.room.choose("sad", [found[0].uri, listed.uri])
    assert [one.uri for one in home.room.moods()["sad"]] == [found[0].uri, listed.uri]
    assert home.wait_for_job("read sad", 20).problem is None
    with pytest.raises(CatalogueError):
        home.room.choose("sad", ["spotify:playlist:0000000000000000000000"])
    with pytest.raises(CatalogueError, match="There is no mood 'gloomy'"):
        home.room.choose("gloomy", [])
    with pytest.raises(LinkError, match="no link of a Spotify playlist"):
        home.room.look_up("my favourite songs")


def test_press_plays_and_what_plays_can_be_liked_and_forbidden(home):
    playback, _ = home.press()
    assert playback.player == "spotify"
    assert until(lambda: home.jukebox.state().piece is not None, 10)
    piece = home.jukebox.state().piece
    assert not home.room.liked(piece.uri)
    home.room.like(piece.uri, liked=True)
    assert home.room.liked(piece.uri)
    assert piece.uri in home.standin.world.library
    home.room.like(piece.uri, liked=False)
    assert not home.room.liked(piece.uri)
    assert piece.uri not in home.standin.world.library
    home.room.forbid("happy", piece.uri)
    assert [never.name for never in home.room.never("happy")] == [piece.title]
    assert until(lambda: home.standin.world.playback().playing, 5)
    assert until(lambda: home.jukebox.state().piece and home.jukebox.state().piece.uri != piece.uri, 10)
    home.room.allow("happy", piece.uri)
    assert home.room.never("happy") == ()
    with pytest.raises(CatalogueError, match="never met"):
        home.room.forbid("happy", "spotify:artist:0000000000000000000000")


def test_music_moves_to_another_speaker(home):
    home.press()
    offers = home.room.speakers()
    living = next(offer.choice for offer in offers if offer.choice.name == "Living room")
    home.room.use_speaker(living)
    device = home.standin.world.device("Living room")
    assert until(lambda: home.standin.world.playback().device_id == device.id, 10)
    assert until(lambda: home.jukebox.state().output == "Living room", 5)
    assert home.room.view().preferences.speaker.id == device.id


def test_choices_that_are_none_are_refused_in_a_sentence(home):
    for wrong in ({"market": "DEU"}, {"market": "1!"}, {"language": "xx"}, {"ceiling": 1.5}, {"ceiling": float("nan")}):
        with pytest.raises(SettingsError):
            home.room.prefer(**wrong)
    home.room.prefer(market="fr", language="de", ceiling=0.5)
    kept = home.room.view().preferences
    assert (kept.market, kept.language, kept.ceiling) == ("FR", "de", 0.5)
    with pytest.raises(CatalogueError):
        home.room.like("spotify:album:0000000000000000000000", liked=True)


def test_playlist_is_made_in_the_background(home):
    home.room.make("surprise")
    job = home.wait_for_job("surprise", 30)
    assert job.problem is None
    assert job.words.startswith("Moodbox: surprise is made")
    assert "Moodbox: surprise" in [one.name for one in home.room.library()]


def test_disconnect_leaves_nothing_of_spotify_but_the_client_id(home):
    home.press()
    home.room.disconnect(forget_client_id=False)
    assert until(lambda: not home.standin.world.playback().playing, 10)
    view = home.room.view()
    assert not view.login.linked
    assert not view.login.lapsed
    assert view.account == ""
    assert view.preferences.speaker is None
    assert view.preferences.client_id == home.standin.client_id
    assert all(playlists == () for playlists in home.room.moods().values())
    home.room.disconnect(forget_client_id=True)
    assert home.room.view().preferences.client_id == ""


def test_another_account_begins_with_an_empty_catalogue(home):
    other = next(user for user in home.standin.world.users if user != home.standin.world.signs_in)
    home.standin.world.signs_in = other
    home.link()
    home.wait_for_job("refresh", 30)
    assert all(playlists == () for playlists in home.room.moods().values())
    assert home.room.view().preferences.speaker is None


def test_sleeping_speaker_may_be_chosen_all_the_same(home):
    choice = SpeakerChoice(SpeakerKind.CONNECT, home.standin.world.device("Living room").id, "Living room")
    home.standin.world.sleep(choice.id)
    home.room.use_speaker(choice)
    playback, seconds = home.press()
    assert playback.player == "spotify", playback
    assert seconds < 3
