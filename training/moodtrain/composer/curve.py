"""The learning curve of a composer's run, as CSV for machines and PNG for people."""

import csv
from pathlib import Path

from matplotlib.figure import Figure


def write(history: list[dict[str, float]], out: Path) -> None:
    """Write curve.csv and curve.png from one row per epoch."""
    with (out / "curve.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(history[0]))
        table.writeheader()
        table.writerows(history)
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    epochs = [row["epoch"] for row in history]
    for key, label in (("loss", "training, with dropout"), ("nats", "val"), ("shuffled", "val, conditions shuffled")):
        axes.plot(epochs, [row[key] for row in history], label=label)
    axes.set(xlabel="epoch", ylabel="nats per token")
    axes.grid(color="0.9")
    axes.legend(frameon=False)
    figure.savefig(out / "curve.png", dpi=120)
