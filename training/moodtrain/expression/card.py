"""The model card: what a shipped model is, what it is for and not for, and its limits, written from a report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moodtrain.errors import CheckpointError, MoodtrainError
from moodtrain.expression import markdown, page, stress
from moodtrain.expression.data import LABELS
from moodtrain.expression.truths import NAMES
from moodtrain.markdown import count, facts, percent, table

WEAK = 0.6  # of a class; below it the card says what goes wrong
FEW = 100  # faces of a class; below it a figure is rough

PURPOSE = """\
Choosing music in a private home, together with the smoothing over time and faces of the box. It guesses which of seven
words fits how a face **looks** on a picture ("you look happy"), and it is often wrong: the box says "not sure" rather
than guess, and a mood set by hand always wins. It must not be used for

- judging people at work, in hiring, at school or in exams;
- watching people: police, borders, shops, crowds, or anybody who did not choose it;
- health: no diagnosis, no therapy, no telling of pain, tiredness or intoxication;
- telling lies from truth, what somebody means, or who somebody is;
- any other decision about a person.

In the European Union, Article 5(1)(f) of the AI Act (Regulation (EU) 2024/1689) prohibits AI systems that infer the
emotions of people at the workplace and in education, except for medical or safety reasons. Where such a system is
allowed, Article 50(3) asks whoever deploys it to tell the people exposed to it. This is our reading, not advice."""

ETHICS = """\
What a face looks like is not what somebody feels: the same movement means different things, and people and cultures
differ (Barrett et al. 2019, doi 10.1177/1529100619832930). That is why the box says "you look", never "you are".

Fairness between groups could not be measured: FER2013 does not say who is shown, of what age, sex, skin colour or
origin, nor where glasses, a beard or a hand cover a face. On sets that do say, such networks were found to treat groups
differently (Xu et al. 2020, arXiv:2007.10075), so no figure here should be taken to hold for any one group."""

DATA = """\
- **FER2013** (Goodfellow et al. 2013, *Challenges in Representation Learning*, arXiv:1307.0414; prepared by Carrier and
  Courville): found by web search, labelled by few people; people agree with its labels in about 65 % of the faces. For
  research and training only. Its pictures are neither in this repository nor in the model's golden samples, which
  are drawn.
- **FER+** (Barsoum et al. 2016, arXiv:1608.01041, MIT): ten people's votes on the same pictures.
- Nothing is known about the consent of the people shown; children, actors and stock photographs are frequent."""

PEERS = """\
Small public networks on the same PublicTest pictures and FER2013 labels, measured in this project: mini-Xception 65.1
to 65.5 %, big-Xception 65.6 % (their checkpoint was chosen on a set that contains PublicTest), face-api.js 58.0 %. The
best published single network reaches 73.3 % on PrivateTest (arXiv:2105.03588)."""


def need_onnx(model: Path) -> None:
    """Raise CheckpointError for a checkpoint: it has no version that a card could speak of."""
    if model.suffix == ".pt":
        raise CheckpointError(f"{model} is a checkpoint; a card is about an ONNX file, so export it first")


def write(report: dict[str, Any], path: Path) -> None:
    """Write the card of a report with stress; raise MoodtrainError when the model's own labels were not measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(report), encoding="utf-8")


def written(report: dict[str, Any]) -> str:
    """Return the whole card."""
    model = report["model"]
    if model["head"] not in report["truths"]:
        raise MoodtrainError(f"a card needs faces with {NAMES[model['head']]}, which the model learnt; see --votes")
    figures = report["truths"][model["head"]]["all"]
    sections = {
        f"# Model card: {model['name']} {model['version']}, expressions from faces": _details(report),
        "## What it is for, and what not": PURPOSE,
        "## Data and terms": DATA,
        "## Figures": _figures(report),
        f"## By class, {NAMES[model['head']]}": f"{markdown.classes(figures)}\n\n{markdown.confusion(figures)}",
        "## How sure it is": f"{page.certainty(report)}\n\n{page.covered(report)}",
        "## The same faces, spoiled": f"{markdown.stressed(report['stress'])}\n\n{page.PEERS}",
        "## Limits": "\n".join(f"- {limit}" for limit in limits(figures, report["stress"], model["head"])),
        "## Ethics and groups": ETHICS,
        "## How to read the figures": page.READING.strip(),
    }
    return "\n\n".join(part for section in sections.items() for part in section) + "\n"


def _details(report: dict[str, Any]) -> str:
    model = report["model"]
    seen, training = model["input"], model["training"]
    order = ", ".join(LABELS)
    return facts(
        {
            "file": f"`{model['file']}`, {model['kind']}, {model['bytes'] / 1e6:.2f} MB, describes itself",
            "digest": f"`{model['digest']}`",
            "takes": f"one face, {seen['width']}x{seen['height']}, {page.COLORS[seen['color']]}, levelled by the eyes "
            "and framed as `input.crop` in the file says",
            "gives": f"seven logits: {order}; divide by the temperature {model['temperature']}, then softmax",
            "answers like": page.answers(model),
            "network": f"{count(model['parameters'])} parameters, {count(model['multiply_adds'])} multiply-adds a face",
            "learnt from": training["data"],
            "recipe": "; before that ".join(training[key] for key in ("recipe", "before") if key in training),
            "trained on": training["machine"],
            "licence": model["licence"],
            "this card": "written by `moodtrain expression evaluate MODEL --data DATA --card docs/model-card.md`, "
            f"{report['made']['date']}; how the model is made again: [training.md](training.md)",
        }
    )


def _figures(report: dict[str, Any]) -> str:
    data = report["data"]
    told = (
        f"{data['split']}, {count(report['faces'])} faces, no test-time tricks, {report['made']['machine']}. "
        f"In Training as well: {page.leaks(data['in_training'])}. "
        f"FER+ majority leaves out {page.left_out(data['left_out'])}. "
        "Recipes were compared on PublicTest, so its figures flatter a little."
    )
    stated = table(["what the file says of itself", *page.SCORES.values()], stated_figures(report["model"]))
    return "\n\n".join([told, page.headline(report), stated, PEERS])


def stated_figures(model: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return a row for every set of scores in a model's own description: where and what, then the scores."""
    return [
        (", ".join(where), *(percent(scores[key]) for key in page.SCORES))
        for where, scores in _scores(model["metrics"])
    ]


def _scores(metrics: dict[str, Any], *where: str) -> Iterator[tuple[tuple[str, ...], dict[str, float]]]:
    if set(page.SCORES) <= set(metrics):
        yield where, metrics
    for name, inner in metrics.items():
        if isinstance(inner, dict):
            yield from _scores(inner, *where, name)


def limits(figures: dict[str, Any], stressed: dict[str, dict[str, float]], head: str) -> Iterator[str]:
    """Yield what goes wrong, one sentence each, from the figures on the model's own labels."""
    there = {name: row for name, row in figures["classes"].items() if row["faces"]}
    for name, row in there.items():
        if row["recall"] < WEAK:
            yield f"**{name.capitalize()}** is found in {_hundred(row['recall'])} such faces{_mostly(figures, name)}."
        if row["precision"] < WEAK:
            yield f"Of faces it calls **{name}**, {_hundred(row['precision'])} are."
        if row["faces"] < FEW:
            yield f"Only {row['faces']} faces here are labelled {name}: its figures are rough."
    safest = sorted(there, key=lambda name: -there[name]["recall"])[:2]
    yield "The safe ones are " + " and ".join(f"{name} ({_hundred(there[name]['recall'])})" for name in safest) + "."
    spoiled = {
        name: shares[head] for name, shares in stressed.items() if name not in (stress.AS_IT_IS, stress.MIRRORED)
    }
    worst = sorted(spoiled, key=lambda name: spoiled[name])[:3]
    yield "What spoils it most: " + ", ".join(f"{name} ({percent(spoiled[name])})" for name in worst) + "."
    opposite = figures["valence"]["opposite"]
    yield f"A pleasant face is taken for an unpleasant one, or the other way round, in {percent(opposite)} of faces."
    yield "The figures are for pictures from the web. On your sofa, in your light, expect other numbers."
    yield "The labels are noisy: those of FER2013 and what most voters of FER+ say agree on two faces of three."


def _hundred(share: float) -> str:
    return f"{100 * share:.0f} of 100"


def _mostly(figures: dict[str, Any], name: str) -> str:
    """Return for what the missed faces of a class are taken."""
    row = figures["confusion"][LABELS.index(name)]
    wrong = sorted((n for n in range(len(LABELS)) if LABELS[n] != name and row[n]), key=lambda n: -row[n])[:2]
    called = " or ".join(LABELS[n] for n in wrong)
    return f"; missed ones are mostly called {called}" if wrong else ""
