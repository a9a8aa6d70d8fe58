"""Spotipy's PKCE, taught to keep its mouth shut: it never prompts, never opens a browser, never logs a token."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NoReturn

import requests
from spotipy.cache_handler import CacheHandler
from spotipy.oauth2 import SpotifyPKCE

from moodbox.music.spotify.failure import NeedsLogin
from moodbox.music.spotify.link.exchange import SECONDS

for _name in ("spotipy", "spotipy.oauth2", "spotipy.client", "spotipy.util"):  # at DEBUG they write whole tokens
    _logger = logging.getLogger(_name)
    _logger.setLevel(logging.WARNING)
    _logger.addFilter(lambda record: record.levelno >= logging.WARNING)  # also when somebody sets the level later


class Held(CacheHandler):  # type: ignore[misc]  # spotipy is untyped
    """Hold the token that an exchange gave, in memory only; saving is the token file's business."""

    def __init__(self) -> None:
        self.document: dict[str, Any] | None = None

    def get_cached_token(self) -> None:
        """Give none: a dead cached token must never win over a fresh code (spotify.md 2.4)."""

    def save_token_to_cache(self, token_info: dict[str, Any]) -> None:
        """Hold it."""
        self.document = token_info


class Authorizer(SpotifyPKCE):  # type: ignore[misc]
    """PKCE for one attempt or one refresh."""

    def __init__(
        self,
        accounts: str,
        client_id: str,
        *,
        redirect: str = "http://127.0.0.1/callback",
        scopes: Sequence[str] = (),
        session: requests.Session | None = None,
    ) -> None:
        self.held = Held()
        super().__init__(
            client_id=client_id,
            redirect_uri=redirect,
            scope=list(scopes),
            open_browser=False,
            requests_timeout=SECONDS,
            requests_session=session or _closed(),
            cache_handler=self.held,
        )
        self.OAUTH_AUTHORIZE_URL = f"{accounts}/authorize"
        self.OAUTH_TOKEN_URL = f"{accounts}/api/token"

    def use(self, session: requests.Session) -> None:
        """Speak through another session."""
        self._session = session

    def _get_auth_response(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise NeedsLogin("Nobody is signed in to Spotify")

    _get_auth_response_interactive = _get_auth_response
    _get_auth_response_local_server = _get_auth_response
    _get_user_input = _get_auth_response
    _open_auth_url = _get_auth_response


def _closed() -> requests.Session:
    """Make a session that can reach nothing: writing a sign-in address needs no network."""
    session = requests.Session()
    session.trust_env = False
    session.adapters.clear()
    return session
