"""The command line: `moodtrain expression ...` for faces, `moodtrain composer ...` for music."""

import argparse
import sys
from collections.abc import Sequence

from moodtrain.commands import composer, expression
from moodtrain.errors import MoodtrainError


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
    expression.add(models)
    composer.add(models)
    return parser


if __name__ == "__main__":
    sys.exit(main())
