"""How long the report takes over a large audience with years of readings, and how much memory.

``python tests/benchmarks/bench_report.py [ACCOUNTS [WEEKS]]`` makes a store in a temporary folder
and prints figures; 1,000,000 accounts and 156 weeks without arguments. The last one is F2 in the
review, from the key to the answer on the screen.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench_review import Program

from followertui.domain.kind import KIND_ORDER, Kind
from followertui.services.insight import report_text, reporting
from followertui.services.session import Session
from followertui.store.file.connection import Store

F2, ESCAPE = b"\x1bOQ", b"\x1b"
WEEK, BEGIN = 7 * 86_400, 1_700_000_000
KINDS = [KIND_ORDER.index(kind) for kind in (Kind.UNCLEAR, Kind.BOT, Kind.OFFTOPIC, Kind.CUSTOMER, Kind.PRESS)]


def fill(path: Path, accounts: int, weeks: int) -> None:
    """A store as that many weekly complete readings leave it."""
    dice = random.Random(1)
    store = Store(path)
    with store.write() as con:
        con.executemany(
            "INSERT INTO import_run(id, what, source, source_rank, sha256, choices, as_of, started_at, finished_at, "
            "state, path) VALUES (?, 'accounts', 'made', 1, '', '{}', ?, 0, 0, 'done', '')",
            [(number + 1, BEGIN + number * WEEK) for number in range(weeks)],
        )
        con.executemany(
            "INSERT INTO snapshot(id, import_id, direction, as_of, completeness, identity) "
            "VALUES (?, ?, 'follower', ?, 'complete', 'ids')",
            [(number + 1, number + 1, BEGIN + number * WEEK) for number in range(weeks)],
        )
        con.executemany(
            "INSERT INTO account(row, x_id, handle, name, first_import, followers, following, last_post_at) "
            "VALUES (?, ?, ?, 'Some Name', 1, ?, ?, ?)",
            (
                (row, row + 10**9, f"user_{row}", dice.randint(0, 9999), dice.randint(0, 9999), BEGIN - row)
                for row in range(1, accounts + 1)
            ),
        )
        con.executemany(
            "INSERT INTO score(row, bot, type, role, seniority, kind, reasons, top_reason) "
            "VALUES (?, 10, 1, 0, 0, ?, 1, '')",
            ((row, dice.choice(KINDS)) for row in range(1, accounts + 1)),
        )
        con.executemany(
            "INSERT INTO relation VALUES (?, 'follower', ?, ?, ?, ?, ?, ?, ?)", _spells(dice, accounts, weeks)
        )
        con.executemany(
            "INSERT INTO relation VALUES (?, 'following', 1, 1, NULL, 0, ?, ?, NULL)",
            ((row, BEGIN, BEGIN) for row in range(1, accounts + 1, 3)),
        )
        con.execute("INSERT OR REPLACE INTO meta VALUES ('judged_upto', ?)", [str(accounts)])
        for domain in ("profile", "relation", "score"):
            store.bump(domain, [1])
    store.close()


def _spells(dice: random.Random, accounts: int, weeks: int) -> Iterator[tuple[int | None, ...]]:
    for row in range(1, accounts + 1):
        first = 0 if row <= accounts * 6 // 10 else dice.randint(1, weeks - 1)
        missed = first + int(dice.expovariate(0.004)) + 1
        is_open = missed >= weeks
        last = weeks - 1 if is_open else missed - 1
        yield (row, first + 1, last + 1, None if is_open else missed + 1, int(first > 0), BEGIN + first * WEEK,
               BEGIN + last * WEEK, None if is_open else BEGIN + missed * WEEK)  # fmt: skip


def measure(path: Path) -> None:
    """Print how long a report takes in a fresh process."""
    for which in ("first", "again"):
        began, cpu = time.monotonic(), time.process_time()
        session = Session(Store(path))
        made = reporting.report(session)
        lines = report_text.lines(made, session.zone)
        took, used = time.monotonic() - began, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{which}: {took:.2f} s ({used:.2f} s of processor), peak {peak:.0f} MB, {len(made.history)} readings")
        session.close()
        if which == "again":
            print("\n".join(lines))


def measure_screen(path: Path) -> None:
    """Print how long F2 takes in the review until the answer is drawn, and until everything over time is."""
    program = Program([sys.executable, "-m", "followertui", "--store", str(path), "review"])
    program.until(b"user_")
    program.settle(3.0)
    for which in ("first", "again"):
        pressed = time.perf_counter()
        os.write(program.terminal, F2)
        program.until(b"not an estimate yet")
        print(f"F2, {which}: {time.perf_counter() - pressed:.2f} s to the answer")
        program.settle(3.0)
        program.type(ESCAPE)
    print(f"then {program.resident():.0f} MB, pages of the file included")
    program.end()


def main() -> None:
    """Make the store, then measure in a process of its own."""
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
        return
    if sys.argv[1:2] == ["screen"]:
        measure_screen(Path(sys.argv[2]))
        return
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    weeks = int(sys.argv[2]) if len(sys.argv) > 2 else 156
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill(path, accounts, weeks)
        for _ in range(2):
            subprocess.run([sys.executable, __file__, "measure", str(path)], check=True)
        subprocess.run([sys.executable, __file__, "screen", str(path)], check=True)


if __name__ == "__main__":
    main()
