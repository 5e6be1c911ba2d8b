"""Real stores for the tests of the screen: a demo of 500 accounts, copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_stores import SMALL, DemoStores, open_copy

from followertui.services.workbench import Workbench


@pytest.fixture
def access() -> str:
    """What the demo's account pays for; a test that needs another is parametrised."""
    return "pay-per-use"


@pytest.fixture
def store_path(demo_stores: DemoStores, tmp_path: Path, access: str) -> Path:
    """A copy of the demo that this test may write to."""
    return demo_stores.copy(tmp_path / "demo.db", SMALL, access)


@pytest.fixture
def reopened(store_path: Path) -> Iterator[Callable[..., Workbench]]:
    """Opens the test's store as a reviewer, as often as it is called; closed at the end."""
    opened: list[Workbench] = []

    def again(reviewer: str = "tester", *, is_read_only: bool = False) -> Workbench:
        opened.append(open_copy(store_path, reviewer, is_read_only=is_read_only))
        return opened[-1]

    yield again
    for bench in opened:
        bench.close()


@pytest.fixture
def bench(reopened: Callable[..., Workbench]) -> Workbench:
    """The demo's workbench."""
    return reopened()
