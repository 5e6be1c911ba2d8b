"""A small real store, built once through the command line, copied for each test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from command_line import CUSTOMERS, FOLLOWERS, FOLLOWING, HEAD, Call, caller, write_rows

from followertui.cli.main import run
from followertui.services.plan import page_time

page_time.SECONDS_A_PAGE = page_time.SECONDS_BETWEEN_KEYS = 0.0
"""No test waits for a page to be looked at."""


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person who runs the tests is read or written."""
    for name in list(os.environ):
        if name.startswith("FOLLOWERTUI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with six followers, four followed and one customer list, matched and judged."""
    folder = tmp_path_factory.mktemp("built")
    good = tuple(row for row in FOLLOWERS if not row[1].startswith("-"))
    followers = write_rows(folder / "followers.csv", HEAD, good)
    following = write_rows(folder / "following.csv", HEAD, FOLLOWING)
    customers = write_rows(folder / "customers.csv", CUSTOMERS[0], CUSTOMERS[1:])
    store = folder / "built.db"
    common = ["--store", str(store), "--quiet", "--reviewer", "mk"]
    as_of = ["--as-of", "2025-11-20"]
    assert run([*common, "import", "accounts", str(followers), "--relation", "follower", "--complete", *as_of]) == 0
    assert run([*common, "import", "accounts", str(following), "--relation", "following", "--complete", *as_of]) == 0
    kind = ["--kind", "customer", "--name", "Customers", "--basis", "own-records"]
    assert run([*common, "import", "list", str(customers), *kind]) == 0
    return store


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """A copy of the built store of one's own."""
    target = tmp_path / "own.db"
    shutil.copyfile(built, target)
    target.chmod(0o600)
    return target


@pytest.fixture
def call(store: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run commands on the copy."""
    return caller(store, capsys)


@pytest.fixture
def fresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run commands on a store that does not exist yet."""
    return caller(tmp_path / "fresh.db", capsys)
