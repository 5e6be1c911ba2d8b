"""Key to paint at a million accounts, beside what else one could have built it on, in one run.

Run ``python tests/benchmarks/bench_paint.py [--accounts N] [--store FILE] [--fast PYTHON]``. Every program
runs in a pty of 120x40 of its own. First paint is the first byte after a key, settled the last one
before the screen rests. Beside the review stand an empty Textual app, a table of the Line API that
computes its rows and holds no data, the built-in DataTable and textual-fastdatatable, the last with
the interpreter ``--fast`` names and at sizes they hold. ``--check`` fails where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import select
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench_review import DOWN, EMPTY_APP, EMPTY_MARK, PAGE_DOWN, TABLE_APP, TABLE_MARK, Program, build, first_handle

REST = 0.15
LONG_REST = 0.6
STARTS = 5
PRESSES = 60
BULK = 100_000
LINE_MARK, FAST_MARK = b"line-0000000", b"row-0000000"

LINE_APP = """
from rich.segment import Segment
from textual.app import App
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
class Lines(ScrollView, can_focus=True):
    def on_mount(self):
        self.virtual_size = Size(100, 1_000_000)
        self.focus()
    def render_line(self, y):
        return Strip([Segment(f"line-{self.scroll_offset.y + y:07}".ljust(self.size.width))])
class Peer(App):
    def compose(self):
        yield Lines()
Peer().run()
"""

FAST_APP = """
import sys
from textual.app import App
from textual_fastdatatable import ArrowBackend, DataTable
N = int(sys.argv[1])
DATA = {"Name": [f"row-{n:07}" for n in range(N)], "Handle": [f"handle_{n}" for n in range(N)],
        "Kind": [("bot", "customer", "unclear")[n % 3] for n in range(N)], "Followers": list(range(N))}
class Peer(App):
    def compose(self):
        yield DataTable(backend=ArrowBackend.from_pydict(DATA), cursor_type="row")
    def on_mount(self):
        self.query_one(DataTable).focus()
Peer().run()
"""


class Press(NamedTuple):
    """One key: seconds to its first byte, and to the last one before the screen rested."""

    first: float
    settled: float


class Line(NamedTuple):
    """One figure: what, its value, the goal it may not pass (None for none)."""

    what: str
    value: float
    goal: float | None = None


def press(program: Program, keys: bytes, rest: float = REST) -> Press:
    """Press keys and wait until the screen rests."""
    pressed = time.perf_counter()
    os.write(program.terminal, keys)
    first = last = 0.0
    wait = 20.0
    while select.select([program.terminal], [], [], wait)[0]:
        os.read(program.terminal, 1 << 16)
        last = time.perf_counter() - pressed
        first = first or last
        wait = rest
    return Press(first, last)


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def settled_start(command: Sequence[str], mark: bytes) -> float:
    """Seconds from the start to the last byte before the screen rests."""
    program = Program(command)
    program.until(mark)
    last = time.perf_counter()
    while select.select([program.terminal], [], [], LONG_REST)[0]:
        os.read(program.terminal, 1 << 16)
        last = time.perf_counter()
    program.end()
    return last - program.began


def anonymous_mb(pid: int) -> float:
    """Memory of a process of its own, in MB: what no file backs."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


def single_row_keys(program: Program) -> tuple[list[float], list[float]]:
    """First paint and settled times of decisions, their undo, kinds and moves, mixed as a hand does."""
    first: list[float] = []
    settled: list[float] = []
    for turn in range(PRESSES):
        for key in (b"a", DOWN, b"x", b"u", b"s", b"e", b"u")[turn % 7 : turn % 7 + 2]:
            found = press(program, key)
            first.append(found.first)
            settled.append(found.settled)
    return first, settled


def measure_peer(name: str, command: Sequence[str], mark: bytes) -> list[Line]:
    """Start and page of another program."""
    program = Program(command)
    start = program.until(mark)
    program.settle()
    pages = [press(program, PAGE_DOWN).settled for _ in range(PRESSES // 2)]
    memory = anonymous_mb(program.pid)
    program.end()
    return [
        Line(f"{name}: first rows, ms", 1000 * start),
        Line(f"{name}: page, p95 ms", 1000 * p95(pages)),
        Line(f"{name}: own memory, MB", memory),
    ]


def measure_review(command: Sequence[str], mark: bytes, line_page: float) -> list[Line]:
    """Keys, pages, filters, keys during a job, and memory after them."""
    program = Program(command)
    program.until(mark)
    program.settle(2.5)
    first, settled = single_row_keys(program)
    pages = [press(program, PAGE_DOWN).settled for _ in range(PRESSES)]
    filters = []
    for word in (b"freight", b"marketing", b"berlin", b"software", b"founder"):
        program.type(b"/")
        filters.append(press(program, word + b"\r", LONG_REST).settled)
        program.type(b"\x1b", b"\x1b")
    program.type(b":", b"judge again")
    os.write(program.terminal, b"\r")
    time.sleep(1.0)
    busy, _ = single_row_keys(program)
    program.type(b"\x1b[17~")
    memory = anonymous_mb(program.pid)
    program.end()
    return [
        Line("single-row keys: first paint, p95 ms", 1000 * p95(first), 30),
        Line("single-row keys: settled, p95 ms", 1000 * p95(settled), 60),
        Line("page against the Line API, p95", p95(pages) / line_page, 3),
        Line("filter with text search, worst ms", 1000 * max(filters), 100),
        Line("first paint while it judges, against idle, p95", p95(busy) / p95(first), 1.5),
        Line("own memory after use, MB", memory, 250),
    ]


def measure_bulk(store: Path, folder: Path) -> list[Line]:
    """A bulk decision against bare INSERTs of the same rows into the same tables, each on a copy of the store."""
    from followertui.demo.opening import open_demo
    from followertui.domain.decision import Decision
    from followertui.store.file.connection import Store

    ours, bare = folder / "ours.db", folder / "bare.db"
    for target in (ours, bare):
        shutil.copy(store, target)
    bench = open_demo(Store(ours), "me")
    # Everyone at once is refused on purpose: half of those followed, and fans.
    followed = list(bench.open_view("", "is:following -is:guarded").rows)
    rows = [*followed[: len(followed) // 2], *bench.open_view("", "is:fan").rows][:BULK]
    began = time.perf_counter()
    bench.decide(rows, Decision.OUT)
    written = time.perf_counter() - began
    con = bench.session.store.con
    decisions = con.execute("SELECT * FROM decision WHERE reviewer = 'me'").fetchall()
    items = con.execute("SELECT row, action, object, state, reason, due_at, at FROM plan_item").fetchall()
    log = con.execute("SELECT * FROM change_log").fetchall()
    bench.close()
    with sqlite3.connect(bare, isolation_level=None) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("DELETE FROM decision")
        raw.execute("DELETE FROM plan_item")
        raw.execute("DELETE FROM change_log")
        began = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(f"INSERT INTO decision VALUES ({_marks(decisions)})", decisions)
        raw.executemany(
            f"INSERT INTO plan_item(row, action, object, state, reason, due_at, at) VALUES ({_marks(items)})", items
        )
        raw.executemany(f"INSERT INTO change_log VALUES ({_marks(log)})", log)
        raw.execute("COMMIT")
        inserted = time.perf_counter() - began
    return [
        Line(f"bulk decision on {len(rows):,} rows, ms", 1000 * written),
        Line("bare INSERTs of the same rows, ms", 1000 * inserted),
        Line("bulk decision against bare INSERTs", written / inserted, 2.6),
    ]


def _marks(rows: Sequence[Sequence[object]]) -> str:
    return ", ".join("?" * len(rows[0])) if rows else "NULL"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path, help="a demo built before")
    parser.add_argument("--fast", type=Path, help="an interpreter that has textual-fastdatatable")
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        store = given.store or build(given.accounts, folder)
        mark = first_handle(store)
        command = [sys.executable, "-m", "followertui", "--store", str(store), "review"]
        empty = [sys.executable, "-c", EMPTY_APP]
        starts = [(settled_start(empty, EMPTY_MARK), settled_start(command, mark)) for _ in range(STARTS)]
        ratio = sorted(ours / theirs for theirs, ours in starts)[STARTS // 2]
        lines += [Line("cold start to settled against an empty app, median", ratio, 2)]
        line_api = measure_peer("Line API without data, 1,000,000 rows", [sys.executable, "-c", LINE_APP], LINE_MARK)
        lines += line_api
        lines += measure_peer("DataTable, 10,000 rows", [sys.executable, "-c", TABLE_APP, "10000"], TABLE_MARK)
        if given.fast is not None:
            fast = [str(given.fast), "-c", FAST_APP, str(given.accounts)]
            lines += measure_peer(f"textual-fastdatatable, {given.accounts:,} rows", fast, FAST_MARK)
        else:
            print("textual-fastdatatable: not measured, --fast names no interpreter that has it")
        lines += measure_review(command, mark, line_api[1].value / 1000)
        lines += measure_bulk(store, Path(folder))
    for line in lines:
        goal = "" if line.goal is None else f"  goal {line.goal:g}{'' if line.value <= line.goal else '  MISSED'}"
        print(f"{line.what:58} {line.value:9.2f}{goal}")
    print(f"load average {os.getloadavg()[0]:.1f}")
    return int(given.check and any(line.goal is not None and line.value > line.goal for line in lines))


if __name__ == "__main__":
    sys.exit(main())
