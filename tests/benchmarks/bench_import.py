"""Imports at any size beside sqlite-utils' command line and polars with executemany, in one run.

Run ``python tests/benchmarks/bench_import.py [--rows N] [--check]``; the full run is
``--rows 1000000``. It makes up a CSV and a JSONL export of N accounts each and a list of N/20
companies, and brings them in: committed and pageable first, then with everything derived
(search, arrays, orders, counts), then compared with the list and judged. Each import runs in a
process of its own, once with a quarter of the rows, so that its memory can be seen to be flat.
Last, keys are pressed in an open review in a terminal of its own, idle and while another process
imports. Only the ratios of one run mean anything on another machine.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bench_review import DOWN, PAGE_DOWN, Program

HEAD = (
    "id", "username", "name", "description", "location", "url", "followers_count", "friends_count", "statuses_count",
    "listed_count", "created_at", "verified",
)  # fmt: skip
PREFIX = "zq"
FIRST = ("Ada", "Bo", "Chidi", "Dana", "Elif", "Farah", "Goran", "Hana", "Ivo", "Jun", "Kim", "Léa", "Mei", "Noor")
LAST = ("Adler", "Berg", "Costa", "Diallo", "Eder", "Fuchs", "Garcia", "Huang", "Ito", "Jensen", "Kaya", "Lopez")
WORDS = (
    *("logistics", "freight", "software", "founder", "building", "coffee", "trains", "marketing", "data", "cloud"),
    *("sales", "engineer", "design", "growth", "product", "climate", "energy", "retail", "health", "finance"),
    *("security", "open", "source", "writer", "runner", "dad", "views", "own", "photos", "music", "football"),
    *("travel", "news", "daily", "tips", "free", "follow", "back", "investor", "startup", "ai", "robotics"),
)
PLACES = ("Berlin", "Paris, France", "Austin, TX", "", "London", "São Paulo", "東京", "Lagos", "", "Toronto")
ORDERS = (("followers", True), ("created", False), ("name", False), ("handle", False), ("bot", True))
KEYS = 120
PAUSE = 0.1

GOALS = {
    "committed against sqlite-utils insert": 6.0,
    "everything derived against sqlite-utils insert": 2.0,
}
MOST_DELAY = 1.5


def people(count: int, offset: int) -> Iterator[tuple[Any, ...]]:
    """Accounts no export knows; ids, handles and texts differ from row to row."""
    rnd = random.Random(offset)
    for n in range(offset, offset + count):
        name = f"{rnd.choice(FIRST)} {rnd.choice(LAST)}"
        company = f"Firm{rnd.randrange(200_000)}"
        bio = " ".join(rnd.choices(WORDS, k=rnd.randrange(4, 16)))
        if n % 10 == 0:
            bio = f"{rnd.choice(('VP Sales', 'CEO', 'Engineer'))} at {company}. {bio}"
        yield (
            1_300_000_000_000_000_000 + n * 1_000_003, f"{PREFIX}_{n:x}", name, bio, rnd.choice(PLACES),
            f"https://{company.lower()}.com" if n % 4 == 0 else "", rnd.randrange(10**rnd.randrange(1, 7)),
            rnd.randrange(5000), rnd.randrange(40_000), rnd.randrange(50),
            f"20{rnd.randrange(10, 26)}-{rnd.randrange(1, 13):02}-{rnd.randrange(1, 29):02}T10:00:00Z", "false",
        )  # fmt: skip


def write_files(folder: Path, rows: int) -> None:
    """The CSV (followers), the JSONL (following) and the list, and a quarter of the CSV."""
    for name, count in (("followers.csv", rows), ("quarter.csv", rows // 4)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEAD)
            writer.writerows(people(count, 1))
    with (folder / "following.jsonl").open("w", encoding="utf-8") as file:
        for row in people(rows, rows // 2 + 1):
            file.write(json.dumps(dict(zip(HEAD, row, strict=True)), ensure_ascii=False) + "\n")
    with (folder / "companies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Company", "Website", "City"))
        writer.writerows((f"Firm{n} GmbH", f"https://firm{n}.com", PLACES[n % 10]) for n in range(rows // 20))


# --- one import in a process of its own -----------------------------------------------


def drained(job: Any) -> Any:
    """What a job returns."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def timed(figures: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    """Do some work and note how long it took, in seconds."""
    began = time.perf_counter()
    done = work()
    figures[name] = time.perf_counter() - began
    return done


def work(store: Path, given: dict[str, Any]) -> dict[str, float]:
    """Bring one file in, derive what is asked for, and measure: seconds, rows, MB."""
    from followertui.domain.progress import NeverCancelled
    from followertui.services import comparing, judging
    from followertui.services.desk import Desk
    from followertui.services.import_values import ImportChoices
    from followertui.services.workbench import Workbench
    from followertui.store import pages
    from followertui.store.connection import Store

    bench = Workbench(Desk(Store(store)))
    figures: dict[str, float] = {}
    until = given.pop("until")
    never = NeverCancelled()
    file = str(given.pop("file"))

    def bring() -> Any:
        report = drained(bench.import_file(file, ImportChoices(**given), never))
        if until == "list":
            return report
        first = bench.page(bench.open_view("", "").rows[:40])
        assert len(first) == min(40, report.read)
        return report

    figures["rows"] = timed(figures, "committed", bring).read

    def derive() -> None:
        last, reached = bench.desk.evaluator.columns.size() - 1, 0
        while reached < last:
            reached = pages.index_text(bench.desk.store, reached + 2000)
        view = bench.open_view("", "")
        for field, is_falling in ORDERS:
            bench.sort_view(view, field, is_falling)
        bench.refresh_counts()

    if until in ("derived", "judged"):
        timed(figures, "derived", derive)
        figures["derived_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if until == "judged":
        timed(figures, "compared", lambda: drained(comparing.match(bench.desk, never)))
        timed(figures, "judged", lambda: drained(judging.judge(bench.desk, never)))
    bench.close()
    figures["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def apart(store: Path, **given: Any) -> dict[str, float]:
    """``work`` in a process of its own."""
    command = [sys.executable, __file__, "--worker", str(store), json.dumps(given)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


# --- the peers ------------------------------------------------------------------------


def sqlite_utils(folder: Path, verb: str) -> float:
    """Seconds sqlite-utils' command line takes for the same CSV."""
    program = Path(sys.executable).with_name("sqlite-utils")
    target = folder / f"{verb}.db"
    began = time.perf_counter()
    subprocess.run(
        [str(program), verb, str(target), "accounts", str(folder / "followers.csv"), "--csv", "--pk", "id"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    spent = time.perf_counter() - began
    target.unlink()
    return spent


def polars_executemany(folder: Path) -> float | None:
    """Seconds polars and executemany take, None without polars."""
    if importlib.util.find_spec("polars") is None:
        return None
    import polars  # type: ignore[import-not-found]

    target = folder / "polars.db"
    began = time.perf_counter()
    table = polars.read_csv(folder / "followers.csv")
    con = sqlite3.connect(target)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute(f"CREATE TABLE accounts(id INTEGER PRIMARY KEY, {', '.join(HEAD[1:])})")
    with con:
        con.executemany(f"INSERT INTO accounts VALUES ({','.join('?' * len(HEAD))})", table.iter_rows())
    con.close()
    spent = time.perf_counter() - began
    target.unlink()
    return spent


# --- keys while something is imported -------------------------------------------------


def p95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return 1000 * sorted(times)[int(0.95 * (len(times) - 1))]


def keys_meanwhile(store: Path, file: Path) -> tuple[list[float], list[float]]:
    """Seconds per key in an open review, idle and while another process imports."""
    program = Program([sys.executable, "-m", "followertui", "--store", str(store), "review"])
    program.until(PREFIX.encode() + b"_")
    program.settle(3.0)
    press_some(program, 20)
    idle = press_some(program, KEYS)
    command = [sys.executable, "-m", "followertui", "--store", str(store), "--quiet", "import", "accounts", str(file)]
    importing = subprocess.Popen([*command, "--relation", "following", "--partial"], stdin=subprocess.DEVNULL)
    busy: list[float] = []
    while importing.poll() is None:
        busy += press_some(program, 10)
    program.end()
    if importing.returncode:
        raise SystemExit("the import beside the review failed")
    return idle, busy


def press_some(program: Program, count: int) -> list[float]:
    """Cursor and page keys in turn, a tenth of a second apart."""
    return [program.press(PAGE_DOWN if n % 5 == 4 else DOWN, PAUSE) for n in range(count)]


# --- the run --------------------------------------------------------------------------


def line(name: str, rows: float, seconds: float, note: str = "") -> None:
    """One line of the report."""
    print(f"{name:52} {rows / seconds:12,.0f} rows/s {seconds:8.1f} s  {note}".rstrip(), flush=True)


def measure(folder: Path, rows: int) -> list[tuple[str, float, float, bool]]:
    """Everything; returns (what, value, goal, whether more is better)."""
    insert, upsert = sqlite_utils(folder, "insert"), sqlite_utils(folder, "upsert")
    line("sqlite-utils insert --csv --pk id", rows, insert)
    line("sqlite-utils upsert --csv --pk id", rows, upsert)
    spent = polars_executemany(folder)
    if spent is None:
        print("polars + executemany: polars is not installed, left out")
    else:
        line("polars + executemany", rows, spent)
    quarter = apart(folder / "q.db", until="derived", file=str(folder / "quarter.csv"), what="accounts",
                    relation="follower", completeness="complete")  # fmt: skip
    store = folder / "own.db"
    listed = apart(store, until="list", file=str(folder / "companies.csv"), what="list", kind="customer",
                   name="Customers", basis="own-records")  # fmt: skip
    line("followertui: list", listed["rows"], listed["committed"], f"{listed['mb']:.0f} MB")
    own = apart(store, until="judged", file=str(folder / "followers.csv"), what="accounts", relation="follower",
                completeness="complete")  # fmt: skip
    shutil.copyfile(store, folder / "busy.db")
    derived = own["committed"] + own["derived"]
    line("followertui: CSV committed and pageable", rows, own["committed"])
    memory = f"{own['derived_mb']:.0f} MB; a quarter of it {quarter['mb']:.0f} MB"
    line("followertui: CSV, everything derived", rows, derived, memory)
    line("followertui: compared with the list", rows, own["compared"])
    line("followertui: judged", rows, own["judged"], f"{own['mb']:.0f} MB with all of it")
    more = apart(store, until="derived", file=str(folder / "following.jsonl"), what="accounts", relation="following",
                 completeness="complete")  # fmt: skip
    line("followertui: JSONL into the same store, committed", rows, more["committed"])
    line("followertui: JSONL, everything derived", rows, more["committed"] + more["derived"], f"{more['mb']:.0f} MB")
    idle, busy = keys_meanwhile(folder / "busy.db", folder / "following.jsonl")
    print(f"key in an open review, p95: idle {p95(idle):.1f} ms, while importing {p95(busy):.1f} ms ({len(busy)} keys)")
    found = [insert / own["committed"], insert / derived]
    ratios = [(name, value, goal, True) for (name, goal), value in zip(GOALS.items(), found, strict=True)]
    ratios.append(("p95 of a key while importing against idle", p95(busy) / p95(idle), MOST_DELAY, False))
    print(f"\nagainst upsert, what an import is: committed {upsert / own['committed']:.1f}x, "
          f"derived {upsert / derived:.1f}x")  # fmt: skip
    return ratios


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        print(json.dumps(work(Path(given.worker[0]), json.loads(given.worker[1]))))
        return 0
    print(f"{given.rows:,} rows; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        write_files(folder, given.rows)
        print(f"files made up in {time.perf_counter() - began:.0f} s")
        ratios = measure(folder, given.rows)
    for what, value, goal, is_more in ratios:
        print(f"{what:52} {value:8.2f}  goal {'>=' if is_more else '<='} {goal:g}")
    print(f"load average {os.getloadavg()[0]:.1f}")
    missed = [what for what, value, goal, is_more in ratios if (value < goal) == is_more and value != goal]
    return int(given.check and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
