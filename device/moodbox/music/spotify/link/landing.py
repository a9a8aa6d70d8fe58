"""The page that a listener answers with: one sentence, in the dark look of the house, with nothing from outside."""

from __future__ import annotations

import base64
import hashlib
import html
from dataclasses import dataclass
from http import HTTPStatus

_STYLE = (
    "html{background:#090b16;color:#f1f3ff}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;"
    'font:400 1.1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}'
    "main{max-width:32rem;margin:1rem;padding:1.6rem 2rem;border:1px solid rgb(255 255 255/13%);border-radius:24px;"
    "background:linear-gradient(160deg,rgb(124 134 255/16%),rgb(255 255 255/4%))}"
    "h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.2}"
    "p{margin:0;color:#b4bbd9}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the code is in the address
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Landing:
    """One answer of a listener."""

    status: HTTPStatus
    title: str
    words: str

    def bytes(self) -> bytes:
        """Return the whole HTTP answer."""
        body = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Moodbox</title><style>{_STYLE}</style></head>"
            f"<body><main><h1>{html.escape(self.title)}</h1><p>{html.escape(self.words)}</p></main></body></html>"
        ).encode()
        head = [f"HTTP/1.1 {self.status.value} {self.status.phrase}", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in HEADERS.items()]
        return "\r\n".join([*head, "", ""]).encode("ascii") + body


DONE = Landing(
    HTTPStatus.OK, "Done: go back to the Moodbox page", "You are signed in to Spotify. This window can be closed."
)


def trouble(sentence: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Landing:
    """Word what went wrong."""
    return Landing(status, "That did not work", f"{sentence.rstrip('.')}.")


def refusal(status: HTTPStatus) -> Landing:
    """Answer what is no sign-in at all."""
    return Landing(status, "Nothing here", "This door only takes the answer of Spotify's sign-in.")
