"""Imports at any size beside sqlite-utils' command line and polars with executemany, in one run.

Run ``python tests/benchmarks/bench_import.py [--rows N] [--judge] [--upsert] [--check]``; the full
run is ``--rows 1000000``. It makes up a CSV and a JSONL export of N accounts each (half of the
JSONL's accounts are known from the CSV, with other values) and a list of N/20 companies, and brings
them in: committed and pageable first, then with everything derived (search, arrays, orders, counts,
names and signatures), with ``--judge`` also compared with the list and judged. Every program is a
process of its own, timed from its start; processor seconds are told beside the clock, as they mean
something on a machine that does other work too. A quarter of each file goes in as well, to see that
memory stays flat: what counts is memory of the process's own, pages of the store it has mapped are
shown apart.
The JSONL comes in twice: alone into an empty store, beside sqlite-utils' command line and beside
nothing but ``json.loads`` and executemany, which no importer in Python can beat; and on top of the
CSV, where half of its accounts are known and change. Last, keys are pressed in an open review in a
terminal of its own, idle (half before, half after) and while another process imports a quarter of
the JSONL and goes on to compare it, for at most ``MOST_BUSY`` seconds; a key is answered when the
first burst it draws ends, the card that follows at rest is not waited for. Only the ratios of one
run mean anything on another machine.

``--beside PYTHON``, the interpreter of another checkout, only compares: both read the files through
(a dry run) and bring them in, in turn. Compile both trees before, where PYTHONDONTWRITEBYTECODE is set.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bench_review import DOWN, PAGE_DOWN, Program
from import_data import HEAD, PREFIX, write_files

ORDERS = (("followers", True), ("created", False), ("name", False), ("handle", False), ("bot", True))
KEYS = 120
PAUSE, BURST = 0.1, 0.012
SETTLE = 3.0
MOST_BUSY = 150.0
SAMPLE = 0.05
PAGE_MB = resource.getpagesize() / 2**20

GOALS = {
    "committed against sqlite-utils insert": 6.0,
    "everything derived against sqlite-utils insert": 2.0,
}
MOST_DELAY = 1.5
MOST_GROWTH = 1.3


# --- one import in a process of its own -----------------------------------------------


class OwnMemory:
    """The most memory this process had to itself, mapped files left out, looked at all the time (Linux)."""

    def __init__(self) -> None:
        self.most = 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._is_over.wait(SAMPLE):
            self.look()

    def look(self) -> float:
        """The most so far, in MB."""
        resident, shared = Path("/proc/self/statm").read_text(encoding="ascii").split()[1:3]
        self.most = max(self.most, (int(resident) - int(shared)) * PAGE_MB)
        return self.most

    def end(self) -> float:
        """Look no more; the most there was, in MB."""
        self._is_over.set()
        self._thread.join()
        return self.look()


def work(store: Path, given: dict[str, Any]) -> dict[str, float]:
    """Bring one file in, derive what is asked for, and measure: seconds since the start, rows, MB."""
    from followertui.domain.progress import NeverCancelled, drained
    from followertui.services.intake.values import ImportChoices
    from followertui.services.session import Session
    from followertui.services.workbench import Workbench
    from followertui.store.audience import pages
    from followertui.store.file.connection import Store

    memory = OwnMemory()
    bench = Workbench(Session(Store(store)))
    figures: dict[str, float] = {}
    began, until, file = given.pop("began"), given.pop("until"), str(given.pop("file"))
    never = NeverCancelled()

    def note(name: str) -> None:
        figures[name] = time.time() - began
        figures[f"{name}_cpu"] = time.process_time()
        figures[f"{name}_mb"] = memory.look()

    def derive() -> None:
        from followertui.matching.joining import KeySet
        from followertui.matching.normalising import comparison_key

        last, reached = bench.session.evaluator.columns.size() - 1, 0
        while reached < last:
            reached = pages.index_text(bench.session.store, reached + 2000)
        view = bench.open_view("", "")
        for field, is_falling in ORDERS:
            bench.sort_view(view, field, is_falling)
        bench.refresh_counts()
        for start in range(1, last + 1, 20_000):
            names = bench.session.store.con.execute(
                "SELECT name FROM account WHERE row BETWEEN ? AND ?", [start, start + 19_999]
            )
            KeySet([comparison_key(name or "") for (name,) in names])

    if until == "judged":
        from followertui.services.scoring import judging, matching

        drained(matching.match(bench.session, never))
        note("compared")
        drained(judging.judge(bench.session, never))
        note("judged")
    else:
        report = drained(bench.import_file(file, ImportChoices(**given), never))
        figures["rows"] = report.read
        if until == "derived":
            first = bench.page(bench.open_view("", "").rows[:40])
            assert len(first) == min(40, report.read)
        note("committed")
        if until == "derived":
            derive()
            note("derived")
    bench.close()
    figures["mb"] = memory.end()
    figures["mapped_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - figures["mb"]
    return figures


def apart(store: Path, **given: Any) -> dict[str, float]:
    """``work`` in a process of its own."""
    command = [
        sys.executable,
        __file__,
        "--worker",
        str(store),
        json.dumps({"file": "", "began": time.time(), **given}),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


# --- the peers ------------------------------------------------------------------------


def sqlite_utils(folder: Path, verb: str, file: str = "followers.csv", key: str = "id") -> tuple[float, float]:
    """Seconds, by the clock and of the processor, sqlite-utils' command line takes for the same file."""
    program = Path(sys.executable).with_name("sqlite-utils")
    target = folder / f"{verb}.db"
    form = "--nl" if file.endswith(".jsonl") else "--csv"
    command = [str(program), verb, str(target), "rows", str(folder / file), form, *(["--pk", key] if key else [])]
    spent = spent_by(command)
    target.unlink()
    return spent


def spent_by(command: list[str]) -> tuple[float, float]:
    """Seconds, by the clock and of the processor, a command takes."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def polars_executemany(folder: Path) -> tuple[float, float] | None:
    """Seconds polars and executemany take in a process of their own, None without polars."""
    if importlib.util.find_spec("polars") is None:
        return None
    return spent_by([sys.executable, __file__, "--polars", str(folder)])


def bring_in_by_polars(folder: Path) -> None:
    """The CSV into a bare table, its id the key."""
    import polars  # type: ignore[import-not-found]

    write_bare(folder / "polars.db", polars.read_csv(folder / "followers.csv").iter_rows())


def bring_in_by_json(folder: Path) -> None:
    """The JSONL into a bare table: a line is decoded and its values are bound, no more."""
    with (folder / "following.jsonl").open(encoding="utf-8") as file:
        write_bare(folder / "json.db", (tuple(json.loads(line).values()) for line in file))


def write_bare(target: Path, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows into a table with nothing but its key."""
    con = sqlite3.connect(target)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute(f"CREATE TABLE accounts(id INTEGER PRIMARY KEY, {', '.join(HEAD[1:])})")
    with con:
        con.executemany(f"INSERT INTO accounts VALUES ({','.join('?' * len(HEAD))})", rows)
    con.close()
    target.unlink()


# --- another checkout -----------------------------------------------------------------


def compare_with(python: Path, folder: Path, pairs: int) -> None:
    """Print, for reading and for all of an import, processor seconds of this program and of another checkout's."""
    for file in ("followers.csv", "following.jsonl"):
        whole = ["import", "accounts", str(folder / file), "--relation", "follower", "--partial"]
        ways = {"read through": [*whole, "--dry-run", "--problems", str(folder / "bad.csv")], "all of it": whole}
        for what, command in ways.items():
            spent: dict[Path, list[float]] = {python: [], Path(sys.executable): []}
            for number in range(pairs * 2):
                program = list(spent)[number % 2]
                store = folder / f"{file}-{what}-{number}.db"
                call = [str(program.with_name("followertui")), "--store", str(store), *command]
                spent[program].append(spent_by(call)[1])
            old, new = (statistics.median(found) for found in spent.values())
            print(f"{file:16} {what:14} processor {new:7.2f} s, beside {old:7.2f} s: {new / old:5.2f}x", flush=True)


# --- keys while something is imported -------------------------------------------------


def p95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return 1000 * sorted(times)[int(0.95 * (len(times) - 1))]


def p50(times: list[float]) -> float:
    """The median, in milliseconds."""
    return 1000 * statistics.median(times)


def keys_meanwhile(store: Path, file: Path) -> tuple[list[float], list[float]]:
    """Seconds per key in an open review, idle and while another process imports."""
    program = Program([sys.executable, "-m", "followertui", "--store", str(store), "review", f"handle:{PREFIX}"])
    program.until(PREFIX.encode() + b"_")
    program.settle(SETTLE)
    press_some(program, 20)
    idle = press_some(program, KEYS)
    command = [sys.executable, "-m", "followertui", "--store", str(store), "--quiet", "import", "accounts", str(file)]
    importing = subprocess.Popen([*command, "--relation", "following", "--partial"], stdin=subprocess.DEVNULL)
    busy: list[float] = []
    began = time.perf_counter()
    while importing.poll() is None and time.perf_counter() - began < MOST_BUSY:
        busy += press_some(program, 10)
    if importing.poll() is None:
        importing.terminate()
    elif importing.returncode:
        raise SystemExit("the import beside the review failed")
    importing.wait()
    program.settle(SETTLE)
    press_some(program, 20)
    idle += press_some(program, KEYS)
    program.end()
    return idle, busy


def press_some(program: Program, count: int) -> list[float]:
    """Cursor and page keys in turn, a tenth of a second apart."""
    taken = []
    for n in range(count):
        taken.append(program.press(PAGE_DOWN if n % 5 == 4 else DOWN, BURST))
        program.settle(PAUSE)
    return taken


# --- the run --------------------------------------------------------------------------


def line(name: str, rows: float, spent: tuple[float, float], note: str = "") -> None:
    """One line of the report: rows a second, seconds by the clock and of the processor."""
    seconds, processor = spent
    text = f"{name:50} {rows / seconds:9,.0f} rows/s {seconds:7.1f} s, processor {processor:7.1f} s  {note}"
    print(text.rstrip(), flush=True)


def until(figures: dict[str, float], name: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor until something was reached."""
    return figures[name], figures[f"{name}_cpu"]


def memory(whole: dict[str, float], quarter: dict[str, float], name: str) -> str:
    """Own memory at its most, beside that of a quarter of the rows."""
    most, less = whole[f"{name}_mb"], quarter[f"{name}_mb"]
    return f"{most:.0f} MB own, a quarter {less:.0f} MB ({most / less:.2f}x), {whole['mapped_mb']:.0f} MB mapped"


def measure(folder: Path, rows: int, is_judged: bool, has_upsert: bool) -> list[tuple[str, float, float, bool]]:
    """Everything; returns (what, value, goal, whether more is better)."""
    csv_of = {"what": "accounts", "relation": "follower", "completeness": "complete", "until": "derived"}
    json_of = {**csv_of, "relation": "following"}
    insert = sqlite_utils(folder, "insert")
    line("sqlite-utils insert --csv --pk id", rows, insert)
    if has_upsert:
        line("sqlite-utils upsert --csv --pk id", rows, sqlite_utils(folder, "upsert"))
    peer = polars_executemany(folder)
    if peer is None:
        print("polars + executemany: polars is not installed, left out")
    else:
        line("polars + executemany", rows, peer)
    store, small = folder / "own.db", folder / "quarter.db"
    listed = apart(store, until="list", file=str(folder / "companies.csv"), what="list", kind="customer",
                   name="Customers", basis="own-records")  # fmt: skip
    line("sqlite-utils insert --csv, the list", listed["rows"], sqlite_utils(folder, "insert", "companies.csv", ""))
    line("followertui: list", listed["rows"], until(listed, "committed"), f"{listed['mb']:.0f} MB own")
    own = apart(store, file=str(folder / "followers.csv"), **csv_of)
    quarter = apart(small, file=str(folder / "quarter.csv"), **csv_of)
    line("followertui: CSV committed and pageable", rows, until(own, "committed"), memory(own, quarter, "committed"))
    line("followertui: CSV, everything derived", rows, until(own, "derived"), memory(own, quarter, "derived"))
    shutil.copyfile(store, folder / "busy.db")
    lines = sqlite_utils(folder, "insert", "following.jsonl")
    line("sqlite-utils insert --nl --pk id", rows, lines)
    line("json.loads + executemany", rows, spent_by([sys.executable, __file__, "--json", str(folder)]))
    alone = apart(folder / "alone.db", file=str(folder / "following.jsonl"), **csv_of)
    line(
        "followertui: JSONL committed and pageable", rows, until(alone, "committed"), f"{alone['committed_mb']:.0f} MB"
    )
    line("followertui: JSONL, everything derived", rows, until(alone, "derived"), f"{alone['derived_mb']:.0f} MB own")
    more = apart(store, file=str(folder / "following.jsonl"), **json_of)
    less = apart(small, file=str(folder / "quarter.jsonl"), **json_of)
    line("followertui: JSONL, half known, committed", rows, until(more, "committed"), memory(more, less, "committed"))
    line("followertui: JSONL, half known, derived", rows, until(more, "derived"), memory(more, less, "derived"))
    if is_judged:
        judged = apart(folder / "busy.db", until="judged")
        line("followertui: compared with the list", rows, until(judged, "compared"), f"{judged['compared_mb']:.0f} MB")
        spent = (judged["judged"] - judged["compared"], judged["judged_cpu"] - judged["compared_cpu"])
        line("followertui: judged", rows, spent, f"{judged['judged_mb']:.0f} MB; helpers' processor not counted")
    idle, busy = keys_meanwhile(folder / "busy.db", folder / "quarter.jsonl")
    print(f"key in an open review, p95: idle {p95(idle):.1f} ms, while importing {p95(busy):.1f} ms; "
          f"median {p50(idle):.1f} and {p50(busy):.1f} ms ({len(busy)} keys)")  # fmt: skip
    print("\nby processor seconds: "
          f"committed {insert[1] / own['committed_cpu']:.1f}x, derived {insert[1] / own['derived_cpu']:.1f}x "
          "sqlite-utils insert; readers in processes of their own not counted")  # fmt: skip
    print(f"JSONL against sqlite-utils insert --nl: committed {lines[0] / alone['committed']:.1f}x, "
          f"derived {lines[0] / alone['derived']:.1f}x")  # fmt: skip
    found = [insert[0] / own["committed"], insert[0] / own["derived"]]
    ratios = [(name, value, goal, True) for (name, goal), value in zip(GOALS.items(), found, strict=True)]
    flat = own["committed_mb"] / quarter["committed_mb"]
    ratios.append(("own memory of an import against a quarter of it", flat, MOST_GROWTH, False))
    ratios.append(("p95 of a key while importing against idle", p95(busy) / p95(idle), MOST_DELAY, False))
    return ratios


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    parser.add_argument("--judge", action="store_true", help="also compare with the list, and judge")
    parser.add_argument("--upsert", action="store_true", help="also time sqlite-utils upsert")
    parser.add_argument(
        "--beside", type=Path, metavar="PYTHON", help="only compare with another checkout's interpreter"
    )
    parser.add_argument("--pairs", type=int, default=5, help="how often, with --beside")
    parser.add_argument("--polars", help=argparse.SUPPRESS)
    parser.add_argument("--json", help=argparse.SUPPRESS)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(work(Path(given.worker[0]), json.loads(given.worker[1]))))
        return 0
    if given.polars:
        bring_in_by_polars(Path(given.polars))
        return 0
    if given.json:
        bring_in_by_json(Path(given.json))
        return 0
    print(f"{given.rows:,} rows; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        write_files(folder, given.rows)
        print(f"files made up in {time.perf_counter() - began:.0f} s", flush=True)
        if given.beside:
            compare_with(given.beside, folder, given.pairs)
            return 0
        ratios = measure(folder, given.rows, given.judge, given.upsert)
    for what, value, goal, is_more in ratios:
        print(f"{what:52} {value:8.2f}  goal {'>=' if is_more else '<='} {goal:g}")
    print(f"load average {os.getloadavg()[0]:.1f}")
    missed = [what for what, value, goal, is_more in ratios if (value < goal) == is_more and value != goal]
    return int(given.check and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
