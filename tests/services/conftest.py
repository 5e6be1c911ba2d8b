"""A desk on a real store file, with the rows that tests of the store are made of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from filling import NOW, fill, new_store

from followertui.domain.clock import FileClock, from_epoch
from followertui.services.session import Session


@pytest.fixture
def clock(tmp_path: Path) -> FileClock:
    clock = FileClock(tmp_path / "clock")
    clock.path.write_text(from_epoch(NOW).isoformat())
    return clock


@pytest.fixture
def session(tmp_path: Path, clock: FileClock) -> Iterator[Session]:
    """An empty store at the desk of "me"."""
    made = Session(new_store(tmp_path / "store.db"), clock)
    yield made
    made.close()


@pytest.fixture(params=[1, 5])
def full(tmp_path: Path, clock: FileClock, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A desk with 60 random accounts and all that may be known of them."""
    store = new_store(tmp_path / "full.db")
    fill(store, request.param, 60)
    made = Session(store, clock)
    yield made
    made.close()
