"""Whole matching of this checkout beside another's, in one run: processor seconds and memory.

Run ``python tests/benchmarks/match_beside.py --beside PYTHON [--accounts N] [--entries N] [--pairs N]``,
where PYTHON is the interpreter of another checkout's environment. It makes up accounts and a list of
companies once; each program in turn brings both in on the command line, compares everybody, then
brings in a file of one new follower, which compares that one, and looks whether anybody is left.
What a command took is the user seconds of its process and of its helpers; memory is the most any
one of them held. Compile both trees before, where PYTHONDONTWRITEBYTECODE is set.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from match_names import Names
from match_whole import write_accounts, write_list

WHOLE, ONE = "everybody compared", "one new follower brought in"
COUNTED = (WHOLE, ONE)


class Spent(NamedTuple):
    """What one command took: user seconds, and MB of its largest process."""

    user: float
    megabytes: float


def spent_by(command: list[str]) -> Spent:
    """Run a command and measure it.

    Args:
        command: of which a failure ends the benchmark.

    Raises:
        SystemExit: it failed.
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {said[-400:]}")
    return Spent(usage.ru_utime, usage.ru_maxrss / 1024)


def one_round(python: Path, folder: Path, store: Path) -> dict[str, Spent]:
    """Everything once with one program, into a store of its own.

    Args:
        python: the interpreter beside which the program lies.
        folder: where the files lie.
        store: the file to make.
    """
    program = [str(python.with_name("followertui")), "--store", str(store), "--quiet"]
    accounts = [*program, "import", "accounts", "--relation", "follower", "--partial"]
    listed = ["import", "list", "--kind", "customer", "--name", "CRM", "--basis", "own-records"]
    spent_by([*accounts, str(folder / "accounts.csv")])
    spent_by([*program, *listed, str(folder / "crm.csv")])
    whole = spent_by([*program, "match", "--full"])
    came, compared = spent_by([*accounts, str(folder / "one.csv")]), spent_by([*program, "match"])
    return {WHOLE: whole, ONE: Spent(came.user + compared.user, max(came.megabytes, compared.megabytes))}


def write_files(folder: Path, accounts: int, entries: int) -> None:
    """The accounts, the list and the new follower, the same on every machine."""
    maker = Names("latin", seed=21)
    companies = [maker.one() for _ in range(entries)]
    write_accounts(folder / "accounts.csv", accounts, companies, maker)
    write_list(folder / "crm.csv", companies)
    with (folder / "one.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "username", "name", "description"))
        writer.writerow((10**15 + 1, "newcomer", maker.noisy(companies[0]), f"engineer at {companies[1]}"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path, required=True, metavar="PYTHON")
    parser.add_argument("--accounts", type=int, default=300_000)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--pairs", type=int, default=1, help="rounds of each program")
    asked = parser.parse_args()
    # Left as it is written: a virtual environment's interpreter is a link, and its programs lie beside the link.
    programs = {"beside": asked.beside.absolute(), "this": Path(sys.executable)}
    print(f"{asked.accounts:,} accounts x {asked.entries:,} entries; load average {os.getloadavg()[0]:.1f}", flush=True)
    rounds: dict[str, list[dict[str, Spent]]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, asked.accounts, asked.entries)
        for number in range(asked.pairs):
            for who, python in programs.items():
                store = folder / f"{who}{number}.db"
                rounds[who].append(one_round(python, folder, store))
                for part in folder.glob(f"{store.name}*"):
                    if part.is_file():
                        part.unlink()
                took = rounds[who][-1]
                print(f"  {who:7}" + "  ".join(f"{what} {took[what].user:.2f} s" for what in COUNTED), flush=True)
    for what in COUNTED:
        old, new = ([done[what] for done in rounds[who]] for who in ("beside", "this"))
        seconds = [statistics.median(spent.user for spent in some) for some in (old, new)]
        memory = [max(spent.megabytes for spent in some) for some in (old, new)]
        print(
            f"{what:28} user {seconds[1]:8.2f} s, beside {seconds[0]:8.2f} s: {seconds[1] / seconds[0]:5.2f}x;"
            f" memory {memory[1]:6.0f} MB, beside {memory[0]:6.0f} MB: {memory[1] / memory[0]:5.2f}x"
        )
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
