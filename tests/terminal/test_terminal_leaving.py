"""Long work and leaving, in a real terminal: a job is seen everywhere, stopped on purpose, and never orphaned."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from planned_demos import THOUSANDS
from terminal import LEAVES_SCREEN, SHOWS_CURSOR, STOPS_MOUSE, Terminal

from followertui.cli.reviewing import FAREWELL_SECONDS

Start = Callable[..., Terminal]


def planned(store: Path) -> int:
    """How many unfollows the plan has ready."""
    with closing(sqlite3.connect(store)) as con:
        [(count,)] = con.execute("SELECT count(*) FROM plan_item WHERE state = 'planned' AND action = 'unfollow'")
    return int(count)


def followed(store: Path) -> int:
    """How many accounts the sandbox X says we follow."""
    state = json.loads(store.with_name(store.name + ".sandbox.json").read_text(encoding="utf-8"))
    return len(state["following"])


def opened(start: Start, store: Path) -> Terminal:
    """The review, ready for keys."""
    terminal = start("--store", str(store), "--reviewer", "mk", "review")
    terminal.wait_for("To review")
    terminal.until(lambda: re.search(r"\d+ of \d+", terminal.text))
    return terminal


def applying(start: Start, store: Path) -> tuple[Terminal, Callable[[], object]]:
    """The plan being applied, some calls made; with it, whether that was drawn since the last ``forget``."""
    terminal = opened(start, store)
    count = planned(store)
    terminal.forget()
    terminal.press("p", "ready")
    terminal.press("$", f"Type {count}")
    terminal.press(f"\x15{count}\r", "F6 stops")  # ctrl+u empties the line
    far = re.compile(rf"[1-9][\d,]* of {count:,}")

    def is_running() -> object:
        return far.search(terminal.text)

    terminal.until(is_running)
    return terminal, is_running


LEAVE_THE_PLAN = {"p": "p", "q": "q", "]": "]", ":": ":back\r"}


# A plan of some hundreds is carried out before the last of these keys on a quick machine.
@pytest.mark.parametrize("store", [THOUSANDS], indirect=True, ids=["thousands"])
@pytest.mark.parametrize(
    "way", [way if way == "q" else pytest.param(way, marks=pytest.mark.slow) for way in LEAVE_THE_PLAN]
)
def test_a_job_is_seen_after_leaving_the_plan_and_stops_before_the_prompt_is_back(
    start: Start, store: Path, way: str
) -> None:
    assert planned(store) >= 2000
    before = followed(store)
    terminal, is_running = applying(start, store)
    terminal.forget()
    terminal.press(LEAVE_THE_PLAN[way], "To review")
    terminal.forget()
    terminal.until(is_running)  # it goes on, and the review shows it
    terminal.press("p", "ready")
    terminal.forget()
    terminal.until(is_running)  # and so does the plan entered again
    terminal.press("\x11", "Stop it and quit?")  # ctrl+q
    terminal.press("y", "to go on")
    assert terminal.ended() == 0
    at_the_prompt = followed(store)
    told = re.search(r"followertui: (\d[\d,]*) actions? done.*to go on", terminal.text)
    assert told, terminal.text[-500:]
    assert before - at_the_prompt == int(told[1].replace(",", "")) > 0
    assert followed(store) == at_the_prompt


def test_f6_stops_a_job_and_escape_does_not(start: Start, store: Path) -> None:
    terminal, _ = applying(start, store)
    terminal.forget()
    terminal.press("\x1b", "nothing to clear")
    said = terminal.press("\x1b[17~", "to go on")  # F6
    done = int(re.findall(r"(\d+) actions? done", said)[-1])
    terminal.press("q", "To review")
    terminal.send("q")
    assert terminal.ended() == 0
    assert done > 0
    assert "Stop it" not in terminal.text


def test_staying_leaves_the_job_alone(start: Start, store: Path) -> None:
    terminal, is_running = applying(start, store)
    terminal.press("\x11", "Stop it and quit?")
    terminal.send("n")
    terminal.forget()
    terminal.until(is_running)
    assert terminal.status() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_a_clean_terminal(start: Start, store: Path, number: signal.Signals) -> None:
    terminal, _ = applying(start, store)
    terminal.signal(number)
    assert terminal.ended() == 3
    for sequence in (LEAVES_SCREEN, SHOWS_CURSOR, STOPS_MOUSE):
        assert sequence in terminal.raw
    assert "Traceback" not in terminal.text
    assert "run apply again to go on" in terminal.text


def test_a_terminal_that_goes_away_ends_the_program(start: Start, store: Path) -> None:
    terminal = opened(start, store)
    terminal.hang_up()
    assert terminal.gone(20)
    again = opened(start, store)  # no lease is left behind
    again.send("q")
    assert again.ended() == 0


def test_ctrl_z_goes_to_the_shell_and_comes_back(start: Start, store: Path) -> None:
    terminal = opened(start, store)
    terminal.forget()
    terminal.send("\x1a")
    terminal.until(terminal.is_suspended)
    assert LEAVES_SCREEN in terminal.raw
    terminal.forget()
    terminal.signal(signal.SIGCONT)
    terminal.wait_for("To review")
    terminal.send("q")
    assert terminal.ended() == 0


def test_a_terminal_that_reads_no_more_does_not_keep_the_program(start: Start, store: Path) -> None:
    """What is drawn fills it up, and the screen waits until it is read; it never is."""
    terminal = opened(start, store)
    for _ in range(60):
        terminal.send("Gg" * 5)
        assert not terminal.gone(0.05)
    terminal.signal(signal.SIGTERM)
    assert terminal.gone(FAREWELL_SECONDS + 10)
    assert terminal.status() == 3


def test_a_screen_that_hangs_does_not_keep_the_program(start: Start, store: Path) -> None:
    terminal = start("--store", str(store), "review", script=Path(__file__).with_name("hanging_program.py"))
    terminal.wait_for("To review")
    terminal.rest()
    terminal.send("?")
    terminal.wait_for("it hangs")
    terminal.signal(signal.SIGTERM)
    assert terminal.gone(FAREWELL_SECONDS + 10)
    assert terminal.status() == 3
    again = opened(start, store)  # no lease is left behind
    again.send("q")
    assert again.ended() == 0
