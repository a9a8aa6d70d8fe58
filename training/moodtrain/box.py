"""What the box itself makes of a bundle: its own code, alone in a process, where no training code is loaded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from moodtrain.errors import GateError

TIME_LIMIT = 120  # seconds; it takes about one, and a busy machine ten times as long
_FOREIGN = """
import json, sys
foreign = sorted({"torch", "onnx", "moodtrain", "symusic"} & set(sys.modules))
print(json.dumps({"answers": answers.tolist(), "foreign": foreign}))
"""


def ask(program: str, bundle: Path) -> list[Any]:
    """Run a program that takes a bundle's folder and leaves an array named `answers`; raise GateError if it cannot.

    A program stands as text because the two packages never import each other: they meet in files and processes.
    """
    order = [sys.executable, "-I", "-c", program + _FOREIGN, str(bundle)]
    try:
        done = subprocess.run(order, capture_output=True, text=True, timeout=TIME_LIMIT, check=False)  # noqa: S603  (ours)
    except subprocess.TimeoutExpired:
        raise GateError(f"the box did not answer in {TIME_LIMIT} seconds") from None
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        if "No module named 'moodbox'" in last[0]:
            raise GateError("the device's own code, moodbox, is not installed beside this; run make setup")
        raise GateError(f"the box refuses it: {last[0]}")
    told = json.loads(done.stdout)
    if told["foreign"]:
        raise GateError(f"the device's own code loads {', '.join(told['foreign'])}, which no box has")
    answers: list[Any] = told["answers"]
    return answers
