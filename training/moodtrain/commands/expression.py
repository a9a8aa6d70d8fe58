"""The commands for faces: `moodtrain expression train | evaluate | export | data | framing`."""

import argparse
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from moodtrain.expression import card, census, cleaning, framing, report, summary
from moodtrain.expression.data import read
from moodtrain.expression.export import Export, export
from moodtrain.expression.networks import HEADS
from moodtrain.expression.train import RECIPES, Settings, train

BUNDLE = Path("device/moodbox/models/expression")
Verb = Callable[[argparse.Namespace], None]


def add(models: Any) -> None:
    """Add the model and its commands to the command line."""
    expression = models.add_parser("expression", help="reads an expression from a face")
    verbs = expression.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_train(verbs)
    _add_evaluate(verbs)
    _add_export(verbs)
    _add_data(verbs)
    _add_framing(verbs)


def _verb(verbs: Any, name: str, run: Verb, says: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=says, description=f"Will {says}.")
    parser.set_defaults(verb=run)
    forms = "fer2013.csv, packed FER2013, RAF-DB's folder, or a folder per class"
    parser.add_argument("--data", required=True, type=Path, help=forms)
    parser.add_argument(
        "--votes", type=Path, help="FER+ fer2013new.csv beside fer2013.csv; packed FER2013 brings votes"
    )
    return parser


def _add_train(verbs: Any) -> None:
    parser = _verb(verbs, "train", _train, "train a network; the defaults are the recipe of the shipped one")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out exactly where it stopped")
    says = "all settings at once: moodnet, ours; polish, its last epochs; seed, the inspiring projects'; given ones win"
    parser.add_argument("--recipe", choices=list(RECIPES), default="moodnet", help=says)
    for setting in fields(Settings):
        if setting.name in ("data", "votes"):
            continue
        kind: Any = {"type": type(setting.default)}
        if isinstance(setting.default, bool):
            kind = {"action": argparse.BooleanOptionalAction}
        usual = f"default: {setting.default}"
        if setting.name in RECIPES["seed"]:
            usual += f", seed: {RECIPES['seed'][setting.name]}"
        says = f"{setting.metadata['help']} ({usual})"
        flag = "--" + setting.name.replace("_", "-")
        parser.add_argument(flag, default=argparse.SUPPRESS, help=says, **kind)


def _train(chosen: argparse.Namespace) -> None:
    given = {setting.name: getattr(chosen, setting.name) for setting in fields(Settings) if setting.name in chosen}
    paths = {"data": str(chosen.data), "votes": str(chosen.votes or "")}
    train(Settings.of(chosen.recipe, {**given, **paths}), resume=chosen.resume)


def _add_evaluate(verbs: Any) -> None:
    parser = _verb(verbs, "evaluate", _evaluate, "measure a checkpoint, an ONNX file or a bundle")
    parser.add_argument("model", type=Path, help="checkpoint.pt, model.onnx or a bundle's folder")
    parser.add_argument(
        "--head", choices=HEADS, help="which head answers (default: for each kind of labels the one that learnt it)"
    )
    parser.add_argument("--split", default="PublicTest", help="rows to measure on (default: %(default)s)")
    parser.add_argument("--stress", action="store_true", help="measure with crops, light and noise as at home as well")
    parser.add_argument("--out", type=Path, help="folder for report.md, report.json and pictures")
    parser.add_argument("--json", type=Path, help="write the report there as JSON")
    parser.add_argument("--card", type=Path, help="write the model card there (docs/model-card.md); adds --stress")


def _evaluate(chosen: argparse.Namespace) -> None:
    if chosen.card:
        card.need_onnx(chosen.model)
    stressed = chosen.stress or chosen.card is not None
    made = report.make(report.Order(chosen.model, chosen.data, chosen.votes, chosen.head, chosen.split, stressed))
    print(summary.told(made))
    if chosen.out:
        report.write(made, chosen.out)
    if chosen.json:
        report.write_json(made, chosen.json)
    if chosen.card:
        card.write(made, chosen.card)


def _add_export(verbs: Any) -> None:
    parser = _verb(verbs, "export", _export, "turn a checkpoint into the int8 bundle that is shipped")
    parser.add_argument("checkpoint", type=Path, help="checkpoint.pt of a training run")
    parser.add_argument("--head", choices=HEADS, help="which head the box shall hear (default: the checkpoint's first)")
    parser.add_argument("--out", type=Path, default=BUNDLE, help="the bundle's folder (default: %(default)s)")
    parser.add_argument("--name", help="the model's name (default: its network's)")


def _export(chosen: argparse.Namespace) -> None:
    order = Export(chosen.checkpoint, chosen.data, chosen.out, chosen.name, chosen.head, chosen.votes)
    made = export(order)
    for where, kinds in made["metrics"].items():
        for kind, figures in kinds.items():
            print(f"{where}, {kind}: " + ", ".join(f"{name} {value:.2%}" for name, value in figures.items()))
    same, shift = made["drift"]["same_class"], made["drift"]["largest_shift"]
    print(f"int8 and fp32 choose the same class for {same:.1%} of the faces; no probability moves by more than {shift}")
    print(f"{made['name']} {made['version']}, {made['answers']}, passed the gate and lies in {chosen.out}")


def _add_data(verbs: Any) -> None:
    parser = _verb(verbs, "data", _data, "say what is in a data set, and what is wrong with it")
    parser.add_argument("--out", type=Path, help="folder for report.txt, report.json and contact-sheet.png")


def _data(chosen: argparse.Namespace) -> None:
    faces = read(chosen.data, chosen.votes)
    counted = census.take(faces)
    print(cleaning.told(counted))
    if chosen.out:
        print("\nwritten: " + ", ".join(str(path) for path in cleaning.write(counted, faces, chosen.out)))


def _add_framing(verbs: Any) -> None:
    parser = _verb(verbs, "framing", _framing, "measure where the eyes stand in the training pictures")
    parser.add_argument("--detector", required=True, type=Path, help="YuNet, face_detection_yunet_2023mar.onnx")
    parser.add_argument("--faces", type=int, default=500, help="how many to look at (default: %(default)s)")


def _framing(chosen: argparse.Namespace) -> None:
    print(framing.told(framing.measure(read(chosen.data).split("Training"), chosen.detector, chosen.faces)))
