"""Who may do what: apps, codes, access tokens and refresh tokens that rotate and end after six months."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

DEMO_CLIENT_ID = "de30de30de30de30de30de30de30de30"
HOUR = 3_600.0
CODE_LIFE = 600.0  # seconds a code may wait
CONSENT_LIFE = 182 * 86_400.0  # six months from the consent; refreshing does not extend it

SCOPES = {
    "user-read-playback-state": "See what plays and on which devices",
    "user-modify-playback-state": "Play, pause, skip and set the volume on your devices",
    "user-read-currently-playing": "See the track that plays",
    "playlist-read-private": "See your private playlists",
    "playlist-read-collaborative": "See your collaborative playlists",
    "playlist-modify-private": "Make and change your private playlists",
    "playlist-modify-public": "Make and change your public playlists",
    "ugc-image-upload": "Set pictures of your playlists",
    "user-library-read": "See what you have saved",
    "user-library-modify": "Save and remove things in your library",
    "user-top-read": "See what you hear most",
    "user-read-recently-played": "See what you heard lately",
    "user-follow-read": "See whom you follow",
    "user-follow-modify": "Follow and unfollow",
    "user-read-private": "See your subscription",
    "user-read-email": "See your e-mail address",
    "user-read-playback-position": "See how far you listened",
}


class GrantError(Exception):
    """Report what the accounts service refuses, in the words of OAuth."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(slots=True)
class App:
    """An app of the developer dashboard: Client ID, redirect strings, and who may use it."""

    client_id: str
    name: str
    redirects: set[str]
    users: set[str]
    any_lan: bool = False  # takes the box's LAN redirect as if somebody had typed it into the dashboard

    def accepts(self, redirect: str) -> bool:
        """Say whether a redirect is registered: exactly, or a loopback one that was registered without a port."""
        if redirect in self.redirects:
            return True
        parts = urlsplit(redirect)
        if parts.scheme == "http" and is_loopback(parts.hostname):
            host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
            return f"http://{host}{parts.path}" in self.redirects
        return self.any_lan and parts.scheme == "https" and _is_private(parts.hostname) and parts.path == "/callback"


def is_loopback(host: str | None) -> bool:
    """Say whether Spotify takes http there: the two addresses, never the name localhost."""
    return host in {"127.0.0.1", "::1"}


def _is_private(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_private
    except ValueError:
        return False


@dataclass(slots=True)
class Grant:
    """What a user has agreed to."""

    user: str
    client_id: str
    scopes: tuple[str, ...]
    consented_at: float
    refresh_token: str
    revoked: bool = False


@dataclass(slots=True)
class Access:
    """An access token."""

    grant: Grant
    expires_at: float


@dataclass(slots=True)
class _Code:
    user: str
    client_id: str
    redirect: str
    challenge: str
    scopes: tuple[str, ...]
    expires_at: float


@dataclass(slots=True)
class Grants:
    """The memory of the accounts service. The caller holds the world's lock."""

    clock: Callable[[], float]
    apps: dict[str, App] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    refresh: dict[str, Grant] = field(default_factory=dict)
    spent: dict[str, Grant] = field(default_factory=dict)  # refresh tokens that were rotated away
    codes: dict[str, _Code] = field(default_factory=dict)

    def app(self, client_id: str) -> App | None:
        """Find an app; "demo" is short for the demo's."""
        return self.apps.get(DEMO_CLIENT_ID if client_id == "demo" else client_id)

    def grant(self, user: str, client_id: str, scopes: Sequence[str]) -> dict[str, Any]:
        """Give a token document for a consent of now."""
        grant = Grant(user, client_id, tuple(scopes), self.clock(), secrets.token_urlsafe(48))
        self.refresh[grant.refresh_token] = grant
        return self._document(grant)

    def code(self, user: str, client_id: str, redirect: str, challenge: str, scopes: Sequence[str]) -> str:
        """Give a code for a consent."""
        code = secrets.token_urlsafe(64)
        self.codes[code] = _Code(user, client_id, redirect, challenge, tuple(scopes), self.clock() + CODE_LIFE)
        return code

    def exchange(self, code: str, client_id: str, redirect: str, verifier: str) -> dict[str, Any]:
        """Give tokens for a code, once; raises GrantError."""
        known = self.codes.pop(code, None)
        if known is None:
            raise GrantError("invalid_grant", "Invalid authorization code")
        if self.clock() > known.expires_at:
            raise GrantError("invalid_grant", "Authorization code expired")
        if client_id != known.client_id:
            raise GrantError("invalid_client", "Invalid client")
        if redirect != known.redirect:
            raise GrantError("invalid_grant", "Invalid redirect URI")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if not 43 <= len(verifier) <= 128 or not secrets.compare_digest(digest, known.challenge):
            raise GrantError("invalid_grant", "code_verifier was incorrect")
        return self.grant(known.user, known.client_id, known.scopes)

    def renew(self, refresh_token: str, client_id: str) -> dict[str, Any]:
        """Give new tokens for a refresh token, which is over then; raises GrantError."""
        grant = self.refresh.get(refresh_token)
        if grant is None:
            words = "Refresh token revoked" if refresh_token in self.spent else "Invalid refresh token"
            raise GrantError("invalid_grant", words)
        if client_id != grant.client_id:
            raise GrantError("invalid_client", "Invalid client")
        if grant.revoked:
            raise GrantError("invalid_grant", "Refresh token revoked")
        if self.clock() - grant.consented_at >= CONSENT_LIFE:
            raise GrantError("invalid_grant", "Refresh token expired")
        self.spent[refresh_token] = self.refresh.pop(refresh_token)
        grant.refresh_token = secrets.token_urlsafe(48)
        self.refresh[grant.refresh_token] = grant
        return self._document(grant)

    def revoke(self, refresh_token: str = "") -> None:
        """Take back one consent, or all; access tokens stay good for their hour."""
        for token, grant in self.refresh.items():
            grant.revoked = grant.revoked or refresh_token in {"", token}

    def expire(self, access_token: str = "") -> None:
        """End the hour of one access token, or of all."""
        for token, access in self.access.items():
            if access_token in {"", token}:
                access.expires_at = 0.0

    def _document(self, grant: Grant) -> dict[str, Any]:
        token = secrets.token_urlsafe(96)
        self.access[token] = Access(grant, self.clock() + HOUR)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(HOUR),
            "refresh_token": grant.refresh_token,
            "scope": " ".join(grant.scopes),
        }
