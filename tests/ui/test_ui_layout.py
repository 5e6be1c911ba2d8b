"""What stands where at every size, and what it says."""

from __future__ import annotations

import pytest
from screen_support import begin_at, opened, press, review, rows_of, screen_lines, screen_text, settle
from textual.widgets import Static

from followertui.services.workbench import Workbench
from followertui.ui.widgets.card import AccountCard
from followertui.ui.widgets.table import VirtualTable

SIZES = ((80, 24), (120, 36), (160, 48))


async def test_everything_of_the_review_is_on_the_screen_at_every_size(bench: Workbench) -> None:
    count = len(rows_of(bench, "to-review"))
    async with opened(bench, SIZES[0]) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await settle(pilot)
            lines = screen_lines(pilot)
            assert len(lines) == size[1]
            assert lines[0].startswith(" @acme")
            assert "DEMO" in lines[0]
            assert f"To review {count}" in lines[1]
            assert lines[2].rstrip().endswith(f"{count} of {count}")
            for title in ("Name", "Handle", "↔", "Kind", "Why", "Bot", "Silent"):
                assert title in lines[3]
            assert lines[-1].rstrip().endswith(": ?")
            assert "y as suggested" in lines[-1]
            for widget in pilot.app.screen.walk_children():
                if widget.display and widget.size and not isinstance(widget, Static):
                    assert widget.region.right <= size[0]
                    assert widget.region.bottom <= size[1]


@pytest.mark.parametrize("size", SIZES)
async def test_the_card_is_below_and_from_120_columns_at_the_right(bench: Workbench, size: tuple[int, int]) -> None:
    row = rows_of(bench, "everyone", "has:bio")[0]
    begin_at(bench, row)
    async with opened(bench, size) as pilot:
        card = pilot.app.screen.query_one(AccountCard).region
        table = pilot.app.screen.query_one(VirtualTable).region
        if size[0] < 120:
            assert card.y >= table.bottom
            assert card.width == size[0]
        else:
            assert card.x >= table.right
            assert card.y == table.y
        assert bench.card(row).bio.split(".")[0][:20] in screen_text(pilot)


async def test_a_decided_row_stays_dimmed_with_its_key(bench: Workbench) -> None:
    first = bench.page(rows_of(bench, "to-review")[:1])[0]
    async with opened(bench) as pilot:
        await press(pilot, "x")
        assert screen_lines(pilot)[4].startswith(" x ")
        assert first.name in screen_lines(pilot)[4]
        assert screen_lines(pilot)[5].startswith("▌")


async def test_resizing_keeps_the_cursor_in_view(bench: Workbench) -> None:
    async with opened(bench, (160, 48)) as pilot:
        await press(pilot, "G")
        await pilot.resize_terminal(80, 24)
        await press(pilot, "k")
        assert any(row.startswith("▌") for row in screen_lines(pilot))


async def test_the_help_begins_with_the_signs_and_figures_of_the_screen(bench: Workbench) -> None:
    async with opened(bench, (80, 24)) as pilot:
        header = screen_lines(pilot)[0]
        await press(pilot, "question_mark")
        shown = screen_text(pilot)
    assert "qualified" in header
    assert "/4wk" in header
    for sign in ("qualified 8% (7-9)", "+31/4wk", "→ ← ↔", "customer?", "● x a", "◆ ✎ ⌀", "unseen"):
        assert sign in shown, "on the first page"
    assert "Keys in review" in shown


async def test_the_help_shows_every_key_of_the_place(bench: Workbench) -> None:
    async with opened(bench, (120, 200)) as pilot:
        await press(pilot, "question_mark")
        shown = screen_text(pilot)
        assert "Keys in review" in shown
        assert "ctrl+r" in shown
        assert "x offtopic" in shown


async def test_the_status_line_gives_way_to_the_last_decisions(bench: Workbench) -> None:
    handle = bench.page(rows_of(bench, "to-review")[:1])[0].handle
    async with opened(bench) as pilot:
        await press(pilot, "x", "j")
        status = review(pilot).status
        assert "out" in status.text
        status._quieten(status._spoken)
        await pilot.pause()
        assert f"last   09:00 out @{handle}" in screen_lines(pilot)[-2]
