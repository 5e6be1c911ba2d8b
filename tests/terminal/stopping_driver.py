"""Runs a command again and again, each time stopped by Ctrl-C at another moment; prints what came of it.

A process of its own that has imported everything once: each run is a fork of it under a terminal
of its own, on a copy of the store, so that ten moments cost ten runs and not ten starts.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path

from terminal import Terminal

from followertui.cli.main import SECTIONS, run

_BESIDE = ("", ".clock", ".sandbox.json")
CTRL_C = "\x03"


def fresh(source: Path) -> Path:
    """A copy of a store with all that belongs to it."""
    target = source.with_name("run.db")
    for path in target.parent.glob("run.db*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    for suffix in _BESIDE:
        if (found := source.with_name(source.name + suffix)).exists():
            shutil.copy(found, target.with_name(target.name + suffix))
    return target


def started(store: Path, arguments: list[str]) -> Terminal:
    def child() -> None:
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
        code = run(["--store", str(store), "--reviewer", "mk", *arguments])
        sys.stdout.flush()
        os._exit(code)

    return Terminal(child)


def main(source: Path, moments: int, arguments: list[str], resume: list[str]) -> None:
    for lines in SECTIONS.values():
        for _, module, _ in lines:
            __import__(f"followertui.cli.{module}")
    import numpy  # noqa: F401
    import rapidfuzz  # noqa: F401
    import sqlite_utils  # noqa: F401

    began = time.monotonic()
    whole = started(fresh(source), arguments)
    print(json.dumps({"code": whole.ended(), "text": whole.text}))
    seconds = time.monotonic() - began
    is_resumed = False
    for number in range(moments):
        store = fresh(source)
        terminal = started(store, arguments)
        end = time.monotonic() + seconds * (number + 1) / (moments + 1)
        while time.monotonic() < end:
            terminal.read(max(0.0, min(0.01, end - time.monotonic())))
        if terminal.status() is None:
            terminal.send(CTRL_C)
        found = {"code": terminal.ended(), "text": terminal.text}
        if found["code"] == 3 and not is_resumed:
            is_resumed = True
            again = started(store, resume)
            found |= {"resumed": again.ended(), "resumed_text": again.text}
        print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), json.loads(sys.argv[4]))
