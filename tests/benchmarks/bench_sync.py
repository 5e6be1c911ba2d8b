"""Reading followers from X: memory while it reads, and how fast the store takes a page once it is here.

Run ``python tests/benchmarks/bench_sync.py [--followers N] [--check]``; the full run is
``--followers 1000000``. A sandbox X in a process of its own gives pages of 1,000 over loopback,
without limits of rate. The reading process says what memory it has to itself (RssAnon: files it has
mapped are left out) after every hundredth page; what counts is the most of the second half against
the most of the first, in which SQLite's cache fills. What comparing the whole reading takes at the
end is shown apart. Each page is timed from its arrival to its commit, price and place of the
next one included. The same pages then go into a table with the same columns by nothing but
executemany, one transaction a page, in the same process: only that ratio means anything on another
machine. With ``--check`` it fails where a goal is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event
from typing import Any

LEAST_SPEED = 20_000
MOST_GROWTH_MB = 25.0
EVERY = 100
WINDOW = 10**9

SERVE = f"""
import sys, time
from followertui.domain.clock import SystemClock
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.server import serve
state = made_state(int(sys.argv[1]) * 5 // 4)
state.limits = {{"followers": {{"window": {WINDOW}}}}}
with serve(state, 0, SystemClock()) as server:
    print(server.address, flush=True)
    sys.stdin.read()
"""


def own_memory_mb() -> float:
    """What this process has to itself now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def read(folder: Path, address: str) -> dict[str, Any]:
    """Read every follower into a store of its own; returns the figures."""
    from followertui.domain.account import PROFILE_FIELDS
    from followertui.domain.clock import SystemClock
    from followertui.services.session import Session
    from followertui.services.sync import costs, syncing
    from followertui.services.sync.values import Wish
    from followertui.store.file.connection import Store
    from followertui.x.client import TweepyClient
    from followertui.x.sandbox.made import OWN_ID
    from followertui.x.sandbox.state import SandboxKeys
    from followertui.x.settings import XSettings

    settings = XSettings.from_env(SandboxKeys().environ(OWN_ID, address))
    session = Session(Store(folder / "store.db"), SystemClock(), open_x=lambda: TweepyClient(settings))
    costs.set_owner(session, True)
    keep, pages, memory = syncing._DirectionSync._keep, [], []
    some: list[list[tuple[Any, ...]]] = []

    def timed(self: Any, number: int, page: Any) -> None:
        """The page as ever, with a watch beside it."""
        began = time.perf_counter()
        keep(self, number, page)
        pages.append((len(page.records), time.perf_counter() - began))
        if len(some) < EVERY:
            some.append([tuple(getattr(one, name) for name in PROFILE_FIELDS) for one in page.records])
        if len(pages) % EVERY == 0:
            memory.append(round(own_memory_mb(), 1))
            print(f"{sum(count for count, _ in pages):>9,} {memory[-1]:7.1f} MB", file=sys.stderr, flush=True)

    syncing._DirectionSync._keep = timed
    began = time.perf_counter()
    for _ in syncing.sync(session, Event(), Wish(("follower",))):
        pass
    seconds = time.perf_counter() - began
    comparing = round(own_memory_mb(), 1)
    session.close()
    gc.collect()
    accounts, kept = sum(count for count, _ in pages), sum(took for _, took in pages)
    plain = plain_seconds(folder / "plain.db", PROFILE_FIELDS, some) / sum(map(len, some))
    return {
        "accounts": accounts,
        "seconds": round(seconds, 1),
        "committed_per_second": round(accounts / kept),
        "plain_executemany_per_second": round(1 / plain),
        "ratio": round(kept / accounts / plain, 2),
        "memory_mb": memory,
        "grown_mb": round(max(memory[len(memory) // 2 :]) - max(memory[: len(memory) // 2 + 1]), 1),
        "comparing_mb": comparing,
    }


def plain_seconds(path: Path, names: tuple[str, ...], pages: list[list[tuple[Any, ...]]]) -> float:
    """What the same pages take without a store around them."""
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute(f"CREATE TABLE account (row INTEGER PRIMARY KEY, {', '.join(names)}, UNIQUE (x_id))")
    marks = ", ".join("?" * len(names))
    began = time.perf_counter()
    for page in pages:
        con.execute("BEGIN IMMEDIATE")
        con.executemany(f"INSERT INTO account({', '.join(names)}) VALUES ({marks})", page)
        con.execute("COMMIT")
    took = time.perf_counter() - began
    con.close()
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--followers", type=int, default=100_000)
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    parser.add_argument("--read", nargs=2, metavar=("FOLDER", "ADDRESS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.read:
        print(json.dumps(read(Path(args.read[0]), args.read[1])))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", SERVE, str(args.followers)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            own = [sys.executable, __file__, "--read", folder, address]
            done = subprocess.run(own, stdout=subprocess.PIPE, text=True, check=False)
            server.terminate()
    if done.returncode:
        return done.returncode
    found = json.loads(done.stdout)
    print(json.dumps(found, indent=1))
    is_missed = found["committed_per_second"] < LEAST_SPEED or found["grown_mb"] > MOST_GROWTH_MB
    return int(args.check and is_missed)


if __name__ == "__main__":
    sys.exit(main())
