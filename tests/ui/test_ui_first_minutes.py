from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import click
import pytest
from fake_workbench import FakeWorkbench
from screen_support import opened, press, screen_text, settle, type_text, until

from followertui.domain.errors import BadInput
from followertui.domain.progress import Progress
from followertui.services.intake.values import AboutUs, ImportChoices
from followertui.ui.screens.about_us import words_of
from followertui.ui.screens.import_files import ImportScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.welcome import SIGN_IN, WelcomeScreen
from followertui.ui.widgets.files import folder_entries


class FakeWelcome:
    def __init__(self, error: str = "") -> None:
        self.bench = FakeWorkbench(50)
        self.error = error
        self.stopped = False
        self.waits = threading.Event()

    def build_demo(self, cancel: threading.Event) -> Any:
        if self.error == "wait":
            yield Progress(1, 10, "drawing people")
            self.stopped = cancel.wait(10)
            return None
        yield Progress(1, 2, "drawing people")
        if self.error:
            raise BadInput(self.error)
        return self.bench

    def new_store(self) -> FakeWorkbench:
        return self.bench


async def test_three_doors_say_what_they_cost_and_what_leaves() -> None:
    for size in ((80, 24), (120, 36), (160, 48)):
        async with opened(None, size, welcome=FakeWelcome()) as pilot:
            shown = screen_text(pilot)
            assert all(word in shown for word in ("Look around", "Bring my files", "Sign in to X"))
            assert shown.count("leaves this machine  nothing") == 2
            assert shown.count("costs") == 3


async def test_looking_around_builds_the_demo_and_opens_it() -> None:
    doors = FakeWelcome()
    async with opened(None, welcome=doors) as pilot:
        await press(pilot, "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert "50 of 50" in screen_text(pilot)


async def test_a_demo_that_cannot_be_built_says_so() -> None:
    async with opened(None, welcome=FakeWelcome("no room on this disk: free 20 MB")) as pilot:
        await press(pilot, "1")
        await settle(pilot)
        assert isinstance(pilot.app.screen, WelcomeScreen)
        assert "no room on this disk" in screen_text(pilot)


async def test_a_demo_under_way_is_stopped_by_f6() -> None:
    doors = FakeWelcome("wait")
    async with opened(None, welcome=doors) as pilot:
        await pilot.press("1")
        await until(pilot, lambda: "drawing people" in screen_text(pilot))
        await pilot.press("f6")
        await settle(pilot)
        assert doors.stopped
        assert "stopped" in screen_text(pilot)


async def test_signing_in_is_explained_and_arrows_move_between_doors() -> None:
    async with opened(None, welcome=FakeWelcome()) as pilot:
        await press(pilot, "right", "right", "enter")
        assert "not read through the API yet" in screen_text(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, WelcomeScreen)


async def test_a_door_opens_by_mouse() -> None:
    async with opened(None, welcome=FakeWelcome()) as pilot:
        await pilot.click("#welcome-2")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ImportScreen)


async def test_a_list_is_looked_at_asked_about_imported_and_leads_on(tmp_path: Path) -> None:
    path = tmp_path / "list of customers.csv"
    path.write_text("Account Name,Website\nGlobex,globex.com\n")
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await press(pilot, "I")
        await type_text(pilot, str(path))
        await press(pilot, "enter")
        assert "Who is on this list?" in screen_text(pilot)
        await press(pilot, "c")
        assert "What is this list called?" in screen_text(pilot)
        await press(pilot, "enter")
        assert "How did you get these people?" in screen_text(pilot)
        await press(pilot, "4")
        shown = screen_text(pilot)
        assert "list of companies, CSV, 214 rows" in shown
        assert "import 12,388 rows" in shown
        assert "import_file" not in bench.names()
        await press(pilot, "enter")
        await settle(pilot)
        choices = ImportChoices(kind="customer", name="Customers 2026", basis="third-party")
        assert ("import_file", str(path), choices) in bench.calls
        assert "214 to confirm, about 12 minutes" in screen_text(pilot)
        assert "creates no leavers" in screen_text(pilot)
        assert "3 clicks by hand are done" in screen_text(pilot)
        assert "catch_up" in bench.names()
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert pilot.app.screen.queue_id == "confirm"


@pytest.mark.parametrize(
    ("lists", "accounts", "said", "goes_to"),
    [
        ([("Customers", "customer", 60)], 300, "To review: 300", "to-review"),
        ([], 300, "bring a customer list", ""),
        ([("Customers", "customer", 60)], 0, "bring followers or following", ""),
    ],
)
async def test_enter_after_an_import_never_leads_to_an_empty_queue(
    tmp_path: Path, lists: list[tuple[str, str, int]], accounts: int, said: str, goes_to: str
) -> None:
    path = tmp_path / "followers.json"
    path.write_text("[]")
    bench = FakeWorkbench(accounts)
    bench.to_confirm, bench.list_names = 0, lists
    async with opened(bench) as pilot:
        await press(pilot, "I")
        await type_text(pilot, str(path))
        await press(pilot, "enter", "1", "enter")
        assert said in screen_text(pilot)
        await press(pilot, "enter")
        if goes_to:
            assert pilot.app.screen.queue_id == goes_to
        else:
            assert pilot.app.screen.stage == "picking"


async def test_an_error_nobody_foresaw_is_one_line_without_its_text(tmp_path: Path) -> None:
    class Breaking(FakeWorkbench):
        def run_import(self, plan: Any, cancel: Any) -> Any:
            yield Progress(1, 2, "reading rows")
            raise KeyError("token-of-somebody")

    path = tmp_path / "followers.json"
    path.write_text("[]")
    async with opened(Breaking(30), (120, 40)) as pilot:
        await press(pilot, "I")
        await type_text(pilot, str(path))
        await press(pilot, "enter", "1", "enter")
        shown = screen_text(pilot)
        assert "something went wrong (KeyError" in shown
        assert "followertui doctor" in shown
        assert "token-of-somebody" not in shown
        assert pilot.app.is_running


def test_the_third_door_names_only_what_there_is() -> None:
    from followertui.cli.main import cli

    named = set(re.findall(r"followertui ([a-z]+)", SIGN_IN))
    assert named == {"help"}
    assert named <= set(cli.list_commands(click.Context(cli)))


async def test_a_column_is_mapped_to_another_field(tmp_path: Path) -> None:
    path = tmp_path / "followers.json"
    path.write_text("[]")
    bench = FakeWorkbench(300)
    async with opened(bench) as pilot:
        await press(pilot, "I")
        await type_text(pilot, str(path))
        await press(pilot, "enter", "1", "down", "enter")
        await type_text(pilot, "person")
        await press(pilot, "enter")
        looked = [call[2] for call in bench.calls if call[0] == "look"]
        assert looked[-1] == ImportChoices(relation="follower", mapping={"id": "person"})


async def test_a_file_that_cannot_be_read_says_so_and_stays() -> None:
    async with opened(FakeWorkbench(30)) as pilot:
        await press(pilot, "I")
        await type_text(pilot, "nothing-here.csv")
        await press(pilot, "enter")
        assert "no such file" in screen_text(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_questions_left_open_are_asked_again_before_the_import(tmp_path: Path) -> None:
    path = tmp_path / "followers.json"
    path.write_text("[]")
    bench = FakeWorkbench(30)
    async with opened(bench) as pilot:
        await press(pilot, "I")
        await type_text(pilot, str(path))
        await press(pilot, "enter", "escape")
        assert "answer 1 more" in screen_text(pilot)
        await press(pilot, "enter", "2")
        assert "import 12,388 rows" in screen_text(pilot)
        await press(pilot, "escape", "escape")
        assert "import_file" not in bench.names()


def test_folders_come_first_then_files_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("a.pdf", "z.csv", ".hidden.csv", "list.xlsx"):
        (tmp_path / name).write_text("")
    found = [Path(path).name for path, _ in folder_entries(f"{tmp_path}/")]
    assert found == ["b", "list.xlsx", "z.csv", "a.pdf"]
    assert [Path(path).name for path, _ in folder_entries(f"{tmp_path}/Z")] == ["z.csv"]
    assert folder_entries(f"{tmp_path}/no/such/") == []


async def test_about_us_is_asked_line_by_line() -> None:
    bench = FakeWorkbench(30)
    async with opened(bench) as pilot:
        await press(pilot, "A")
        for text in ("Acme, Acme GmbH", "ACME.com", "@Acme", "@Rival; @Other", "freight", "COO", "Berlin, Lyon"):
            await type_text(pilot, text)
            await press(pilot, "enter")
        market = (("freight",), ("COO",), ("Berlin", "Lyon"))
        saved = AboutUs(("Acme", "Acme GmbH"), ("acme.com",), ("acme",), ("rival", "other"), *market)
        assert ("set_about", saved) in bench.calls
        assert isinstance(pilot.app.screen, ReviewScreen)


def test_words_are_split_cleaned_and_said_once() -> None:
    assert words_of(" @A, a ;b,,", "handles") == ("a", "b")
    assert words_of("", "market") == ()


async def test_the_journal_undoes_and_returns() -> None:
    bench = FakeWorkbench(30)
    async with opened(bench) as pilot:
        await press(pilot, "x", "J")
        assert "out ×41 silent" in screen_text(pilot)
        await press(pilot, "u")
        assert ("undo", False) in bench.calls
        await press(pilot, "U", "q")
        assert ("redo", False) in bench.calls
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_a_theme_is_seen_kept_or_put_back() -> None:
    bench = FakeWorkbench(30)
    async with opened(bench) as pilot:
        await press(pilot, "T", "j")
        assert pilot.app.theme == "followertui-light"
        await press(pilot, "escape")
        assert pilot.app.theme == "followertui"
        await press(pilot, "T", "j", "enter")
        assert ("set_theme", "followertui-light") in bench.calls
    async with opened(bench) as pilot:
        assert pilot.app.theme == "followertui-light"


async def test_a_job_is_stopped_by_f6_and_not_by_escape() -> None:
    bench = FakeWorkbench(30)
    seen = threading.Event()

    def endless(full: bool, cancel: threading.Event) -> Any:
        yield Progress(1, 10, "comparing names")
        if cancel.wait(10):
            seen.set()
        return None

    bench.match = endless  # type: ignore[method-assign]
    async with opened(bench) as pilot:
        await pilot.press("colon")
        await type_text_now(pilot, "match again")
        await pilot.press("enter")
        await until(pilot, lambda: "comparing names" in screen_text(pilot))
        await pilot.press("escape")
        assert not seen.is_set()
        await pilot.press("f6")
        await settle(pilot)
        assert seen.is_set()
        assert "stopped" in screen_text(pilot)


async def type_text_now(pilot: Any, text: str) -> None:
    await pilot.press(*["space" if char == " " else char for char in text])
