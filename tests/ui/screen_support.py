"""Opening the app on a fake workbench and reading what its screen says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fake_workbench import FakeWorkbench
from textual import events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from followertui.ui.app import FollowerApp
from followertui.ui.keymap import textual_name
from followertui.ui.screens.review import frame
from followertui.ui.screens.review.frame import ReviewFrame

frame.CARD_SECONDS = 0.001
"""No test waits for a hand to rest."""
LINKS: list[str] = []
CHARACTERS = {textual_name(char): char for char in "~'[]#$%=*./:?,-+@"} | {"space": " "}


def app_on(bench: FakeWorkbench | None, **options: Any) -> FollowerApp:
    LINKS.clear()
    return FollowerApp(bench, open_url_with=LINKS.append, **options)


async def settle(pilot: Pilot[None], rounds: int = 4) -> None:
    """Until no worker runs, every message was handled and the card shows the row under the cursor."""
    for _ in range(rounds):
        # A count that a newer one takes the place of is cancelled, and that is no failure.
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        await pilot.pause(0)
    for screen in pilot.app.screen_stack:
        if isinstance(screen, ReviewFrame):
            await until(pilot, screen.is_card_shown)


@asynccontextmanager
async def opened(
    bench: FakeWorkbench | None, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Pilot[None]]:
    app = app_on(bench, **options)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


def _send(pilot: Pilot[None], key: str, character: str | None = None) -> None:
    pilot.app.post_message(events.Key(key, character))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each after all that the one before set going."""
    for key in keys:
        _send(pilot, key, key if len(key) == 1 else CHARACTERS.get(key))
        await settle(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type letters one after the other, faster than anything answers."""
    for char in text:
        _send(pilot, "space" if char == " " else textual_name(char), char)
    await settle(pilot, 2)


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
