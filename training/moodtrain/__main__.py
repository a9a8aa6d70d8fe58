"""The command line: `moodtrain expression train | evaluate | export | data | framing`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from moodtrain.errors import MoodtrainError
from moodtrain.expression import census, evaluate, framing, stress
from moodtrain.expression.data import read
from moodtrain.expression.export import Export, export
from moodtrain.expression.predict import open_model
from moodtrain.expression.train import Settings, train

BUNDLE = Path("device/moodbox/models/expression")
Verb = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after one sentence about what is wrong."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.verb(chosen)
    except (MoodtrainError, OSError) as error:
        print(f"moodtrain: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("moodtrain: stopped; train --resume goes on after the last whole epoch", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="moodtrain", description="Trains, measures and exports the models of Moodbox."
    )
    models = parser.add_subparsers(title="models", required=True, metavar="MODEL")
    expression = models.add_parser("expression", help="reads an expression from a face")
    verbs = expression.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_train(verbs)
    _add_evaluate(verbs)
    _add_export(verbs)
    _verb(verbs, "data", _data, "say what is in a data set, and what is wrong with it")
    _add_framing(verbs)
    return parser


def _verb(verbs: Any, name: str, run: Verb, says: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=says, description=f"Will {says}.")
    parser.set_defaults(verb=run)
    parser.add_argument("--data", required=True, type=Path, help="folder of packed FER2013, or fer2013.csv")
    return parser


def _add_train(verbs: Any) -> None:
    parser = _verb(verbs, "train", _train, "train a network; the defaults are the recipe of the shipped one")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out exactly where it stopped")
    for setting in fields(Settings):
        if setting.name == "data":
            continue
        kind: Any = {"type": type(setting.default)}
        if isinstance(setting.default, bool):
            kind = {"action": argparse.BooleanOptionalAction}
        says = setting.metadata["help"] + " (default: %(default)s)"
        parser.add_argument("--" + setting.name.replace("_", "-"), default=setting.default, help=says, **kind)


def _train(chosen: argparse.Namespace) -> None:
    values = {setting.name: getattr(chosen, setting.name) for setting in fields(Settings)}
    train(Settings(**{**values, "data": str(chosen.data)}), resume=chosen.resume)


def _add_evaluate(verbs: Any) -> None:
    parser = _verb(verbs, "evaluate", _evaluate, "measure a checkpoint, an ONNX file or a bundle")
    parser.add_argument("model", type=Path, help="checkpoint.pt, model.onnx or a bundle's folder")
    parser.add_argument("--split", default="PublicTest", help="rows to measure on (default: %(default)s)")
    parser.add_argument("--stress", action="store_true", help="measure with crops, light and noise as at home as well")
    parser.add_argument("--json", type=Path, help="write the report there as well")


def _evaluate(chosen: argparse.Namespace) -> None:
    model, faces = open_model(chosen.model), read(chosen.data).split(chosen.split)
    report = evaluate.measure(model, faces)
    print(evaluate.told(report))
    if chosen.stress:
        report["stress"] = stress.measure(model, faces)
        print("\n" + stress.told(report["stress"]))
    if chosen.json:
        evaluate.write(report, chosen.json)


def _add_export(verbs: Any) -> None:
    parser = _verb(verbs, "export", _export, "turn a checkpoint into the int8 bundle that is shipped")
    parser.add_argument("checkpoint", type=Path, help="checkpoint.pt of a training run")
    parser.add_argument("--out", type=Path, default=BUNDLE, help="the bundle's folder (default: %(default)s)")
    parser.add_argument("--name", default="seed", help="the model's name (default: %(default)s)")


def _export(chosen: argparse.Namespace) -> None:
    made = export(Export(chosen.checkpoint, chosen.data, chosen.out, chosen.name))
    for kind, figures in made["metrics"]["PublicTest"].items():
        print(f"{kind}: " + ", ".join(f"{name} {value:.2%}" for name, value in figures.items()))
    print(f"{made['name']} {made['version']} passed the gate and lies in {chosen.out}")


def _data(chosen: argparse.Namespace) -> None:
    print(census.told(read(chosen.data)))


def _add_framing(verbs: Any) -> None:
    parser = _verb(verbs, "framing", _framing, "measure where the eyes stand in the training pictures")
    parser.add_argument("--detector", required=True, type=Path, help="YuNet, face_detection_yunet_2023mar.onnx")
    parser.add_argument("--faces", type=int, default=500, help="how many to look at (default: %(default)s)")


def _framing(chosen: argparse.Namespace) -> None:
    print(framing.told(framing.measure(read(chosen.data).split("Training"), chosen.detector, chosen.faces)))


if __name__ == "__main__":
    sys.exit(main())
