"""Demos to be worked on in a real terminal, each test on a copy of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_stores import DemoStores

from followertui.cli.main import run
from followertui.demo.building import Recipe

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # there are no pseudo-terminals
else:
    from terminal import Terminal, program

ENTERPRISE = Recipe(1200, 1, "enterprise")


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person who runs the tests is read or written."""
    for name in list(os.environ):
        if name.startswith("FOLLOWERTUI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> DemoStores:
    """The enterprise demo with hundreds of unfollows planned."""
    stores = DemoStores(tmp_path_factory.mktemp("planned"))
    path = stores.built(ENTERPRISE)
    assert run(["--quiet", "--store", str(path), "--reviewer", "mk", "decide", "is:following -is:guarded", "out"]) == 0
    return stores


@pytest.fixture
def store(planned: DemoStores, tmp_path: Path) -> Path:
    """A copy of it."""
    return planned.copy(tmp_path / "own.db", ENTERPRISE, "enterprise")


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    """Starts ``followertui`` on terminals that are closed at the end."""
    open_ones: list[Terminal] = []

    def started(*arguments: str) -> Terminal:
        open_ones.append(program(*arguments))
        return open_ones[-1]

    yield started
    for terminal in open_ones:
        terminal.close()
