"""How long a sign-in still lasts. A clock that is wrong makes up no warning and loses no login."""

from __future__ import annotations

import math

from moodbox.music.spotify.failure import NeedsLogin
from moodbox.music.spotify.link.token_file import Lapsed, Record, Token
from moodbox.music.spotify.values import LOGIN_LIFE, LoginState

SANE = 1_767_225_600.0  # 2026-01-01: this program is younger, so an earlier clock is wrong
DAY = 86_400.0
_WARNINGS = (1, 7, 30)  # days

_WHY = {
    "over": "The sign-in at Spotify is over: Spotify lets one last six months",
    "lost": "The answer to the last renewal of the sign-in got lost, and Spotify no longer takes the one before",
    "refused": "Spotify no longer accepts the sign-in: it was withdrawn there, or replaced by a newer one",
}


def is_sane(now: float, authorized_at: float) -> bool:
    """Say whether the clock can be right, and the date of the consent with it."""
    return now >= SANE and authorized_at >= SANE and now >= authorized_at - DAY


def login_state(record: Record, now: float) -> LoginState:
    """Say how signing in stands."""
    if record is None:
        return LoginState()
    ends = record.authorized_at + LOGIN_LIFE if record.authorized_at >= SANE else None
    if isinstance(record, Lapsed):
        none_left = 0 if record.why == "over" else None  # one that was withdrawn had days left
        return LoginState(
            lapsed=True,
            authorized_at=record.authorized_at,
            expires_at=ends,
            days_left=none_left,
            warning=none_left,
            scopes=record.scopes,
        )
    days = None
    if ends is not None and is_sane(now, record.authorized_at):
        days = max(0, math.ceil((ends - now) / DAY))
    return LoginState(
        linked=True,
        authorized_at=record.authorized_at,
        expires_at=ends,
        days_left=days,
        warning=_warning(days),
        scopes=record.scopes,
    )


def _warning(days: int | None) -> int | None:
    if days is None:
        return None
    return 0 if days == 0 else next((limit for limit in _WARNINGS if days <= limit), None)


def why_lapsed(token: Token, now: float, *, expired: bool) -> str:
    """Say why Spotify took a refresh token no more; `expired`: it says so itself."""
    if is_sane(now, token.authorized_at) and now >= token.authorized_at + LOGIN_LIFE - DAY:
        return "over"
    if token.renewing:
        return "lost"
    return "over" if expired else "refused"


def needs_login(record: Lapsed | None) -> NeedsLogin:
    """Word that somebody must sign in, and why."""
    if record is None:
        return NeedsLogin("Nobody is signed in to Spotify")
    return NeedsLogin(_WHY.get(record.why, _WHY["refused"]))
