"""A file for the visitor: its headers, and a body that is let go of however the sending ends."""

from __future__ import annotations

import itertools
import unicodedata
from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header

from moodbox.page.pieces.desk import Download

MIDI = "mid"
UNFIT = '/\\:*?"<>|%'  # for a name on some computer


def send(download: Download) -> Response:
    """Send a file as it is made. What goes wrong before its first bytes is raised, and said in a sentence."""
    close = getattr(download.body, "close", lambda: None)
    try:
        first = next(download.body, b"")
    except BaseException:
        close()
        raise
    answer = Response(itertools.chain((first,), download.body), mimetype=download.mimetype)
    answer.call_on_close(close)  # also when the visitor went away before or while it was sent
    answer.headers["Content-Disposition"] = disposition(download.name)
    if download.size is not None:
        answer.content_length = download.size
    return answer


def disposition(name: str) -> str:
    """Name a file twice: in ASCII for everybody, and as it is for those who can read that (RFC 6266)."""
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in UNFIT).strip(" .") or "piece"
    ascii_ = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().strip(" .") or "piece"
    exact = f"UTF-8''{quote(plain, safe='')}"
    return dump_options_header("attachment", {"filename": ascii_, "filename*": exact})
