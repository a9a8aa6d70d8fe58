"""The model card of a composer: what it is, what it learnt from, and its limits, written from a report."""

from pathlib import Path
from typing import Any

from moodtrain.composer import page
from moodtrain.composer.origin import LINKS, OPEN_SCORE
from moodtrain.errors import CheckpointError
from moodtrain.markdown import count, facts

PURPOSE = """\
Writing the melody and the chords of short pieces of music on a small computer, in a mood that somebody asked for or
a face suggested. It is asked for a bar at a time, under rules that hold the form (phrases that return, a cadence, an
end on the tonic); other code plays what it writes. It is not made for lyrics, for arrangements, or for imitating
a composer, and it knows no emotions: seven moods become four numbers before it hears of them."""

WORKING = """\
It writes a **lead sheet**, a token at a time, as words: `bar 4/4`, two chords (`chord 7:7`; for the first and second
part of the bar), then pairs of `pitch 72`, `rest` or `tie` and a `length` in twelfths of a quarter note, which fill the
bar exactly. The tonic is always C, in major and in minor; whoever plays the piece moves it.

Four numbers steer it, each measured over eight bars and standardised as the file says: **mode** (Krumhansl correlation
with C major minus with C minor), **density** (ln of melody notes per quarter), **tempo** (ln bpm) and **register**
(mean MIDI pitch of the melody). While it learnt, one part in ten had its condition hidden: four zeros mean *nothing is
asked*. So whoever runs it can read a piece twice, with the mood's condition and with none, and make the difference
between both answers larger (classifier-free guidance, Ho & Salimans 2022, arXiv:2207.12598); the box does so."""

LIMITS = """\
- **Its taste is that of songs and string quartets of the long 19th century.** It knows no scales but major and minor,
  no rhythm finer than a triplet of sixteenths, seven meters, and four kinds of chords.
- **It hears no emotions.** That a mood's four numbers sound like the mood is a claim about the box, measured elsewhere.
- **It has no long form.** Left alone it wanders; phrases, returns and endings come from the box's rules.
- Fast music in minor is rare in its corpus, so it drifts to the major key beside it when it is not held.
- The keys of the songs were estimated, so some minor was learnt as major, and the other way round.
- It may write what somebody has written: short figures are everybody's. The longest run that a piece shares with
  a training song is measured on whole pieces, in the report of the composer, not here."""


def need_onnx(model: Path) -> None:
    """Raise CheckpointError for a checkpoint: it has no version that a card could speak of."""
    if model.suffix == ".pt":
        raise CheckpointError(f"{model} is a checkpoint; a card is about an ONNX file, so export it first")


def write(report: dict[str, Any], path: Path) -> None:
    """Write the card of a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(report), encoding="utf-8")


def written(report: dict[str, Any]) -> str:
    """Return the whole card."""
    model = report["model"]
    sections = {
        f"# Model card: {model['name']} {model['version']}, lead sheets in a mood": _details(report),
        "## What it is for, and what not": PURPOSE,
        "## How it works": WORKING,
        "## Data and terms": _data(report),
        "## Figures": "\n\n".join([_measured(report), page.headline(report), page.by_source(report)]),
        "## By kind of word": page.by_kind(report),
        "## What each condition tells it": f"{_costs()}\n\n{page.by_condition(report)}",
        "## Limits": f"{LIMITS}\n{_least(report)}",
        "## How to read the figures": page.READING.strip(),
    }
    return "\n\n".join(part for section in sections.items() for part in section) + "\n"


def _details(report: dict[str, Any]) -> str:
    model = report["model"]
    state, training = model["state"], model["training"]
    return facts(
        {
            "file": f"`{model['file']}`, {model['kind']}, {model['bytes'] / 1e6:.2f} MB, describes itself",
            "digest": f"`{model['digest']}`",
            "takes": f"a token, four conditions, and the state of {state['layers']} LSTM layers of {state['hidden']}",
            "gives": "the logits of the next of 127 words, and the state after it",
            "network": f"{count(model['parameters'])} parameters",
            "learnt from": training["data"],
            "songs": f"`{training['digest']}`",
            "recipe": training["recipe"],
            "trained on": training.get("machine", ""),
            "licence": model["licence"],
            "this card": "written by `moodtrain composer evaluate MODEL --data DATA --card "
            f"docs/model-card-composer.md`, {report['made']['date']}; how the model is made again: "
            "[training.md](training.md)",
        }
    )


def _data(report: dict[str, Any]) -> str:
    """Return the credit of the sources, as their makers ask for it."""
    splits = report["data"]["splits"]
    lines = [_credit(source) for source in report["data"]["sources"]]
    parts = ", ".join(
        f"{name} {count(row['songs'])} songs ({count(row['tokens'])} tokens)" for name, row in splits.items()
    )
    lines.append(f"- Split by songs: {parts}. No song cycle of the Lieder lies in two of them.")
    return "\n".join(lines)


def _credit(source: str) -> str:
    name = OPEN_SCORE.get(source)
    if name is None:
        return f"- **{source}**: a folder of MIDI files whose terms this card does not know."
    return (
        f"- **{name}** ({LINKS[name]}): scores of composers who died by 1954, typed by the volunteers of OpenScore, "
        "who waived their rights (CC0 1.0). Read from MIDI, without lyrics; none of it is in this repository."
    )


def _measured(report: dict[str, Any]) -> str:
    own = "the songs it was trained beside" if report["data"]["learnt"] else "**other files than it learnt from**"
    return (
        f"Measured on {own}, read piece by piece as the box does, {report['made']['machine']}. Recipes were compared "
        "on val, so its figures flatter a little; no choice was made on test."
    )


def _costs() -> str:
    return "What it costs, in nats per token, when one condition is another piece's and the others stay:"


def _least(report: dict[str, Any]) -> str:
    """Return which condition tells it least."""
    split, figures = next(iter(report["splits"].items()))
    costs = {name: value - figures["nats"] for name, value in figures["conditions"].items()}
    least, most = min(costs, key=costs.__getitem__), max(costs, key=costs.__getitem__)
    return (
        f"- Of its conditions it heeds **{most}** most and **{least}** least: a wrong one costs {costs[most]:.4f} and "
        f"{costs[least]:.4f} nats per token on {split}."
    )
