"""The first minutes: what an import asks stays beside its file, names its keys, and leads to who we are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screen_support import Recorder, opened, press, rows_of, screen_lines, screen_text, settle, type_text, until
from textual.pilot import Pilot

from followertui.domain.clock import SystemClock
from followertui.domain.progress import Progress
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.ui.screens.import_files import ImportScreen


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workbench]:
    """A store of nobody's yet."""
    bench = Workbench(Session(Store(tmp_path / "empty.db"), SystemClock(), "tester"))
    yield bench
    bench.close()


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    path = tmp_path / "list of customers.csv"
    path.write_text("Account Name,Website\nGlobex,globex.example\nFreshly Founded,freshly.example\n")
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """An export that does not say who follows whom."""
    path = tmp_path / "people.csv"
    path.write_text("id,screen_name,bio\n" + "".join(f"{10**9 + n},person_{n},hello {n}\n" for n in range(3)))
    return path


async def look_at(pilot: Pilot[None], path: Path) -> None:
    await press(pilot, "I")
    await type_text(pilot, str(path))
    await press(pilot, "enter")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_a_question_leaves_the_columns_in_sight(bench: Workbench, people: Path, size: tuple[int, int]) -> None:
    async with opened(bench, size) as pilot:
        await look_at(pilot, people)
        shown = screen_lines(pilot)
        assert any("Who are the people in this file?" in line for line in shown)
        assert any("answer 2 more" in line for line in shown)
        assert any(line.split()[:3] == ["id", "→", "x_id"] for line in shown)
        await press(pilot, "4", "down", "down", "down", "enter")
        shown = screen_lines(pilot)
        assert any("What is 'bio'? hello 0 | hello 1" in line for line in shown)
        if size[0] > 100:
            assert any(line.split()[:3] == ["screen_name", "→", "handle"] for line in shown)


async def test_a_column_has_one_line_and_its_reason(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Company,A long heading that nobody knows\nGlobex,some words that fill the cell\nInitech,more\n")
    async with opened(bench) as pilot:
        await look_at(pilot, path)
        await press(pilot, "escape")
        line = next(line for line in screen_lines(pilot) if "A long heading" in line)
        assert line.rstrip().endswith("the header is not known")


async def test_keys_typed_while_it_looks_answer_no_question(bench: Workbench, customers: Path) -> None:
    """Whoever types on does not say who is on a list before having read the question."""
    gate = threading.Event()

    def slow(real: Any, *arguments: Any) -> Any:
        assert gate.wait(10)
        return real(*arguments)

    async with opened(Recorder(bench, plan_import=slow)) as pilot:
        gate.set()
        await press(pilot, "I")
        await type_text(pilot, str(customers))
        gate.clear()
        await pilot.press("enter", "p", "enter")
        gate.set()
        await settle(pilot)
        assert "Who is on this list?" in screen_text(pilot)
        screen = next(screen for screen in pilot.app.screen_stack if isinstance(screen, ImportScreen))
        assert (screen.choices.kind, screen.choices.kind_from) == (None, None)
        gate.clear()
        await pilot.press("c", "4", "enter")
        gate.set()
        await settle(pilot)
        assert screen.choices.kind == "customer"
        assert (screen.choices.basis, len(pilot.app.screen_stack)) == (None, 4), "one question, and it is not answered"


async def test_only_keys_that_do_something_are_named(bench: Workbench, customers: Path, people: Path) -> None:
    async with opened(bench) as pilot:
        await look_at(pilot, people)
        await press(pilot, "escape")
        hint = screen_lines(pilot)[-1]
        assert "Enter answers, changes a column" in hint
        assert "asks again" not in hint
        assert "renames" not in hint
        await press(pilot, "enter", "3")
        assert "Enter imports, changes a column · a asks again · Esc" in screen_lines(pilot)[-1]
        await press(pilot, "q")
        await look_at(pilot, customers)
        await press(pilot, "c", "4")
        assert "a asks again · n renames" in screen_lines(pilot)[-1]


async def test_after_the_first_file_it_is_asked_who_we_are(empty: Workbench, people: Path) -> None:
    async with opened(empty) as pilot:
        await look_at(pilot, people)
        await press(pilot, "3", "enter")
        await settle(pilot)
        shown = screen_text(pilot)
        assert "bring a customer list to see who on it is here   Enter" in shown
        assert "say who you are: it finds employees, competitors, impostors   A" in shown
        assert "followertui import" not in shown, "on the screen the next step is a key"
        await press(pilot, "A")
        await type_text(pilot, "Acme")
        await press(pilot, "down", "down", "down")
        await type_text(pilot, "@person_1")
        await press(pilot, "f10")
        await settle(pilot)
        assert empty.about().competitors == ("person_1",)
        assert rows_of(empty, "kind:competitor") == rows_of(empty, "everyone", "@person_1"), "found at once"
        assert "say who you are" not in screen_text(pilot)


async def test_who_we_are_said_while_it_compares_is_judged_by_afterwards(empty: Workbench, people: Path) -> None:
    go = threading.Event()
    caught: list[bool] = []

    def waiting(real: Any, cancel: Any) -> Any:
        caught.append(empty.about().is_said)
        yield Progress(1, 2, "comparing")
        assert go.wait(10)
        return (yield from real(cancel))

    async with opened(Recorder(empty, catch_up=waiting)) as pilot:
        await look_at(pilot, people)
        await pilot.press("3")
        await until(pilot, lambda: "import 3 rows" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "comparing" in screen_text(pilot))
        await pilot.press("A", *"Acme", "f10")
        await until(pilot, lambda: empty.about().names == ("Acme",))
        go.set()
        await settle(pilot)
    assert caught == [False, True]


async def test_the_handle_an_archive_names_stands_in_about_us(empty: Workbench) -> None:
    watermarks.PROFILE_HANDLE.write(empty.session.store, "AcmeHQ")
    async with opened(empty, (120, 36)) as pilot:
        await press(pilot, "A")
        assert "acmehq" in screen_text(pilot)
        await type_text(pilot, "Acme")
        await press(pilot, "f10")
    assert (empty.about().names, empty.about().handles) == (("Acme",), ("acmehq",))
    watermarks.PROFILE_HANDLE.write(empty.session.store, "")
    assert empty.about().handles == (), "it goes with the import that named it"
