"""Running commands in tests: what a small store is made of, and what a command left behind."""

from __future__ import annotations

import csv
import json
import sqlite3
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
     "2025-10-01T00:00:00Z", "false"),
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

CRM = ("Record ID", "Company name", "Company Domain Name", "Lifecycle Stage")
"""Headers of a list exported from a CRM."""
STAGES = (
    ("1", "Globex GmbH", "globex.example", "Customer"),
    ("2", "Initech", "initech.example", "Lead"),
    ("3", "Umbra", "umbra.example", "Evangelist"),
    ("4", "Hooli", "hooli.example", "Other"),
    ("5", "Pied", "pied.example", ""),
)
"""Its rows."""
LIST = ("--name", "CRM", "--basis", "own-records")
"""Options that name it."""


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


def caller(store: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run commands on a store: ``call("accounts", "--count")``."""

    def one(*arguments: str, before: tuple[str, ...] = ()) -> Result:
        capsys.readouterr()
        code = run(["--store", str(store), "--reviewer", "mk", *before, *arguments])
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return one


def rows(store: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """What a store answers to a statement."""
    con = sqlite3.connect(store)
    try:
        return con.execute(sql, values).fetchall()
    finally:
        con.close()
