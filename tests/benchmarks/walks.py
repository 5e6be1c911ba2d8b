"""The walks a reader of the code takes: which files one command passes, and how often it comes back to one.

Run ``python tests/benchmarks/walks.py [--tree FOLDER] [--walk NAME] [--told]``; ``--tree`` names another
checkout, such as an older commit, and everything goes through its command line, so that any version can
be walked. A walk is the order in which functions of ours are entered for the first time (a worker that
is called for every row or cell counts once; what runs while a module is imported does not count), cut
where one is entered in another file than the one before: each run of functions in one file is a stay, and a
stay in a file that was passed before is a return. A walk ends at the statement that writes what was asked for.
``--told`` prints every stay with its functions. Opened is how often the file brought in was opened.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
WALKS = {
    "import": (["import", "accounts", "{folder}/followers.csv", "--relation", "follower"], "INSERT INTO account("),
    "decision": (["decide", "@{handle}", "out"], "INSERT INTO journal("),
    "filter": (["accounts", "is:following -is:guarded followers:100..", "--count"], ""),
    "applied item": (["apply", "--via", "api", "--limit", "1", "--yes", "1"], "UPDATE call SET"),
}
"""Name -> arguments, and how the statement begins that ends the walk ("" for the command's end)."""

_FUNCTION = 0x2 | 0x1
_SPOKEN = ("text/", "domain/", "late.py")
"""Floors every other one speaks in, and the way of importing late: passing them is no stay."""


class Told(NamedTuple):
    """One walk: functions passed, stays as (file, functions), how often the file was opened."""

    functions: int
    stays: list[tuple[str, list[str]]]
    opened: int

    @property
    def files(self) -> int:
        """How many files are passed."""
        return len({file for file, _ in self.stays})


class Walker:
    """Notes functions of a package in the order they are entered first.

    Args:
        package: folder of the package.
        end: how the SQL statement begins that ends the walk.
        watched: the file whose openings are counted.
    """

    def __init__(self, package: Path, end: str, watched: Path) -> None:
        self._package, self._end, self._watched = f"{package}/", end, watched
        self._seen: set[CodeType] = set()
        self._importing = threading.local()
        self._is_over = False
        self.passed: list[tuple[str, str]] = []
        self.opened = 0

    def profile(self, frame: FrameType, event: str, _: object) -> None:
        """What ``sys.setprofile`` calls."""
        code = frame.f_code
        depth = getattr(self._importing, "depth", 0)
        if code.co_name == "<module>":
            self._importing.depth = depth + (event == "call") - (event == "return")
        elif event == "call" and not depth and not self._is_over and code not in self._seen:
            self._seen.add(code)
            is_ours = code.co_filename.startswith(self._package) and code.co_flags & _FUNCTION == _FUNCTION
            if is_ours and not code.co_name.startswith("<"):
                self.passed.append((code.co_filename.removeprefix(self._package), code.co_qualname))

    def statement(self, sql: str) -> None:
        """What SQLite calls before every statement."""
        if self._end and sql.lstrip().startswith(self._end):
            self._is_over = True

    def watch(self) -> None:
        """Count openings of the file, and hear every statement."""
        walker = self

        def counting(function: Any) -> Any:
            def counted(path: Any, *arguments: Any, **more: Any) -> Any:
                with contextlib.suppress(TypeError, ValueError):
                    walker.opened += Path(path) == walker._watched
                return function(path, *arguments, **more)

            return counted

        for place in (builtins, io):
            place.open = counting(place.open)  # type: ignore[attr-defined]
        connect = sqlite3.connect

        def connected(*arguments: Any, **more: Any) -> sqlite3.Connection:
            con = connect(*arguments, **more)
            con.set_trace_callback(walker.statement)
            return con

        sqlite3.connect = connected

    def told(self) -> Told:
        """The walk so far."""
        stays: list[tuple[str, list[str]]] = []
        for file, name in self.passed:
            if file.startswith(_SPOKEN):
                continue
            if not stays or stays[-1][0] != file:
                stays.append((file, []))
            stays[-1][1].append(name)
        return Told(sum(len(names) for _, names in stays), stays, self.opened)


def walk(tree: Path, arguments: list[str], end: str, watched: Path) -> None:
    """Run one command in this process and print its walk as JSON on the last line."""
    sys.path.insert(0, str(tree))
    walker = Walker(tree / "followertui", end, watched)
    walker.watch()
    from followertui.cli.main import run

    threading.setprofile(walker.profile)
    sys.setprofile(walker.profile)
    code = run(arguments)
    sys.setprofile(None)
    print()
    print(json.dumps([code, walker.told()]))


def walked(tree: Path, store: Path, arguments: list[str], end: str, watched: Path) -> Told:
    """One walk in a process of its own."""
    command = [sys.executable, __file__, "--tree", str(tree), "--end", end, "--watched", str(watched)]
    command += ["--arguments", json.dumps(["--store", str(store), "--quiet", *arguments])]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}
    )
    code, told = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    functions, stays, opened = told
    return Told(functions, [(file, names) for file, names in stays], opened)


def followertui(tree: Path, *arguments: str) -> str:
    """Run a command of a checkout and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "followertui", *arguments],
        capture_output=True, text=True, check=True, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)},
    ).stdout  # fmt: skip


def prepare(tree: Path, folder: Path) -> dict[str, str]:
    """A demo with planned unfollows, a store of 8 accounts and a CSV of 200 more; what the arguments of walks name."""
    demo = folder / "demo.db"
    followertui(tree, "demo", "--store", str(demo), "--accounts", "500", "--access", "enterprise", "--no-ui")
    found = json.loads(followertui(tree, "--store", str(demo), "accounts", "is:following -is:guarded", "--json"))
    followertui(tree, "--store", str(demo), "decide", "is:following -is:guarded", "out")
    for name, rows in (("known", range(1, 9)), ("followers", range(1001, 1201))):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "username", "name", "description", "followers_count", "created_at"))
            writer.writerows((n, f"u{n}", f"User {n}", "builds things", n, "2015-03-01") for n in rows)
    followertui(tree, "--store", str(folder / "own.db"), "import", "accounts", str(folder / "known.csv"), "--relation",
                "none")  # fmt: skip
    return {"folder": str(folder), "handle": found[0]["handle"]}


def main() -> None:
    """Walk all commands of a checkout and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", type=Path, default=ROOT)
    parser.add_argument("--walk", choices=WALKS)
    parser.add_argument("--told", action="store_true")
    for name in ("--arguments", "--end", "--watched"):
        parser.add_argument(name, default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    tree = options.tree.resolve()
    if options.arguments:
        walk(tree, json.loads(options.arguments), options.end, Path(options.watched))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = prepare(tree, folder)
        print(f"{'walk':<14}{'functions':>10}{'stays':>7}{'files':>7}{'returns':>9}{'opened':>8}")
        for title, (arguments, end) in WALKS.items():
            if options.walk in (None, title):
                store = folder / ("own.db" if title == "import" else "demo.db")
                filled = [word.format(**words) for word in arguments]
                told = walked(tree, store, filled, end, folder / "followers.csv")
                stays = len(told.stays)
                print(
                    f"{title:<14}{told.functions:>10}{stays:>7}{told.files:>7}{stays - told.files:>9}{told.opened:>8}"
                )
                for file, functions in told.stays if options.told else ():
                    print(f"    {file:<40} {', '.join(functions)}")


if __name__ == "__main__":
    main()
