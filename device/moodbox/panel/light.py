"""The light as numbers: where a motion stands at a moment, and how much of the light is to be had by day and night.

Pure. Colours come in as a screen shows them and leave as duty cycles, which are linear in light.
"""

from __future__ import annotations

import math

from moodbox.events import Light, Motion
from moodbox.settings import PanelSettings

RGB = tuple[float, float, float]

DARK: RGB = (0.0, 0.0, 0.0)
# WCAG 2.3.1 allows three flashes a second; every motion brightens once a round, so this keeps below two.
SHORTEST_PERIOD = 0.55  # seconds
FADE = 0.4  # seconds in which the light before glows out
# Eyes see about the 2.2th root of the light; with it a fade looks even (the exponent screens use too).
_GAMMA = 2.2
_MOVING = frozenset({Motion.BREATHE, Motion.CHASE, Motion.BLINK, Motion.PULSE})


def moves(light: Light) -> bool:
    """Say whether the light changes by itself."""
    return light.motion in _MOVING


def level(light: Light, time: float) -> float:
    """Return how bright the motion looks, 0..1, `time` seconds after it began. All begin bright: a touch is answered.

    Breathing is a slow wave; chase, which on a single LED cannot run round, is a brisk saw: down evenly, up at once;
    blink is on and nearly off with soft edges; pulse is a beat that dies away and leaves a pause.
    """
    period = max(light.period, SHORTEST_PERIOD) if math.isfinite(light.period) else 2.0
    phase = (max(time, 0.0) % period) / period
    match light.motion:
        case Motion.OFF:
            return 0.0
        case Motion.STEADY:
            return 1.0
        case Motion.BREATHE:
            return 0.575 + 0.425 * math.cos(2.0 * math.pi * phase)  # 0.15..1
        case Motion.CHASE:
            return 1.0 - 0.9 * phase / 0.8 if phase < 0.8 else 0.1 + 0.9 * (phase - 0.8) / 0.2
        case Motion.BLINK:
            return _blink(phase)
        case Motion.PULSE:
            return math.exp(-5.0 * phase)


def curve(light: Light, time: float) -> RGB:
    """Return the duty cycles (r, g, b), 0..1 at full brightness, `time` seconds after the light was shown."""
    shade = level(light, time)
    r, g, b = light.color
    return _duty(r * shade), _duty(g * shade), _duty(b * shade)


def after(new: RGB, old: RGB, time: float) -> RGB:
    """Add the afterglow of the light before: the new one is there at once, the old one fades behind it."""
    left = max(0.0, 1.0 - max(time, 0.0) / FADE) ** _GAMMA
    return max(new[0], left * old[0]), max(new[1], left * old[1]), max(new[2], left * old[2])


def seen(duties: RGB) -> RGB:
    """Return the colour that a screen must show to look like these duty cycles."""
    r, g, b = (min(1.0, max(0.0, duty)) ** (1.0 / _GAMMA) for duty in duties)
    return r, g, b


def luminance(duties: RGB) -> float:
    """Return the brightness of a colour for an LED that has none: the luminance of Rec. ITU-R BT.709, 0..1."""
    r, g, b = duties
    return min(1.0, 0.2126 * r + 0.7152 * g + 0.0722 * b)


def brightness(settings: PanelSettings, hour: int) -> float:
    """Return the share of the LED's light, 0..1, wanted at an hour of the day (0..23).

    Linear in light, not in looks: software PWM has steps of 1 %, and amber dimmed by eye to a fifth would lose its
    green and turn into the red that means trouble.
    """
    start, end = settings.night_from, settings.night_to
    night = start <= hour < end if start <= end else hour >= start or hour < end
    share = settings.night_brightness if night else settings.brightness
    return min(1.0, max(0.0, share))


def _duty(channel: float) -> float:
    return min(1.0, channel) ** _GAMMA if channel > 0.0 else 0.0  # NaN is not above 0 either: dark


def _blink(phase: float) -> float:
    """On for half a round and at a tenth for the other half, with edges of a tenth of a round."""
    if phase < 0.45:
        return 1.0
    if phase < 0.55:
        return 1.0 - 0.9 * (phase - 0.45) / 0.1
    return 0.1 if phase < 0.9 else 0.1 + 0.9 * (phase - 0.9) / 0.1
