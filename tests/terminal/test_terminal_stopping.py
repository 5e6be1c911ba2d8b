"""Ctrl-C in the middle of long work on the command line: exit 3, one line, nothing lost."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planned_demos import HUNDREDS, PlannedDemos
from terminal import ROOT, Terminal

from followertui.cli.main import run

DRIVER = Path(__file__).with_name("stopping_driver.py")
LIMITED_PROGRAM = Path(__file__).with_name("limited_program.py")
IMPORT_ROWS = 4000


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "username", "name", "description", "followers_count"])
        writer.writerows(
            [9_000_000 + number, f"new_{number}", f"New {number}", "who knows", number] for number in range(IMPORT_ROWS)
        )
    return path


def stopped(store: Path, moments: int, arguments: list[str], resume: list[str]) -> list[dict[str, Any]]:
    """What came of each run: the first one is left alone, the others are stopped at one moment each."""
    command = [sys.executable, str(DRIVER), str(store), str(moments), json.dumps(arguments), json.dumps(resume)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def faults(runs: list[dict[str, Any]], says: str) -> list[str]:
    """What is wrong with the runs; nothing where a stopped one says in one line how far it came and what goes on."""
    whole, *others = runs
    wrong = [] if whole["code"] == 0 else [f"left alone, it failed: {whole['text']}"]
    stopped_ones = [found for found in others if found["code"] == 3]
    if not stopped_ones:
        wrong.append("no run was stopped")
    for found in others:
        text = found["text"]
        if found["code"] not in (0, 3) or "Traceback" in text or "KeyboardInterrupt" in text:
            wrong.append(f"exit {found['code']}: {text}")
    for found in stopped_ones:
        lines = [line for line in found["text"].splitlines() if line.startswith("followertui: ")]
        ends = [line for line in lines if "at the next safe point" not in line]
        if len(ends) != 1 or not re.search(f"{says}|stopped; what was done stays done", ends[0]):
            wrong.append(f"not the one line: {found['text']}")
        if found.get("resumed", 0) != 0:
            wrong.append(f"not resumed: {found['resumed_text']}")
    if not any("resumed" in found for found in others):
        wrong.append("no run was resumed")
    return wrong


def import_of(export: Path) -> list[str]:
    return ["import", "accounts", str(export), "--relation", "follower", "--partial"]


WORK: dict[str, tuple[list[str], list[str], str]] = {
    "match": (["match", "--full"], ["match", "--full"], r"stopped.*followertui match --full goes on"),
    "judge": (["judge", "--full"], ["judge", "--full"], r"stopped.*followertui judge --full goes on"),
    "apply": (
        ["apply", "--via", "api", "--limit", "80", "--yes", "80"],
        ["apply", "--dry-run"],
        r"stopped.*left in the plan",
    ),
}


@pytest.mark.parametrize("work", WORK)
def test_ctrl_c_stops_work_in_one_line(store: Path, work: str) -> None:
    arguments, resume, says = WORK[work]
    assert faults(stopped(store, 2, arguments, resume), says) == []


def test_ctrl_c_stops_an_import_in_one_line(store: Path, export: Path) -> None:
    assert faults(stopped(store, 2, import_of(export), import_of(export)), r"stopped.*goes on") == []


def test_ctrl_c_stops_the_undo_of_an_import_in_one_line(store: Path, export: Path) -> None:
    assert run(["--quiet", "--store", str(store), "--reviewer", "mk", *import_of(export)]) == 0
    assert faults(stopped(store, 2, ["undo"], ["accounts", "--count"]), r"stopped") == []


def test_ctrl_c_during_the_matching_after_a_list_says_what_is_left(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("Company,Website\n" + "".join(f"Firm {n},firm{n}.example\n" for n in range(400)), encoding="utf-8")
    arguments = ["import", "list", str(path), "--name", "Firms", "--kind", "customer", "--basis", "own-records"]
    runs = stopped(store, 3, arguments, ["match"])
    assert faults(runs, r"stopped.*(not compared with your lists|goes on)") == []
    assert not [found["text"] for found in runs if "Next: None" in found["text"]]
    assert not [found["text"] for found in runs[1:] if found["code"] == 0 and "Next:" not in found["text"]]


@pytest.mark.slow
@pytest.mark.parametrize("work", WORK)
def test_ctrl_c_at_ten_moments_of_work(store: Path, work: str) -> None:
    arguments, resume, says = WORK[work]
    assert faults(stopped(store, 10, arguments, resume), says) == []


@pytest.mark.slow
def test_ctrl_c_at_ten_moments_of_an_import(store: Path, export: Path) -> None:
    assert faults(stopped(store, 10, import_of(export), import_of(export)), r"stopped.*goes on") == []


@pytest.mark.slow
def test_ctrl_c_at_ten_moments_of_the_undo_of_an_import(store: Path, export: Path) -> None:
    assert run(["--quiet", "--store", str(store), "--reviewer", "mk", *import_of(export)]) == 0
    assert faults(stopped(store, 10, ["undo"], ["accounts", "--count"]), r"stopped") == []


def stop_the_wait(start: Callable[..., Terminal], store: Path, moment: float) -> tuple[int, str]:
    """Exit code and text of a wait for a limit of X that Ctrl-C ended, ``moment`` seconds after it began."""
    arguments = ["--store", str(store), "--reviewer", "mk"]
    assert run([*arguments, "--quiet", "plan", "pace", "--watch", "on"]) == 0
    terminal = start(*arguments, "apply", "--watch", "5", "--yes", "5", script=LIMITED_PROGRAM)
    terminal.wait_for("goes on")
    terminal.read_for(moment)
    terminal.send("\x03")
    return terminal.ended(10), terminal.text


def is_one_line(code: int, text: str) -> bool:
    """Whether the wait ended with exit 3, one line and no traceback."""
    says = "0 actions done, [0-9,]+ left; stopped by you; run apply again to go on|stopped; what was done stays done"
    return code == 3 and len(re.findall(says, text)) == 1 and "Traceback" not in text


def test_ctrl_c_ends_the_wait_at_a_rate_limit(start: Callable[..., Terminal], store: Path) -> None:
    code, text = stop_the_wait(start, store, 0)
    assert is_one_line(code, text), text
    again = start("--store", str(store), "--reviewer", "mk", "apply", "--via", "api", "--limit", "5", "--yes", "5")
    assert again.ended() == 0  # X answers again
    assert "5 actions done" in again.text


@pytest.mark.slow
def test_ctrl_c_at_ten_moments_of_the_wait_at_a_rate_limit(
    start: Callable[..., Terminal], planned_demos: PlannedDemos, tmp_path: Path
) -> None:
    for number in range(10):
        # A store of its own: the days waited before would make its plan too old.
        store = planned_demos.copy(tmp_path / f"{number}.db", HUNDREDS)
        code, text = stop_the_wait(start, store, 0.13 * number)
        assert is_one_line(code, text), text
