"""The machine that the figures are of."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def described() -> str:
    """Say when and on what is measured: the day, the processor, the cores that may be used, Python."""
    cores = len(os.sched_getaffinity(0))
    today = datetime.now(UTC).date().isoformat()
    return f"{today}, {_processor()}, {cores} core{'' if cores == 1 else 's'}, Python {platform.python_version()}"


def _processor() -> str:
    """Name the processor as Linux does: a PC has a "model name", a Raspberry Pi a "Model"."""
    facts = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = line.partition(":")
        facts[name.strip()] = value.strip()
    return f"{facts.get('model name') or facts.get('Model') or 'processor without a name'} ({platform.machine()})"
