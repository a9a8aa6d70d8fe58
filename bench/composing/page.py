"""The written report: Markdown for people, JSON for machines, with a table of every goal first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.composing.studio import Taken
from bench.figures import Goal, Report


def write(out: Path, facts: Sequence[str], reports: Sequence[Report], taken: Sequence[Taken]) -> None:
    """Write report.md and report.json into a folder; `facts` say who, when, on what."""
    out.mkdir(parents=True, exist_ok=True)
    told = {
        "facts": list(facts),
        "parts": [report.to_json() for report in reports],
        "pieces": [_piece(each) for each in taken],
    }
    (out / "report.json").write_text(json.dumps(told, indent=1), "utf-8")
    (out / "report.md").write_text(markdown(facts, reports) + _pictures(out), "utf-8")


def markdown(facts: Sequence[str], reports: Sequence[Report]) -> str:
    """Return the report as Markdown."""
    goals = [goal for report in reports for goal in report.goals]
    lines = ["# What the composer can do", "", *(f"- {fact}" for fact in facts), "", "## Goals", "", *_goals(goals)]
    for report in reports:
        lines += ["", f"## {report.title}", ""]
        if report.table:
            lines += [str(report.table), ""]
        lines += _rows(report)
        lines += [f"- {note}" for note in report.notes]
    return "\n".join(lines) + "\n"


def _goals(goals: Sequence[Goal]) -> list[str]:
    lines = ["| goal | wanted | got | |", "| --- | ---: | ---: | --- |"]
    for goal in goals:
        sign = "<=" if goal.at_most else ">="
        verdict = "met" if goal.met else "**missed**"
        lines.append(f"| {goal.name} | {sign} {goal.limit:g} {goal.unit} | {goal.value:.3g} {goal.unit} | {verdict} |")
    met = sum(goal.met for goal in goals)
    return [*lines, "", f"{met} of {len(goals)} goals met."]


def _rows(report: Report) -> list[str]:
    if not report.rows:
        return []
    lines = ["| measured | median | 95 % | | of |", "| --- | ---: | ---: | --- | ---: |"]
    lines += [f"| {row.name} | {row.median:.4g} | {row.p95:.4g} | {row.unit} | {row.count} |" for row in report.rows]
    return [*lines, ""]


def _pictures(out: Path) -> str:
    """Link what can be seen and heard."""
    lines = ["", "## To see and hear", ""]
    for roll in sorted((out / "rolls").glob("*.png")):
        lines += [f"### {roll.stem}", "", f"![piano roll](rolls/{roll.name})", ""]
        if (out / "spectrograms" / roll.name).is_file():
            lines += [f"![spectrogram](spectrograms/{roll.name})", "", f"[audio](audio/{roll.stem}.ogg)", ""]
    return "\n".join(lines)


def _piece(taken: Taken) -> dict[str, Any]:
    piece = taken.piece
    return {
        "name": piece.order.name,
        "seed": piece.order.seed,
        "title": piece.score.title,
        "fingerprint": piece.score.fingerprint,
        "origin": piece.score.origin,
        "mode": piece.score.mode,
        "heard": asdict(piece.key),
        "features": {name: float(value) for name, value in piece.features.items()},
        "statistics": piece.statistics,
        "copied": asdict(taken.copied),
        "sound": asdict(taken.sound) if taken.sound else None,
    }
