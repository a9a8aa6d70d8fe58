"""Somebody with a token, and a browser that signs in."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests

from moodbox.standin.grants import SCOPES
from moodbox.standin.standin import Standin


class Caller:
    """Somebody with a token."""

    def __init__(self, standin, scopes=tuple(SCOPES), **grant):
        self.standin = standin
        self.token = standin.world.grant(list(scopes), **grant)

    def __call__(self, method, path, **rest):
        headers = {"Authorization": f"Bearer {self.token['access_token']}"} | rest.pop("headers", {})
        return requests.request(method, self.standin.hosts.api + path, headers=headers, timeout=10, **rest)

    def refresh(self, token=None, client_id=None):
        """Refresh as the box does, without keeping the answer."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token or self.token["refresh_token"],
            "client_id": client_id or self.standin.client_id,
        }
        return requests.post(f"{self.standin.hosts.accounts}/api/token", data=form, timeout=10)


@dataclass
class SignIn:
    """A browser on its way through the accounts service."""

    standin: Standin
    verifier: str = "v" * 64
    redirect: str = "http://127.0.0.1:8888/callback"

    def open(self, **changes):
        """Open the page."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "client_id": self.standin.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect,
            "state": "st4te",
            "scope": "user-read-playback-state playlist-read-private",
            "code_challenge_method": "S256",
            "code_challenge": challenge,
        } | changes
        url = f"{self.standin.hosts.accounts}/authorize"
        return requests.get(url, params=query, timeout=10, allow_redirects=False)

    def answer(self, page, answer="agree"):
        """Press a button; return the answer's query."""
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.text).group(1)
        url = f"{self.standin.hosts.accounts}/authorize"
        sent = requests.post(url, data={"ticket": ticket, "answer": answer}, timeout=10, allow_redirects=False)
        if sent.status_code != 303:
            return sent
        assert sent.headers["Location"].startswith(self.redirect + "?")
        return {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["Location"]).query).items()}

    def exchange(self, code, **changes):
        """Ask for tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "client_id": self.standin.client_id,
            "code_verifier": self.verifier,
        } | changes
        return requests.post(f"{self.standin.hosts.accounts}/api/token", data=form, timeout=10)
