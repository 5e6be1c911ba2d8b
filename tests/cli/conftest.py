"""A small real store, built once through the command line, copied for each test."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from followertui.cli.main import run

HEAD = (
    "id", "username", "name", "description", "location", "url", "followers_count", "following_count", "tweet_count",
    "listed_count", "created_at", "verified",
)  # fmt: skip

FOLLOWERS = (
    ("1001", "globex", "Globex GmbH", "Freight software from Hamburg. https://globex.example", "Hamburg, Germany",
     "https://globex.example", "5400", "310", "2100", "80", "2012-03-01T10:00:00Z", "false"),
    ("1002", "dana_ortiz", "Dana Ortiz", "VP Logistics at Globex GmbH. Coffee, trains.", "Hamburg", "", "830", "420",
     "900", "12", "2014-06-11T08:30:00Z", "false"),
    ("9007199254740993", "initech_hq", "Initech", "We make printers work", "Austin, TX", "https://initech.example",
     "1200", "200", "800", "9", "2013-01-01T00:00:00Z", "false"),
    ("1004", "x8271628192", "=cmd|' /C calc'!A0", "follow me and I follow back 100%", "", "", "3", "4999", "1", "0",
     "2026-11-01T00:00:00Z", "false"),
    ("1005", "evil_bio", "Eve \x1b[31mRed", "[@click=app.quit]x[/] \u202eabc", "", "", "10", "900", "3", "0",
     "2025-05-01T00:00:00Z", "false"),
    ("1006", "-dash", "Dash", "", "", "", "5", "5", "5", "0", "2020-01-01T00:00:00Z", "false"),
)  # fmt: skip
FOLLOWING = (
    FOLLOWERS[0],
    FOLLOWERS[3],
    ("2001", "oldfriend", "Old Friend", "once upon a time", "", "", "44", "5000", "12", "0", "2011-01-01T00:00:00Z",
     "false"),
    ("2002", "freightnews", "Freight News", "News about freight and logistics", "London", "https://freight.example",
     "90000", "400", "60000", "900", "2010-01-01T00:00:00Z", "false"),
)  # fmt: skip
CUSTOMERS = (
    ("Account ID", "Company", "Website", "City", "Owner"),
    ("0015000000AbCdE", "Globex GmbH", "https://globex.example", "Hamburg", "Kim"),
    ("0015000000AbCdF", "Initech", "https://initech.example", "Austin", "Lee"),
    ("0015000000AbCdG", "Nobody Knows Ltd", "https://nobody-knows.example", "Leeds", "=SUM(A1)"),
)


class Result(NamedTuple):
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Result]


def write_rows(path: Path, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


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
    as_of = ["--as-of", "2026-11-20"]
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


def caller(store: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run commands on a store: ``call("accounts", "--count")``."""

    def one(*arguments: str, before: tuple[str, ...] = ()) -> Result:
        capsys.readouterr()
        code = run(["--store", str(store), "--reviewer", "mk", *before, *arguments])
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return one


@pytest.fixture
def call(store: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run commands on the copy."""
    return caller(store, capsys)


@pytest.fixture
def fresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run commands on a store that does not exist yet."""
    return caller(tmp_path / "fresh.db", capsys)
