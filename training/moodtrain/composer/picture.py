"""The picture of a composer's report: what surprises it, and what wrong conditions cost."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

# Okabe & Ito's palette, which colour-blind people can tell apart.
COLORS = {"nats": "#0072B2", "bigram": "#E69F00", "unigram": "#999999"}
NAMES = {"nats": "network", "bigram": "bigram", "unigram": "unigram"}


def write(report: dict[str, Any], path: Path) -> None:
    """Draw the first split of a report: nats by kind of word, and by condition that is another's."""
    split, figures = next(iter(report["splits"].items()))
    figure = Figure(figsize=(10, 4), layout="constrained")
    kinds, conditions = figure.subplots(1, 2, width_ratios=(2, 1))
    rows = figures["kinds"]
    shown = [key for key in COLORS if key in next(iter(rows.values()))]
    places = np.arange(len(rows))
    for number, key in enumerate(shown):
        shift = (number - (len(shown) - 1) / 2) * 0.27
        kinds.bar(places + shift, [row[key] for row in rows.values()], 0.27, color=COLORS[key], label=NAMES[key])
    kinds.set_xticks(places, [f"{kind}\n{row['tokens']:,}" for kind, row in rows.items()])
    kinds.set(title=f"{split}: surprise by kind of word", ylabel="nats per token")
    kinds.legend(frameon=False)
    cost = {name: value - figures["nats"] for name, value in figures["conditions"].items()}
    cost |= {"all four": figures["shuffled"] - figures["nats"], "hidden": figures["hidden"] - figures["nats"]}
    conditions.barh(list(cost)[::-1], list(cost.values())[::-1], color=COLORS["nats"])
    conditions.set(title="cost of another piece's condition", xlabel="nats per token")
    figure.savefig(path, dpi=110)
