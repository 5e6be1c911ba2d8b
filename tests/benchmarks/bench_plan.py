"""A long plan at a million accounts: how long the Plan takes to open and to group by reason, in one session.

Run ``python tests/benchmarks/bench_plan.py [--accounts N] [--planned N] [--check]``. Accounts, scores and plan
items are written straight into a store; what is measured is what the Plan screen calls: the figures with the
look at the guards, the groups by reason alone, the first rows, and the comparison with the last look. Printed
is the median of five calls, on the clock and of the processor; ``--check`` fails where the processor's, which no
other program on the machine makes longer, is above its goal.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "store"))

from filling import DAY, NOW, new_store

from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.decision import ActionKind
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.services.plan import grouping, planning, previewing, staying
from followertui.services.session import Session
from followertui.store.file.connection import Store

GOALS = {"open the plan": 1.0, "group by reason": 0.3}
"""Step -> processor seconds its median may take."""
TIMES = 5
_JUDGED = tuple(KIND_ORDER.index(kind) for kind in (Kind.BOT, Kind.HARMFUL, Kind.OFFTOPIC, Kind.UNCLEAR, Kind.UNSEEN))


def fill(store: Store, accounts: int, planned: int) -> None:
    """Accounts we follow, each judged, and unfollows planned for some of them."""
    step = max(1, accounts // planned)
    with store.write() as con:
        con.execute(
            "INSERT INTO snapshot(id, import_id, direction, as_of, completeness, identity) "
            "VALUES (1, 1, 'following', ?, 'complete', 'ids')",
            [NOW - DAY],
        )
        for start in range(1, accounts + 1, 50_000):
            rows = range(start, min(start + 50_000, accounts + 1))
            con.executemany(
                "INSERT INTO account(row, x_id, handle, name, bio, followers, last_post_at, first_import) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                [
                    (n, n + 10**9, f"account_{n}", f"Account {n}", f"writes about thing {n % 977}", n % 50_000,
                     NOW - n % 1500 * DAY)
                    for n in rows
                ],
            )  # fmt: skip
            con.executemany(
                "INSERT INTO relation VALUES (?, 'following', 1, 1, NULL, 0, ?, ?, NULL)",
                [(n, NOW - 400 * DAY, NOW - DAY) for n in rows],
            )
            con.executemany(
                "INSERT INTO score(row, bot, harmful, offtopic, relevance, type, role, seniority, kind, reasons, "
                "top_reason) VALUES (?, ?, ?, 0, 0, 0, 0, 0, ?, 0, 'no post for long')",
                [(n, n % 100, n % 40, _JUDGED[n % len(_JUDGED)]) for n in rows],
            )
        con.executemany(
            "INSERT INTO plan_item(row, action, object, state, reason, at) "
            "VALUES (?, 'unfollow', '', 'planned', 'decided out', ?)",
            [(n, NOW) for n in range(1, accounts + 1, step)],
        )
        for domain in ("profile", "relation", "decision", "score"):
            store.bump(domain, ())


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor, the median of some calls each."""
    clock, processor = [], []
    for _ in range(TIMES):
        began, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return statistics.median(clock), statistics.median(processor)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=1_000_000, help="accounts of the store")
    parser.add_argument("--planned", type=int, default=100_000, help="unfollows in the plan")
    parser.add_argument("--check", action="store_true", help="fail where a step is above its goal")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-plan-") as folder:
        store = new_store(Path(folder) / "store.db")
        fill(store, options.accounts, options.planned)
        session = Session(store, FixedClock(from_epoch(NOW)))
        overview = planning.overview(session)
        ready = sum(group.ready for group in overview.groups)
        print(f"{options.accounts:,} accounts, {ready:,} of {options.planned:,} unfollows ready")
        steps: dict[str, Callable[[], object]] = {
            "open the plan": lambda: planning.overview(session),
            "group by reason": lambda: grouping.reasons(session, ActionKind.UNFOLLOW),
            "first rows": lambda: planning.lines(session, overview.item_ids[:64]),
            "why others stay": lambda: staying.reasons(session),
            "random sample": lambda: previewing.sample(session, 20),
        }
        above = []
        for name, work in steps.items():
            clock, processor = timed(work)
            goal = GOALS.get(name)
            print(
                f"{name:<16} clock {clock:6.3f} s  processor {processor:6.3f} s" + (f"  goal {goal} s" if goal else "")
            )
            above += [name] if goal and processor > goal else []
        session.close()
    if options.check and above:
        sys.exit(f"above the goal: {', '.join(above)}")


if __name__ == "__main__":
    main()
