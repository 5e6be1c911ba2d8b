"""A store whose derived files are fresh opens without anything heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from filling import NOW, fill, new_store

from followertui.domain.clock import FileClock, from_epoch
from followertui.services.session import Session
from followertui.services.workbench import Workbench

HEAVY = {"numpy", "rapidfuzz", "tweepy", "requests", "sqlite_utils", "lark", "publicsuffixlist", "anyascii"}

OPENING = """
import json, sys
from pathlib import Path
from followertui.cli import main, reviewing, wiring
from followertui.demo import opening
from followertui.domain.clock import FileClock
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store

bench = Workbench(Session(Store(Path(sys.argv[1])), FileClock(Path(sys.argv[2]))))
bench.header(), bench.looks.place(), bench.review.last()
view = bench.open_view(bench.queues()[0].id)
bench.page(view.rows[:64])
print(json.dumps([len(view.rows), sorted(sys.modules)]))
"""


def test_the_first_page_needs_nothing_heavy(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.path.write_text(from_epoch(NOW).isoformat())
    store = new_store(tmp_path / "full.db")
    fill(store, 1, 60)
    bench = Workbench(Session(store, clock))
    bench.refresh_counts()
    rows = len(bench.open_view(bench.queues()[0].id).rows)
    bench.close()
    done = subprocess.run(
        [sys.executable, "-c", OPENING, str(store.path), str(clock.path)], capture_output=True, text=True, check=True
    )
    shown, modules = json.loads(done.stdout)
    assert shown == rows > 0
    assert not HEAVY & set(modules)
