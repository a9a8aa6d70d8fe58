"""The pictures of a report: what is taken for what, how sure and how right, and what "not sure" buys."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from moodtrain.expression.data import LABELS
from moodtrain.expression.truths import NAMES

# Two colours of Okabe & Ito's palette, which colour-blind people can tell apart; line styles say the same again.
LINES = {"votes": ("#0072B2", "-"), "labels": ("#D55E00", "--")}
FEW = 10  # a bar of fewer faces says little and is drawn pale
Figures = dict[str, dict[str, Any]]  # by head


def write(figures: Figures, title: str, folder: Path) -> list[str]:
    """Write confusion.png, reliability.png and coverage.png; return their names."""
    drawn = {
        "confusion.png": _confusion(figures, title),
        "reliability.png": _reliability(figures, title),
        "coverage.png": _coverage(figures, title),
    }
    for name, figure in drawn.items():
        figure.savefig(folder / name, dpi=110)
    return list(drawn)


def _figure(rows: int, columns: int, size: tuple[float, float], title: str) -> tuple[Figure, list[list[Axes]]]:
    figure = Figure(figsize=(size[0] * columns, size[1] * rows + 0.5), layout="constrained")
    figure.suptitle(title)
    return figure, figure.subplots(rows, columns, squeeze=False).tolist()


def _confusion(figures: Figures, title: str) -> Figure:
    figure, panels = _figure(len(figures), 2, (5.8, 5.2), title)
    for (head, measured), (counts, shares) in zip(figures.items(), panels, strict=True):
        table = np.array(measured["confusion"])
        normalised = table / np.maximum(table.sum(1, keepdims=True), 1)
        _squares(counts, normalised, table, "d")
        counts.set_title(f"{NAMES[head]}: faces")
        _squares(shares, normalised, 100 * normalised, ".0f")
        shares.set_title(f"{NAMES[head]}: % of the label's faces")
    return figure


def _squares(axes: Axes, shade: Any, values: Any, form: str) -> None:
    axes.imshow(shade, cmap="Blues", vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(values):
        color = "white" if shade[row, column] > 0.5 else "black"
        axes.text(column, row, format(value, form), ha="center", va="center", color=color)
    axes.set_xticks(range(len(LABELS)), LABELS, rotation=45, ha="right")
    axes.set_yticks(range(len(LABELS)), LABELS)
    axes.set_xlabel("taken for")
    axes.set_ylabel("label")


def _reliability(figures: Figures, title: str) -> Figure:
    figure, panels = _figure(len(figures), 2, (4.8, 4.4), title)
    for (head, measured), row in zip(figures.items(), panels, strict=True):
        for axes, when in zip(row, ("before", "after"), strict=True):
            calibration = measured["calibration"]
            _bars(axes, calibration["reliability"][when])
            axes.set_title(f"{NAMES[head]}, {when} temperature: ECE {calibration[when]['ece']:.3f}")
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def _bars(axes: Axes, bins: list[dict[str, float]]) -> None:
    """Draw how right (bars) against how sure (diagonal), and how many faces fall in each bin (grey line below)."""
    left = np.arange(len(bins)) / len(bins)
    faces = np.array([row["faces"] for row in bins])
    right = [row["accuracy"] for row in bins]
    for few, color, label in ((False, "#56B4E9", "right"), (True, "#D6ECF8", f"right, of fewer than {FEW} faces")):
        bars = np.where((faces < FEW) == few, right, 0)
        axes.bar(left, bars, 1 / len(bins), align="edge", color=color, edgecolor="white", label=label)
    axes.step([*left, 1], [*(faces / faces.sum()), 0], where="post", color="0.35", label="share of faces")
    axes.plot([0, 1], [0, 1], ":", color="black", label="as sure as right")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="chance of the best answer", ylabel="share")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _coverage(figures: Figures, title: str) -> Figure:
    figure, ((axes,),) = _figure(1, 1, (7, 4.5), title)
    for head, measured in figures.items():
        color, style = LINES[head]
        shares, accuracy = np.array(measured["coverage"]["curve"]).T
        area = measured["coverage"]["aurc"]
        axes.plot(shares, accuracy, style, color=color, label=f"{NAMES[head]} (area under risk {area:.3f})")
        box = measured["coverage"]["box"]
        axes.plot(box["coverage"], box["accuracy"], "o", color=color, label=f"{NAMES[head]}, by the box's own rule")
    axes.set(xlim=(0, 1.02), xlabel='share of faces answered, the surest first ("not sure" about the others)')
    axes.set_ylabel("right, of the faces answered")
    axes.set_ylim(top=1.005)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(color="0.9")
    axes.legend(frameon=False)
    return figure
