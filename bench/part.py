"""A part of the benchmark as a program: its report as JSON on stdout, and what its user did wrong as one sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from bench.figures import Report
from moodbox.errors import MoodboxError
from moodtrain.errors import MoodtrainError


def tell(measure: Callable[[], Report]) -> None:
    """Measure and print; a missing or wrong file ends the program with code 1."""
    try:
        report = measure()
    except (MoodboxError, MoodtrainError) as error:
        sys.exit(f"bench: {error}")
    print(json.dumps(report.to_json()))
