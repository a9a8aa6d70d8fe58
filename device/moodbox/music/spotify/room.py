"""The Spotify room: every part made once, and all that the page may ask of them (`page.spotify.desk.SpotifyDesk`)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from moodbox.errors import CatalogueError, LinkError, MoodboxError, SettingsError
from moodbox.events import Problem
from moodbox.mood import COORDINATES
from moodbox.music.spotify.client.budget import STOP, TARGET
from moodbox.music.spotify.covers import Covers
from moodbox.music.spotify.jobs import Jobs, Progress, Work
from moodbox.music.spotify.links import playlist_id
from moodbox.music.spotify.made.words import LANGUAGES
from moodbox.music.spotify.notices import notices
from moodbox.music.spotify.parts import Parts
from moodbox.music.spotify.player.player import SpotifyPlayer
from moodbox.music.spotify.speaker import finder
from moodbox.music.spotify.values import (
    FEATURE_SCOPES,
    SCOPES,
    Begun,
    BudgetState,
    Feature,
    LanDoor,
    LoginState,
    Playlist,
    Preferences,
    Purpose,
    SpeakerChoice,
    Track,
    is_uri,
)
from moodbox.page.spotify.desk import Never, SpeakerOffer, SpotifyView

log = logging.getLogger(__name__)

JOBS = 12.0  # seconds that a job has to end: its call has ten
FRESH = 0.5  # seconds
ROUND = 600.0  # seconds between two looks at what the owner should know

Tell = Callable[[tuple[Problem, ...]], None]


class SpotifyRoom:
    """What the page sees of Spotify. `demo`: the stand-in is behind it. `tell` is given what the owner should know."""

    def __init__(self, parts: Parts, player: SpotifyPlayer, *, demo: bool, tell: Tell) -> None:
        self._parts = parts
        self._shelf = parts.shelf
        self._login = parts.login
        self._player = player
        self._demo = demo
        self._tell = tell
        self._api = parts.api.for_(Purpose.PAGE)
        self._covers = Covers(parts.hosts)
        self._jobs = Jobs(parts.clock)
        self._lock = threading.Lock()  # of the view
        self._view = _nothing_known(demo=demo)
        self._view_until = float("-inf")
        self._likes: frozenset[str] = frozenset()
        self._ending = threading.Event()
        self._changed = threading.Event()
        self._watch = threading.Thread(target=self._look_round, name="spotify-notices", daemon=True)

    def start(self) -> None:
        """Begin to tell what the owner should know, now and every ten minutes."""
        self._parts.linked = self._linked
        self._watch.start()

    def close(self) -> None:
        """End the threads and close every part; may be called twice."""
        self._ending.set()
        self._changed.set()
        if self._watch.ident is not None:
            self._watch.join(5)
        self._jobs.close()
        self._player.close()
        self._parts.close()

    def view(self) -> SpotifyView:
        """Return how everything stands, at most half a second old: every open page asks many times a second."""
        with self._lock:
            if self._parts.monotonic() >= self._view_until:
                self._view_until = self._parts.monotonic() + FRESH
                self._view = self._make_view()
            return self._view

    def _make_view(self) -> SpotifyView:
        login, jobs = self._login.state(), self._jobs.view()
        try:
            preferences, budget = self._shelf.preferences(), self._parts.budget.state()
            needs = self._login.needs() if login.lapsed else None
            problems = {problem.key: problem for problem in notices(login, needs, preferences, budget)}
            self._likes = frozenset(self._shelf.likes())
        except MoodboxError as error:  # the page goes on with what it knew, and says so
            problem = Problem("spotify-storage", str(error), "Look at the card and its free space; start the box again")
            return replace(self._view, ready=False, problems=(problem,), jobs=jobs)
        refusal = self._player.available()
        if refusal is not None and login.linked:
            problems.setdefault(refusal.key, refusal.problem)
        return SpotifyView(
            demo=self._demo,
            login=login,
            account=preferences.account_name if login.linked else "",
            preferences=preferences,
            budget=budget,
            ready=refusal is None,
            problems=tuple(problems.values()),
            jobs=jobs,
            refreshed_at=preferences.refreshed_at,
            allowed={feature: login.may(feature) for feature in Feature},
        )

    # --- link -----------------------------------------------------------------------------------------------

    def redirect(self) -> str:
        """Return the loopback redirect string that must stand in the dashboard."""
        return self._login.redirect()

    def begin_link(self, session: str, client_id: str, features: Sequence[Feature] = ()) -> Begun:
        """Begin signing in; features ask for more scopes. Raises LinkError."""
        begun = self._login.begin(session, client_id, self._scopes(features))
        self._shelf.prefer(client_id=client_id.strip())
        self._look()
        return begun

    def finish_link(self, session: str, pasted: str) -> None:
        """Finish with the address that the browser landed on; raises LinkError, SpotifyError."""
        self._login.finish(session, pasted)

    def open_lan(self, session: str, client_id: str, features: Sequence[Feature] = ()) -> LanDoor:
        """Open the HTTPS listener for five minutes; raises LinkError."""
        door = self._login.open_lan(session, client_id, self._scopes(features))
        self._shelf.prefer(client_id=client_id.strip())
        self._look()
        return door

    def close_lan(self) -> None:
        """Close it."""
        self._login.close_lan()

    def disconnect(self, *, forget_client_id: bool) -> None:
        """Delete the tokens and everything that came from Spotify."""
        self._player.forget()
        self._login.disconnect()
        if not self._jobs.finish(JOBS):  # without a token their next call fails; what they still write goes as well
            log.warning("a job did not end in time for the disconnect")
        self._shelf.forget()
        self._covers.clear()
        if forget_client_id:
            self._shelf.prefer(client_id="")
        self._look()

    def _scopes(self, features: Sequence[Feature]) -> tuple[str, ...]:
        """Ask for what was allowed before as well, or Spotify would take it back."""
        wanted = [*SCOPES, *self._login.state().scopes]
        for feature in features:
            wanted += FEATURE_SCOPES[feature]
        return tuple(dict.fromkeys(wanted))

    def _linked(self) -> None:
        """Begin what follows a sign-in; the browser need not wait for it."""
        self._start("refresh", self._greet)

    def _greet(self, progress: Progress) -> str:
        """Meet the account that has just signed in; another one than before begins with an empty catalogue."""
        progress("Asking who has signed in.")
        before = self._shelf.preferences()
        account = self._api.me()
        if before.account_id and before.account_id != account.id:
            self._player.forget()
            self._shelf.forget()
        self._shelf.prefer(account_id=account.id, account_user=account.user, account_name=account.name)
        return self._parts.refresh.run(progress)

    # --- playlists ------------------------------------------------------------------------------------------

    def library(self, *, again: bool = False) -> list[Playlist]:
        """Return own and followed playlists: those known, or asked for if there are none or `again` is wanted."""
        known = self._shelf.library()
        if again or not known:
            self._shelf.meet_playlists(self._api.own_playlists(), "library", whole_library=True)
            known = self._shelf.library()
        return known

    def search(self, words: str) -> list[Playlist]:
        """Search for playlists."""
        found = self._api.search_playlists(words, market=self._shelf.preferences().market)
        self._shelf.meet_playlists(found, "search")
        return found

    def look_up(self, link: str) -> Playlist:
        """Find the playlist of a pasted link or URI."""
        found = self._api.playlist(playlist_id(link))
        self._shelf.meet_playlists([found], "link")
        return found

    def moods(self) -> dict[str, tuple[Playlist, ...]]:
        """Return what the owner chose, for each of the seven labels."""
        return {label: self._shelf.mood_playlists(label) for label in COORDINATES}

    def choose(self, label: str, uris: Sequence[str]) -> None:
        """Set the playlists of a mood, and read the own ones in the background, for lifts are made of their tracks."""
        self._shelf.choose(_label(label), uris)
        self._start(f"read {label}", lambda progress: self._parts.refresh.read(label, progress))

    def never(self, label: str) -> tuple[Never, ...]:
        """Return what must not play for a mood."""
        return tuple(Never(uri, name) for uri, name in self._shelf.never(_label(label)).items())

    def forbid(self, label: str, uri: str) -> None:
        """Never play a track, artist or playlist for a mood; skips it if it plays now."""
        self._shelf.forbid(_label(label), uri, self._name(uri))
        self._player.look_again()

    def allow(self, label: str, uri: str) -> None:
        """Take that back."""
        self._shelf.allow(_label(label), uri)

    def make(self, label: str) -> None:
        """Make or refresh "Moodbox: <label>" in the background."""
        self._start(_label(label), lambda progress: self._parts.workshop.make(label, progress))

    def refresh(self) -> None:
        """Do the weekly refresh now, in the background."""
        self._start("refresh", self._parts.refresh.run)

    def _name(self, uri: str) -> str:
        """Name what is forbidden; only what the box has met can be."""
        playing = self._player.track()
        track = self._shelf.track(uri) or (playing if playing is not None and playing.uri == uri else None)
        if track is not None:
            return track.title
        playlist = self._shelf.playlist(uri)
        if playlist is not None:
            return playlist.name
        for artist in playing.artists if playing is not None else ():
            if artist.uri == uri:
                return artist.name
        raise CatalogueError("The box has never met that song, artist or playlist: choose it from what plays or a list")

    # --- speaker and playing --------------------------------------------------------------------------------

    def speakers(self) -> list[SpeakerOffer]:
        """Look for speakers: local ones and those of the account."""
        settings = self._parts.settings
        return finder.find(settings.soloist, settings.librespot, self._api if self._login.state().linked else None)

    def use_speaker(self, choice: SpeakerChoice) -> None:
        """Play there from now on; what plays moves over."""
        self._shelf.prefer(speaker=choice)
        self._player.use(choice)
        self._look()

    def prefer(self, *, market: str | None = None, language: str | None = None, ceiling: float | None = None) -> None:
        """Keep a choice; raises SettingsError when it is none."""
        changes: dict[str, object] = {}
        if market is not None:
            code = market.strip().upper()
            if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
                raise SettingsError("A country is two letters, for example DE; leave it empty for that of the account")
            changes["market"] = code
        if language is not None:
            if language not in LANGUAGES:
                raise SettingsError(f"Music is searched in {', '.join(LANGUAGES.values())} only")
            changes["language"] = language
        if ceiling is not None:
            if not 0.0 <= ceiling <= 1.0:
                raise SettingsError("The loudest volume must lie between 0 and 100 %")
            changes["ceiling"] = ceiling
        self._shelf.prefer(**changes)
        self._look()
        if ceiling is not None:
            self._player.look_again()

    def like(self, uri: str, *, liked: bool) -> None:
        """Save a track to the library of the account, or take it out."""
        if not is_uri(uri, "track"):
            raise CatalogueError("Only a song of Spotify can be liked")
        if not self._login.state().may(Feature.LIKE):
            raise LinkError("The box may not save songs yet: open Setup and allow likes")
        if not liked:
            self._api.unsave([uri])
            self._shelf.unlike(uri)
            self._look()
            return
        playing = self._player.track()
        track = playing if playing is not None and playing.uri == uri else self._shelf.track(uri)
        self._api.save([uri])
        self._shelf.like(track or Track(uri, ""), self._player.label())
        self._look()

    def liked(self, uri: str) -> bool:
        """Say whether the box knows that it was saved; asks nobody."""
        self.view()
        return uri in self._likes

    def cover(self, url: str) -> tuple[bytes, str]:
        """Fetch a picture of Spotify's: (bytes, media type)."""
        return self._covers.fetch(url)

    # --- what the owner should know -------------------------------------------------------------------------

    def _start(self, name: str, work: Work) -> None:
        self._jobs.start(name, work)
        self._look()

    def _look(self) -> None:
        """Something has changed: look again, for the page and for the notices."""
        with self._lock:
            self._view_until = float("-inf")
        self._changed.set()

    def _notices(self) -> tuple[Problem, ...]:
        login = self._login.state()
        needs = self._login.needs() if login.lapsed else None
        return notices(login, needs, self._shelf.preferences(), self._parts.budget.state())

    def _look_round(self) -> None:
        while not self._ending.is_set():
            try:
                self._tell(self._notices())
            except Exception:
                log.exception("could not see how Spotify stands, and goes on")
            self._changed.wait(ROUND)
            self._changed.clear()


def _nothing_known(*, demo: bool) -> SpotifyView:
    return SpotifyView(
        demo=demo,
        login=LoginState(),
        account="",
        preferences=Preferences(),
        budget=BudgetState(0, TARGET, STOP),
        ready=False,
        problems=(),
        jobs=(),
        refreshed_at=None,
        allowed=dict.fromkeys(Feature, False),
    )


def _label(label: str) -> str:
    if label not in COORDINATES:
        raise CatalogueError(f"There is no mood {label!r}: choose one of {', '.join(COORDINATES)}")
    return label
