"""The commands for music: `moodtrain composer train | evaluate | export | data`."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from moodtrain.composer import card, census, page, report
from moodtrain.composer.export import Export, export
from moodtrain.composer.settings import Settings
from moodtrain.composer.train import train

BUNDLE = Path("device/moodbox/models/composer")
Verb = Callable[[argparse.Namespace], None]


def add(models: Any) -> None:
    """Add the model and its commands to the command line."""
    composer = models.add_parser("composer", help="writes the lead sheet of a piece of music")
    verbs = composer.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_train(verbs)
    _add_evaluate(verbs)
    _add_export(verbs)
    _add_data(verbs)


def _verb(verbs: Any, name: str, run: Verb, says: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=says, description=f"Will {says}.")
    parser.set_defaults(verb=run)
    form = "folder or zip of MIDI files; give it again, or commas between, for more than one"
    parser.add_argument("--data", required=True, action="append", help=form)
    return parser


def _paths(data: Sequence[str]) -> list[Path]:
    return [Path(one) for given in data for one in given.split(",") if one]


def _add_train(verbs: Any) -> None:
    parser = _verb(verbs, "train", _train, "train a network; the defaults are the recipe of the shipped one")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out exactly where it stopped")
    for setting in fields(Settings):
        if setting.name == "data":
            continue
        says = f"{setting.metadata['help']} (default: %(default)s)"
        flag = "--" + setting.name.replace("_", "-")
        parser.add_argument(flag, type=type(setting.default), default=setting.default, help=says)


def _train(chosen: argparse.Namespace) -> None:
    given = {setting.name: getattr(chosen, setting.name) for setting in fields(Settings)}
    train(Settings(**{**given, "data": ",".join(map(str, _paths(chosen.data)))}), resume=chosen.resume)


def _add_evaluate(verbs: Any) -> None:
    parser = _verb(verbs, "evaluate", _evaluate, "measure a checkpoint, an ONNX file or a bundle")
    parser.add_argument("model", type=Path, help="checkpoint.pt, model.onnx or a bundle's folder")
    parser.add_argument("--out", type=Path, help="folder for report.md, report.json and surprise.png")
    parser.add_argument("--json", type=Path, help="write the report there as JSON")
    parser.add_argument("--card", type=Path, help="write the model card there (docs/model-card-composer.md)")


def _evaluate(chosen: argparse.Namespace) -> None:
    if chosen.card:
        card.need_onnx(chosen.model)
    made = report.make(chosen.model, _paths(chosen.data))
    print(page.told(made))
    if chosen.out:
        report.write(made, chosen.out)
    if chosen.json:
        report.write_json(made, chosen.json)
    if chosen.card:
        card.write(made, chosen.card)


def _add_export(verbs: Any) -> None:
    parser = _verb(verbs, "export", _export, "turn a checkpoint into the int8 bundle that is shipped")
    parser.add_argument("checkpoint", type=Path, help="checkpoint.pt of a training run")
    parser.add_argument("--out", type=Path, default=BUNDLE, help="the bundle's folder (default: %(default)s)")
    parser.add_argument("--name", default=Export.name, help="the model's name (default: %(default)s)")


def _export(chosen: argparse.Namespace) -> None:
    made = export(Export(chosen.checkpoint, _paths(chosen.data), chosen.out, chosen.name))
    for split, kinds in made["metrics"].items():
        for kind, figures in kinds.items():
            print(f"{split}, {kind}: {figures['nats_per_token']:.4f} nats/token, {figures['nats_per_note']:.3f} a note")
    print(f"{made['name']} {made['version']} passed the gate and lies in {chosen.out}")


def _add_data(verbs: Any) -> None:
    parser = _verb(verbs, "data", _data, "say what is in a corpus, and what is wrong with it")
    parser.add_argument("--out", type=Path, help="folder for corpus.txt, corpus.json and conditions.png")


def _data(chosen: argparse.Namespace) -> None:
    counted = census.take(_paths(chosen.data))
    print(census.told(counted))
    if chosen.out:
        print("\nwritten: " + ", ".join(str(path) for path in census.write(counted, chosen.out)))
