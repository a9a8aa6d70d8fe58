"""Where a model comes from: what its own description says of data, recipe, teachers, machine and terms."""

from pathlib import Path
from typing import Any

from moodtrain.expression import checkpoint
from moodtrain.expression.settings import FREE
from moodtrain.origin import commit

_OTHERS = frozenset({"teachers", "init"})  # paths of a machine; what they were is told in `learnt_from`
_PICTURES = (
    "MIT for the file; trained on FER2013 (Goodfellow et al. 2013, arXiv:1307.0414), whose pictures are for research "
    "and are not contained"
)
_VOTES = ", and on the votes of FER+ (Barsoum et al. 2016, arXiv:1608.01041), which are under MIT"


def licence(heads: tuple[str, ...]) -> str:
    """Return the terms of a model's file and of what its heads learnt from."""
    return _PICTURES + (_VOTES if "votes" in heads else "")


def training_of(state: dict[str, Any], heads: tuple[str, ...]) -> dict[str, Any]:
    """Return what a model tells of its own making."""
    settings = state["settings"]
    shown = ", ".join(f"{key} {value}" for key, value in settings.items() if key not in FREE | _OTHERS)
    plans = ", then ".join(f"from epoch {first} towards {epochs}" for first, epochs in state["plans"])
    leaks = "without copies of PublicTest" if settings["drop_leaks"] else "with copies of PublicTest"
    votes = " with the votes of FER+" if "votes" in heads else ""
    told: dict[str, Any] = {
        "data": f"FER2013 Training{votes}, {state['rows']} faces {leaks}",
        "digest": state["digest"],
        "commit": commit(),
        "recipe": f"moodtrain expression train: {len(state['history'])} epochs, {plans}; {shown}",
        "machine": state["machine"],
    }
    teachers, first = settings.get("teachers", ""), settings.get("init", "")
    if teachers:
        told["teachers"] = [_run(path) for path in teachers.split(",") if path]
    if first:
        told["init"] = _run(first)
        if Path(first).exists():
            told["before"] = training_of(checkpoint.load(Path(first)), heads)["recipe"]
    return told


def _run(path: str) -> str:
    """Return the name of the run that wrote a checkpoint, without the machine's folders."""
    return Path(path).parent.name or Path(path).stem
