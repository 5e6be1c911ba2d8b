"""The opening page of the weekly session: walks, moves on, opens by itself when there is something new."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from screen_support import opened, press, review, screen_text, until
from textual.pilot import Pilot

from followertui.services.insight import since
from followertui.services.workbench import Workbench
from followertui.ui.screens.report import ReportScreen
from followertui.ui.screens.since import SinceScreen


def shown(pilot: Pilot[None]) -> SinceScreen:
    screen = pilot.app.screen
    assert isinstance(screen, SinceScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48), (60, 20)])
async def test_enter_walks_through_those_who_matter(bench: Workbench, size: tuple[int, int]) -> None:
    page = since.since(bench.session)
    assert page.walk is not None
    assert page.walk.count > 0
    async with opened(bench, size) as pilot:
        await press(pilot, "f3")
        assert "Since Mon 12 Oct" in screen_text(pilot)
        view = shown(pilot).view
        assert all(line.cell_length <= view.size.width for line in view.render().split("\n"))
        await press(pilot, "enter")
        assert review(pilot).filter_text == page.walk.query
        assert len(review(pilot).table.keys) == page.walk.count


async def test_every_line_opens_what_it_is_about(bench: Workbench) -> None:
    async with opened(bench, (120, 48)) as pilot:
        await press(pilot, "f3")
        places = len(shown(pilot).view._places)
        assert places > 6
        for place in range(0, places, 3):
            if not isinstance(pilot.app.screen, SinceScreen):
                await press(pilot, "f3")
            shown(pilot).view.move_to(place)
            query = shown(pilot).view.chosen
            await press(pilot, "enter")
            assert review(pilot).filter_text == query
            assert len(review(pilot).table.keys) > 0, query


async def test_moving_on_empties_new_and_decides_nobody(bench: Workbench) -> None:
    entries = len(bench.journal())
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "f3", "m")
        assert "moved on" in shown(pilot).status.text
        assert "you are through with it" in screen_text(pilot)
        await press(pilot, "q")
        await until(pilot, lambda: next(queue for queue in review(pilot).queues if queue.id == "new").count == 0)
    assert len(bench.journal()) == entries


async def test_the_review_begins_here_after_a_newer_reading(
    bench: Workbench, reopened: Callable[..., Workbench]
) -> None:
    bench.insight.move_on()
    async with opened(bench, (120, 36)) as pilot:
        assert pilot.app.screen is review(pilot)
    for _ in bench.next_week():
        pass
    again = reopened()
    async with opened(again, (120, 36)) as pilot:
        assert "Since Mon 16 Nov" in screen_text(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is review(pilot)
    async with opened(reopened("dana"), (120, 36)) as pilot:
        assert pilot.app.screen is review(pilot)


@pytest.mark.parametrize("asked", [{"text": "kind:bot"}, {"queue_id": "new"}])
async def test_who_asks_for_rows_gets_rows(bench: Workbench, asked: dict[str, str]) -> None:
    bench.insight.move_on()
    for _ in bench.next_week():
        pass
    async with opened(bench, (120, 36), **asked) as pilot:
        assert pilot.app.screen is review(pilot)


async def test_read_only_does_not_move_on(reopened: Callable[..., Workbench]) -> None:
    async with opened(reopened(is_read_only=True), (120, 36)) as pilot:
        await press(pilot, "f3", "m")
        assert "read-only" in shown(pilot).status.text


async def test_the_report_and_this_page_lead_to_each_other_without_piling_up(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "f3", "f2")
        assert isinstance(pilot.app.screen, ReportScreen)
        await press(pilot, "f3")
        assert isinstance(pilot.app.screen, SinceScreen)
        await press(pilot, "f2", "f3", "f2")
        assert len(pilot.app.screen_stack) == 4
        await press(pilot, "enter")
        assert pilot.app.screen is review(pilot)
        assert review(pilot).filter_text
