"""A composer's report as a page in Markdown, and as text for the terminal."""

from typing import Any

from moodtrain.markdown import count, facts, table

READING = """\
- **Nats per token**: the mean of -ln of the chance that the network gave to the word that came; lower is better, and a
  network that knows nothing has ln 127 = 4.84. **Nats per note** shares all surprise among the melody notes, so that
  vocabularies of different sizes can be compared.
- **Shuffled**: every piece is read with the conditions of another one. What that costs is what the conditions tell.
  **Hidden**: four zeros, which mean that nothing is asked.
- **Brackets** are 95 % intervals over songs drawn anew 1,000 times.
- **Unigram** and **bigram** count the words, and the pairs of words, of the training songs.
- Val and test hold whole songs, and whole song cycles where the index says so, that the network did not learn from. Its
  training was watched on val, never on test.
"""


def title(report: dict[str, Any]) -> str:
    """Return which model on which songs."""
    model = report["model"]
    name = " ".join(filter(None, (model.get("name", "composer"), model.get("version"))))
    return f"{name} ({model['kind']}) on {' and '.join(report['data']['sources'])}"


def written(report: dict[str, Any]) -> str:
    """Return the whole page."""
    sections = [f"# {title(report)}", about(report), "## Figures", headline(report)]
    sections += ["## By source", by_source(report), "## By kind of word", by_kind(report)]
    sections += ["![Surprise by kind of word and by condition](surprise.png)"]
    sections += ["## One condition of another piece", by_condition(report), "## How to read this", READING]
    return "\n\n".join(sections)


def about(report: dict[str, Any]) -> str:
    """Return what was measured on what, as a table."""
    model, data = report["model"], report["data"]
    training = model.get("training", {})
    return facts(
        {
            "file": f"`{model['file']}`, {model['kind']}, {model['bytes'] / 1e6:.2f} MB",
            "digest": f"`{model['digest']}`",
            "size": f"{count(model['parameters'])} parameters",
            "learnt from": training.get("data", ""),
            "recipe": training.get("recipe", ""),
            "trained on": training.get("machine", ""),
            "measured on": f"{', '.join(data['sources'])}, `{data['digest']}`",
            "its own songs": "yes: these files, of which it learnt the train split"
            if data["learnt"]
            else "no: it learnt from other files, so it may have met songs of val and test",
            "left out": "; ".join(data["broken"]),
            "measured": f"{report['made']['date']}, {report['made']['machine']}",
        }
    )


def headline(report: dict[str, Any]) -> str:
    """Return the figures that are one number, with a column for every split."""
    splits = report["splits"]
    counts = [report["data"]["splits"][name] for name in splits]
    rows = [
        ("songs", *(count(one["songs"]) for one in counts)),
        ("of them note for note in train as well", *(report["data"]["in_training"][name] for name in splits)),
        ("tokens", *(count(one["tokens"]) for one in counts)),
        ("**nats per token**", *(f"**{f['nats']:.3f}** ({_between(f['interval'])})" for f in splits.values())),
        ("nats per note", *(f"{f['nats_per_note']:.3f}" for f in splits.values())),
        ("nats per token, conditions shuffled", *(f"{f['shuffled']:.3f}" for f in splits.values())),
        ("what that costs", *(f"{f['shuffled'] - f['nats']:.3f} ({_between(f['obeys'])})" for f in splits.values())),
        ("nats per token, conditions hidden", *(f"{f['hidden']:.3f}" for f in splits.values())),
    ]
    rivals = next(iter(splits.values()))["baselines"]
    rows += [(f"nats per token, {name}", *(f"{f['baselines'][name]:.3f}" for f in splits.values())) for name in rivals]
    return table(["", *splits], rows)


def by_source(report: dict[str, Any]) -> str:
    """Return the figures of every folder or zip: nats per token are comparable within one only."""
    rows = [
        (
            f"{source}, {split}",
            count(row["songs"]),
            count(row["tokens"]),
            f"{row['nats']:.3f}",
            f"{row['nats_per_note']:.3f}",
            f"{row['shuffled']:.3f}",
        )
        for split, figures in report["splits"].items()
        for source, row in figures["sources"].items()
    ]
    return table(["", "songs", "tokens", "nats per token", "nats per note", "conditions shuffled"], rows)


def by_kind(report: dict[str, Any]) -> str:
    """Return the surprise about chords, pitches, lengths and so on, beside the baselines'."""
    rows = []
    for split, figures in report["splits"].items():
        rivals = list(figures["baselines"])
        rows += [
            (f"{kind}, {split}", count(row["tokens"]), *(f"{row[key]:.3f}" for key in ("nats", *rivals)))
            for kind, row in figures["kinds"].items()
        ]
    return table(["", "tokens", "nats per token", *rivals], rows)


def by_condition(report: dict[str, Any]) -> str:
    """Return what it costs when one condition is another piece's."""
    splits = report["splits"]
    names = next(iter(splits.values()))["conditions"]
    rows = [(name, *(f"+{f['conditions'][name] - f['nats']:.4f}" for f in splits.values())) for name in names]
    return table(["nats per token", *splits], rows)


def told(report: dict[str, Any]) -> str:
    """Return the report in the words of a terminal."""
    lines = [title(report)]
    if not report["data"]["learnt"]:
        lines.append("it learnt from other files than these: it may have met songs of val and test")
    lines += [f"left out: {sentence}" for sentence in report["data"]["broken"]]
    for split, figures in report["splits"].items():
        songs = report["data"]["splits"][split]["songs"]
        surprise = f"{figures['nats']:.4f} nats/token [{_between(figures['interval'])}]"
        rivals = "".join(f", {name} {value:.3f}" for name, value in figures["baselines"].items())
        lines += [
            "",
            f"{split}, {songs} songs: {surprise}, {figures['nats_per_note']:.4f} a note{rivals}",
            f"  conditions shuffled {figures['shuffled']:.4f}, hidden {figures['hidden']:.4f}; one shuffled: "
            + ", ".join(f"{name} {value:.4f}" for name, value in figures["conditions"].items()),
            "  by kind: " + ", ".join(f"{kind} {row['nats']:.3f}" for kind, row in figures["kinds"].items()),
            "  by source: "
            + ", ".join(
                f"{source} {row['nats']:.4f} ({row['nats_per_note']:.3f} a note)"
                for source, row in figures["sources"].items()
            ),
        ]
    return "\n".join(lines)


def _between(interval: list[float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"
