"""The learning curve of a run, as CSV for machines and PNG for people."""

import csv
from pathlib import Path

from matplotlib.figure import Figure


def write(history: list[dict[str, float]], out: Path) -> None:
    """Write curve.csv and curve.png from one row per epoch."""
    with (out / "curve.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(history[0]))
        table.writeheader()
        table.writerows(history)
    _draw(history).savefig(out / "curve.png", dpi=120)


def _draw(history: list[dict[str, float]]) -> Figure:
    epochs = [row["epoch"] for row in history]
    figure = Figure(figsize=(7, 4), layout="constrained")
    losses = figure.subplots()
    losses.plot(epochs, [row["loss"] for row in history], color="tab:blue", label="training loss")
    losses.set_xlabel("epoch")
    losses.set_ylabel("training loss")
    accuracy = losses.twinx()
    for head, color in (("votes", "tab:green"), ("labels", "tab:orange")):
        if head in history[0]:
            accuracy.plot(epochs, [100 * row[head] for row in history], color=color, label=f"PublicTest, {head}")
    accuracy.set_ylabel("PublicTest accuracy, %")
    figure.legend(loc="outside upper center", ncols=2)
    return figure
