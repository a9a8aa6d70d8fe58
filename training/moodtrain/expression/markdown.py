"""Tables and figures in Markdown, the same in report and model card."""

from collections.abc import Iterable, Sequence
from typing import Any

from moodtrain.expression import stress
from moodtrain.expression.data import LABELS
from moodtrain.expression.truths import NAMES


def percent(share: float) -> str:
    """Return a share as a person reads it: 64.5 %."""
    return f"{100 * share:.1f} %"


def between(share: float, interval: Sequence[float]) -> str:
    """Return a share with its 95 % interval: 64.5 % (63.1 to 66.0)."""
    return f"{percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table whose first column stands left and whose others stand right."""
    lines = [" | ".join(head), "|".join(["---", *["---:"] * (len(head) - 1)])]
    lines += [" | ".join(map(str, row)) for row in rows]
    return "\n".join(f"| {line} |" if "---" not in line else f"|{line}|" for line in lines)


def facts(rows: dict[str, object]) -> str:
    """Return a table of two columns without a head; rows that say nothing are left out."""
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {said} |" for name, said in rows.items() if said)])


def classes(figures: dict[str, Any]) -> str:
    """Return precision, recall and F1 of every class."""
    rows = [
        (name, percent(row["precision"]), percent(row["recall"]), percent(row["f1"]), row["faces"])
        for name, row in figures["classes"].items()
    ]
    return table(["label", "precision", "recall", "F1", "faces"], rows)


def confusion(figures: dict[str, Any]) -> str:
    """Return the counts, labels down and answers across."""
    rows = [(f"**{name}**", *row) for name, row in zip(LABELS, figures["confusion"], strict=True)]
    return table(["label, taken for", *LABELS], rows)


def stressed(measured: dict[str, dict[str, float]], *, peers: bool = True) -> str:
    """Return the accuracy for every way of spoiling, on every kind of truth, beside the peers' where they are known."""
    heads = list(measured[stress.AS_IT_IS])
    others = stress.PEERS if peers else {}
    rows = [
        (name, *(percent(shares[head]) for head in heads), *(_known(peer, name) for peer in others.values()))
        for name, shares in measured.items()
    ]
    return table(["the same faces", *(NAMES[head] for head in heads), *others], rows)


def _known(peer: dict[str, float], name: str) -> str:
    return percent(peer[name]) if name in peer else ""


def count(number: int) -> str:
    """Return a count with its thousands apart, or in millions."""
    return f"{number / 1e6:.3g} million" if number >= 1e6 else f"{number:,}"
