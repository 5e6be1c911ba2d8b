"""From an empty store and two files to the answer on the screen: ten keys, every figure a query of its own."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

from screen_support import opened, press, screen_text, settle, type_text, until
from textual.pilot import Pilot

from followertui.domain.clock import SystemClock
from followertui.services import querying
from followertui.services.insight import report_text
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.ui.screens.import_files import ImportScreen
from followertui.ui.screens.report import ReportScreen

SHARED = Path(__file__).parents[3] / "shared" / "data"
MOST_KEYS = 10
"""Two for each file to choose and import it, three answers, one to the next file, one before and one to the report."""

MOST_SECONDS = 60
"""Half of the two minutes all of it may take: the rest is a person's, who reads and types."""

_MOST_PEOPLE = 1_500


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workbench]:
    made = Workbench(Session(Store(tmp_path / "empty.db"), SystemClock(), "tester"))
    yield made
    made.close()


def made_up(folder: Path) -> tuple[Path, Path]:
    """Followers of whom some work at the customers of a list."""
    people, customers = folder / "people.csv", folder / "accounts.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "handle", "name", "bio"))
        for number in range(60):
            bio = "Head of data at Zelphin Rail" if number % 20 == 0 else "cats, coffee, trains"
            writer.writerow((10**9 + number, f"person_{number}", f"Person {number}", bio))
        writer.writerow((5, "zelphinrail", "Zelphin Rail", "Official account of Zelphin Rail"))
    customers.write_text("Account Name,Website\nZelphin Rail,zelphinrail.com\nQuorvane Cargo,quorvane.com\n")
    return people, customers


def real(folder: Path) -> tuple[Path, Path]:
    """Bios as they are and the accounts of a CRM; skipped where they are not there."""
    found, customers = SHARED / "wild-audience" / "accounts.csv", SHARED / "crm-accounts" / "accounts.csv"
    if not (found.exists() and customers.exists()):
        pytest.skip("the real files are not here")
    people = folder / "people.csv"
    with found.open(encoding="utf-8", newline="") as source, people.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerows(line for line, _ in zip(csv.reader(source), range(_MOST_PEOPLE), strict=False))
    return people, customers


async def answer(pilot: Pilot[None], people: Path, customers: Path) -> list[str]:
    """Bring both files in and open the report; returns the keys that took, beside the two paths."""
    pressed: list[str] = []

    async def keys(*names: str) -> None:
        for name in names:
            pressed.append(name)
            await press(pilot, name)
            await settle(pilot)

    def stage() -> str:
        assert isinstance(pilot.app.screen, ImportScreen)
        return pilot.app.screen.stage

    await keys("I")
    await type_text(pilot, str(people))
    await keys("enter", "1", "enter")
    await until(pilot, lambda: "bring a customer list" in screen_text(pilot))
    await keys("enter")
    assert stage() == "picking"
    await type_text(pilot, str(customers))
    await keys("enter", "c", "1", "enter")
    await until(pilot, lambda: "F2 their worth" in screen_text(pilot))
    await pilot.app.workers.wait_for_complete()
    await keys("f2")
    await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen) and pilot.app.screen.report is not None)
    return pressed


@pytest.mark.parametrize("files", [made_up, real])
async def test_the_answer_after_two_files(
    empty: Workbench, tmp_path: Path, files: Callable[[Path], tuple[Path, Path]]
) -> None:
    people, customers = files(tmp_path)
    began = process_time()
    async with opened(empty, (120, 36)) as pilot:
        pressed = await answer(pilot, people, customers)
        used = process_time() - began
        print(f"{files.__name__}: {len(pressed)} keys, {' '.join(pressed)}, {used:.1f} s of processor")
        assert len(pressed) <= MOST_KEYS
        assert used < MOST_SECONDS
        assert "What the followers are" in screen_text(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ReportScreen)
        assert screen.report is not None
        figures = [one for one in report_text.figures(screen.report) if one.query]
        assert len(figures) > 25
        for one in figures:
            assert len(querying.rows_of(empty.session, one.query)) == one.count, one
        assert screen.report.followers.total.count > 50
        assert screen.report.coverage, "the list is told of"
