"""TensorBoard finds every epoch once, however often a run was stopped."""

from dataclasses import replace

import pytest
from tensorboardX.proto.event_pb2 import Event

from moodtrain.expression import events
from moodtrain.expression.train import train


def rows(out) -> list[tuple[str, int, float]]:
    """Return (tag, epoch, value) of every scalar in the only event file."""
    (path,) = out.glob("events.out.tfevents.*")
    data, found = path.read_bytes(), []
    while data:
        size = int.from_bytes(data[:8], "little")  # length, its checksum, an Event, its checksum
        event = Event.FromString(data[12 : 12 + size])
        found += [(value.tag, event.step, value.simple_value) for value in event.summary.value]
        data = data[16 + size :]
    return found


def test_every_figure_of_every_epoch_is_there(tmp_path):
    row = {"epoch": 1, "loss": 2.0, "votes": 0.5, "labels": 0.25, "rate": 1e-3, "seconds": 3.0}
    events.write([row, {**row, "epoch": 2, "loss": 1.0}], tmp_path)
    found = {(tag, epoch): value for tag, epoch, value in rows(tmp_path)}
    assert len(found) == len(rows(tmp_path)) == 8
    assert (found["loss", 1], found["loss", 2]) == (2.0, 1.0)
    assert (found["PublicTest/votes", 2], found["PublicTest/labels", 2]) == (0.5, 0.25)
    assert found["rate", 1] == pytest.approx(1e-3)


def test_resumed_run_is_not_doubled(settings, tmp_path):
    here = replace(settings, epochs=2, out=str(tmp_path))
    train(here, until=1)
    assert {(tag, epoch) for tag, epoch, _ in rows(tmp_path)} == {
        (tag, 1) for tag in ("loss", "rate", "PublicTest/labels")
    }
    train(here, resume=True)
    seen = [(tag, epoch) for tag, epoch, _ in rows(tmp_path)]
    assert len(seen) == len(set(seen)) == 6
