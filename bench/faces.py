"""Faces, on one core: our expression model against the network of the inspiring projects and against public peers.

Time is the processor's, of the network alone, for one face that is prepared already: on one thread that is the time on
the clock less what other programs took in between. The contestants take turns, so that noise hits all alike. Accuracy
is on FER2013's PublicTest: the whole 48x48 picture, a single model, nothing averaged.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import contestant
from bench.contestant import Contestant
from bench.figures import Goal, Report, Table, percentile, row
from bench.part import tell
from bench.peers import PEERS, Floats
from bench.portrait import SHARED
from moodbox.watch.sight import shipped_model
from moodtrain.expression import truths
from moodtrain.expression.data import Faces, read
from moodtrain.expression.evaluate import score
from moodtrain.expression.golden import drawings
from moodtrain.expression.targets import NOBODY, majority

DATA = SHARED / "data" / "fer2013"
_PEERS = SHARED / "models" / "peers"
_WANTED = 10.0  # times as fast as the seed network in PyTorch
_WARM_UP = 10  # faces
_OURS, _FULL, _SEED = "ours int8", "ours fp32", "seed network, PyTorch fp32"
_COLUMNS = {
    "network": "",
    "ms a face": ".3f",
    "5 %": ".3f",
    "95 %": ".3f",
    "x seed": ".1f",  # times as fast as the seed network in PyTorch
    "FER2013 %": ".2f",
    "FER2013 F1": ".3f",
    "FER+ %": ".2f",
    "FER+ F1": ".3f",
    "bytes": ",",
    "parameters": ",",
    "M mult-adds": ".1f",
}
Scores = dict[str, dict[str, float]]  # accuracy and macro-F1 by head


@dataclass(frozen=True)
class Order:
    """What to compare, on what. A file that is not given is left out, and the table says so."""

    model: Path
    full: Path | None = None  # ours as fp32 ONNX, or
    checkpoint: Path | None = None  # what to make it of
    seed: Path | None = None  # a checkpoint of the seed network; random weights without
    peers: Path = _PEERS
    data: Path = DATA
    votes: Path | None = None
    rounds: int = 40
    block: int = 5  # faces of one contestant before it is the next one's turn
    most: int = 0  # faces to measure accuracy on; 0 for all


def measure(order: Order) -> Report:
    """Race and score everybody; raises ModelError, CheckpointError or DataError for a file that is no good."""
    there = _contestants(order)
    times = race(there, order.rounds, order.block)
    faces = _faces(order)
    scored = {one.name: _scores(one, faces) if faces and one.trained else {} for one in there}
    ratio = row(f"{_OURS} against {_SEED}", _ratios(times, _OURS), "x", worst_is_low=True)
    rows = [_row(one, times, scored[one.name]) for one in there]
    rows += [(name, *[None] * (len(_COLUMNS) - 1)) for name in _missing(order)]
    return Report(
        "Faces: one core, one face at a time",
        rows=(ratio,),
        goals=(Goal(ratio.name, ratio.median, _WANTED, "x", at_most=False), *_leads(there[0], scored)),
        notes=_notes(order, there[0], faces),
        table=Table(tuple(_COLUMNS), tuple(_COLUMNS.values()), tuple(rows)),
    )


def race(contestants: Sequence[Contestant], rounds: int, block: int) -> dict[str, list[list[float]]]:
    """Return the milliseconds of every face by contestant and round; in every round another one begins."""
    face = drawings(48, 1)
    tracks = [(one, one.prepare(face)) for one in contestants]
    for one, prepared in tracks:
        _block(one, prepared, _WARM_UP)
    times: dict[str, list[list[float]]] = {one.name: [] for one in contestants}
    for number in range(rounds):
        first = number % len(tracks)
        for one, prepared in tracks[first:] + tracks[:first]:
            times[one.name].append(_block(one, prepared, block))
    return times


def _block(one: Contestant, prepared: Floats, count: int) -> list[float]:
    times = []
    for _ in range(count):
        started = time.process_time()
        one.run(prepared)
        times.append(1000.0 * (time.process_time() - started))
    return times


def _contestants(order: Order) -> list[Contestant]:
    everybody = [contestant.ours(order.model, _OURS)]
    if order.full:
        everybody.append(contestant.ours(order.full, _FULL))
    elif order.checkpoint:
        everybody.append(contestant.checkpointed(order.checkpoint, _FULL))
    everybody += contestant.seeds(order.seed)
    return everybody + [contestant.peer(order.peers, known) for known in PEERS if (order.peers / known.file).exists()]


def _missing(order: Order) -> list[str]:
    """Name who does not run, and how to let him."""
    ours = [] if order.full or order.checkpoint else [f"{_FULL}: give --fp32 FILE.onnx or --checkpoint FILE.pt"]
    return ours + [
        f"{known.name}: {known.file} is not there" for known in PEERS if not (order.peers / known.file).exists()
    ]


def _faces(order: Order) -> Faces | None:
    """Return PublicTest; None when this machine has no FER2013 and none was asked for."""
    if order.data == DATA and not DATA.exists():
        return None
    faces = read(order.data, order.votes).split("PublicTest")
    return faces.rows(np.arange(len(faces)) < order.most) if order.most else faces


def _scores(one: Contestant, faces: Faces) -> Scores:
    """Return accuracy and macro-F1 on every kind of truth that the faces bring, each by the head that learnt it."""
    right = {head: (true != NOBODY, true) for head, true in truths.known(faces).items()}
    return {head: score(one.answers(faces.images, head)[rows], true[rows]) for head, (rows, true) in right.items()}


def _row(one: Contestant, times: dict[str, list[list[float]]], scores: Scores) -> tuple[str | float | None, ...]:
    costs = sorted(cost for part in times[one.name] for cost in part)
    shown: list[float | None] = []
    for head in ("labels", "votes"):  # as _COLUMNS has them
        measured = scores.get(head)
        shown += [100 * measured["accuracy"], measured["macro_f1"]] if measured else [None, None]
    return (
        one.name if one.trained else f"{one.name} (not trained)",
        statistics.median(costs),
        percentile(costs, 5),
        percentile(costs, 95),
        statistics.median(_ratios(times, one.name)),
        *shown,
        one.size,
        one.parameters,
        one.multiply_adds / 1e6,
    )


def _ratios(times: dict[str, list[list[float]]], name: str) -> list[float]:
    """Return, round by round, how many times as fast as the seed network one was."""
    return [sum(theirs) / sum(ours) for theirs, ours in zip(times[_SEED], times[name], strict=True)]


def _leads(ours: Contestant, scored: dict[str, Scores]) -> list[Goal]:
    """Compare ours with the best peer on both kinds of truth, those that ours learnt first."""
    peers = {known.name: scored[known.name] for known in PEERS if scored.get(known.name)}
    goals = []
    for head in sorted(scored[ours.name] if peers else (), key=lambda head: head != ours.head):
        best = max(peers, key=lambda name: peers[name][head]["accuracy"])
        mine, theirs = (100 * scored[name][head]["accuracy"] for name in (ours.name, best))
        what = f"{truths.NAMES[head]}: ours {mine:.2f} %, best peer {theirs:.2f} % ({best}), lead"
        goals.append(Goal(what, mine - theirs, 0.0, "points", at_most=False))
    return goals


def _notes(order: Order, ours: Contestant, faces: Faces | None) -> tuple[str, ...]:
    measured = f"accuracy on {len(faces)} faces of PublicTest" if faces else f"accuracy not measured: no {DATA}"
    if faces and faces.votes is not None:
        measured += f", {int((majority(faces) != NOBODY).sum())} of them with a FER+ majority"
    return (
        f"ours is {order.model.name}, which learnt {truths.NAMES[ours.head]}",
        measured,
        "F1 is macro-F1; FER+ is the majority of its votes, single ones dropped, seven classes",
        f"{order.rounds} rounds of {order.block} faces each; processor time of the network, its input prepared before",
        "x is times as fast in a round; in the line above the second number is the 5th percentile",
        "the checkpoints of the Xceptions were chosen on PublicTest and PrivateTest, which flatters them",
        "bytes of the seed network in PyTorch are those of its weights",
    )


def main() -> None:
    """Measure and print JSON; `bench.alone` gives this process one core."""
    parser = argparse.ArgumentParser(prog="python -m bench.faces", description=__doc__)
    parser.add_argument("--model", type=lambda given: Path(given) if given else shipped_model(), default="")
    parser.add_argument("--fp32", type=Path, dest="full")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--seed-checkpoint", type=Path, dest="seed")
    parser.add_argument("--peers", type=Path, default=_PEERS)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--votes", type=Path)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--block", type=int, default=5)
    parser.add_argument("--most", type=int, default=0, help="faces to measure accuracy on; 0 for all")
    given = parser.parse_args()
    tell(lambda: measure(Order(**vars(given))))


if __name__ == "__main__":
    main()
