"""Tables of classes in Markdown, the same in report and model card."""

from typing import Any

from moodtrain.expression import stress
from moodtrain.expression.data import LABELS
from moodtrain.expression.truths import NAMES
from moodtrain.markdown import percent, table


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
