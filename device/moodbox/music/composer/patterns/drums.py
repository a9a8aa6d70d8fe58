"""Patterns of the drums, four characters a beat: one line for each drum that plays."""

from __future__ import annotations

from moodbox.music.composer.patterns.stroke import Pattern, Stroke, pattern, spell

KICK, STICK, SNARE, CLAP, LOW_TOM, HAT, PEDAL_HAT, HIGH_TOM, CRASH, RIDE = 36, 37, 38, 39, 41, 42, 44, 48, 49, 51
TAMBOURINE, COWBELL, MARACAS, CLAVES, BLOCK, LOW_BLOCK, TRIANGLE = 54, 56, 70, 75, 76, 77, 81
_SOFT = {HAT: -0.30, RIDE: -0.34, MARACAS: -0.25, PEDAL_HAT: -0.3, TAMBOURINE: -0.3, TRIANGLE: -0.35, STICK: -0.2}


def _kit(**lines: str) -> Pattern:
    """Lay lines over each other, `x` a stroke and `o` a soft one; three and two beats are the beginning of four."""
    found: list[Stroke] = []
    for name, line in lines.items():
        key = int(globals()[name.upper()])
        soft = _SOFT.get(key, -0.05)
        for stroke in spell(line, {"x": 0, "o": -1}, step=0.25):
            accent = stroke.accent + soft + 0.25 * stroke.voice
            found.append(Stroke(stroke.at, 0.2, key, accent))
    return pattern(sorted(found, key=lambda stroke: (stroke.at, stroke.voice)))


DRUMS: dict[str, Pattern] = {
    "shaker": _kit(maracas="x.o.x.o.x.o.x.o.", kick="x.......x......."),
    "brush": _kit(ride="x...x.o.x...x.o.", snare="....o.......o...", kick="o..............."),
    "pop": _kit(hat="x.o.x.o.x.o.x.o.", kick="x.....x.x.......", snare="....x.......x..."),
    "clap": _kit(tambourine="..x...x...x...x.", clap="....x.......x...", kick="x.......x.o....."),
    "island": _kit(claves="x..x..x...x.x...", maracas="x.x.x.x.x.x.x.x.", kick="x.......x......."),
    "toy": _kit(block="x...o...x.o.o...", low_block="..o...o...o...o.", triangle="............x..."),
    "sparks": _kit(block="x.........x.x...", claves="......x.......x.", cowbell="............o..."),
    "tumble": _kit(snare="..o...x..oo...x.", kick="x.......x.......", hat="x.o.x.o.x.o.x.o."),
    "tick": _kit(stick="o...o...o...o...", triangle="x..............."),
    "heart": _kit(low_tom="x.o.....x.o....."),
    "distant": _kit(low_tom="o.......o.....oo", crash="o..............."),
    "march": _kit(kick="x.......x.......", snare="x.oox.o.x.oox.oo"),
    "metal": _kit(hat="x.x.x.x.x.x.x.x.", kick="x.xxo.xxx.xxo.xx", snare="....x.......x..."),
    "stomp": _kit(kick="x.....x.....x...", low_tom="x.....x.....x.o.", snare="....o.......x..."),
    "anvil": _kit(low_tom="x..xx..xx..xx.x.", cowbell="....x.......x...", kick="x.....x.x.....x."),
    "thud": _kit(low_tom="x.......x.....o.", stick="......x.......x."),
    "clank": _kit(cowbell="......o.......x.", kick="x.........x.....", low_block="....x.......x..."),
}


def fill(meter: int, key: int) -> tuple[Stroke, ...]:
    """Lead into the next phrase: the last beat of a bar, getting louder."""
    return tuple(Stroke(meter - 1 + number / 4, 0.2, key, -0.25 + 0.07 * number) for number in range(4))
