"""Keys written in one piece, or typed on while the program starts, in a real terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from demo_stores import open_copy
from terminal import ENTERS_SCREEN, Terminal

Start = Callable[..., Terminal]
FILTERED = "kind:press"


def review(start: Start, store: Path) -> Terminal:
    return start("--store", str(store), "--reviewer", "mk", "review")


def left_behind(terminal: Terminal, store: Path, written_before: list[str]) -> str:
    """The filter the review was left with, once it wrote nothing into the store."""
    terminal.until(terminal.takes_keys)
    terminal.send("\x11")  # ctrl+q
    assert terminal.ended() == 0, terminal.text[-2000:]
    bench = open_copy(store, "mk")
    try:
        assert [line.text for line in bench.journal()] == written_before
        assert bench.tags() == []
        return str(bench.looks.place().get("filter", ""))
    finally:
        bench.close()


@pytest.fixture
def written(store: Path) -> list[str]:
    """What the journal says before the program starts."""
    bench = open_copy(store, "mk")
    try:
        return [line.text for line in bench.journal()]
    finally:
        bench.close()


def test_a_filter_and_enter_in_one_piece_in_an_idle_program(start: Start, store: Path, written: list[str]) -> None:
    terminal = review(start, store)
    terminal.until(lambda: re.search(r"\d+ of \d+", terminal.text))
    terminal.forget()
    terminal.send(f"/{FILTERED}\r")
    terminal.wait_for(FILTERED)
    assert left_behind(terminal, store, written) == FILTERED


@pytest.mark.parametrize("moment", ["the screen is entered", "the first paint"])
def test_a_filter_and_enter_in_one_piece_right_after_start(
    start: Start, store: Path, written: list[str], moment: str
) -> None:
    terminal = review(start, store)
    if moment == "the first paint":
        terminal.wait_for("To review")
    else:
        terminal.until(lambda: ENTERS_SCREEN in terminal.raw)
    terminal.send(f"/{FILTERED}\r")
    terminal.wait_for(FILTERED)
    assert left_behind(terminal, store, written) == FILTERED


@pytest.mark.parametrize("pause", [0.07, pytest.param(0.12, marks=pytest.mark.slow), 0.2])
def test_a_filter_typed_while_the_program_starts(start: Start, store: Path, written: list[str], pause: float) -> None:
    terminal = review(start, store)
    terminal.until(lambda: ENTERS_SCREEN in terminal.raw)
    for key in "/novid":
        terminal.send(key)
        terminal.read_for(pause)
    terminal.wait_for("novid")
    terminal.send("\r")
    assert left_behind(terminal, store, written) == "novid"


def test_verbs_typed_blind_while_the_program_starts_are_dropped(start: Start, store: Path, written: list[str]) -> None:
    terminal = review(start, store)
    terminal.until(lambda: ENTERS_SCREEN in terminal.raw)
    terminal.send("*xs\r\raif")
    terminal.wait_for("To review")
    assert left_behind(terminal, store, written) == ""
