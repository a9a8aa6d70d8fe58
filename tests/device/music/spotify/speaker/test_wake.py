from __future__ import annotations

import pytest

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.speaker.wake import Waker, is_asleep, match
from moodbox.music.spotify.values import Device, SpeakerChoice, SpeakerKind
from tests.fakes.listener import Turned

KITCHEN = SpeakerChoice(SpeakerKind.CONNECT, "k1", "Kitchen")


@pytest.mark.parametrize(
    ("devices", "found"),
    [
        ([Device("k1", "Renamed"), Device("x", "Kitchen")], "k1"),  # the id goes before the name
        ([Device("k2", "Kitchen"), Device("x", "Attic")], "k2"),  # installed again
        ([Device("k2", "Kitchen"), Device("k3", "Kitchen")], None),  # which of them?
        ([Device("", "Kitchen")], None),
        ([], None),
    ],
)
def test_a_device_is_found_by_its_id_then_by_a_name_that_only_one_has(devices: list[Device], found: str | None) -> None:
    device = match(devices, KITCHEN)
    assert (device.id if device else None) == found


def test_a_choice_without_anything_matches_nothing() -> None:
    assert match([Device("", ""), Device("k1", "Kitchen")], SpeakerChoice(SpeakerKind.CONNECT)) is None


def test_a_missing_playlist_is_no_sleeping_speaker() -> None:
    def error(key: str, status: int, reason: str = "") -> SpotifyError:
        return SpotifyError("", "", Verdict.TELL, key=key, status=status, reason=reason)

    assert is_asleep(error("spotify-speaker", 404))
    assert is_asleep(error("spotify-speaker", 404, "NO_ACTIVE_DEVICE"))
    assert not is_asleep(error("spotify-playlist", 404))
    assert not is_asleep(error("spotify-setup", 404))
    assert not is_asleep(error("spotify-speaker", 403))


def test_three_looks_in_six_seconds() -> None:
    now, looks = Turned(), []

    def devices() -> list[Device]:
        looks.append(now() - 1_000.0)
        return []

    with pytest.raises(SpotifyError) as raised:
        Waker(devices, None, now, now.turn).find(KITCHEN, now() + 60)
    assert looks == [0.0, 1.0, 6.0]
    assert "choose Kitchen once" in raised.value.action


def test_no_look_after_the_deadline() -> None:
    now, looks = Turned(), []

    def devices() -> list[Device]:
        looks.append(now() - 1_000.0)
        return []

    with pytest.raises(SpotifyError):
        Waker(devices, None, now, now.turn).find(KITCHEN, now() + 2.2)
    assert looks == [0.0, 1.0]


def test_a_device_that_appears_is_taken() -> None:
    now = Turned()
    lists = [[], [Device("k2", "Kitchen")]]
    assert Waker(lambda: lists.pop(0), None, now, now.turn).find(KITCHEN, now() + 60).id == "k2"


def test_a_service_is_restarted_once_in_ten_minutes() -> None:
    now, restarts = Turned(), []

    def restart() -> bool:
        restarts.append(now())
        return True

    waker = Waker(list, restart, now, now.turn)
    for _ in range(5):
        waker.shake()
        now.turn(150)
    assert restarts == [1_000.0, 1_600.0]
