"""Up in the filter brings earlier filters back, across restarts."""

from __future__ import annotations

from screen_support import opened, press, review, type_text, until

from followertui.services.workbench import Workbench
from followertui.ui.widgets.filter import FilterLine


async def test_up_brings_earlier_filters_back_and_down_what_was_typed(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        for text in ("kind:bot", "is:leader"):
            await press(pilot, "slash", "ctrl+u")
            await type_text(pilot, text)
            await press(pilot, "enter")
        await press(pilot, "slash", "ctrl+u")
        await type_text(pilot, "bot")
        line = pilot.app.screen.query_one(FilterLine)
        await press(pilot, "up")
        assert line.text == "is:leader"
        await press(pilot, "up")
        assert line.text == "kind:bot"
        await press(pilot, "up")
        assert line.text == "kind:bot"
        await press(pilot, "down", "down")
        assert line.text == "bot"
        await press(pilot, "up", "up", "enter")
        assert review(pilot).filter_text == "kind:bot"
        assert line.history == ["is:leader", "kind:bot"]


async def test_filters_are_remembered_across_restarts(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "is:leader")
        await press(pilot, "enter", "slash", "ctrl+u", "enter")
        review(pilot).remember()
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "slash", "up")
        assert pilot.app.screen.query_one(FilterLine).text == "is:leader"


async def test_without_earlier_filters_up_stays_in_the_completions(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "slash")
        await type_text(pilot, "kin")
        await until(pilot, lambda: pilot.app.screen.query_one("#completions").display)
        await press(pilot, "up", "enter")
        assert pilot.app.screen.query_one(FilterLine).text.startswith("kind")
