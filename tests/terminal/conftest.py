"""Demos to be worked on in a real terminal, each test on a copy of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from planned_demos import HUNDREDS, PlannedDemos

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # there are no pseudo-terminals
else:
    from terminal import Terminal, program


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person who runs the tests is read or written."""
    for name in list(os.environ):
        if name.startswith("FOLLOWERTUI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def planned_demos(tmp_path_factory: pytest.TempPathFactory) -> PlannedDemos:
    """Demos built once in this process."""
    return PlannedDemos(tmp_path_factory.mktemp("planned"))


@pytest.fixture
def store(request: pytest.FixtureRequest, planned_demos: PlannedDemos, tmp_path: Path) -> Path:
    """A copy of one, with hundreds of unfollows unless a test asks for another recipe."""
    return planned_demos.copy(tmp_path / "own.db", getattr(request, "param", HUNDREDS))


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    """Starts ``followertui`` on terminals that are closed at the end."""
    open_ones: list[Terminal] = []

    def started(*arguments: str, script: Path | None = None) -> Terminal:
        open_ones.append(program(*arguments, script=script))
        return open_ones[-1]

    yield started
    for terminal in open_ones:
        terminal.close()
