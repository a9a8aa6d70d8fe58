"""Patterns of the chords, two characters a beat; patterns of four a beat say so.

Digits strike one voice (0 lowest), A all, L the two lowest, U all but the lowest, T the top, N a tone of the key a
semitone beside a voice.
"""

from __future__ import annotations

from moodbox.music.composer.patterns.stroke import (
    ALL,
    LOW_TWO,
    PAIR,
    TOP,
    TRILL,
    UPPER,
    Pattern,
    Stroke,
    pattern,
    spell,
)

_VOICES = {
    "A": ALL,
    "L": LOW_TWO,
    "U": UPPER,
    "T": TOP,
    "N": TRILL,
    "P": PAIR,
    **{str(voice): voice for voice in range(8)},
}


def _line(line: str, ring: float = 1.0, accents: str = "") -> list[Stroke]:
    return spell(line, _VOICES, ring, accents)


def _fine(line: str, ring: float = 1.0, accents: str = "") -> list[Stroke]:
    return spell(line, _VOICES, ring, accents, 0.25)


CHORDS: dict[str, Pattern] = {
    # held and broken
    "hold": pattern(_line("A-------"), _line("A-----")),
    "guide": pattern(_line("P-------"), _line("P-----")),
    "halves": pattern(_line("A---A---"), _line("A---A-")),
    "breath": pattern(_line("A-----..", 0.95), _line("A---..", 0.95)),
    "alberti": pattern(_line("02120212", 1.2), _line("021212", 1.2)),
    "arpeggio": pattern(_line("01232123", 2.0), _line("012321", 2.0)),
    "climb": pattern(_line("0-1-2-3-", 1.8), _line("0-1-2-", 1.8)),
    "ripple": pattern(_fine("0123210301232103", 2.4), _fine("012321032123", 2.4)),
    "nocturne": pattern([*_line("0-------"), *_line("..1-2-1-", 1.3)], [*_line("0-----"), *_line("..1-2-", 1.3)]),
    "bells": pattern(_line("0---T---", 1.6) + _line("..2-..1-", 1.6), _line("0-T-1-", 1.6)),
    "rock": pattern(_line("0-U-1-U-", 1.1), _line("0-U-U-", 1.1)),
    "sighs": pattern(_line(".U-..U-.", 0.95), _line(".U-.U-", 0.95)),
    # light and detached
    "offbeats": pattern(_line("..A...A.", 0.8, "      ^ "), _line("..A.A.", 0.8)),
    "bounce": pattern(_line(".A.A.A.A", 0.7, "       ^"), _line(".A.A.A", 0.7, "     ^")),
    "strum": pattern(_line("A-AA.AAA", 0.95, "^ v  v v"), _line("A-AAAA", 0.95, "^ v vv")),
    "island": pattern(_line("A--A--A-", 0.85), _line("A--A--", 0.85)),
    "skip": pattern(_fine("A-..U-U.A-..U-U.", 0.8), _fine("A-..U-U.U-..", 0.8)),
    "ragtime": pattern(_line("L.UUL.U.", 0.8), _line("L.U.U.", 0.8)),
    "roll": pattern(_fine("0.12T.120.12T.12", 1.3), _fine("0.12T.12T.12", 1.3)),
    # sudden
    "stabs": pattern(_line("A..A.A..", 0.55, "^    ^"), _line("A..A..", 0.55, "^  ^")),
    "hiccup": pattern(_fine("A.....AA..A.....", 0.7, "^     v   ^"), _fine("A.....AA..A.", 0.7, "^     v   ^")),
    "pops": pattern(_line("..A.....", 0.5, "  ^") + _line(".....U.T", 0.5), _line("..A..T", 0.5, "  ^")),
    # uneasy
    "tremolo": pattern(_line("TNT1TN12", 0.9), _line("TNT1N2", 0.9)),
    "shiver": pattern(
        [*_line("P-------", 1.0, "v"), *_fine("....NN........NN")],
        [*_line("P-----", 1.0, "v"), *_fine("....NN....NN")],
    ),
    "drip": pattern(
        [*_line("U-------", 1.0, "v"), *_line("...N..T.", 1.2)], [*_line("U-----", 1.0, "v"), *_line("...N..", 1.2)]
    ),
    "circle": pattern(_line("1N21N21N", 0.95), _line("1N21N2", 0.95)),
    # heavy
    "drive": pattern(_line("0-0L-00-", 1.0, "^  ^  ^ "), _line("0-0L-0", 1.0, "^  ^  ")),
    "gallop": pattern(_fine("0---0-00L---0-00"), _fine("0---0-00L---")),
    "power": pattern(_line("L--0L-0-", 1.0, "^   ^"), _line("L--0L-", 1.0, "^   ^")),
    "slam": pattern(_line("L--L--A-", 1.0, "^  ^  ^"), _line("L--A--", 1.0, "^  ^")),
    "grind": pattern([*_line("L-------"), *_fine("....U---..U---N-")], [*_line("L-----"), *_fine("....U---..N-")]),
    "limp": pattern(_fine("....A.....UA....", 0.9, "    ^      ^"), _fine("....A.....U.", 0.9, "    ^")),
    "lurch": pattern(_line(".A...A.A", 0.6, " ^   ^"), _line(".A..A.", 0.6, " ^")),
    "sneer": pattern(_line("..A-..A.", 0.75, "  ^   ^"), _line("..A-A.", 0.75, "  ^ ^")),
    "wade": pattern(_line("L-..A...", 0.8, "    ^"), _line("L-..A.", 0.8, "    ^")),
}
