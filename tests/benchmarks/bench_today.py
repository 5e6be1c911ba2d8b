"""How long Today takes to open over a large audience and a long list.

``python tests/benchmarks/bench_today.py [ACCOUNTS [ENTRIES]]`` makes a store in a temporary folder and prints
figures; 1,000,000 accounts and 50,000 entries, each with a confirmed match, without arguments.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench_report import BEGIN, WEEK, fill

from followertui.domain.clock import FixedClock, from_epoch
from followertui.services.engage.engagement import Engagement
from followertui.services.session import Session
from followertui.store.file.connection import Store

WEEKS = 4
KINDS = ("customer", "prospect", "partner", "press", "influencer")


def fill_list(path: Path, accounts: int, entries: int) -> None:
    """A list of people, each confirmed to be an account; every fortieth was talked with, every hundredth opted out."""
    store = Store(path)
    with store.write() as con:
        con.execute("INSERT INTO list VALUES (1, 'Everybody', NULL, 'own-records', 1, ?, NULL)", [BEGIN])
        step = max(1, accounts // entries)
        for number in range(1, entries + 1):
            row = min(accounts, number * step)
            con.execute("INSERT INTO entity VALUES (?, 'person', ?)", [number, f"Person {number}"])
            data = '{"person": "x", "do_not_contact": true}' if number % 100 == 0 else '{"person": "x"}'
            con.execute(
                "INSERT INTO entry VALUES (?, 1, ?, ?, ?, '', 'x', ?, ?, '{}', 1, NULL)",
                [number, number, f"id:{number}", number, KINDS[number % len(KINDS)], data],
            )
            con.execute(
                "INSERT INTO match VALUES (?, ?, ?, ?, 'is', 95, 'certain', '[]', 'h', 0, 0.99)",
                [number, row, number, number],
            )
            con.execute("INSERT INTO match_word VALUES (?, 'confirmed', 'h', '', 'me', 1)", [number])
            if number % 40 == 0:
                con.execute("INSERT INTO interaction VALUES (?, ?, 'reply', '', 'made', NULL)", [row, BEGIN])
        store.bump("match", [1])
    store.close()


def timed(engagement: Engagement, rounds: int) -> list[float]:
    """Seconds of opening Today so often."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        today = engagement.today()
        engagement.lines(today.ids[:64])
        if today.ids:
            engagement.compose(today.ids[0])
        found.append(time.perf_counter() - began)
    return found


def measure(path: Path) -> None:
    """Print how long Today takes: in a new session, when nothing changed, after a change."""
    session = Session(Store(path), FixedClock(from_epoch(BEGIN + WEEKS * WEEK)))
    session.evaluator.columns.kinds()
    engagement = Engagement(session)
    first = timed(engagement, 1)[0]
    print(f"first proposal ever, every array read from the tables: {first:.3f} s, {len(engagement.today().ids)} due")
    again = timed(engagement, 9)
    print(f"opened again, nothing changed: median {statistics.median(again):.3f} s, worst {max(again):.3f} s")
    changed = []
    for _ in range(9):
        [number, *_] = engagement.today().ids
        engagement.skip([number])
        changed += timed(engagement, 1)
    print(f"opened after a change: median {statistics.median(changed):.3f} s, worst {max(changed):.3f} s")
    session.close()
    cold = Session(Store(path), FixedClock(from_epoch(BEGIN + WEEKS * WEEK)))
    print(f"a new session, nothing changed: {timed(Engagement(cold), 1)[0]:.3f} s")
    cold.close()


def main() -> None:
    """Build a store and measure."""
    given = [int(word) for word in sys.argv[1:]]
    accounts, entries = (*given, *(1_000_000, 50_000)[len(given) :])[:2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill(path, accounts, WEEKS)
        fill_list(path, accounts, entries)
        print(f"{accounts:,} accounts, {entries:,} list entries")
        measure(path)


if __name__ == "__main__":
    main()
