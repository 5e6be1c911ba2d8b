"""What carrying out a plan costs here beside another checkout, in processor seconds of one run.

Run ``python tests/benchmarks/bench_apply.py --tree FOLDER [--actions N] [--pairs N]``; ``--tree`` names the
other checkout, such as an older commit, with its own ``.venv``. Both go through their command line: a demo of
an Enterprise account is built and planned once, and every run carries out a copy of it against the sandbox in
its own process. Runs alternate, so that a loaded machine burdens both alike; compared are user and system
seconds of the process, and the ratio of their medians is printed. ``--check`` fails where it is above its goal
or where a run did not do all it was asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
GOAL = 1.10
"""Times the other checkout's processor time that carrying out may take."""


def followertui(tree: Path, store: Path, *arguments: str) -> str:
    """What a command of a checkout prints.

    Raises:
        subprocess.CalledProcessError: it ends with another code than 0.
    """
    command = [str(tree / ".venv/bin/followertui"), "--store", str(store), *arguments]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def followed(store: Path) -> int:
    """How many accounts the sandbox of a demo follows."""
    state = json.loads(store.with_name(f"{store.name}.sandbox.json").read_text(encoding="utf-8"))
    return len(state["following"])


def planned(tree: Path, folder: Path, actions: int) -> Path:
    """A demo of a checkout in which at least some unfollows are planned."""
    folder.mkdir(parents=True)
    store = folder / "demo.db"
    size = max(2_000, actions * 5)
    followertui(tree, store, "demo", "--no-ui", "--access", "enterprise", "--accounts", str(size), "--seed", "3",
                "--store", str(store))  # fmt: skip
    followertui(tree, store, "decide", "is:following -is:guarded", "out")
    return store


def carried_out(tree: Path, store: Path, actions: int) -> tuple[float, float]:
    """Carry out a number of actions of a copy of a demo: user seconds, system seconds."""
    with tempfile.TemporaryDirectory(prefix="bench-apply-") as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(store.parent, copy)
        before = followed(copy / store.name)
        arguments = ["--store", str(copy / store.name), "apply", "--via", "api", "--limit", str(actions)]
        command = [str(tree / ".venv/bin/followertui"), *arguments, "--yes", str(actions)]
        with (copy / "out.txt").open("wb") as out:
            run = subprocess.Popen(command, cwd=tree, stdout=out, stderr=out)
            _, status, used = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        done = before - followed(copy / store.name)
        if run.returncode or done != actions:
            said = (copy / "out.txt").read_text(encoding="utf-8")
            sys.exit(f"{tree}: {done:,} of {actions:,} unfollowed, exit code {run.returncode}: {said[-500:]}")
        return used.ru_utime, used.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", type=Path, required=True, help="the other checkout")
    parser.add_argument("--actions", type=int, default=2_000, help="unfollows a run carries out")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each checkout")
    parser.add_argument("--check", action="store_true", help=f"fail above {GOAL:.2f} times the other")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-apply-") as folder:
        trees = {"other": options.tree.resolve(), "here": HERE}
        stores = {name: planned(tree, Path(folder) / name, options.actions) for name, tree in trees.items()}
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in trees}
        for pair in range(options.pairs):
            for name in list(trees) if pair % 2 else list(trees)[::-1]:
                seconds[name].append(carried_out(trees[name], stores[name], options.actions))
    total = {name: statistics.median(map(sum, runs)) for name, runs in seconds.items()}
    for name, runs in seconds.items():
        user, system = (statistics.median(column) for column in zip(*runs, strict=True))
        print(
            f"{name:<6} {total[name]:6.2f} s for {options.actions:,} unfollows ({user:.2f} user, {system:.2f} system)"
        )
    ratio = total["here"] / total["other"]
    print(f"ratio  {ratio:6.3f} (goal {GOAL:.2f})")
    if options.check and ratio > GOAL:
        sys.exit(1)


if __name__ == "__main__":
    main()
