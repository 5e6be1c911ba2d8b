from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

from demo_recipe import ACCOUNTS
from demo_stores import DemoStores, open_copy

from followertui.demo.building import Recipe
from followertui.services.workbench import Workbench


@pytest.fixture
def demo(demo_stores: DemoStores, tmp_path: Path) -> Iterator[Callable[[str], Workbench]]:
    """Opens a fresh copy of the demo; closed at the end."""
    opened: list[Workbench] = []

    def fresh(access: str = "pay-per-use") -> Workbench:
        bench = open_copy(demo_stores.copy(tmp_path / "demo.db", Recipe(ACCOUNTS), access))
        opened.append(bench)
        return bench

    yield fresh
    for bench in opened:
        bench.close()
