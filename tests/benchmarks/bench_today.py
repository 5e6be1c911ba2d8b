"""How long Today takes to open over a large audience and a long list.

``python tests/benchmarks/bench_today.py [ACCOUNTS [ENTRIES]]`` makes a store in a temporary folder and prints
figures; 1,000,000 accounts and 50,000 entries, each with a confirmed match, without arguments.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench_report import BEGIN, WEEK, fill

from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.decision import Decision
from followertui.domain.engagement import interval_tag
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.engage.engagement import Engagement
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.store.decisions import tags
from followertui.store.file.connection import Store

WEEKS = 4
INTERVALS = (7, 14, 30)
"""Days between two contacts that tags set."""

KINDS = ("customer", "prospect", "partner", "press", "influencer")


def fill_list(path: Path, accounts: int, entries: int) -> None:
    """A list of people, each confirmed to be an account.

    Every fortieth was talked with, every hundredth opted out, every tenth has an interval of their own.
    """
    store = Store(path)
    intervals = [tags.make_tag(store, interval_tag(days)) for days in INTERVALS]
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
            if number % 10 == 0:
                con.execute(
                    "INSERT INTO tagged(tag_id, row) VALUES (?, ?)", [intervals[number // 10 % len(intervals)], row]
                )
            if number % 40 == 0:
                con.execute("INSERT INTO interaction VALUES (?, ?, 'reply', '', 'made', NULL)", [row, BEGIN])
        store.bump("match", [1])
    store.close()


def opened(engagement: Engagement) -> None:
    """What the screen does before it is painted: read what is stored, its first page, the first draft."""
    today = engagement.stored_today()
    engagement.lines(today.ids[:64])
    engagement.is_settled()
    if today.ids:
        engagement.compose(today.ids[0])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and clock seconds of some work."""
    processor, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - processor, time.perf_counter() - clock


def told(what: str, found: Sequence[tuple[float, float]]) -> None:
    """Print the median and the worst of some runs."""
    processor, clock = zip(*found, strict=True)
    line = f"processor {statistics.median(processor):.3f} s, clock {statistics.median(clock):.3f} s"
    worst = f" (worst {max(processor):.3f}, {max(clock):.3f})" if len(found) > 1 else ""
    print(f"{what:<58} {line}{worst}")


def session_on(path: Path) -> Session:
    """A session that has read no array yet."""
    return Session(Store(path), FixedClock(from_epoch(BEGIN + WEEKS * WEEK)))


def measure(path: Path) -> None:
    """Print how long Today takes to open, and the look behind it: the first ever, and after changes."""
    session = session_on(path)
    engagement = Engagement(session)
    told("opens, nothing ever proposed", [timed(lambda: opened(engagement))])
    told("looks behind it, the first time ever", [timed(lambda: drained(engagement.propose(NeverCancelled())))])
    print(f"  {len(engagement.stored_today().ids)} due")
    told("opens, nothing changed", [timed(lambda: opened(engagement)) for _ in range(9)])
    answered, elsewhere = [], []
    for _ in range(9):
        engagement.skip([engagement.stored_today().ids[0]])
        answered.append(timed(lambda: opened(engagement)))
        drained(engagement.propose(NeverCancelled()))
    told("opens after an answer", answered)
    for row in range(1, 10):
        set_decision(session, row)
        elsewhere.append(timed(lambda: drained(engagement.propose(NeverCancelled()))))
    told("looks behind it after a decision elsewhere", elsewhere)
    session.close()
    cold = session_on(path)
    told("opens in a new session", [timed(lambda: opened(Engagement(cold)))])
    row = cold.store.con.execute("SELECT min(row) FROM tagged").fetchone()[0]
    told("sets how often one comes back", [timed(lambda: Engagement(cold).set_interval([row], 21))])
    set_decision(cold, 11)
    told("looks behind it in a new session", [timed(lambda: drained(Engagement(cold).propose(NeverCancelled())))])
    cold.close()


def set_decision(session: Session, row: int) -> None:
    """Decide on an account that has nothing due."""
    deciding.decide(session, [row], Decision.KEEP)


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
