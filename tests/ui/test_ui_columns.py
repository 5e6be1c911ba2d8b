"""Columns that choose themselves from what the rows hold, and columns a person chose."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from screen_support import begin_at, opened, press, review, rows_of, said, screen_lines, screen_text, settle, type_text

from followertui.services.care.settings_file import SettingsFile
from followertui.services.workbench import Workbench
from followertui.ui.columns import COLUMNS, EVERYTHING, MANY_REASONS, account_columns
from followertui.ui.widgets.accounts import AccountTable

HELD = {
    "a whole profile": EVERYTHING,
    "a bare export": frozenset({"bio", "bot"}),
    "names only": frozenset[str](),
    "reasons without bios": frozenset({"why", "bot", "silent", "guarded"}),
    "few reasons": EVERYTHING - {MANY_REASONS},
}


def ids(width: int, held: frozenset[str] = EVERYTHING, sort: str = "") -> list[str]:
    return [column.id for column in account_columns(width, held, (), sort)]


@pytest.mark.parametrize("held", HELD.values(), ids=HELD)
@pytest.mark.parametrize("width", range(30, 320, 7))
def test_columns_fill_the_width(width: int, held: frozenset[str]) -> None:
    columns = account_columns(width, held)
    total = sum(column.width + 1 for column in columns)
    assert all(column.width > 0 for column in columns)
    if width >= 50:
        assert width - 2 <= total <= width + 1


@pytest.mark.parametrize("width", [57, 77, 117, 157, 197, 317])
def test_chosen_columns_stand_in_their_order_and_fill_the_width(width: int) -> None:
    chosen = ("handle", "bio", "followers", "kind", "silent")
    columns = account_columns(width, EVERYTHING, chosen)
    names = [column.id for column in columns]
    assert names == [name for name in chosen if name in names]
    assert names[:2] == ["handle", "bio"]
    assert width - 3 <= sum(column.width + 1 for column in columns) <= width + 1
    if width >= 77:
        assert names == list(chosen)


def test_columns_without_values_fold_and_leave_their_room_to_the_bio() -> None:
    bare = account_columns(157, HELD["a bare export"])
    assert [column.id for column in bare] == ["name", "handle", "relation", "kind", "bio", "bot"]
    assert next(column.width for column in bare if column.id == "bio") >= 60
    assert ids(77, HELD["names only"]) == ["name", "handle", "relation", "kind"]


def test_reason_and_bio_stand_beside_each_other_only_where_both_have_room() -> None:
    assert "bio" not in ids(100)
    wide = {column.id: column.width for column in account_columns(197)}
    assert wide["why"] >= 24
    assert wide["bio"] >= 32


@pytest.mark.parametrize("width", [117, 157, 197, 317])
def test_where_reasons_are_few_the_bio_has_their_room(width: int) -> None:
    """One column for both, as wide as the two were: a reason stands where there is one, else the bio."""
    few = {column.id: column.width for column in account_columns(width, HELD["few reasons"])}
    many = {column.id: column.width for column in account_columns(width)}
    assert "bio" not in few
    assert few["why"] == many["why"] + ("bio" in many) * (many.get("bio", 0) + 1)


async def test_how_many_reasons_there_are_is_told_by_the_whole_view(store_path: Path, bench: Workbench) -> None:
    async with opened(bench, (200, 40), queue_id="guarded") as pilot:
        titles = screen_lines(pilot)[3]
        assert "Why / bio" not in titles
        assert titles.index("Why") < titles.index("Bio"), "each of them matches something: that is the reason"
    with closing(sqlite3.connect(store_path)) as con, con:
        con.execute("DELETE FROM match_word")
        con.execute("DELETE FROM match")
        con.execute("UPDATE score SET top_reason = '' WHERE row % 10")
    async with opened(bench, (200, 40), queue_id="everyone") as pilot:
        assert "Why / bio" in screen_lines(pilot)[3]


def test_the_column_one_sorts_by_is_shown_at_any_width() -> None:
    assert "followers" not in ids(77)
    assert "followers" in ids(77, sort="followers")
    assert "silent" in ids(77, HELD["a bare export"], sort="silent")


@pytest.fixture
def bare_store(store_path: Path) -> Path:
    """The demo as a bare export brings it: no last posts, no reasons, no matches, no notes."""
    with closing(sqlite3.connect(store_path)) as con, con:
        con.execute("UPDATE account SET last_post_at = NULL, followers = NULL, location = NULL")
        con.execute("UPDATE score SET top_reason = ''")
        con.execute("DELETE FROM match_word")
        con.execute("DELETE FROM match")
    return store_path


async def test_a_bare_export_shows_what_its_accounts_say(bare_store: Path, bench: Workbench) -> None:
    row = rows_of(bench, "everyone", "has:bio")[0]
    begin_at(bench, row)
    async with opened(bench, (160, 40)) as pilot:
        titles = screen_lines(pilot)[3]
        assert "Bio" in titles
        assert "Silent" not in titles
        assert "Followers" not in titles
        line = next(line for line in screen_lines(pilot) if line.startswith("▌"))
        assert bench.card(row).bio[:24] in line


async def test_where_there_is_no_reason_the_bio_stands_in_its_place(bench: Workbench) -> None:
    cells = bench.page(rows_of(bench, "everyone", "has:bio"))
    row = next(cell.row for cell in cells if not cell.why)
    begin_at(bench, row)
    async with opened(bench, (120, 36)) as pilot:
        assert "Why / bio" in screen_lines(pilot)[3]
        line = next(line for line in screen_lines(pilot) if line.startswith("▌"))
        assert bench.card(row).bio[:10] in line


async def test_signs_stand_in_a_column_of_their_own(bench: Workbench) -> None:
    cells = bench.page(rows_of(bench, "everyone"))
    guarded = next(cell for cell in cells if cell.is_guarded)
    free = next(cell for cell in cells if not cell.is_guarded)
    async with opened(bench, (120, 36), text="is:guarded") as pilot:
        table = pilot.app.screen.query_one(AccountTable)
        assert table.cell(guarded, "name")[0] == (guarded.name or f"@{guarded.handle}")
        assert table.cell(guarded, "signs")[0].startswith("◆")
        assert table.cell(free, "signs")[0].startswith(" ")


async def test_a_column_unfolds_when_its_first_value_comes(bench: Workbench) -> None:
    async with opened(bench, (180, 40), queue_id="everyone") as pilot:
        assert "Tags" not in screen_lines(pilot)[3]
        await press(pilot, "t")
        await type_text(pilot, "met in Oslo")
        await press(pilot, "enter")
        assert "Tags" in screen_lines(pilot)[3]
        assert "met in Oslo" in screen_text(pilot)


async def test_columns_are_chosen_ordered_kept_and_let_go(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    async with opened(bench, (120, 36), own=SettingsFile.read(path)) as pilot:
        await press(pilot, "C")
        assert all(name in screen_text(pilot) for name in COLUMNS)
        await press(pilot, *["backspace"] * len(pilot.app.screen.query_one("#line").value))  # type: ignore[attr-defined]
        await type_text(pilot, "followers, handle")
        await press(pilot, "enter")
        assert said(pilot) == "columns: followers, handle"
        assert screen_lines(pilot)[3].split()[:2] == ["Followers", "Handle"]
    assert SettingsFile.read(path).values == {"columns": ["followers", "handle"]}
    async with opened(bench, (120, 36), own=SettingsFile.read(path)) as pilot:
        await settle(pilot)
        assert screen_lines(pilot)[3].split()[:2] == ["Followers", "Handle"]
        await press(pilot, "C", *["backspace"] * 20, "enter")
        assert said(pilot) == "columns choose themselves again"
        assert "Kind" in screen_lines(pilot)[3]
    assert SettingsFile.read(path).values == {}


async def test_a_wrong_column_is_refused_with_the_nearest(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        before = screen_lines(pilot)[3]
        await press(pilot, "C")
        await type_text(pilot, ", folowers")
        await press(pilot, "enter")
        assert said(pilot) == 'columns: none is named "folowers"; nearest is "followers"'
        assert screen_lines(pilot)[3] == before
        assert review(pilot).table.chosen == []
