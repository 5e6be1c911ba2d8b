"""The plan by hand in a real terminal at the speed of a hand: a key an account, the cap, a key held down.

A hand's speed is the clock's: slow, to be run on a machine that does nothing else.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from planned_demos import HUNDREDS, PlannedDemos
from terminal import Terminal

from followertui.cli.main import run
from followertui.services.plan.page_time import SECONDS_A_PAGE, SECONDS_BETWEEN_KEYS

CAP = 4
REPEAT_SECONDS = 0.033
"""Between the letters of a key held down, as terminals repeat it."""


class Desk:
    """A person at a terminal with a browser beside it.

    Args:
        terminal: the program.
        store: its store.
        opened: the file the stubbed browser writes every address to.
    """

    def __init__(self, terminal: Terminal, store: Path, opened: Path) -> None:
        self.terminal, self._store, self._opened = terminal, store, opened

    def pages(self) -> list[str]:
        """Every page the browser was asked for, oldest first."""
        return self._opened.read_text(encoding="utf-8").splitlines() if self._opened.exists() else []

    def recorded(self) -> int:
        """How many clicks the store knows of."""
        with closing(sqlite3.connect(self._store)) as con:
            [(count,)] = con.execute("SELECT count(*) FROM call WHERE executor = 'hand'")
        return int(count)

    def waits_for_page(self, count: int) -> None:
        """Read until the browser was asked for so many pages."""
        self.terminal.until(lambda: len(self.pages()) >= count)

    def holds(self, key: str, seconds: float) -> None:
        """Hold a key down."""
        for _ in range(round(seconds / REPEAT_SECONDS)):
            self.terminal.send(key)
            self.terminal.read_for(REPEAT_SECONDS)

    def looks(self) -> None:
        """Look at the page before the next key."""
        self.terminal.read_for(SECONDS_A_PAGE + 0.5)


@pytest.fixture
def desk(planned_demos: PlannedDemos, tmp_path: Path, start: Callable[..., Terminal]) -> Desk:
    """By hand, the first page open, in a pay-per-use demo with a small cap for the day."""
    store = planned_demos.copy(tmp_path / "own.db", HUNDREDS, "pay-per-use")
    assert (
        run(["--quiet", "--store", str(store), "--reviewer", "mk", "plan", "pace", "--cap", f"unfollow={CAP}/50"]) == 0
    )
    opened = tmp_path / "opened.txt"
    stub = tmp_path / "browser.py"
    stub.write_text(f"import sys\nwith open({str(opened)!r}, 'a') as file:\n    print(sys.argv[1], file=file)\n")
    config = tmp_path / "config.toml"
    config.write_text(f'browser = "{sys.executable} {stub} {{url}}"\n')
    terminal = start("--config", str(config), "--store", str(store), "--reviewer", "mk", "review")
    terminal.wait_for("To review")
    terminal.until(lambda: re.search(r"\d+ of \d+", terminal.text))
    terminal.press("p", "ready")
    asked = terminal.press("h", "Is x.com signed in as")
    assert "Is x.com signed in as @your" not in asked, "the handle of the account is known"
    terminal.press("y", "done, open the next")
    desk = Desk(terminal, store, opened)
    desk.waits_for_page(1)
    return desk


@pytest.mark.slow
def test_one_key_an_account_up_to_the_days_cap(desk: Desk) -> None:
    for number in range(1, CAP + 1):
        shown = desk.terminal.text
        assert re.search(rf"{number} of \d+", shown), shown[-2000:]
        assert f"{number - 1} of {CAP} unfollow today" in shown, shown[-2000:]
        desk.terminal.forget()
        desk.looks()
        assert len(desk.pages()) == number, "no page opens by itself"
        desk.terminal.send("d")
        desk.terminal.until(lambda count=number: desk.recorded() == count)
        if number < CAP:
            desk.waits_for_page(number + 1)
            desk.terminal.rest()
    desk.terminal.wait_for("that is the day's cap")
    desk.looks()
    desk.terminal.send("d")
    desk.looks()
    assert desk.recorded() == len(desk.pages()) == len(set(desk.pages())) == CAP
    assert all(page.startswith("https://x.com/") for page in desk.pages())


@pytest.mark.slow
def test_a_key_held_down_records_nothing(desk: Desk) -> None:
    desk.holds("d", SECONDS_A_PAGE * 2)
    assert desk.recorded() == 0
    assert "nothing recorded" in desk.terminal.text
    assert "a key held down records nothing" in desk.terminal.text
    desk.terminal.read_for(SECONDS_BETWEEN_KEYS * 2)
    desk.terminal.send("d")
    desk.terminal.until(lambda: desk.recorded() == 1)
    desk.holds("d", SECONDS_A_PAGE * 2)
    assert desk.recorded() == 1
    assert len(desk.pages()) == 2
