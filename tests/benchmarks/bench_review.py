"""The review at any size beside an empty Textual app and the built-in DataTable, in one run.

Run ``python tests/benchmarks/bench_review.py [--accounts N] [--store FILE]``. Every program runs
in a terminal of its own (a pty of 120x40). Measured is what a person waits for: from the start to
the first bytes of real rows, and from a key to the last byte it draws. Only the ratios of one run
mean anything on another machine; ``--check`` fails where one is above its goal.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

WIDTH, HEIGHT = 120, 40
IDLE = 0.045
LONG_IDLE = 0.4
STARTS = 7
PRESSES = 40
FEW = 7
LONGEST = 90.0

DOWN, PAGE_DOWN, END, HOME = b"\x1b[B", b"\x1b[6~", b"G", b"g"

EMPTY_MARK, TABLE_MARK = b"empty-app-is-here", b"row-0000000"

EMPTY_APP = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("empty-app-is-here")
Empty().run()
"""

TABLE_APP = """
import random, sys
from textual.app import App
from textual.widgets import DataTable
TITLES = ("Name", "Handle", "R", "Kind", "Why", "Bot", "Silent", "Followers")
rnd = random.Random(1)
ROWS = [(f"row-{n:07}", f"handle_{n}", "x", ("bot", "customer", "unclear")[n % 3], "default picture, no bio",
         str(n % 100), f"{n % 900} d", rnd.randrange(10**6)) for n in range(int(sys.argv[1]))]
class Peer(App):
    def compose(self):
        yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns(*TITLES)
        table.add_rows(ROWS)
        table.focus()
    def on_key(self, event):
        table = self.query_one(DataTable)
        if event.key == "s":
            table.sort(table.ordered_columns[7].key, reverse=True)
        elif event.key == "f":
            table.clear()
            table.add_rows([row for row in ROWS if row[3] == "bot"])
        elif event.key in ("g", "G"):
            table.move_cursor(row=0 if event.key == "g" else table.row_count - 1)
Peer().run()
"""


class Program:
    """A program in a terminal of its own.

    Args:
        command: what to run.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.began = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", TEXTUAL_ANIMATIONS="none")
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.execv(command[0], list(command))

    def until(self, mark: bytes) -> float:
        """Seconds from the start to the first bytes that hold ``mark``."""
        seen = b""
        while mark not in seen:
            if not select.select([self.terminal], [], [], LONGEST)[0]:
                raise SystemExit(f"nothing drawn for {LONGEST:.0f} s; last: {seen[-200:]!r}")
            try:
                seen += os.read(self.terminal, 1 << 16)
            except OSError:
                raise SystemExit(f"the program ended: {seen[-800:].decode(errors='replace')}") from None
        return time.perf_counter() - self.began

    def settle(self, seconds: float = 1.0) -> None:
        """Read until nothing is drawn for so long."""
        while select.select([self.terminal], [], [], seconds)[0]:
            os.read(self.terminal, 1 << 16)

    def press(self, keys: bytes, idle: float = IDLE) -> float:
        """Seconds from writing keys to the last byte drawn before ``idle`` seconds of silence."""
        pressed = last = time.perf_counter()
        os.write(self.terminal, keys)
        wait = LONGEST
        while select.select([self.terminal], [], [], wait)[0]:
            os.read(self.terminal, 1 << 16)
            last = time.perf_counter()
            wait = idle
        if wait == LONGEST:
            raise SystemExit(f"{keys!r} drew nothing for {LONGEST:.0f} s")
        return last - pressed

    def type(self, *keys: bytes) -> None:
        """Keys nobody measures, each after what the one before drew."""
        for key in keys:
            os.write(self.terminal, key)
            self.settle(LONG_IDLE)

    def resident(self) -> float:
        """Memory in MB, pages of mapped files included."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def end(self) -> None:
        """Leave without a trace."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


@dataclass
class Figures:
    """What was measured of one program; times in seconds."""

    name: str
    starts: list[float] = field(default_factory=list)
    memory: float = 0.0
    keys: dict[str, list[float]] = field(default_factory=dict)

    @property
    def start(self) -> float:
        """Median time to the first real rows."""
        return statistics.median(self.starts)

    def key(self, name: str) -> float:
        """Median time of a key."""
        return statistics.median(self.keys[name])

    def lines(self) -> list[str]:
        """As printed."""
        found = [f"{self.name}: first rows {1000 * self.start:.0f} ms, {self.memory:.0f} MB"]
        for name, times in self.keys.items():
            slow = sorted(times)[int(0.95 * (len(times) - 1))]
            found.append(f"    {name:10} {1000 * self.key(name):8.1f} ms  p95 {1000 * slow:8.1f}")
        return found


def measure_starts(programs: Sequence[tuple[Figures, Sequence[str], bytes]], count: int) -> None:
    """Start programs in turn, so that a busy moment hits all of them."""
    for _ in range(count):
        for figures, command, mark in programs:
            program = Program(command)
            figures.starts.append(program.until(mark))
            program.end()


def measure_moves(program: Program, figures: Figures) -> None:
    """Keys that move the cursor, warmed up first."""
    for name, key in (("down", DOWN), ("page down", PAGE_DOWN)):
        for _ in range(5):
            program.press(key)
        figures.keys[name] = [program.press(key) for _ in range(PRESSES)]
    both = [program.press(key) for _ in range(10) for key in (END, HOME)]
    figures.keys["end, home"] = both


def measure_table(rows: int) -> Figures:
    """The built-in DataTable with so many rows."""
    figures = Figures(f"DataTable, {rows:,} rows")
    program = Program([sys.executable, "-c", TABLE_APP, str(rows)])
    figures.starts.append(program.until(TABLE_MARK))
    program.settle()
    measure_moves(program, figures)
    few = FEW if rows <= 10_000 else 2
    figures.keys["sort"] = [program.press(b"s", LONG_IDLE) for _ in range(few)]
    figures.keys["filter"] = [program.press(b"f", LONG_IDLE) for _ in range(few)]
    figures.memory = program.resident()
    program.end()
    return figures


def measure_review(program: Program, figures: Figures) -> None:
    """Moves, then sorting by two fields in turn, then filters typed at once."""
    program.settle(2.5)
    figures.memory = program.resident()
    measure_moves(program, figures)
    figures.keys["sort"] = []
    for turn in range(2 * FEW):
        program.type(b"S", b"followers" if turn % 2 else b"created")
        figures.keys["sort"].append(program.press(b"\r"))
    figures.keys["sort"] = figures.keys["sort"][4:]
    figures.keys["filter"] = []
    for turn in range(FEW):
        program.type(b"/")
        figures.keys["filter"].append(program.press(f"followers:>{100 + turn}\r".encode(), LONG_IDLE))
        program.type(b"\x1b", b"\x1b")


def first_handle(store: Path) -> bytes:
    """Handle in the first row of the review, which also leaves its caches as a last session would."""
    from followertui.demo.opening import open_demo
    from followertui.store.file.connection import Store

    bench = open_demo(Store(store), "me")
    bench.refresh_counts()
    place = bench.looks.place()
    queue = str(place.get("queue", "")) or bench.queues()[0].id
    view = bench.open_view(queue, str(place.get("filter", "")))
    handle = bench.page(view.rows[:1])[0].handle
    bench.close()
    return handle[:12].encode()


def build(accounts: int, folder: str) -> Path:
    """Build the demo, as a person would; says how long it took."""
    store = Path(folder) / f"demo-{accounts}.db"
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "followertui", "demo", "--accounts", str(accounts), "--store", str(store), "--no-ui"],
        check=True,
    )
    print(f"demo of {accounts:,} accounts built in {time.perf_counter() - began:.0f} s")
    return store


def report(empty: Figures, ours: Figures, tables: Sequence[Figures]) -> list[tuple[str, float, float]]:
    """Print all figures; returns (what, ratio or ms, goal)."""
    for figures in (empty, *tables, ours):
        print("\n".join(figures.lines()))
    goals = [
        ("first rows against an empty app", ours.start / empty.start, 1.25),
        ("page down, ms", 1000 * ours.key("page down"), 8.0),
        ("sort, ms", 1000 * ours.key("sort"), 6.0),
    ]
    print()
    for what, value, goal in goals:
        print(f"{what:44} {value:8.2f}  goal {goal:g}")
    for table in tables:
        print(f"against {table.name}:")
        print(f"    first rows {table.start / ours.start:,.0f}x as fast, memory {table.memory / ours.memory:.1f}x")
        for name in ("down", "page down", "sort", "filter"):
            print(f"    {name:10} {table.key(name) / ours.key(name):8.1f}x as fast")
    return goals


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path, help="a demo built before")
    parser.add_argument("--tables", default="10000,100000", help="sizes of the DataTable beside it")
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        store = given.store or build(given.accounts, folder)
        mark = first_handle(store)
        command = [sys.executable, "-m", "followertui", "--store", str(store), "review"]
        empty, ours = Figures("empty Textual app"), Figures(f"followertui, {store.name}")
        empty_command = [sys.executable, "-c", EMPTY_APP]
        measure_starts([(empty, empty_command, EMPTY_MARK), (ours, command, mark)], STARTS)
        program = Program(empty_command)
        program.until(EMPTY_MARK)
        program.settle()
        empty.memory = program.resident()
        program.end()
        program = Program(command)
        program.until(mark)
        measure_review(program, ours)
        program.end()
        tables = [measure_table(int(size)) for size in given.tables.split(",") if size]
        goals = report(empty, ours, tables)
    print(f"load average {os.getloadavg()[0]:.1f}")
    return int(given.check and any(value > goal for _, value, goal in goals))


if __name__ == "__main__":
    sys.exit(main())
