"""Where a composer comes from: what its own description says of data, recipe and terms."""

from pathlib import Path
from typing import Any

from moodtrain.composer.corpus import Corpus, counts
from moodtrain.composer.settings import FREE
from moodtrain.origin import commit

# The sources that ../shared/data/music/README.md tells of: the name of their zip, and how they want to be credited.
OPEN_SCORE = {"lieder_midi": "OpenScore Lieder Corpus", "quartet_midi": "OpenScore String Quartets"}
LINKS = {
    "OpenScore Lieder Corpus": "https://musescore.com/openscore-lieder-corpus",
    "OpenScore String Quartets": "https://github.com/OpenScore/StringQuartets",
}


def credit(sources: tuple[str, ...]) -> str:
    """Return whose music some sources are, as their makers ask to be named."""
    return " and ".join(OPEN_SCORE.get(source, source) for source in sources)


def licence(sources: tuple[str, ...]) -> str:
    """Return the terms of a model's file and of what it learnt from."""
    if sources and set(sources) <= OPEN_SCORE.keys():
        return f"MIT for the file; trained on CC0 1.0 music only: {credit(sources)}"
    return f"the file is as free as the music it was trained on, whose terms moodtrain does not know: {credit(sources)}"


def training_of(state: dict[str, Any], corpus: Corpus) -> dict[str, Any]:
    """Return what a model tells of its own making."""
    learnt = counts(corpus)["train"]
    shown = ", ".join(f"{key} {value}" for key, value in state["settings"].items() if key not in FREE)
    epochs, planned = len(state["history"]), state["settings"]["epochs"]
    return {
        "data": f"{credit(sources(corpus))}: {learnt['songs']} songs, {learnt['tokens']} tokens",
        "digest": state["digest"],
        "commit": commit(),
        "recipe": f"moodtrain composer train: {epochs} of {planned} epochs; {shown}",
        "machine": state.get("machine", ""),
    }


def sources(corpus: Corpus) -> tuple[str, ...]:
    """Return the names of the folders and zips of a corpus, without the machine's folders."""
    return tuple(Path(source).stem for source in dict.fromkeys(corpus.sources.values()))
