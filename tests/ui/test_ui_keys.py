"""Keys mean what they meant when they were pressed: bursts, keys before a screen is there, wrong filters."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest
from screen_support import (
    Recorder,
    decisions,
    opened,
    press,
    review,
    rows_of,
    said,
    screen_text,
    settle,
    type_text,
    until,
    written,
)
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from followertui.services.workbench import Workbench
from followertui.ui import key_gate
from followertui.ui.app import FollowerApp
from followertui.ui.dialogs.looking import BulkLook
from followertui.ui.keymap import textual_name
from followertui.ui.screens import app_screen
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.widgets.filter import FilterLine

NAMES = {"\r": "enter", "\t": "tab", "\x1b": "escape", " ": "space"}


def key_of(char: str) -> events.Key:
    """The event a terminal sends for one character."""
    name = NAMES.get(char) or textual_name(char)
    return events.Key(name, char if char.isprintable() else None)


async def burst(pilot: Pilot[None], text: str) -> None:
    """Keys in one piece, as a paste or a fast hand writes them to the terminal."""
    for char in text:
        pilot.app.post_message(key_of(char))
    await settle(pilot)


def is_untouched(bench: Workbench, pilot: Pilot[None]) -> bool:
    """Whether nothing was decided, marked or opened."""
    marks = len(review(pilot).table.marks)
    return decisions(bench) == {} and written(bench) == [] and not marks and pilot.app.screen is review(pilot)


# Bursts -----------------------------------------------------------------------------


async def test_a_filter_and_enter_in_one_piece_filter_and_do_nothing_else(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await burst(pilot, "/kind:press\r")
        assert review(pilot).filter_text == "kind:press"
        assert list(review(pilot).table.keys) == rows_of(bench, review(pilot).queue_id, "kind:press")
        assert review(pilot).table.has_focus
        assert is_untouched(bench, pilot)


async def test_a_key_after_the_filter_acts_on_the_rows_of_the_filter(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        first = rows_of(bench, "everyone", "kind:press")[0]
        await burst(pilot, "/kind:press\ra")
        assert decisions(bench) == {first: "keep"}


async def test_a_key_after_a_change_of_queue_acts_on_the_rows_of_that_queue(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await burst(pilot, "]")
        queue = review(pilot).queue_id
        first = rows_of(bench, queue)[0]
        await burst(pilot, "[")
        await burst(pilot, "]a")
        assert decisions(bench) == {first: "keep"}


async def test_a_letter_after_a_verb_belongs_to_its_dialog(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await burst(pilot, "tvip, x\r")
        assert written(bench)[0].startswith("tag")
        assert decisions(bench) == {}
        assert {name for name, _, _ in bench.tags()} >= {"vip", "x"}


async def test_keys_before_the_plan_is_painted_are_dropped(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "x")
        planned = len(bench.plan_overview().item_ids)
        await burst(pilot, "pxxx")
        assert isinstance(pilot.app.screen, PlanScreen)
        assert len(bench.plan_overview().item_ids) == planned
        assert len(decisions(bench)) == 1


async def test_a_question_that_must_be_read_is_not_answered_by_a_key_pressed_before(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await burst(pilot, "*s\r\r")
        assert isinstance(pilot.app.screen, BulkLook)
        assert decisions(bench) == {}
        await press(pilot, "enter")
        assert len(decisions(bench)) == len(rows_of(bench, "everyone"))


BURSTS = (
    "cxxx", "S\r\r\r", "#\r\r\r", "taa\r\r", "\r\r\r\r\x1b", ":\r\r", "'\r\r", "=1=1", "%\x1b\x1b", "J\x1bJ\x1b", "ppp",
    "n\r\rn\x1b\x1b", "T\x1bT\r", "]]]]]]]]", "uUuU",
)  # fmt: skip


async def test_no_burst_ends_the_program(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        for keys in BURSTS:
            await burst(pilot, keys)
            assert pilot.app.is_running, keys
            assert "went wrong" not in screen_text(pilot), keys
            for _ in range(4):
                if pilot.app.screen is not review(pilot):
                    await press(pilot, "escape" if not isinstance(pilot.app.screen, PlanScreen) else "q")
            assert pilot.app.screen is review(pilot), keys


# Before the first paint -------------------------------------------------------------


async def started_with(bench: Workbench, early: str, then: str = "") -> tuple[str, bool, bool]:
    """The review after keys before the first paint and keys right after it: filter, untouched, focus in the table."""
    app = FollowerApp(bench, queue_id="everyone")
    enter = app.enter

    def enter_and_press(*arguments: Any) -> None:
        enter(*arguments)
        for char in early:
            app.post_message(key_of(char))

    app.enter = enter_and_press  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        for char in then:
            app.post_message(key_of(char))
        await settle(pilot)
        screen = review(pilot)
        return screen.filter_text, is_untouched(bench, pilot), screen.table.has_focus


async def test_keys_before_the_first_paint_are_dropped(bench: Workbench) -> None:
    assert await started_with(bench, "xaf*p") == ("", True, True)


async def test_what_was_begun_before_the_first_paint_is_dropped_to_its_end(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_gate, "PAUSE_SECONDS", 60.0)
    assert await started_with(bench, "c", "xx") == ("", True, True)


async def test_quitting_is_never_dropped(bench: Workbench) -> None:
    app = FollowerApp(bench, queue_id="everyone")
    enter = app.enter

    def enter_and_press(*arguments: Any) -> None:
        enter(*arguments)
        for key in (key_of("x"), events.Key("ctrl+q", None)):
            app.post_message(key)

    app.enter = enter_and_press  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: not app.is_running)
    assert app.is_quiet(30.0)  # counting may have begun; no store is closed under it
    assert decisions(bench) == {}


async def test_a_question_is_not_asked_over_another_screen(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_screen, "SMALL_ROWS", 0)
    may_go_on = threading.Event()

    def slowly(real: Any, *arguments: Any) -> Any:
        may_go_on.wait(30)
        return real(*arguments)

    async with opened(Recorder(bench, sample=slowly), queue_id="everyone") as pilot:
        app = pilot.app
        for char in "*x":
            app.post_message(key_of(char))
        await until(pilot, lambda: review(pilot).is_working)
        review(pilot).run_command("plan")  # as a click on the header does, which no key waits for
        await until(pilot, lambda: isinstance(app.screen, PlanScreen))
        may_go_on.set()
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        assert "another screen" in said(pilot)
    assert decisions(bench) == {}


@pytest.mark.parametrize(("early", "then"), [("/kind:press\r", ""), ("/kind", ":press\r"), ("", "/kind:press\r")])
async def test_a_filter_typed_around_the_first_paint_is_a_filter(bench: Workbench, early: str, then: str) -> None:
    assert await started_with(bench, early, then) == ("kind:press", True, True)


# A wrong filter ---------------------------------------------------------------------


async def test_enter_in_a_wrong_filter_keeps_the_focus_there(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await burst(pilot, "/kind:nobody\r*x")
        assert isinstance(pilot.app.focused, Input)
        assert review(pilot).query_one(FilterLine).text == "kind:nobody*x"
        assert decisions(bench) == {}
        assert len(review(pilot).table.marks) == 0


async def test_verbs_on_rows_refuse_while_the_filter_is_wrong(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await burst(pilot, "ktvip=1\r")
        before = written(bench)
        await burst(pilot, "/kind:nobody\x1b")
        assert review(pilot).table.has_focus
        for char in "*xyct vimbr.W1":
            await burst(pilot, char)
            assert "the filter is wrong" in said(pilot), char
            assert pilot.app.screen is review(pilot), char
            assert len(review(pilot).table.marks) == 0, char
            review(pilot).say("")
        assert written(bench) == before


async def test_a_corrected_filter_lets_verbs_go_on(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await burst(pilot, "/kind:nobody\x1b")
        await press(pilot, "escape", "escape")
        assert review(pilot).filter_text == ""
        await press(pilot, "a")
        assert len(decisions(bench)) == 1


# Completion -------------------------------------------------------------------------


async def test_tab_completes_the_text_as_it_stands_now(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        line = review(pilot).query_one(FilterLine)
        await press(pilot, "slash")
        await type_text(pilot, "is")
        await until(pilot, lambda: line.query_one("#completions").display)
        await burst(pilot, ":ki\t")
        assert line.text.startswith("is:ki")
        assert "kind:" not in line.text


async def test_tab_right_after_the_last_letter_completes_it(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await burst(pilot, "/kin\t")
        assert review(pilot).query_one(FilterLine).text == "kind:"


# What was looked at -----------------------------------------------------------------


async def test_another_set_of_the_same_size_is_looked_at_again(bench: Workbench) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        table = review(pilot).table
        table.marks.add(table.keys[:30])
        table.marks_changed()
        await press(pilot, "r", "escape")
        assert review(pilot).has_looked
        table.marks.clear()
        table.marks.add(table.keys[30:60])
        table.marks_changed()
        await press(pilot, "x")
        assert isinstance(pilot.app.screen, BulkLook)
        assert decisions(bench) == {}


SEED = 11
"""Of the keys pressed at random; another one must do as well."""


# Anything at all --------------------------------------------------------------------


async def test_any_keys_in_bursts_leave_the_program_and_the_journal_whole(bench: Workbench) -> None:
    rng = random.Random(SEED)
    letters = "yaxfesctnRjkgGuUvbrmi*~=#%/SW'pqJTA:?][.123 \r\r\t\x1b\x1b"
    async with opened(bench, queue_id="everyone") as pilot:
        app = pilot.app
        assert isinstance(app, FollowerApp)
        app.leave = lambda: None  # type: ignore[method-assign]
        for _ in range(30):
            await burst(pilot, "".join(rng.choice(letters) for _ in range(rng.randint(1, 8))))
            assert app.is_running
            assert "went wrong" not in screen_text(pilot)
    decided = decisions(bench)
    while bench.undo(force=True).entry_id:
        pass
    assert decisions(bench) == {}, decided
