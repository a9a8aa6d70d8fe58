"""A report as a page in Markdown, and as text for the terminal."""

from typing import Any

from moodtrain.expression import markdown
from moodtrain.expression.bootstrap import RESAMPLES
from moodtrain.expression.calibration import BINS
from moodtrain.expression.coverage import SURE_FROM
from moodtrain.expression.data import ALIKE
from moodtrain.expression.truths import NAMES
from moodtrain.markdown import between, count, facts, percent, table

SCORES = {"accuracy": "accuracy", "balanced_accuracy": "balanced accuracy", "macro_f1": "macro-F1"}
COLORS = {"gray": "grey", "rgb": "colour"}
VALENCES = {"sign": "three signs", "charged": "pleasant against unpleasant", "opposite": "opposite"}
READING = f"""\
- **Brackets** are 95 % intervals: percentiles of {RESAMPLES} bootstrap resamples over faces. An ECE's lies high,
  because drawing faces anew adds noise to every bin: read it as "not above".
- **Balanced accuracy** is the mean recall, **macro-F1** the mean F1, over the classes that occur.
- **ECE**: {BINS} equal bins of the best answer's chance (Guo et al. 2017, arXiv:1706.04599). **After temperature**:
  fitted on one half of the faces and measured on the other, both ways; no face meets a temperature fitted on it.
- **NLL** is in nats, the **Brier score** the squared error summed over the classes (0 to 2).
- **Area under risk**: the mean share of wrong answers among the surest 1, 2, ... all faces; 0 is perfect.
- **Valence**: happy and surprise are pleasant; angry, disgust, fear and sad unpleasant; neutral is a sign of its own.
  "Pleasant against unpleasant" leaves faces labelled neutral out, and counts an answer of neutral as wrong.
  "Opposite" is a pleasant face taken for an unpleasant one or the other way round, the worst mistake for music.
- **FER+ majority**: votes given only once are dropped, then a class must have more than half of what is left; seven
  shared classes. Nobody can lead on both: the two kinds of labels agree on two faces of three.
- **Not in Training**: without the faces whose picture is in Training as well, equal or correlated by {ALIKE} or more.
"""

PEERS = """\
Beside ours: small public networks on FER2013's *PrivateTest* labels, measured once in this project. The Xceptions'
checkpoint was chosen on a set that contains those very faces; face-api.js learnt from other pictures. The mean of image
and mirror is for information: the box looks once."""


def title(report: dict[str, Any]) -> str:
    """Return which model on which faces."""
    model, data = report["model"], report["data"]
    return f"{_name(model)} ({model['kind']}) on {data['split']} of {data['name']}"


def written(report: dict[str, Any]) -> str:
    """Return the whole page."""
    sections = [f"# {title(report)}", about(report), "## Figures", headline(report)]
    for head, parts in report["truths"].items():
        sections += [f"## By class, {NAMES[head]}", markdown.classes(parts["all"]), markdown.confusion(parts["all"])]
    sections += ["![Confusion matrices: counts, and shares of the label's faces](confusion.png)"]
    sections += ["## How sure, how right", certainty(report), "![Reliability diagrams](reliability.png)"]
    sections += ['## When the box may say "not sure"', covered(report), "![Accuracy by coverage](coverage.png)"]
    if "stress" in report:
        sections += ["## The same faces, spoiled", markdown.stressed(report["stress"]), PEERS]
    return "\n\n".join([*sections, "## How to read this", READING])


def about(report: dict[str, Any]) -> str:
    """Return what was measured on what, as a table."""
    model, data = report["model"], report["data"]
    training, seen = model.get("training", {}), model["input"]
    return facts(
        {
            "file": f"`{model['file']}`, {model['kind']}, {model['bytes'] / 1e6:.2f} MB",
            "digest": f"`{model['digest']}`",
            "answers like": answers(model),
            "size": f"{count(model['parameters'])} parameters, {count(model['multiply_adds'])} multiply-adds a face",
            "sees": f"{seen['width']}x{seen['height']} pixels, {COLORS[seen['color']]}",
            "learnt from": training.get("data", ""),
            "recipe": training.get("recipe", ""),
            "trained on": training.get("machine", ""),
            "measured on": f"{data['split']} of {data['name']}, {report['faces']} faces, `{data['digest']}`",
            "in Training as well": leaks(data["in_training"]),
            "FER+ majority leaves out": left_out(data["left_out"]),
            "measured": f"{report['made']['date']}, {report['made']['machine']}",
        }
    )


def headline(report: dict[str, Any]) -> str:
    """Return the figures that are one number, with a column for every kind of truth, all rows and clean ones."""
    columns = _columns(report)
    rows: list[tuple[str, ...]] = [("faces", *(count(f["faces"]) for f in columns.values()))]
    rows += [(name, *(between(f[key], f["intervals"][key]) for f in columns.values())) for key, name in SCORES.items()]
    rows += [
        (f"valence, {name}", *(percent(f["valence"][key]) for f in columns.values())) for key, name in VALENCES.items()
    ]
    for when in ("before", "after"):
        cells = (_error(f["calibration"][when]["ece"], f["intervals"][f"ece_{when}"]) for f in columns.values())
        rows.append((f"ECE {when} temperature", *cells))
    return table(["", *columns], rows)


def certainty(report: dict[str, Any]) -> str:
    """Return the calibration figures before and after temperature, for every kind of truth."""
    rows = []
    for head, parts in report["truths"].items():
        measured = parts["all"]["calibration"]
        fitted = measured["temperature"]
        halves = " and ".join(f"{t:.3f}" for t in fitted["halves"])
        named = {"before": "as it is (1)", "after": f"each half by the other's ({halves})"}
        if "stated" in measured:
            named["stated"] = f"the file's own ({fitted['stated']:.3f})"
        for when, said in named.items():
            figures = measured[when]
            rows.append((f"{NAMES[head]}: {said}", *(f"{figures[key]:.3f}" for key in ("ece", "nll", "brier"))))
    all_of = ", ".join(f"{NAMES[h]} {p['all']['calibration']['temperature']['all']:.3f}" for h, p in _each(report))
    notes = f"Fitted on all faces the temperature is: {all_of}."
    if report["model"].get("temperature"):
        notes += " The file's own may have been fitted on these very faces; the cross-fitted rows were not."
    return table(["temperature", "ECE", "NLL", "Brier score"], rows) + "\n\n" + notes


def covered(report: dict[str, Any]) -> str:
    """Return accuracy by coverage, the area under risk-coverage, and what the box's own rule does."""
    parts = {NAMES[head]: part["all"]["coverage"] for head, part in _each(report)}
    shares = list(next(iter(parts.values()))["at"])
    rows = [(name, *(percent(c["at"][s]) for s in shares), f"{c['aurc']:.3f}") for name, c in parts.items()]
    rules = [
        f"{name}: sure of {percent(c['box']['coverage'])} of the faces and right in {percent(c['box']['accuracy'])} "
        f"of them; right in {percent(c['box']['accuracy_not_sure'])} of the others"
        for name, c in parts.items()
    ]
    told_of = f"By the box's own rule (sure where the two best chances are {SURE_FROM} apart), on single pictures: "
    head = ["accuracy at a coverage of", *shares, "area under risk"]
    return table(head, rows) + "\n\n" + told_of + "; ".join(rules) + "."


def _columns(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    named = {"all": "", "clean": ", not in Training"}
    return {NAMES[head] + named[part]: figures for head, parts in _each(report) for part, figures in parts.items()}


def _each(report: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(report["truths"].items())


def _name(model: dict[str, Any]) -> str:
    return " ".join(filter(None, (model.get("name", "model"), model.get("version"))))


def _error(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def leaks(in_training: int | None) -> str:
    """Return how many of the faces are in Training as well."""
    if in_training is None:
        return "not known: there are no Training rows beside these"
    return f"the pictures of {in_training} of these faces"


def left_out(reasons: dict[str, int] | None) -> str:
    """Return how many faces FER+ majority leaves out, and why."""
    if reasons is None:
        return "everything: these faces come without votes, so FER+ is not measured (--votes)"
    return f"{sum(reasons.values())} faces ({', '.join(f'{name} {number}' for name, number in reasons.items())})"


def answers(model: dict[str, Any]) -> str:
    """Return whose labels a model answers with, and which kinds of truth its other heads answer here."""
    others = [
        f"{NAMES[truth]} below by its output `{head}`"
        for truth, head in model["answered_by"].items()
        if head != model["head"]
    ]
    return "; ".join([f"{NAMES[model['head']]} (head `{model['head']}`)", *others])
