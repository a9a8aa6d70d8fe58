"""A report in the words of a terminal."""

from typing import Any

from moodtrain.expression import stress
from moodtrain.expression.data import LABELS
from moodtrain.expression.page import SCORES, VALENCES, leaks, left_out, title
from moodtrain.expression.truths import NAMES
from moodtrain.markdown import count


def told(report: dict[str, Any]) -> str:
    """Return the summary as text."""
    model = report["model"]
    size = f"{count(model['parameters'])} parameters, {count(model['multiply_adds'])} multiply-adds"
    blocks = [f"{title(report)}\n{size}, {model['bytes'] / 1e6:.2f} MB; answers like {NAMES[model['head']]}"]
    data = report["data"]
    notes = [f"in Training as well: {leaks(data['in_training'])}"]
    blocks.append("\n".join([*notes, f"FER+ majority leaves out: {left_out(data['left_out'])}"]))
    for head, parts in report["truths"].items():
        blocks.append(NAMES[head])
        blocks[-1] += "".join("\n" + _sentence(part, name) for name, part in parts.items())
        blocks.append(_classes(parts["all"]))
        blocks.append(_certain(parts["all"]))
    if "stress" in report:
        blocks.append(_stress(report["stress"]))
    return "\n\n".join(blocks)


def _sentence(figures: dict[str, Any], name: str) -> str:
    which = "faces" if name == "all" else "faces not in Training"
    said = ", ".join(
        f"{label} {figures[key]:.2%} [{low:.1%} {high:.1%}]"
        for (key, label), (low, high) in zip(SCORES.items(), (figures["intervals"][key] for key in SCORES), strict=True)
    )
    return f"{figures['faces']} {which}: {said}"


def _classes(figures: dict[str, Any]) -> str:
    lines = [f"{'':9}precision  recall      F1   faces" + "".join(f"{name:>9}" for name in LABELS) + "  <- taken for"]
    for (name, row), counts in zip(figures["classes"].items(), figures["confusion"], strict=True):
        line = f"{name:9}{row['precision']:9.1%}{row['recall']:8.1%}{row['f1']:8.1%}{row['faces']:8}"
        lines.append(line + "".join(f"{number:9}" for number in counts))
    return "\n".join(lines)


def _certain(figures: dict[str, Any]) -> str:
    measured, coverage, valence = figures["calibration"], figures["coverage"], figures["valence"]
    at = ", ".join(f"{share} {accuracy:.1%}" for share, accuracy in coverage["at"].items())
    scores = [
        f"{name} {measured['before'][key]:.3f} -> {measured['after'][key]:.3f}"
        for key, name in (("nll", "NLL"), ("brier", "Brier score"))
    ]
    errors = ", ".join(
        f"{when} {measured[when]['ece']:.4f}" for when in ("before", "after", "stated") if when in measured
    )
    return "\n".join(
        [
            f"ECE: {errors}; temperature fitted on all {measured['temperature']['all']:.3f}",
            "before and after temperature: " + ", ".join(scores),
            f"accuracy by coverage: {at}; area under risk-coverage {coverage['aurc']:.4f}",
            "valence: " + ", ".join(f"{name} {valence[key]:.2%}" for key, name in VALENCES.items()),
        ]
    )


def _stress(measured: dict[str, dict[str, float]]) -> str:
    heads = list(measured[stress.AS_IT_IS])
    lines = [" " * 28 + "".join(f"{NAMES[head]:>16}" for head in heads)]
    lines += [f"{name:28}" + "".join(f"{shares[head]:16.2%}" for head in heads) for name, shares in measured.items()]
    return "\n".join(lines)
