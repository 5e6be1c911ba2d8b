"""Opening the app on a fake workbench and reading what its screen says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fake_workbench import FakeWorkbench
from textual.pilot import Pilot

from followertui.ui.app import FollowerApp

LINKS: list[str] = []


def app_on(bench: FakeWorkbench | None, **options: Any) -> FollowerApp:
    LINKS.clear()
    return FollowerApp(bench, open_url_with=LINKS.append, **options)


async def settle(pilot: Pilot[None]) -> None:
    """Until no worker runs and every message was handled."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@asynccontextmanager
async def opened(
    bench: FakeWorkbench | None, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Pilot[None]]:
    app = app_on(bench, **options)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settle(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    from followertui.ui.keymap import textual_name

    await pilot.press(*["space" if char == " " else textual_name(char) for char in text])


def screen_lines(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen, line by line."""
    screen = pilot.app.screen
    update = screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in update]


def screen_text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot))


async def until(pilot: Pilot[None], condition: Any) -> None:
    """Wait for a condition, never for a time of its own."""
    for _ in range(200):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the condition never held")
