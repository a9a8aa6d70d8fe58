"""The small values of the Spotify room. Everything is frozen; times are seconds, `*_at` are of `time.time()`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

LIMIT_URIS = 100  # tracks in one list to play or to write; more is undocumented (spotify.md 1.4)
LOGIN_LIFE = 182 * 86_400.0  # seconds a sign-in lasts: six months from the consent, refreshing does not extend it
LIFT = "lift"  # the made playlist that a lift is written into; the others are named by their mood label


class Purpose(StrEnum):
    """Why the Web API is called; the budget gives way in this order, from the last to the first."""

    PRESS = "press"  # the button, and pause, next, volume: allowed up to the hard stop
    PAGE = "page"  # somebody looks for playlists or links the box
    WEEKLY = "weekly"  # refreshing playlists
    POLL = "poll"  # asking what a plain device plays: the first to give way


class SpeakerKind(StrEnum):
    """How a speaker is reached."""

    SOLOIST = "soloist"  # Spotify's own headless client, over its local WebSocket
    LIBRESPOT = "librespot"  # go-librespot, over its local REST interface
    CONNECT = "connect"  # any device of the account, over the Web API


class Feature(StrEnum):
    """What needs more permission than playing does; asked for only when the owner wants it."""

    LIKE = "like"
    MAKE = "make"
    LIFT = "lift"


SCOPES = (
    "user-read-playback-state",
    "user-modify-playback-state",
    "playlist-read-private",
    "playlist-read-collaborative",
)
FEATURE_SCOPES = {
    Feature.LIKE: ("user-library-modify",),
    Feature.LIFT: ("playlist-modify-private",),
    Feature.MAKE: ("playlist-modify-private", "ugc-image-upload", "user-library-read", "user-top-read"),
}


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where Spotify is. The stand-in gives its own; nothing else of the client differs."""

    accounts: str = "https://accounts.spotify.com"
    api: str = "https://api.spotify.com/v1"
    # Hosts that covers may be fetched from: exact names, or ".name" for everything below a name.
    images: tuple[str, ...] = (".scdn.co", ".spotifycdn.com")


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in. `id` is `account_id` where Spotify gives one (2026-05), else the user id."""

    id: str
    user: str  # the user id, which playlists name as their owner
    name: str


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist of a track."""

    uri: str
    name: str


@dataclass(frozen=True, slots=True)
class Track:
    """A track as it is shown and played. `cover` is a URL that expires; `seconds` its length."""

    uri: str
    title: str
    artists: tuple[Artist, ...] = ()
    album: str = ""
    cover: str = ""
    seconds: float = 0.0
    playable: bool = True


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist. `owned`: its tracks may be read (own or collaborative); others can only be played whole."""

    uri: str
    name: str
    owner: str = ""  # display name
    owned: bool = False
    total: int | None = None  # tracks, where known
    cover: str = ""
    snapshot: str = ""  # changes whenever its tracks do
    description: str = ""

    @property
    def id(self) -> str:
        """Give the last part of the URI."""
        return self.uri.rsplit(":", 1)[-1]


@dataclass(frozen=True, slots=True)
class Device:
    """A Connect device as the Web API lists it. `id` may be empty; a restricted one takes no commands."""

    id: str
    name: str
    kind: str = ""  # "Speaker", "Computer" ...
    active: bool = False
    restricted: bool = False
    volume: float | None = None  # 0..1
    takes_volume: bool = True


@dataclass(frozen=True, slots=True)
class WebPlayback:
    """What the account plays, as GET /me/player says."""

    device: Device | None
    playing: bool
    track: Track | None = None
    position: float = 0.0  # seconds
    context: str = ""  # URI of the playlist it comes from
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class SpeakerChoice:
    """The speaker that the owner chose, kept by id and name: ids change when a client is installed again."""

    kind: SpeakerKind
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a speaker shall play: one context (a playlist), or a list of tracks; never both."""

    context: str = ""
    tracks: tuple[str, ...] = ()  # URIs, at most LIMIT_URIS
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What a speaker plays, as far as is known. `at` is `time.monotonic()`, when `position` was true."""

    connected: bool = False  # the speaker can be reached
    active: bool = False  # it is the account's active device
    playing: bool = False
    paused: bool = False
    ended: bool = False  # its list is over, nothing more to play
    track: Track | None = None
    position: float = 0.0
    at: float = 0.0
    volume: float | None = None  # 0..1
    context: str = ""
    foreign: bool = False  # somebody else, in the Spotify app, started what plays now


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the owner chose for Spotify; survives a lapsed login."""

    client_id: str = ""
    market: str = ""  # ISO 3166-1 alpha-2, "" = that of the account
    language: str = "en"  # of the words that music is searched with
    ceiling: float = 1.0  # volume of the speaker at full volume, 0..1
    speaker: SpeakerChoice | None = None
    account_id: str = ""  # of whoever is signed in; a disconnect deletes these three
    account_user: str = ""
    account_name: str = ""
    refreshed_at: float | None = None  # when the weekly refresh last ended well


@dataclass(frozen=True, slots=True)
class LoginState:
    """How signing in stands."""

    linked: bool = False  # there is a token that was good when last used
    lapsed: bool = False  # there was one: the owner must sign in again
    authorized_at: float | None = None
    expires_at: float | None = None  # six months after the consent
    days_left: int | None = None
    warning: int | None = None  # 30, 7 or 1 when that many days or fewer are left, 0 when over
    scopes: tuple[str, ...] = ()

    def may(self, feature: Feature) -> bool:
        """Say whether the owner allowed what `feature` needs."""
        return self.linked and set(FEATURE_SCOPES[feature]) <= set(self.scopes)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun. Its state is bound to the browser session, works once and for ten minutes."""

    url: str  # where the owner signs in at Spotify
    redirect: str  # the exact redirect string that must stand in the dashboard
    expires_at: float
    listening: bool = False  # a listener waits for the answer, so nothing need be pasted
    port: int = 0  # of the listener


@dataclass(frozen=True, slots=True)
class LanDoor:
    """The HTTPS listener in the local network, open for five minutes."""

    redirect: str  # https://IP:port/callback, to be put into the dashboard
    url: str  # what the QR code holds: the sign-in address
    fingerprint: str  # SHA-256 of the certificate, "AB:CD:..."
    qr: str  # an SVG picture
    closes_at: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Calls are held back until a time, and why."""

    until: float
    reason: str  # "quota" (Spotify said so), "rate" (429 without reason), "budget" (our own hard stop)

    @property
    def cause(self) -> str:
        """Word it for the owner."""
        match self.reason:
            case "quota":
                return "Spotify takes no more calls from this account for now"
            case "rate":
                return "Spotify asked for a short pause"
            case "budget":
                return "The box has made as many calls of Spotify as it may in a day"
            case _:
                return "Calls are held back"


@dataclass(frozen=True, slots=True)
class BudgetState:
    """Calls of the last 24 hours."""

    used: int
    target: int
    stop: int
    hold: Hold | None = None
    by_purpose: dict[str, int] = field(default_factory=dict)


_URI = re.compile(r"spotify:(track|artist|album|playlist|episode):([A-Za-z0-9]{22})\Z")


def is_uri(text: str, kind: str = "") -> bool:
    """Say whether a text is a Spotify URI, of one kind if given."""
    found = _URI.match(text)
    return found is not None and kind in ("", found.group(1))
