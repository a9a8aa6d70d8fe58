"""The line between the box and its eyes carries messages whole, and anything else is an error, never a hang."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moodbox.watch import wire as module
from moodbox.watch.wire import Wire, WireError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


@given(st.dictionaries(st.text(), JSON, max_size=5), st.binary(max_size=1000))
def test_message_arrives_as_it_was_sent(values: dict, jpeg: bytes) -> None:
    values.pop("word", None)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Wire(ours).send("look", values, jpeg)
        message = Wire(theirs).receive(1.0)
    assert message is not None
    assert (message.word, message.values, message.jpeg) == ("look", values, jpeg)


def test_large_picture_passes_while_the_other_side_reads(ends: tuple[socket.socket, socket.socket]) -> None:
    sender, receiver = Wire(ends[0]), Wire(ends[1])
    jpeg = bytes(range(256)) * 8000
    thread = threading.Thread(target=sender.send, args=("frame", None, jpeg))
    thread.start()
    message = receiver.receive(5.0)
    thread.join(5)
    assert message is not None
    assert message.jpeg == jpeg


def test_end_of_the_line_is_none(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].close()
    assert Wire(ends[1]).receive(1.0) is None


def test_end_in_the_middle_of_a_message_is_an_error(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].sendall(struct.pack(">II", 100, 0) + b"{")
    ends[0].close()
    with pytest.raises(WireError, match="middle of a message"):
        Wire(ends[1]).receive(1.0)


def test_stall_in_the_middle_of_a_message_ends(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.05)
    ends[0].sendall(struct.pack(">II", 100, 0) + b"{")
    with pytest.raises(WireError, match="timed out"):
        Wire(ends[1]).receive(1.0)


def test_reader_that_does_not_read_cannot_hang_the_sender(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0.05)
    wire = Wire(ends[0])
    with pytest.raises(WireError, match="timed out"):
        wire.send("frame", jpeg=bytes(3_000_000))


def test_silence_is_an_error_after_the_deadline(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(WireError, match="said nothing"):
        Wire(ends[1]).receive(0.01)


def test_number_that_json_cannot_carry_is_refused_by_the_sender(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(ValueError, match="JSON"):
        Wire(ends[0]).send("state", {"rate": float("nan")})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_an_end_or_an_error(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire = Wire(theirs)
        ours.sendall(data)
        ours.close()
        try:
            while wire.receive(1.0) is not None:
                pass
        except WireError:
            return
