"""A Spotify room without Spotify: it keeps what it is told, and refuses what the real one refuses."""

from __future__ import annotations

import secrets
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from moodbox.errors import CatalogueError, LinkError, MoodboxError, SettingsError
from moodbox.events import Piece
from moodbox.mood import COORDINATES
from moodbox.music.spotify.failure import NeedsLogin, SpotifyError, Verdict
from moodbox.music.spotify.link import lan
from moodbox.music.spotify.link.client_id import client_id as checked
from moodbox.music.spotify.links import playlist_id
from moodbox.music.spotify.made.words import LANGUAGES
from moodbox.music.spotify.notices import notices
from moodbox.music.spotify.values import (
    FEATURE_SCOPES,
    LOGIN_LIFE,
    SCOPES,
    Begun,
    BudgetState,
    Feature,
    Hold,
    LanDoor,
    LoginState,
    Playlist,
    Preferences,
    SpeakerChoice,
    SpeakerKind,
    is_uri,
)
from moodbox.page.spotify.desk import Job, Never, SpeakerOffer, SpotifyView

DAY = 86_400.0
REDIRECT = "http://127.0.0.1:8888/callback"
CODE = "the-secret-code"
KITCHEN = SpeakerChoice(SpeakerKind.SOLOIST, "", "Kitchen")
BEDROOM = SpeakerChoice(SpeakerKind.CONNECT, "b" * 40, "Bedroom")
COVER = "https://i.scdn.co/image/"


def uri(number: int, kind: str = "playlist") -> str:
    """Make a URI that looks like one of Spotify's."""
    return f"spotify:{kind}:{number:022d}"


def playlist(number: int, name: str, **more: Any) -> Playlist:
    return Playlist(uri(number), name, **{"owner": "Ana", "owned": True, "total": 40 + number, **more})


LIBRARY = (
    playlist(1, "Sunshine on the balcony", cover=f"{COVER}one"),
    playlist(2, "Rainy day", cover=f"{COVER}two"),
    playlist(3, "Sunday calm"),
    playlist(4, "Kitchen disco", cover=f"{COVER}four", total=1),
    playlist(5, "Friend's party", owner="Bert", owned=False, total=None),
)
SONG = Piece(
    uri(1, "track"),
    "A Song of the Sea",
    "happy",
    215.0,
    "spotify",
    ("Marta Quill", "The Harbour"),
    f"{COVER}song",
    uri(1, "track"),
    f"https://open.spotify.com/track/{1:022d}",
    (uri(1, "artist"), uri(2, "artist")),
)


class FakeSpotifyDesk:
    """One account with five playlists and two speakers; nobody is signed in at first."""

    def __init__(self, *, demo: bool = False, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.demo = demo
        self.preferences = Preferences(client_id="demo" if demo else "")
        self.login = LoginState()
        self.budget = BudgetState(37, 300, 600, None, {"press": 21, "page": 9, "weekly": 7})
        self.jobs: dict[str, Job] = {}
        self.refreshed_at: float | None = None
        self.albums = list(LIBRARY)
        self.met = {each.uri: each for each in LIBRARY}
        self.chosen: dict[str, tuple[Playlist, ...]] = dict.fromkeys(COORDINATES, ())
        self.barred: dict[str, dict[str, str]] = {label: {} for label in COORDINATES}
        self.names: dict[str, str] = {SONG.uri: SONG.title, **dict(zip(SONG.artist_uris, SONG.artists, strict=True))}
        self.likes: set[str] = set()
        self.offers = [
            SpeakerOffer(KITCHEN, "Kitchen, Spotify Soloist on this box", here=True),
            SpeakerOffer(BEDROOM, "Bedroom, a speaker of your account", here=False),
        ]
        self.attempts: dict[str, tuple[str, tuple[str, ...]]] = {}  # state: (session, scopes)
        self.door: LanDoor | None = None
        self.failure: MoodboxError | None = None  # raised by everything that asks Spotify
        self.asked: list[tuple[object, ...]] = []  # what would have cost a call

    # --- what tests do to it --------------------------------------------------------------------------------

    def sign_in(self, *features: Feature, days: float = 0.0) -> None:
        """Be signed in since `days` days."""
        scopes = (*SCOPES, *(scope for feature in features for scope in FEATURE_SCOPES[feature]))
        begun = self.clock() - days * DAY
        left = int((LOGIN_LIFE - days * DAY) // DAY)
        warning = next((limit for limit in (1, 7, 30) if left <= limit), None)
        self.login = LoginState(True, False, begun, begun + LOGIN_LIFE, left, warning, scopes)
        self.preferences = replace(
            self.preferences, client_id=self.preferences.client_id or "c" * 32, account_id="ana", account_name="Ana"
        )

    def lapse(self) -> None:
        """End the sign-in as six months do."""
        self.login = replace(self.login, linked=False, lapsed=True, days_left=0, warning=0)

    def hold(self, reason: str = "quota", seconds: float = 48_925.0) -> None:
        """Hold calls back."""
        self.budget = replace(self.budget, used=412, hold=Hold(self.clock() + seconds, reason))

    def agree(self, url: str) -> str:
        """Agree at Spotify, and return the address that the browser lands on."""
        state = parse_qs(urlsplit(url).query)["state"][0]
        return f"{REDIRECT}?{urlencode({'code': CODE, 'state': state})}"

    def land(self, url: str) -> None:
        """Agree at Spotify with a browser that reaches one of the box's own doors."""
        state = parse_qs(urlsplit(url).query)["state"][0]
        self._finish(state, None)

    # --- what the page sees ---------------------------------------------------------------------------------

    def view(self) -> SpotifyView:
        needs = NeedsLogin("The sign-in to Spotify is over") if self.login.lapsed else None
        problems = notices(self.login, needs, self.preferences, self.budget)
        return SpotifyView(
            demo=self.demo,
            login=self.login,
            account=self.preferences.account_name,
            preferences=self.preferences,
            budget=self.budget,
            ready=self.login.linked and self.preferences.speaker is not None and self.budget.hold is None,
            problems=problems,
            jobs=tuple(self.jobs.values()),
            refreshed_at=self.refreshed_at,
            allowed={feature: self.login.may(feature) for feature in Feature},
        )

    def redirect(self) -> str:
        return REDIRECT

    def begin_link(self, session: str, client_id: str, features: Sequence[Feature] = ()) -> Begun:
        known = checked(client_id, demo=self.demo)
        self.preferences = replace(self.preferences, client_id=known)
        url = self._attempt(session, known, features)
        return Begun(url, REDIRECT, self.clock() + 600.0, listening=True, port=8888)

    def finish_link(self, session: str, pasted: str) -> None:
        given = parse_qs(urlsplit(pasted).query or pasted)
        if "state" not in given or given.get("code") != [CODE]:
            raise LinkError("That is not the address you landed on: copy the whole address line after you agreed")
        self._finish(given["state"][0], session)

    def open_lan(self, session: str, client_id: str, features: Sequence[Feature] = ()) -> LanDoor:
        url = self._attempt(session, client_id, features)
        code = lan.qr(url)
        fingerprint = ":".join(f"{byte:02X}" for byte in range(32))
        self.door = LanDoor("https://192.168.1.23:8443/callback", url, fingerprint, code, self.clock() + 300.0)
        return self.door

    def close_lan(self) -> None:
        self.door = None

    def disconnect(self, *, forget_client_id: bool) -> None:
        kept = "" if forget_client_id else self.preferences.client_id
        self.__init__(demo=self.demo, clock=self.clock)  # type: ignore[misc]
        self.preferences = replace(self.preferences, client_id=kept)

    def library(self, *, again: bool = False) -> list[Playlist]:
        self._ask("library", again)
        return list(self.albums)

    def search(self, words: str) -> list[Playlist]:
        self._ask("search", words)
        found = [playlist(100 + n, f"{words.title()} {n}", owner="Somebody", owned=False) for n in range(1, 4)]
        self.met.update({each.uri: each for each in found})
        return found

    def look_up(self, link: str) -> Playlist:
        number = playlist_id(link)
        self._ask("look_up", link)
        found = Playlist(f"spotify:playlist:{number}", "Pasted playlist", "Cleo", owned=False, total=12)
        self.met[found.uri] = found
        return found

    def moods(self) -> dict[str, tuple[Playlist, ...]]:
        return dict(self.chosen)

    def choose(self, label: str, uris: Sequence[str]) -> None:
        if unknown := [each for each in uris if each not in self.met]:
            raise CatalogueError(f"The box has never met {len(unknown)} of these playlists: look for them first")
        self.chosen[label] = tuple(self.met[each] for each in uris)

    def never(self, label: str) -> tuple[Never, ...]:
        return tuple(Never(each, name) for each, name in self.barred[label].items())

    def forbid(self, label: str, uri: str) -> None:
        name = self.names.get(uri) or (self.met[uri].name if uri in self.met else "")
        if not name:
            raise CatalogueError("The box has never met that: play it or look for it first")
        self.barred[label][uri] = name

    def allow(self, label: str, uri: str) -> None:
        self.barred[label].pop(uri, None)

    def make(self, label: str) -> None:
        self._ask("make", label)
        self.jobs[label] = Job(label, running=True, words=f"Looking for {label} songs.")

    def finish_job(self, label: str) -> None:
        """End the making of a playlist well."""
        made = playlist(900 + list(COORDINATES).index(label), f"Moodbox: {label}", description="Made by Moodbox · x")
        self.met[made.uri] = made
        self.chosen[label] = (*self.chosen[label], made)
        self.jobs[label] = Job(label, running=False, words="Made with 50 songs.", ended_at=self.clock())

    def refresh(self) -> None:
        self._ask("refresh")
        self.jobs["refresh"] = Job("refresh", running=True, words="Reading your playlists.")

    def speakers(self) -> list[SpeakerOffer]:
        self._ask("speakers")
        return list(self.offers)

    def use_speaker(self, choice: SpeakerChoice) -> None:
        self.preferences = replace(self.preferences, speaker=choice)

    def prefer(self, *, market: str | None = None, language: str | None = None, ceiling: float | None = None) -> None:
        if language is not None and language not in LANGUAGES:
            raise SettingsError(f'There are no words for music in "{language}" yet')
        given = {"market": market, "language": language, "ceiling": ceiling}
        known = {name: value for name, value in given.items() if value is not None}
        self.preferences = replace(self.preferences, **known)  # type: ignore[arg-type]

    def like(self, uri: str, *, liked: bool) -> None:
        self._ask("like", uri, liked)
        if not self.login.may(Feature.LIKE):
            raise SpotifyError("The box may not save songs", "Allow it in Setup", Verdict.TELL, key="spotify-setup")
        (self.likes.add if liked else self.likes.discard)(uri)

    def liked(self, uri: str) -> bool:
        return is_uri(uri, "track") and uri in self.likes

    def cover(self, url: str) -> tuple[bytes, str]:
        self.asked.append(("cover", url))
        if self.failure is not None or not url.startswith(COVER):
            raise SpotifyError("The cover did not come", "Nothing need be done", Verdict.IGNORE, key="spotify-cover")
        return picture(url), "image/png"

    def _ask(self, *what: object) -> None:
        self.asked.append(what)
        if self.failure is not None:
            raise self.failure
        if not self.login.linked:
            raise NeedsLogin("Nobody is signed in to Spotify")

    def _attempt(self, session: str, client_id: str, features: Sequence[Feature]) -> str:
        state = secrets.token_urlsafe(16)
        scopes = (*SCOPES, *(scope for feature in features for scope in FEATURE_SCOPES[feature]))
        self.attempts[state] = (session, scopes)
        asked = {"client_id": client_id, "state": state, "redirect_uri": REDIRECT, "scope": " ".join(scopes)}
        return f"https://accounts.spotify.com/authorize?{urlencode(asked, quote_via=quote)}"

    def _finish(self, state: str, session: str | None) -> None:
        if state not in self.attempts:
            raise LinkError("No sign-in waits for this answer: begin signing in again on the Moodbox page")
        owner, scopes = self.attempts[state]
        if session not in (None, owner):
            raise LinkError("This sign-in was begun in another browser: finish it there, or begin again here")
        del self.attempts[state]
        self.sign_in()
        self.login = replace(self.login, scopes=tuple(dict.fromkeys(scopes)))


def picture(url: str, size: int = 64) -> bytes:
    """Draw a PNG whose colours follow from the address."""
    red, green, blue = (zlib.crc32(url.encode()) >> shift & 0xFF for shift in (0, 8, 16))
    rows = b"".join(
        b"\0" + b"".join(bytes((red * x // size, green * y // size, blue)) for x in range(size)) for y in range(size)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
