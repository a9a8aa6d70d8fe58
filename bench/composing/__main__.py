"""Show what the composer can do: pieces of every mood from fixed seeds, their notes and their sound judged.

python -m bench.composing [--quick] [--no-sound] [--out DIR] ...   compose, judge and write a report
python -m bench.composing midi FOLDER                              judge MIDI files in subfolders named by mood
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from tqdm import tqdm

from bench import alone, machine
from bench.composing import agreement, classifier, copying, fit, folder, judge, lift, likeness, model, page, soundness
from bench.composing.corpus import USUAL, Corpus
from bench.composing.piece import LABELS, SEED_FORMULA, orders
from bench.composing.statistics import song_bands
from bench.composing.studio import Studio, Taken
from bench.figures import Report
from moodbox.music.composer.author import Author
from moodbox.music.composer.sound.rack import Rack
from moodtrain.errors import MoodtrainError

_COMPARED = 60  # songs nobody taught us, beside which copying is shown
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_MADE = ("midi", "rolls", "spectrograms", "audio")  # folders that a report replaces


def main() -> int:
    """Return 0, 1 with --strict when a goal was missed, or 2 when something that is needed is not there."""
    given = _arguments()
    for name in _THREADS:
        os.environ[name] = "1"  # of the processes to be started, which are as many as cores
    corpus = Corpus(given.music)
    try:
        corpus.check()
        reports = _foreign(given, corpus) if given.words else _own(given, corpus)
    except MoodtrainError as error:
        print(f"composer-report: {error}", file=sys.stderr)
        return 2
    for report in reports:
        print(f"{report}\n")
    missed = [goal for report in reports for goal in report.goals if not goal.met]
    return 1 if given.strict and missed else 0


def _foreign(given: argparse.Namespace, corpus: Corpus) -> list[Report]:
    pieces = folder.read(Path(given.words[1]))
    return folder.reports(pieces, judge.teach(corpus), song_bands(corpus), copying.everything(corpus))


def _own(given: argparse.Namespace, corpus: Corpus) -> list[Report]:
    for name in _MADE:
        shutil.rmtree(given.out / name, ignore_errors=True)
    studio = Studio(copying.everything(corpus), given.out, sounding=not given.no_sound)
    ordered = orders(given.moods, given.pieces, given.seconds)
    bar = tqdm(studio.work(ordered, given.jobs), "pieces", len(ordered), disable=not sys.stderr.isatty())
    taken = sorted(bar, key=lambda each: ordered.index(each.piece.order))
    reports = _reports(given, corpus, taken)
    origins = ", ".join(sorted({each.piece.score.origin for each in taken}))
    facts = (
        machine.described(),
        f"{given.pieces} pieces of each of {len(given.moods)} moods, {given.seconds:.0f} s each; composed by {origins}",
        SEED_FORMULA,
    )
    page.write(given.out, facts, reports, taken)
    print("\n".join(facts), f"\nWritten to {given.out}: report.md, report.json, midi, rolls", end="\n\n")
    return reports


def _reports(given: argparse.Namespace, corpus: Corpus, taken: list[Taken]) -> list[Report]:
    pieces = [each.piece for each in taken]
    teacher = judge.teach(corpus)
    heard = agreement.hear(teacher, [(piece.order.label, piece.features) for piece in pieces])
    found = [(each.piece.order.name, each.copied) for each in taken]
    reports = [
        model.report(),
        agreement.report(teacher, heard),
        agreement.by_mood(heard),
        fit.modes(pieces),
        fit.bands(pieces, song_bands(corpus)),
        copying.report(corpus, found, copying.unrelated(corpus, _COMPARED)),
        likeness.report(
            {piece.order.name: piece.transcript for piece in pieces}, [p.score.fingerprint for p in pieces]
        ),
        lift.report(teacher, lift.stages(Author(), given.seconds)),
    ]
    return reports if given.no_sound else [*reports, *_heard(given, taken)]


def _heard(given: argparse.Namespace, taken: list[Taken]) -> list[Report]:
    """Report on the sound, and on speed, which is measured with sound."""
    sounded = [(each.piece, each.sound) for each in taken if each.sound is not None]
    labels = [piece.order.label for piece, _ in sounded]
    rack = Rack("")
    sounder = rack.sounder().name
    rack.close()
    return [
        classifier.report(labels, [piece.features for piece, _ in sounded], [sound.features for _, sound in sounded]),
        soundness.report({piece.order.name: sound for piece, sound in sounded}, sounder),
        alone.report("bench.composing.speed", "--rounds", "1" if given.quick else "3", one_core=True),
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.composing", description="Show what the composer can do.")
    parser.add_argument("words", nargs="*", metavar="midi FOLDER", help="judge these MIDI files, not our pieces")
    parser.add_argument("--out", type=Path, default=Path("runs/composer-report"), metavar="DIR", help="where to write")
    parser.add_argument("--music", type=Path, default=USUAL, metavar="DIR", help="the judge's data and the songs")
    parser.add_argument("--pieces", type=_positive, help="of every mood; 50, or 5 with --quick")
    parser.add_argument("--seconds", type=float, help="of every piece; 75, or 60 with --quick")
    parser.add_argument("--moods", nargs="+", choices=LABELS, default=LABELS, metavar="MOOD", help="all if not given")
    parser.add_argument("--jobs", type=_positive, default=len(os.sched_getaffinity(0)), help="processes; the cores")
    parser.add_argument("--no-sound", action="store_true", help="judge the notes only")
    parser.add_argument("--quick", action="store_true", help="a few short pieces, to see how it stands")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a goal is missed")
    given = parser.parse_args()
    if given.words and (len(given.words) != 2 or given.words[0] != "midi"):
        parser.error("the only words known are: midi FOLDER")
    given.pieces = given.pieces or (5 if given.quick else 50)
    given.seconds = given.seconds or (60.0 if given.quick else 75.0)
    return given


def _positive(given: str) -> int:
    number = int(given)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
