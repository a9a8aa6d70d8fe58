"""The Connect devices of the invented household."""

from __future__ import annotations

from dataclasses import replace

from moodbox.standin.shelves import OWNER
from moodbox.standin.things import Device, new_id


def household_devices(seed: int, now: float, *, local: bool) -> list[Device]:
    """Set up the household's devices; the last is fresh out of its box and belongs to nobody yet."""
    devices = [
        Device(new_id(seed, "device", "kitchen"), "Kitchen", idle_seconds=600.0),
        Device(new_id(seed, "device", "living"), "Living room", "AVR", idle_seconds=1_200.0),
        Device(new_id(seed, "device", "phone"), "Phone", "Smartphone", takes_volume=False, idle_seconds=1_800.0),
        Device(new_id(seed, "device", "car"), "Car", "Automobile", restricted=True),
        Device(new_id(seed, "device", "attic"), "Attic", asleep=True),
    ]
    if local:
        hexes = "".join(f"{ord(letter):02x}" for letter in new_id(seed, "device", "librespot"))[:40]
        text = "".join(f"{ord(letter):02x}" for letter in new_id(seed, "device", "soloist"))[:32]
        uuid = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
        devices += [
            Device(uuid, "Moodbox", local="soloist", idle_seconds=2_700.0),
            Device(hexes, "Moodbox go-librespot", local="librespot", idle_seconds=2_700.0),
        ]
    return [replace(device, user="" if device.name == "Attic" else OWNER.id, idle_since=now) for device in devices]
