"""The cursor, the card that follows it, and what a key costs however many rows there are."""

from __future__ import annotations

import itertools
import threading
from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import textual.timer
from screen_support import (
    Recorder,
    app_on,
    opened,
    press,
    review,
    rows_of,
    screen_lines,
    screen_text,
    settle,
    type_text,
    until,
)

from followertui.services.values import View
from followertui.services.workbench import Workbench
from followertui.ui.screens.review import card_reading
from followertui.ui.widgets.card import AccountCard


async def test_a_held_key_draws_rows_and_reads_the_card_once_beside_the_screen(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, bool]] = []

    def card(real: Callable[[int], Any], row: int) -> Any:
        read.append((row, threading.current_thread() is threading.main_thread()))
        return real(row)

    async with opened(Recorder(bench, card=card)) as pilot:
        monkeypatch.setattr(card_reading, "REST_SECONDS", 0.3)
        read.clear()
        await type_text(pilot, "j" * 30)
        await settle(pilot)
        table = review(pilot).table
        assert table.cursor == 30
        assert read == [(table.key, False)]


async def test_a_verb_about_the_account_does_not_wait_for_the_card(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_reading, "REST_SECONDS", 60.0)
    async with app_on(bench).run_test() as pilot:
        await until(pilot, lambda: len(pilot.app.screen.query("#table")) and review(pilot).table.key is not None)
        await pilot.press("j", "j")
        card = review(pilot).cards.current
        assert card is not None
        assert card.cells.row == review(pilot).table.key


async def test_another_card_repaints_only_lines_that_differ(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(bench, (120, 40)) as pilot:
        card = pilot.app.screen.query_one(AccountCard)
        painted: list[int] = []
        refresh = card.refresh

        def counting(*regions: Any, **how: Any) -> Any:
            painted.append(len(regions))
            return refresh(*regions, **how)

        monkeypatch.setattr(card, "refresh", counting)
        await press(pilot, "j")
        assert painted
        assert all(0 < count < card.size.height for count in painted)


async def test_moving_only_repaints_and_follows_the_cursor(bench: Workbench) -> None:
    last = len(rows_of(bench, "everyone")) - 1
    async with opened(bench, queue_id="everyone") as pilot:
        table = review(pilot).table
        await press(pilot, "G")
        assert table.cursor == last
        assert round(table.scroll_offset.y) == last + 1 - table.page_rows
        await press(pilot, "pageup")
        assert table.cursor == last - table.page_rows
        await press(pilot, "g")
        assert (table.cursor, round(table.scroll_offset.y)) == (0, 0)


async def test_a_million_rows_open_mark_and_move(bench: Workbench) -> None:
    count = 1_000_000
    known = rows_of(bench, "everyone")

    def open_view(real: Any, queue_id: str = "", text: str = "") -> View:
        return View(queue_id, text, array("I", range(count)), count, "")

    def page(real: Callable[[Sequence[int]], Any], rows: Sequence[int]) -> Any:
        assert len(rows) <= 64
        shown = real([known[row % len(known)] for row in rows])
        return [cells._replace(row=row) for cells, row in zip(shown, rows, strict=True)]

    def card(real: Callable[[int], Any], row: int) -> Any:
        found = real(known[row % len(known)])
        return replace(found, cells=found.cells._replace(row=row))

    recorder = Recorder(bench, open_view=open_view, page=page, card=card)
    async with opened(recorder, queue_id="everyone") as pilot:
        table = review(pilot).table
        await press(pilot, "asterisk", "G")
        assert len(table.marks) == count
        assert table.key == count - 1
        assert len(table._rows._pages) <= 3
        assert "1,000,000 of 1,000,000 · 1,000,000 marked" in screen_text(pilot)
        assert recorder.names().count("page") <= 8


async def test_rows_around_the_cursor_stay_in_sight(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        table = review(pilot).table
        for at in (table.page_rows - 2, 40, 30, 39):
            table.move_to(at)
            top = round(table.scroll_offset.y)
            assert top + 3 <= at <= top + table.page_rows - 4
        table.move_to(0)
        assert round(table.scroll_offset.y) == 0
        table.move_to(len(table.keys) - 1)
        assert round(table.scroll_offset.y) == len(table.keys) - table.page_rows


async def test_the_column_sorted_by_shows_its_arrow_at_any_width(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        for field in ("silent", "bot", "kind"):
            review(pilot).sort_by(field)
            await settle(pilot)
            title = next(line for line in screen_lines(pilot) if "Handle" in line)
            assert title.count("▾") + title.count("▴") == 1, title


async def test_the_card_is_read_however_late_the_loop_is(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    late = itertools.count()
    async with opened(bench, queue_id="everyone") as pilot:
        cards = review(pilot).cards
        monkeypatch.setattr(textual.timer._time, "get_time", lambda: float(next(late)))
        cards.read_again()
        assert not cards.is_drawn()
        await until(pilot, cards.is_drawn)
