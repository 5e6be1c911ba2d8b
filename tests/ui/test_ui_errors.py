"""One door for errors: whatever a handler raises is one line, and the program goes on."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screen_support import app_on, opened, press, review, screen_text, settle, type_text, until
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

import followertui.ui
from followertui.domain.errors import StoreError
from followertui.services.workbench import Workbench
from followertui.store.file import log
from followertui.ui.app import FollowerApp
from followertui.ui.attempt import Guarded
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.screens.review.frame import ReviewScreen

LOCKED = "the store is locked: try again"


def refused(*_: Any, **__: Any) -> Any:
    raise StoreError(LOCKED)


def broken(*_: Any, **__: Any) -> Any:
    raise LookupError("@private_handle")


@pytest.fixture
def errors(tmp_path: Path) -> Iterator[log.ErrorLog]:
    kept = log.ErrorLog(tmp_path / "errors.log")
    log.keep_in(kept)
    yield kept
    log.keep_in(log.ErrorLog())


async def is_alive(pilot: Pilot[None]) -> bool:
    """Whether the review still answers keys."""
    for key in ("escape", "q"):
        if not isinstance(pilot.app.screen, ReviewScreen):
            await press(pilot, key)
    table = review(pilot).table
    before = table.cursor
    await press(pilot, "j" if before == 0 else "k")
    return table.cursor != before


def widgets_of_ours() -> list[type[Widget]]:
    for module in pkgutil.walk_packages(followertui.ui.__path__, "followertui.ui."):
        importlib.import_module(module.name)
    found: list[type[Widget]] = []
    waiting: list[type[Widget]] = [Widget]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("followertui."):
            found.append(one)
    return found


def test_every_widget_screen_and_dialog_goes_through_the_door() -> None:
    ours = widgets_of_ours()
    assert len(ours) > 30
    assert [one.__name__ for one in ours if not issubclass(one, Guarded)] == []
    assert issubclass(FollowerApp, Guarded)
    assert all(not inspect.isabstract(one) for one in ours)


def test_a_screen_has_one_door_for_keys_and_two_bases_at_most() -> None:
    screens = [one for one in widgets_of_ours() if issubclass(one, Screen)]
    assert len(screens) > 15
    for screen in screens:
        ours = [one for one in screen.__mro__[1:] if one.__module__.startswith("followertui.ui.screens")]
        assert len(ours) <= 2, screen
        # Textual calls the handler of every class in this order, not just the first.
        doors = [one for one in screen.__mro__ if "on_key" in vars(one) and one.__module__.startswith("followertui.")]
        assert len(doors) <= 1, screen


async def test_a_screen_that_closes_takes_its_dialogs_with_it(bench: Workbench) -> None:
    async with opened(bench, size=(120, 36)) as pilot:
        theme = pilot.app.theme
        await press(pilot, "p", "T", "j")
        plan = pilot.app.screen_stack[-2]
        assert isinstance(plan, PlanScreen)
        assert pilot.app.theme != theme  # the theme under the cursor is shown at once
        plan.dismiss(None)
        await settle(pilot)
        assert pilot.app.screen is review(pilot)
        assert pilot.app.theme == theme  # left unanswered, as Esc leaves it


async def test_a_screen_under_another_does_not_close(bench: Workbench) -> None:
    async with opened(bench, size=(120, 36)) as pilot:
        await press(pilot, "p", "J")
        below = pilot.app.screen_stack[-2]
        assert isinstance(below, PlanScreen)
        below.dismiss(None)
        await settle(pilot)
        assert below in pilot.app.screen_stack
        assert pilot.app.screen_stack[-1] is not below


# What a person types into a dialog: finding 9 ended the program at each of these.
NONSENSE = {
    "a tag is taken off that nobody has": (("t",), "-nope"),
    "a view of nothing but an order": (("slash",), "sort:"),
    "a tag with a control": (("t",), "a=b=c,,-"),
    "a note of nothing": (("n",), ""),
    "a palette of nonsense": (("colon",), "@nobody_at_all"),
}


@pytest.mark.parametrize("what", NONSENSE)
async def test_nonsense_in_a_dialog_is_answered_and_the_program_lives(bench: Workbench, what: str) -> None:
    keys, text = NONSENSE[what]
    app = app_on(bench)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await press(pilot, *keys)
        await type_text(pilot, text)
        await press(pilot, "enter")
        if keys == ("slash",):
            await press(pilot, "W")
            await type_text(pilot, "mine")
            await press(pilot, "enter", "escape", "escape")
        assert app.unforeseen == []
        assert await is_alive(pilot)


@pytest.mark.parametrize(
    ("keys", "text", "method"),
    [
        (("n",), "a note", "note"),
        (("t",), "a tag", "tag"),
        (("c", "c"), "", "say_kind"),
        (("T", "j"), "", "keep_setting"),
        (("p",), "", "plan_overview"),
        (("A",), "", "about"),
        (("J",), "", "journal"),
        (("x",), "", "decide"),
        (("u",), "", "undo"),
    ],
    ids=lambda value: value if isinstance(value, str) and value else None,
)
async def test_a_store_that_refuses_is_one_line(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], text: str, method: str
) -> None:
    app = app_on(bench)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        monkeypatch.setattr(app if method == "keep_setting" else bench, method, refused)
        await press(pilot, *keys)
        if text:
            await type_text(pilot, text)
        if text or method == "keep_setting":
            await press(pilot, "enter")
        assert LOCKED in screen_text(pilot)
        assert app.unforeseen == []
        monkeypatch.undo()
        assert await is_alive(pilot)


class Odd(Message):
    """A message no handler can take."""


async def test_what_nobody_foresaw_is_a_line_and_an_entry(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, errors: log.ErrorLog
) -> None:
    monkeypatch.setattr(ReviewScreen, "on_odd", broken, raising=False)
    app = app_on(bench)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        ways = (
            lambda: review(pilot).post_message(Odd()),
            lambda: review(pilot).set_timer(0.001, broken),
            lambda: review(pilot).call_after_refresh(broken),
            lambda: review(pilot).call_later(broken),
            lambda: review(pilot).run_worker(broken, thread=True),
        )
        for count, way in enumerate(ways, 1):
            way()
            await until(pilot, lambda count=count: len(app.unforeseen) == count)
            assert "LookupError" in screen_text(pilot)
        assert await is_alive(pilot)
    assert not app.return_code
    entries = list(errors.entries())
    assert len(entries) == len(ways)
    assert all("builtins.LookupError" in entry and "private_handle" not in entry for entry in entries)
