"""kill -9 at random moments: the store opens, nothing is half-done, the work goes on."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from followertui.domain.decision import Decision
from followertui.store.file.connection import Store

sys.path.insert(0, str(Path(__file__).parent))
import driver

ACCOUNTS, ENTRIES = 3000, 200
FORKS = multiprocessing.get_context("forkserver")
"""Children begin with everything imported: what is killed is the work, not the start of an interpreter."""
FORKS.set_forkserver_preload(["driver", "pytest", "numpy", "rapidfuzz", "followertui.matching.matcher"])
FOLLOWED = range(1001, 1061)
TARGETS = [x_id for x_id in FOLLOWED if (x_id - 1000) % 7][:30]
"""Accounts without a match: nothing holds them back."""
STEPS = ("import", "list", "match", "judge")


def write_files(folder: Path) -> tuple[Path, Path]:
    accounts, companies = folder / "following.csv", folder / "prospects.csv"
    with accounts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "screen_name", "name", "description", "followers_count", "friends_count"])
        for n in range(1, ACCOUNTS + 1):
            firm = f"Firma{n % 500} Logistics" if n % 7 == 0 else f"Person {n}"
            writer.writerow([1000 + n, f"person{1000 + n}", firm, f"writes about thing {n}", n, 5])
    with companies.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Company name", "Company Domain Name"])
        for n in range(ENTRIES):
            writer.writerow([f"Firma{n} Logistics GmbH", f"firma{n}.example"])
    return accounts, companies


def run(store: Path, step: str, files: list[str], kill_after: int | None) -> bool:
    """Run a step in a child; kill it after so many signs of life. True when it ended by itself."""
    signs, theirs = FORKS.Pipe(duplex=False)
    child = FORKS.Process(target=driver.work, args=(theirs, store, step, files))
    child.start()
    theirs.close()
    ended, count = False, 0
    with suppress(EOFError), signs:
        while True:
            ended = signs.recv() == "END" or ended
            count += 1
            if count == kill_after and child.pid is not None:
                os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert ended or kill_after is not None, child.exitcode
    return ended


def check_open(store_path: Path) -> None:
    store = Store(store_path)
    assert store.con.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert store.con.execute("PRAGMA foreign_key_check").fetchall() == []
    store.close()


CONTENT = {
    "account": "SELECT x_id, handle, name, bio, followers FROM account ORDER BY x_id",
    "relation": "SELECT a.x_id, r.direction, r.is_new, r.missed_at FROM relation r JOIN account a USING (row) "
    "ORDER BY 1",
    "entry": "SELECT company, key, left_at FROM entry ORDER BY key",
    "match": "SELECT a.x_id, e.name, m.relation, m.score, m.band, m.evidence FROM match m JOIN account a USING (row) "
    "JOIN entity e ON e.id = m.entity_id ORDER BY 1, 2, 3",
    "score": "SELECT a.x_id, s.bot, s.type, s.kind FROM score s JOIN account a USING (row) ORDER BY 1",
    "running": "SELECT count(*) FROM import_run WHERE state = 'running'",
    "parts": "SELECT count(*) FROM snapshot_part",
}


def content(store_path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(store_path) as con:
        return {name: con.execute(sql).fetchall() for name, sql in CONTENT.items()}


def prepare(folder: Path) -> tuple[Path, dict[str, list[str]]]:
    folder.mkdir()
    accounts, companies = write_files(folder)
    (folder / "clock").write_text("2026-11-16T09:00:00+00:00")
    driver.new_sandbox(folder / "sandbox.json", driver.FileClock(folder / "clock"), list(FOLLOWED))
    return folder / "store.db", {"import": [str(accounts)], "list": [str(companies)]}


def one_life(folder: Path, seed: int, kills: int) -> dict[str, list[tuple[object, ...]]]:
    """Go through every step, killed at random moments, until all is done."""
    store, files = prepare(folder)
    dice = random.Random(seed)
    left = kills
    for step in STEPS:
        while not run(store, step, files.get(step, []), dice.randint(1, 12) if left else None):
            left -= 1
            check_open(store)
        check_open(store)
    apply_all(store, dice, max(left, 1))
    return content(store)


def apply_all(store_path: Path, dice: random.Random, kills: int) -> None:
    """Plan 30 unfollows and carry them out under kills; the sandbox's truth is what counts."""
    bench = driver.open_bench(store_path)
    rows = [row for x_id in TARGETS if (row := bench.find(str(x_id))) is not None]
    bench.decide(rows, Decision.OUT)
    planned = {item[0] for item in bench.session.store.con.execute("SELECT row FROM plan_item WHERE state = 'planned'")}
    assert planned == set(rows)
    bench.close()
    left = kills
    while not run(store_path, "apply", [], dice.randint(1, 20) if left > 0 else None):
        left -= 1
        check_open(store_path)
    truth = json.loads(store_path.with_name("sandbox.json").read_text())
    assert {int(i) for i in truth["following"]} == set(FOLLOWED) - set(TARGETS)
    with sqlite3.connect(store_path) as con:
        assert con.execute("SELECT DISTINCT state FROM plan_item").fetchall() == [("done",)]
        assert con.execute("SELECT count(*) FROM call WHERE state = 'ATTEMPTING'").fetchone() == (0,)


def test_killed_at_random_moments_ends_as_if_never_killed(tmp_path: Path) -> None:
    plain = one_life(tmp_path / "plain", seed=0, kills=0)
    killed = one_life(tmp_path / "killed", seed=7, kills=4)
    assert killed == plain


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_killed_five_times_in_each_of_ten_lives(tmp_path: Path, seed: int) -> None:
    plain = one_life(tmp_path / "plain", seed=0, kills=0)
    killed = one_life(tmp_path / "killed", seed=100 + seed, kills=5)
    assert killed == plain
