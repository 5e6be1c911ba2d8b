"""The settings on the screen: yours go into the file, what decides figures into the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from screen_support import decisions, opened, press, review, said, screen_text, type_text
from textual.pilot import Pilot
from textual.widgets import Input

from followertui.services.care.settings_file import SettingsFile
from followertui.services.workbench import Workbench
from followertui.ui.screens.settings import SettingsScreen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


async def choose(pilot: Pilot[None], name: str) -> None:
    """Press j until the cursor stands on a setting, then Enter."""
    screen = pilot.app.screen
    assert isinstance(screen, SettingsScreen)
    at = next(at for at, row in enumerate(screen._rows) if row is not None and row.name == name)
    while screen._entries.highlighted != at:
        await press(pilot, "j")
    await press(pilot, "enter")


async def type_over(pilot: Pilot[None], text: str) -> None:
    await press(pilot, *["backspace"] * len(pilot.app.screen.query_one("#line", Input).value))
    await type_text(pilot, text)
    await press(pilot, "enter")


def line_of(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.status.text)  # type: ignore[attr-defined]


async def test_a_key_changes_at_once_and_goes_into_the_file(bench: Workbench, path: Path) -> None:
    async with opened(bench, (120, 36), own=SettingsFile.read(path)) as pilot:
        await press(pilot, "f4")
        assert str(path) in screen_text(pilot)
        await choose(pilot, "more keys")
        await type_text(pilot, "keep")
        await press(pilot, "enter")
        await type_over(pilot, "x")
        assert "x is taken by keep in review: give out or keep another key" in line_of(pilot)
        assert not path.exists()
        await choose(pilot, "more keys")
        await type_text(pilot, "keep")
        await press(pilot, "enter")
        await type_over(pilot, "F12")
        assert SettingsFile.read(path).keys == {"keep": "F12"}
        assert "keys.keep" in screen_text(pilot)
        row = review(pilot).table.key
        await press(pilot, "q", "a")
        assert decisions(bench) == {}
        await press(pilot, "f12")
        assert decisions(bench) == {row: "keep"}
        await press(pilot, "f4")
        await choose(pilot, "keys.keep")
        await press(pilot, "escape", "x")
        assert SettingsFile.read(path).keys == {}


async def test_columns_and_theme_are_seen_when_the_settings_close(bench: Workbench, path: Path) -> None:
    async with opened(bench, (120, 36), own=SettingsFile.read(path)) as pilot:
        await press(pilot, "f4")
        await choose(pilot, "columns")
        await type_over(pilot, "handle, bioo")
        assert 'none is named "bioo"; nearest is "bio"' in line_of(pilot)
        await choose(pilot, "columns")
        await type_over(pilot, "handle, bio")
        await choose(pilot, "theme")
        await press(pilot, "j", "enter")
        assert pilot.app.theme == "followertui-light"
        await press(pilot, "q")
        table = review(pilot).table
        assert [column.id for column in table.columns(table.size.width)] == ["handle", "bio"]
    assert SettingsFile.read(path).values == {"columns": ["handle", "bio"], "theme": "followertui-light"}


async def test_a_file_changed_in_an_editor_is_read_again_before_it_is_written(bench: Workbench, path: Path) -> None:
    async with opened(bench, (120, 36), own=SettingsFile.read(path)) as pilot:
        await press(pilot, "f4")
        path.write_text('zone = "Europe/Berlin"\n')
        await choose(pilot, "reviewer")
        await type_over(pilot, "dana")
        assert "changed by another program" in line_of(pilot)
        assert path.read_text() == 'zone = "Europe/Berlin"\n'
        await press(pilot, "f5")
        await choose(pilot, "reviewer")
        await type_over(pilot, "dana")
        assert "from the next start" in line_of(pilot)
        path.write_text('zonne = "Europe/Berlin"\n')
        await press(pilot, "f5")
        assert 'there is no setting "zonne"; nearest is zone' in line_of(pilot)
        assert pilot.app.own.values == {"zone": "Europe/Berlin", "reviewer": "dana"}  # type: ignore[attr-defined]


async def test_what_decides_figures_is_kept_in_the_store_and_judged_by(bench: Workbench, path: Path) -> None:
    async with opened(bench, (120, 36), own=SettingsFile.read(path)) as pilot:
        await press(pilot, "f4")
        await choose(pilot, "bot_threshold")
        await type_over(pilot, "101")
        assert "no number from 1 to 100" in line_of(pilot)
        await choose(pilot, "bot_threshold")
        await type_over(pilot, "95")
        assert "bot_threshold: 64 → 95" in line_of(pilot)
        before = len(bench.open_view("", "kind:bot").rows)
        await press(pilot, "q")
        assert len(bench.open_view("", "kind:bot").rows) < before
        assert not path.exists()
        await press(pilot, "u")
        assert "undo: bot_threshold: 64 → 95" in said(pilot)


async def test_a_read_only_session_keeps_nothing_and_says_so(reopened: Callable[..., Workbench], path: Path) -> None:
    async with opened(reopened(is_read_only=True), (120, 36), own=SettingsFile.read(path)) as pilot:
        await press(pilot, "T", "j", "enter")
        assert pilot.app.theme == "followertui-light"
        await press(pilot, "f4")
        await choose(pilot, "silent_days")
        assert "opened read-only" in line_of(pilot)
        await press(pilot, "q")
    assert not path.exists()
