"""The first minutes without a store: the three choices, what they cost, and where each leads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from demo_stores import DemoStores
from screen_support import opened, press, review, rows_of, screen_text, settle, until

from followertui.cli.options import Options
from followertui.cli.welcome import Welcome, demo_path
from followertui.demo.building import Recipe
from followertui.domain.errors import BadInput
from followertui.domain.progress import Progress
from followertui.services.workbench import Workbench
from followertui.ui.screens.import_files import ImportScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.welcome import WelcomeChoice, WelcomeScreen


class SmallWelcome:
    """The ways to a store, with a demo that is there at once, or fails, or takes for ever."""

    def __init__(self, reopened: Callable[..., Workbench], error: str = "", *, waits: bool = False) -> None:
        self.reopened = reopened
        self.error = error
        self.waits = waits
        self.stopped = False

    def build_demo(self, cancel: threading.Event) -> Any:
        yield Progress(1, 10, "drawing people")
        if self.waits:
            self.stopped = cancel.wait(10)
            return None
        if self.error:
            raise BadInput(self.error)
        return self.reopened()

    def new_store(self) -> Workbench:
        return self.reopened()


@pytest.fixture
def welcome(reopened: Callable[..., Workbench]) -> SmallWelcome:
    return SmallWelcome(reopened)


async def test_the_choices_say_what_they_cost_and_what_leaves(welcome: SmallWelcome) -> None:
    async with opened(None, welcome=welcome) as pilot:
        for size in ((80, 24), (120, 36), (160, 48)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            shown = screen_text(pilot)
            assert all(word in shown for word in ("Look around", "Bring my files", "Sign in to X"))
            assert shown.count("leaves this machine  nothing") == 2
            assert shown.count("costs") == 3
            # The third says how one signs in, not which variables to set, and no line of any is cut off.
            for choice in pilot.app.screen.query(WelcomeChoice):
                assert len(choice.render().wrap(choice.size.width)) <= choice.size.height, (size, choice.words.key)
            assert "FOLLOWERTUI_X" not in shown


async def test_looking_around_builds_the_demo_and_opens_it(welcome: SmallWelcome, reopened: Any) -> None:
    async with opened(None, welcome=welcome) as pilot:
        await press(pilot, "enter")
        await settle(pilot)
        count = len(rows_of(reopened(), "to-review"))
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert f"{count} of {count}" in screen_text(pilot)


async def test_a_demo_that_cannot_be_built_says_so(reopened: Any) -> None:
    async with opened(None, welcome=SmallWelcome(reopened, "no room on this disk: free 20 MB")) as pilot:
        await press(pilot, "1")
        await settle(pilot)
        assert isinstance(pilot.app.screen, WelcomeScreen)
        assert "no room on this disk: free 20 MB" in screen_text(pilot)


async def test_a_demo_under_way_can_be_stopped(reopened: Any) -> None:
    welcome = SmallWelcome(reopened, waits=True)
    async with opened(None, welcome=welcome) as pilot:
        await pilot.press("1")
        await until(pilot, lambda: "drawing people" in screen_text(pilot))
        await pilot.press("f6")
        await settle(pilot)
        assert welcome.stopped
        assert isinstance(pilot.app.screen, WelcomeScreen)
        assert "stopped" in screen_text(pilot)


async def test_arrows_move_between_choices_and_signing_in_begins_on_a_store(tmp_path: Path) -> None:
    welcome = Welcome(Options(store=tmp_path / "mine.db"), None)
    try:
        async with opened(None, welcome=welcome) as pilot:
            await press(pilot, "right", "right", "enter")
            await settle(pilot)
            assert "on X's page in the browser" in screen_text(pilot)
            await press(pilot, "escape")
            assert pilot.app.screen is review(pilot)
    finally:
        welcome.close()


async def test_a_choice_is_taken_by_mouse(welcome: SmallWelcome) -> None:
    async with opened(None, welcome=welcome) as pilot:
        await pilot.click("#welcome-2")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ImportScreen)
        await press(pilot, "escape")
        assert pilot.app.screen is review(pilot)


async def test_the_command_line_s_welcome_opens_the_demo_that_is_there_and_an_empty_store(
    demo_stores: DemoStores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path)
    demo_stores.copy(demo_path(Recipe()))
    welcome = Welcome(Options(store=tmp_path / "mine.db"), None)
    try:
        async with opened(None, welcome=welcome) as pilot:
            await press(pilot, "1")
            await settle(pilot)
            assert "DEMO" in screen_text(pilot)
        async with opened(None, welcome=welcome) as pilot:
            await press(pilot, "2", "escape")
            await settle(pilot)
            assert pilot.app.screen is review(pilot)
            assert "0 of 0" in screen_text(pilot)
        assert (tmp_path / "mine.db").exists()
    finally:
        welcome.close()
