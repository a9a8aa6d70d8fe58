"""The command line: settings laid over each other, mistakes in one sentence."""

import pytest

from moodbox import __version__
from moodbox.cli import _parser, _settings, main
from moodbox.errors import SettingsError


def settings(*words: str):
    return _settings(_parser().parse_args(words))


def test_flags_lie_over_single_settings_over_the_file(tmp_path):
    file = tmp_path / "box.toml"
    file.write_text('[watch]\ncamera = "webcam"\nrate = 5\n[page]\nport = 9000\n', encoding="utf-8")
    read = settings("simulate", "--settings", str(file), "--set", "watch.rate=7", "--camera", "demo", "--port", "0")
    assert (read.watch.camera, read.watch.rate, read.page.port) == ("demo", 7.0, 0)


@pytest.mark.parametrize(
    ("line", "value"), [("music.output=none", "none"), ('music.output="USB 2"', "USB 2"), ("music.output = pi", "pi")]
)
def test_single_setting_may_be_bare_text(line, value):
    assert settings("run", "--set", line).music.output == value


@pytest.mark.parametrize("line", ["rate=7", "watch.rate", "=3", "watch.=1"])
def test_single_setting_without_its_form_is_refused(line):
    with pytest.raises(SettingsError, match=r"must look like part\.key=value"):
        settings("run", "--set", line)


def test_mistake_is_one_sentence_and_exit_code_one(capsys):
    assert main(["doctor", "--set", "watch.camra=demo"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "moodbox: --set: unknown key watch.camra (did you mean camera?)\n"


def test_port_out_of_range_is_one_sentence(capsys):
    assert main(["simulate", "--port", "70000"]) == 1
    assert "page.port must be 0 to 65535, not 70000" in capsys.readouterr().err


def test_no_command_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_version_is_printed(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == f"moodbox {__version__}"


def test_refresh_without_a_sign_in_says_so_and_is_no_failure(capsys):
    assert main(["refresh"]) == 0
    assert capsys.readouterr().out.strip().endswith("sign in to Spotify.")


def test_refresh_of_a_folder_that_cannot_be_written_is_one_sentence(capsys, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["refresh", "--set", f"box.state={tmp_path}/file/state"]) == 1
    assert capsys.readouterr().err.startswith("moodbox: ")


def test_spotify_can_be_left_off_from_the_command_line():
    assert not settings("simulate", "--spotify", "off").spotify.enabled
    assert settings("run").spotify.enabled
    with pytest.raises(SystemExit):
        settings("simulate", "--spotify", "fake")
