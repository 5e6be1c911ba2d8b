"""The store every life begins with: a demo made a person's own, companies planted in it, unfollows planned."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import NamedTuple
from unittest import mock

from followertui.cli.main import run
from followertui.demo.building import BEGIN, Recipe, build
from followertui.demo.places import clock_path, sandbox_path

COMPANIES = ("Brackwell", "Nimbury", "Ostravel", "Quillert", "Tarvane", "Velspar", "Wexholm", "Zandrick")
"""Companies that lists may name; each has an account of its name and site, and we follow it."""
FIRST_PLANTED = 5_000_000_001
ACCOUNTS = 300


class Base(NamedTuple):
    """What is copied for each life.

    Attributes:
        store: the store, closed.
        x: the state of X as JSON.
        clock: the time, ISO 8601.
        foreign_cache: derived files of another store.
    """

    store: Path
    x: dict[str, object]
    clock: str
    foreign_cache: Path


def base(folder: Path) -> Base:
    """Build it in a folder, or find it there."""
    store, foreign = folder / "base.db", folder / "foreign.db"
    if not store.exists():
        _built(foreign, Recipe(ACCOUNTS // 2, 2, "enterprise"))
        part = folder / "part.db"
        _built(part, Recipe(ACCOUNTS, 1, "enterprise"))
        _make_own(part, folder)
        for suffix in (".sandbox.json", ".clock"):
            part.with_name(part.name + suffix).rename(store.with_name(store.name + suffix))
        part.rename(store)
    x = json.loads(sandbox_path(store).read_text())
    x["following"] += [str(FIRST_PLANTED + number) for number in range(len(COMPANIES))]
    return Base(store, x, clock_path(store).read_text(), foreign.with_name("foreign.db.cache"))


def _built(path: Path, recipe: Recipe) -> None:
    for _ in build(path, recipe, Event()):
        pass


def _make_own(store: Path, folder: Path) -> None:
    """Let the demo be a store that knows X by its address, and plan what is free to go."""
    with contextlib.closing(sqlite3.connect(store)) as con, con:
        con.execute("DELETE FROM meta WHERE name = 'demo'")
        sql = (
            "SELECT a.x_id, a.handle, a.name, a.url FROM relation_now r JOIN account a ON a.row = r.row "
            "WHERE r.direction = 'following'"
        )
        lines = con.execute(sql).fetchall()
    for number, name in enumerate(COMPANIES):
        site = f"https://{name.lower()}.example"
        lines.append((FIRST_PLANTED + number, f"{name.lower()}_hq", name, site))
    reading = folder / "planted.csv"
    with reading.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "screen_name", "name", "url"], *lines])
    as_of = f"{BEGIN + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    # Long enough ago: nobody counts as freshly followed.
    clock_path(store).write_text((BEGIN + timedelta(days=40)).isoformat())
    for line in (
        ["import", "accounts", str(reading), "--relation", "following", "--complete", "--as-of", as_of],
        ["decide", "is:following -is:guarded", "out"],
    ):
        environment = {**os.environ, "FOLLOWERTUI_X_BASE_URL": "http://127.0.0.1:9",
                       "FOLLOWERTUI_CLOCK_FILE": str(clock_path(store))}  # fmt: skip
        with (
            mock.patch.dict(os.environ, environment),
            contextlib.redirect_stderr(io.StringIO()) as said,
            contextlib.redirect_stdout(io.StringIO()),
        ):
            code = run(["--store", str(store), "--reviewer", "ann", *line])
        assert code == 0, said.getvalue()
