"""Every command of the registry, by key, where it applies; every dialog answered with nonsense.

On a store that works and on one that answers every write with an error: the program lives, and
its line says what went wrong.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from failing_store import FailingWrites
from screen_support import (
    CHARACTERS,
    decisions,
    opened,
    press,
    review,
    rows_of,
    said,
    screen_text,
    settle,
    written,
)
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from followertui.domain.decision import Decision
from followertui.domain.errors import StoreError
from followertui.services.workbench import Workbench
from followertui.ui.commands import COMMANDS, Command, Need, Place, commands_at
from followertui.ui.keymap import textual_name
from followertui.ui.screens.by_hand import HandScreen
from followertui.ui.screens.card import CardScreen
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.today import TodayScreen

ERRORS: dict[str, tuple[Exception, str]] = {
    "full": (StoreError("no room left on this disk: free 20 MB"), "no room left on this disk: free 20 MB"),
    "unforeseen": (RuntimeError("a name from a bio"), "something went wrong (RuntimeError"),
}
COMMAND_SCREENS = (ReviewScreen, CardScreen, PlanScreen, HandScreen, TodayScreen)
"""Where keys are the registry's; the others are forms with keys of their own."""
LEAVE = {"quit", "back", "suspend"}
"""Commands that end the program or hand the terminal back; they are tried on their own."""
LONG = {"match.run", "judge.run", "rest.run", "demo.week"}
NONSENSE = {
    "a tag that is not there": "-nope, =3, ,",
    "a field that is not there": "sort: foo:bar",
    "markup, controls and bidi": "[b]x[/] [@click=app.quit]y \u202e\u2066evil\x1b[2J",
    "very long": "x" * 5000,
    "nothing": "",
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that verbs offer to write go to a folder of the test."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def planned(bench: Workbench) -> Workbench:
    """Something to review, to confirm, to carry out and to hold back."""
    bench.decide(rows_of(bench, "everyone", "is:leader match:none -is:guarded")[:12], Decision.OUT)
    bench.decide(rows_of(bench, "guarded")[:2], Decision.OUT)
    return bench


def alive(pilot: Pilot[None]) -> bool:
    app = pilot.app
    return app.is_running and app._exception is None and app.return_code is None


def line(pilot: Pilot[None]) -> str:
    """What the status line of the uppermost screen that has one says."""
    for screen in reversed(pilot.app.screen_stack):
        if isinstance(screen, COMMAND_SCREENS):
            return screen.status.text
    return ""


async def go_to(pilot: Pilot[None], place: Place) -> None:
    """To a place, whatever is open now."""
    for _ in range(8):
        if isinstance(pilot.app.screen, COMMAND_SCREENS):
            break
        await press(pilot, "escape")
    while place in (Place.REVIEW, Place.CONFIRM) and pilot.app.screen is not review(pilot):
        await press(pilot, "escape" if not isinstance(pilot.app.screen, COMMAND_SCREENS) else "q")
    if place in (Place.REVIEW, Place.CONFIRM):
        wanted = "confirm" if place is Place.CONFIRM else "everyone"
        review(pilot).table.marks.clear()
        if review(pilot).queue_id != wanted or review(pilot).filter_text:
            review(pilot).open_view(wanted)
            await settle(pilot)
        review(pilot).table.focus()
    elif place is Place.PLAN:
        if isinstance(pilot.app.screen, HandScreen):
            await press(pilot, "q")
        if not isinstance(pilot.app.screen, PlanScreen):
            await go_to(pilot, Place.REVIEW)
            await press(pilot, "p")
    elif place is Place.TODAY:
        if not isinstance(pilot.app.screen, TodayScreen):
            await go_to(pilot, Place.REVIEW)
            await press(pilot, "f9")
    elif not isinstance(pilot.app.screen, HandScreen):
        await go_to(pilot, Place.PLAN)
        await press(pilot, "h", "y")
    await settle(pilot, 1)


async def run(pilot: Pilot[None], command: Command) -> None:
    """Press a command's first key, or choose it in the palette where it has none."""
    if command.keys:
        key = textual_name(command.keys[0])
        await press(pilot, key)
    else:
        await press(pilot, "colon")
        pilot.app.post_message(events.Paste(command.title))
        await press(pilot, "enter")


async def answer(pilot: Pilot[None], text: str = "") -> None:
    """Answer what is asked: some text where a line is open, then Enter."""
    if isinstance(pilot.app.focused, Input) and text:
        pilot.app.post_message(events.Paste(text))
        await settle(pilot, 1)
    await press(pilot, "enter")


def of(place: Place) -> list[Command]:
    """Commands of a place that stay in the program; long work is begun from its first place only."""
    long = LONG if place is not Place.REVIEW else set()
    some = [command for command in commands_at(place) if command.id not in LEAVE | long]
    # Confirm is the review's screen: what does not act on rows is tried there once.
    return [c for c in some if place is not Place.CONFIRM or Need.ROW in c.needs or Need.MATCH in c.needs]


@pytest.mark.parametrize("place", Place)
async def test_every_command_runs_on_a_store(planned: Workbench, place: Place) -> None:
    async with opened(planned) as pilot:
        for command in of(place):
            await go_to(pilot, place)
            await run(pilot, command)
            assert alive(pilot), command.id
            assert "went wrong" not in screen_text(pilot), command.id
            if pilot.app.screen.is_modal:
                await answer(pilot, "vip")
                assert alive(pilot), command.id
                assert "went wrong" not in screen_text(pilot), command.id


def entries(bench: Workbench) -> list[tuple[int, str, str]]:
    """What stands in the journal; judging blind hides names in its texts."""
    return [(one.id, one.command, one.state.value) for one in bench.journal()]


@pytest.mark.parametrize(
    ("place", "error"), [*((place, "full") for place in Place), (Place.REVIEW, "unforeseen")], ids=str
)
async def test_every_command_says_what_a_store_that_cannot_be_written_answers(
    planned: Workbench, place: Place, error: str
) -> None:
    raised, words = ERRORS[error]
    before = entries(planned)
    async with opened(planned) as pilot:
        await go_to(pilot, place)
        if place is Place.HAND:
            await press(pilot, "d")
            before = entries(planned)
        failing = FailingWrites(planned, raised)
        failed = set()
        for command in of(place):
            await go_to(pilot, place)
            for asks in (False, True):
                failing.asked = 0
                if not asks:
                    await run(pilot, command)
                elif pilot.app.screen.is_modal:
                    await answer(pilot, "vip")
                assert alive(pilot), command.id
                if failing.asked:
                    failed.add(command.id)
                    assert words in line(pilot), (command.id, line(pilot))
        assert entries(planned) == before
        assert all("RuntimeError" in text for text in pilot.app.unforeseen)
        pilot.app.unforeseen.clear()
        assert (
            len(failed) >= {Place.REVIEW: 12, Place.CONFIRM: 10, Place.PLAN: 3, Place.HAND: 4, Place.TODAY: 4}[place]
        ), failed


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_the_program_is_left_though_nothing_can_be_written(planned: Workbench, key: str, error: str) -> None:
    async with opened(planned) as pilot:
        FailingWrites(planned, ERRORS[error][0])
        pilot.app.post_message(events.Key(key, None))
        for _ in range(100):
            if not pilot.app.is_running or pilot.app._exit:
                break
            await pilot.pause(0.01)
        assert pilot.app._exit
        assert pilot.app._exception is None


TYPED = {
    Place.REVIEW: ("tag", "note", "view.save", "queue.choose", "sort", "filter", "palette", "about", "import"),
    Place.PLAN: ("plan.apply",),
}
"""Commands that open a line to type in."""
ANSWERED = {Place.REVIEW: ("kind", "view.drop", "count", "alike", "sample", "theme", "release"), Place.PLAN: ("count",)}
"""Commands that open something else to answer."""


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
async def test_every_dialog_lives_through_nonsense(planned: Workbench, nonsense: str) -> None:
    planned.looks.save_view("mine", "is:new")
    before = decisions(planned)
    async with opened(planned) as pilot:
        for place, ids in TYPED.items():
            for command_id in ids if nonsense else (*ids, *ANSWERED[place]):
                await go_to(pilot, place)
                await run(pilot, COMMANDS[command_id])
                await answer(pilot, nonsense)
                assert alive(pilot), command_id
                assert "went wrong" not in screen_text(pilot), command_id
        await go_to(pilot, Place.REVIEW)
        assert decisions(planned) == before
        assert review(pilot).table.has_focus


# The faults that were seen ------------------------------------------------------------


async def test_removing_a_tag_that_is_not_there_says_so(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "t", *"-nope", "enter")
        assert alive(pilot)
        assert 'no tag is named "nope"' in line(pilot)
        assert written(bench) == []


@pytest.mark.parametrize("text", ["sort:", "foo:bar"])
async def test_a_filter_that_cannot_be_read_is_not_saved_as_a_view(bench: Workbench, text: str) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        await press(pilot, "slash", *(CHARACTERS.get(char, char) and textual_name(char) for char in text), "enter")
        if isinstance(pilot.app.focused, Input):
            await press(pilot, "escape")
        await press(pilot, "W")
        if isinstance(pilot.app.focused, Input):
            await press(pilot, *"mine", "enter")
        assert alive(pilot)
        assert bench.looks.views() == []
        assert line(pilot)


@contextmanager
def locked(bench: Workbench) -> Iterator[None]:
    """The file is held by another process's transaction; ours waits for it no longer than a moment."""
    bench.session.store.con.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(bench.session.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def planned_items(bench: Workbench) -> list[tuple[int, str]]:
    """Items of the plan with their state, read without a look at the guards, which writes."""
    return bench.session.store.con.execute("SELECT id, state FROM plan_item ORDER BY id").fetchall()


GESTURES: dict[str, tuple[tuple[str, ...], Callable[[Workbench], Any]]] = {
    "decision": (("x",), decisions),
    "kind": (("c", "p"), written),
    "note": (("n", *"hello", "enter"), written),
    "tag": (("t", *"vip", "enter"), lambda bench: bench.tags()),
    "view": (("W", *"mine", "enter"), lambda bench: bench.looks.views()),
    "plan": (("x",), planned_items),
}


@pytest.mark.parametrize("gesture", GESTURES)
async def test_a_locked_file_is_said_and_the_same_key_works_afterwards(planned: Workbench, gesture: str) -> None:
    keys, state = GESTURES[gesture]
    before = state(planned)
    async with opened(planned, queue_id="everyone", text="is:leader decision:none") as pilot:
        if gesture == "plan":
            await press(pilot, "p")
        with locked(planned):
            await press(pilot, *keys)
            assert alive(pilot)
            assert "cannot be written now" in line(pilot)
            assert state(planned) == before
        await press(pilot, *keys)
        assert state(planned) != before


async def test_read_only_every_verb_that_writes_says_why_not(reopened: Callable[..., Workbench]) -> None:
    bench = reopened(is_read_only=True)
    before = list(bench.session.store.con.iterdump())
    async with opened(bench, (120, 36), queue_id="everyone") as pilot:
        writing = [one for one in COMMANDS.values() if Need.WRITE in one.needs and Place.REVIEW in one.where]
        assert len(writing) > 20
        for command in writing:
            review(pilot).run_command(command.id)
            await settle(pilot, 1)
            assert "opened read-only: start without --read-only" in said(pilot), command.id
            assert pilot.app.screen is review(pilot), command.id
    assert list(bench.session.store.con.iterdump()) == before
