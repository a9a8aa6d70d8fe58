"""Settings: read whole, or refused with every mistake named."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from moodbox.errors import SettingsError
from moodbox.events import Watching
from moodbox.settings import Settings, from_tables, load


def test_no_file_gives_the_defaults():
    assert load(None) == Settings()


def test_file_changes_only_what_it_names(tmp_path: Path):
    file = tmp_path / "moodbox.toml"
    file.write_text('[box]\nwatching = "always"\nstate = "~/music"\n[watch]\nrate = 10\n', encoding="utf-8")
    settings = load(file)
    assert settings.box.watching is Watching.ALWAYS
    assert settings.box.state == Path.home() / "music"
    assert settings.watch.rate == 10.0
    assert isinstance(settings.watch.rate, float)
    assert settings.panel == Settings().panel


def test_unknown_key_names_the_likely_one():
    with pytest.raises(SettingsError, match=r"unknown key watch\.camra \(did you mean camera\?\)"):
        from_tables({"watch": {"camra": "demo"}})


def test_unknown_section_names_the_likely_one():
    with pytest.raises(SettingsError, match=r"unknown section \[musik\] \(did you mean music\?\)"):
        from_tables({"musik": {}})


def test_key_far_from_every_known_one_lists_them():
    with pytest.raises(SettingsError, match=r"unknown key page\.zzz \(known: host, port\)"):
        from_tables({"page": {"zzz": 1}})


def test_all_mistakes_are_reported_together():
    with pytest.raises(SettingsError) as caught:
        from_tables({"watch": {"rate": 0, "threads": 2.5, "fast": 1}, "box": {"watching": "often"}, "page": 3})
    words = str(caught.value)
    for part in ("watch.rate must be 1 to 60", "watch.threads must be a whole number", "watch.fast must be true or"):
        assert part in words
    assert "box.watching must be one of on_press, always, not 'often'" in words
    assert "page must be a section" in words


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 1.1])
def test_number_out_of_range_is_refused(value: float):
    with pytest.raises(SettingsError, match=r"music\.volume must be 0 to 1"):
        from_tables({"music": {"volume": value}})


def test_missing_file_says_so(tmp_path: Path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "none.toml")


def test_broken_toml_names_the_file_and_the_place(tmp_path: Path):
    file = tmp_path / "moodbox.toml"
    file.write_text("[box\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"moodbox\.toml is not valid TOML.*line 1"):
        load(file)


def test_file_that_is_not_text_is_refused(tmp_path: Path):
    file = tmp_path / "moodbox.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load(file)


def test_example_in_the_documentation_is_valid_and_complete():
    example = Path(__file__).parents[2] / "docs" / "moodbox.toml"
    tables = tomllib.loads(example.read_text(encoding="utf-8"))
    from_tables(tables)
    for part in fields(Settings):
        known = {field.name for field in fields(getattr(Settings(), part.name))}
        assert set(tables[part.name]) == known, f"docs/moodbox.toml misses keys of [{part.name}]"


def test_state_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("MOODBOX_STATE", str(tmp_path))
    assert Settings().box.state == tmp_path
    monkeypatch.delenv("MOODBOX_STATE")
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "service"))
    assert Settings().box.state == tmp_path / "service"
