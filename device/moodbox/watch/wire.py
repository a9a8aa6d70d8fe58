"""The line between the box and its eyes: small JSON messages, each with an optional JPEG, over a socket pair.

No pickle: the child decodes pictures from the outside world, so what it says is data and is checked. It is framed here
and not by `multiprocessing.connection`, because a send there has no deadline and could hang the parent with the child.
"""

from __future__ import annotations

import json
import select
import socket
import struct
from dataclasses import dataclass
from typing import Any

from moodbox.errors import MoodboxError

_HEAD = struct.Struct(">II")  # bytes of JSON, bytes of JPEG
_LARGEST_TEXT, _LARGEST_JPEG = 1_000_000, 4_000_000
_SECONDS = 5.0  # for one whole message, once it has begun


class WireError(MoodboxError):
    """Report a line that broke, stalled in the middle of a message, or carries something that is no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """What it `is` (a word), its values, and a picture or nothing."""

    word: str
    values: dict[str, Any]
    jpeg: bytes = b""


class Wire:
    """One end of the line. One thread may send while another receives."""

    def __init__(self, end: socket.socket) -> None:
        end.settimeout(_SECONDS)
        self._end = end

    def fileno(self) -> int:
        """Return the descriptor, for select."""
        return self._end.fileno()

    def send(self, word: str, values: dict[str, Any] | None = None, jpeg: bytes = b"") -> None:
        """Send one message. Raises WireError when the other end is gone or does not take it in time."""
        text = json.dumps({"word": word, **(values or {})}, separators=(",", ":"), allow_nan=False).encode()
        try:
            self._end.sendall(_HEAD.pack(len(text), len(jpeg)) + text + jpeg)
        except OSError as error:  # TimeoutError is one
            raise WireError(f"the line to the other process broke ({error})") from error

    def receive(self, seconds: float | None = None) -> Message | None:
        """Return the next message, None at the end of the line. Raises WireError; `seconds` None waits for ever.

        Only the child waits for ever, and only for its parent, whose end closes when it dies.
        """
        try:
            if not select.select([self._end], [], [], seconds)[0]:
                raise WireError(f"the other process said nothing for {seconds} s")
            head = self._read(_HEAD.size)
            if not head:
                return None
            text, jpeg = _HEAD.unpack(head)
            if text > _LARGEST_TEXT or jpeg > _LARGEST_JPEG:
                raise WireError("the other process sent something far too large")
            return _message(self._read(text), self._read(jpeg))
        except OSError as error:
            raise WireError(f"the line to the other process broke ({error})") from error

    def close(self) -> None:
        """Close this end; may be called twice."""
        self._end.close()

    def _read(self, count: int) -> bytes:
        """Read exactly so many bytes; none at a clean end."""
        found = bytearray()
        while len(found) < count:
            piece = self._end.recv(count - len(found))
            if not piece:
                if found:
                    raise WireError("the other process ended in the middle of a message")
                return b""
            found += piece
        return bytes(found)


def _message(text: bytes, jpeg: bytes) -> Message:
    try:
        values = json.loads(text)
        return Message(str(values.pop("word")), values, jpeg)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise WireError(f"the other process sent something that is no message ({error})") from error
