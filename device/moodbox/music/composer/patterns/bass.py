"""Patterns of the bass: r root, f fifth, o octave, t third, a approach to the next root, n the semitone above the root.

Two characters a beat.
"""

from __future__ import annotations

from moodbox.music.composer.patterns.stroke import Pattern, Stroke, pattern, spell

ROOT, FIFTH, OCTAVE, THIRD, APPROACH, RUB = range(6)
_VOICES = {"r": ROOT, "f": FIFTH, "o": OCTAVE, "t": THIRD, "a": APPROACH, "n": RUB}


def _line(line: str, ring: float = 0.95, accents: str = "") -> list[Stroke]:
    return spell(line, _VOICES, ring, accents)


BASSES: dict[str, Pattern] = {
    "long": pattern(_line("r-------", 1.0), _line("r-----", 1.0)),
    "lean": pattern(_line("r-----a-", 1.0), _line("r---a-", 1.0)),
    "sway": pattern(_line("r---f---", 1.0), _line("r---f-", 1.0)),
    "two": pattern(_line("r---f-a-", 0.9), _line("r---a-", 0.9)),
    "walk": pattern(_line("r-t-f-a-", 0.9), _line("r-f-a-", 0.9)),
    "stroll": pattern(_line("r-f-t-a-", 1.0), _line("r-t-a-", 1.0)),
    "bounce": pattern(_line("r--rf--a", 0.75), _line("r--rf-", 0.75)),
    "island": pattern(_line("r--f--o-", 0.9), _line("r--f--", 0.9)),
    "skip": pattern(_line("r.ofr.fa", 0.7), _line("r.of.a", 0.7)),
    "pops": pattern(_line("r..o...a", 0.6, "^  ^"), _line("r..o..", 0.6, "^  ^")),
    "pedal": pattern(_line("r-------", 1.0), _line("r-----", 1.0)),
    "dread": pattern(_line("r-----n-", 1.0, "      v"), _line("r---n-", 1.0, "    v")),
    "throb": pattern(_line("rr--rr-n", 0.95, "^   ^"), _line("rr--rn", 0.95, "^")),  # a heart
    "creep": pattern(_line("r-n-r-a-", 0.95), _line("r-n-a-", 0.95)),
    "pulse": pattern(_line("r-r-r-r-", 0.8), _line("r-r-r-", 0.8)),
    "heavy": pattern(_line("r-..f-.a", 0.8, "^   ^"), _line("r-..fa", 0.8, "^")),
    "tread": pattern(_line("r-.nr-a-", 0.85, "^  v"), _line("r-.na-", 0.85, "^")),
    "drive": pattern(_line("rrrrrrra", 0.95, "^  ^  ^ "), _line("rrrrra", 0.95, "^  ^")),
    "octaves": pattern(_line("rorororo"), _line("rororo")),
    "riff": pattern(_line("r-rnr-fa", 0.95, "^  ^"), _line("r-rnra", 0.95, "^  ^")),
    "slam": pattern(_line("r--r--n-", 1.0, "^  ^  ^"), _line("r--n--", 1.0, "^  ^")),
}
