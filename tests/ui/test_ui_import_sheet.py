"""A sheet of decisions on the screen: chosen, looked at, asked about, written as one gesture, undone."""

from __future__ import annotations

from pathlib import Path

from screen_support import opened, press, rows_of, screen_text, settle, type_text
from textual.pilot import Pilot

from followertui.services.workbench import Workbench
from followertui.ui.screens.import_sheet import SheetScreen
from followertui.ui.screens.review.frame import ReviewScreen


async def look_at(pilot: Pilot[None], path: Path) -> None:
    await press(pilot, "colon")
    await type_text(pilot, "import decisions")
    await press(pilot, "enter")
    assert isinstance(pilot.app.screen, SheetScreen)
    await type_text(pilot, str(path))
    await press(pilot, "enter")
    await settle(pilot)


def some_handles(bench: Workbench, count: int) -> list[str]:
    rows = bench.open_view("", "decision:none -match:certain").rows[:count]
    handles = [cell.handle for cell in bench.page(rows)]
    assert len(handles) == count
    return handles


async def test_a_sheet_is_shown_before_it_is_written_as_one_gesture(bench: Workbench, tmp_path: Path) -> None:
    one, other = some_handles(bench, 2)
    path = tmp_path / "sheet.csv"
    path.write_text(f"handle,decision,note\n{one},out,=[red]no[/red]\n{other},later,\nno_such_one,out,\n")
    before, entries = rows_of(bench, "everyone", "decision:out"), len(bench.journal())
    async with opened(bench) as pilot:
        await look_at(pilot, path)
        shown = " ".join(screen_text(pilot).split())
        assert "2 accounts would change: decision out for 1, decision later for 1, note for 1" in shown
        assert "3 read" in shown
        assert "1 not in this store" in shown
        assert len(bench.journal()) == entries
        await press(pilot, "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert "sheet.csv" in screen_text(pilot)
        assert len(bench.journal()) == entries + 1
        assert len(rows_of(bench, "everyone", "decision:out")) == len(before) + 1
        await press(pilot, "u")
        await settle(pilot)
    assert rows_of(bench, "everyone", "decision:out") == before


async def test_of_a_plain_list_it_is_asked_what_all_of_it_is(bench: Workbench, tmp_path: Path) -> None:
    handles = some_handles(bench, 3)
    path = tmp_path / "export.txt"
    path.write_text("\n".join(f"https://x.com/{handle}" for handle in handles) + "\n")
    kept = len(rows_of(bench, "everyone", "decision:keep"))
    async with opened(bench) as pilot:
        await look_at(pilot, path)
        assert "What are all of these?" in screen_text(pilot)
        await press(pilot, "1")
        await settle(pilot)
        assert "3 accounts would change: decision keep for 3" in screen_text(pilot)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert len(rows_of(bench, "everyone", "decision:keep")) == kept
        await look_at(pilot, path)
        await press(pilot, "1")
        await settle(pilot)
        await press(pilot, "enter")
        await settle(pilot)
    assert len(rows_of(bench, "everyone", "decision:keep")) == kept + 3


async def test_a_file_that_is_no_sheet_says_so_and_stays(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("colour,weight\nred,3\nblue,4\n")
    async with opened(bench) as pilot:
        await look_at(pilot, path)
        assert "no column holds ids or handles" in screen_text(pilot)
        assert isinstance(pilot.app.screen, SheetScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReviewScreen)
