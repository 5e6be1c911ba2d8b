"""``settings``: list, get, set, reset and path, in the file and in the store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Call


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("FOLLOWERTUI_CONFIG", str(path))
    return path


def test_a_file_that_is_not_there_yet_is_made_by_the_first_setting(call: Call, config: Path) -> None:
    assert call("settings", "path").out.strip() == str(config)
    assert call("settings", "get", "theme").out == "\n"
    assert call("settings", "set", "theme", "followertui-light").code == 0
    assert call("settings", "set", "keys.keep", "Q, F12").code == 0
    assert call("settings", "get", "theme").out == "followertui-light\n"
    assert call("settings", "get", "keys.keep").out == "Q, F12\n"
    assert "Q F12" in call("keys").out
    assert call("settings", "reset", "theme").code == 0
    assert 'theme = "followertui-light"' not in config.read_text().replace('# theme = "followertui-light"', "")


def test_the_list_names_every_setting_with_its_place(call: Call) -> None:
    call("settings", "set", "backups", "no")
    call("settings", "set", "silent_days", "365")
    found = {line["name"]: line for line in json.loads(call("settings", "list", "--json").out)}
    assert found["backups"]["value"] == "no"
    assert found["backups"]["kept_in"] == "file"
    assert found["silent_days"] | {"meaning": ""} == {
        "name": "silent_days", "value": "365", "kept_in": "store", "is_default": False, "meaning": ""
    }  # fmt: skip
    assert found["qualified"]["is_default"]
    assert all(line["meaning"] for line in found.values())
    assert call("settings", "list").out.count("\n") > len(found)


def test_what_decides_figures_can_be_undone(call: Call, config: Path) -> None:
    config.touch()
    assert "`followertui judge`" in call("settings", "set", "bot_threshold", "80").err
    assert call("settings", "get", "bot_threshold").out == "80\n"
    assert call("undo").code == 0
    assert call("settings", "get", "bot_threshold").out == "64\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "theem", "nord"), 'there is no setting "theem"; nearest is theme'),
        (("get", "qualifid"), "nearest is qualified"),
        (("set", "keys.kep", "K"), 'there is no command "kep"; nearest is keep'),
        (("set", "keys.keep", "x"), "x is taken by"),
        (("set", "theme", "nrod"), 'no theme is named "nrod"; nearest is "nord"'),
        (("set", "columns", "name,qqq"), 'none is named "qqq"'),
        (("set", "zone", "Mars"), 'zone "Mars" is not known'),
        (("set", "backups", "maybe"), "is neither yes nor no"),
        (("set", "bot_threshold", "x"), "no number from 1 to 100"),
    ],
)
def test_a_wrong_setting_is_one_line_and_writes_nothing(
    call: Call, config: Path, arguments: tuple[str, ...], words: str
) -> None:
    answer = call("settings", *arguments)
    assert answer.code == 1
    assert words in answer.err
    assert answer.err.count("\n") == 1
    assert not config.exists()


def test_a_file_that_cannot_be_used_stops_every_command_with_its_line(call: Call, config: Path) -> None:
    config.write_text('themes = "nord"\n')
    for arguments in (("accounts", "--count"), ("settings", "list"), ("settings", "set", "theme", "nord")):
        answer = call(*arguments)
        assert answer.code == 1
        assert 'there is no setting "themes"; nearest is theme' in answer.err
    assert call("settings", "path").code == 0


def test_read_only_changes_nothing(call: Call, config: Path) -> None:
    for name, value in (("theme", "nord"), ("silent_days", "365")):
        answer = call("--read-only", "settings", "set", name, value)
        assert answer.code == 1
        assert "opened read-only" in answer.err
    assert not config.exists()


@pytest.mark.parametrize(
    "line",
    [
        "decide @dana_ortiz out", "kind @dana_ortiz press", "tag @dana_ortiz --add vip", "note @dana_ortiz hello",
        "draw", "match", "judge --full", "about --set names=Acme", "views save mine is:new", "lists drop Customers",
        "plan add mute @dana_ortiz", "purge dana_ortiz --yes", "settings set silent_days 365", "costs --day 3",
        "plan pace --quiet 22-7", "doctor --mend",
    ],
)  # fmt: skip
def test_read_only_a_command_that_writes_says_what_to_leave_out(call: Call, config: Path, line: str) -> None:
    config.touch()
    answer = call("--read-only", *line.split())
    assert answer.code == 1
    assert "--read-only" in answer.err
    assert answer.err.count("\n") == 1
