from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from followertui.demo.building import Recipe, build
from followertui.demo.opening import open_demo
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store


def copy_demo(source: Path, target: Path) -> None:
    """Copy a closed demo with its clock and sandbox."""
    for suffix in ("", ".clock", ".sandbox.json"):
        shutil.copy(source.with_name(source.name + suffix), target.with_name(target.name + suffix))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds a small demo once per access level."""
    made: dict[str, Path] = {}

    def demo(access: str) -> Path:
        if access not in made:
            path = tmp_path_factory.mktemp("demo") / "demo.db"
            for _ in build(path, Recipe(1200, 1, access), Event()):
                pass
            made[access] = path
        return made[access]

    return demo


@pytest.fixture
def demo(built: Callable[[str], Path], tmp_path: Path) -> Iterator[Callable[[str], Workbench]]:
    """Opens a fresh copy of the demo; closed at the end."""
    opened: list[Workbench] = []

    def fresh(access: str = "pay-per-use") -> Workbench:
        target = tmp_path / "demo.db"
        copy_demo(built(access), target)
        bench = open_demo(Store(target, must_exist=True), "tester")
        opened.append(bench)
        return bench

    yield fresh
    for bench in opened:
        bench.close()
