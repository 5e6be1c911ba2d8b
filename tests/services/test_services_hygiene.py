"""What is imported when: a first paint from fresh caches needs nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from filling import fill, new_store

from followertui.domain.clock import FileClock
from followertui.services import querying
from followertui.services.review import header, queues, views
from followertui.services.session import Session

HEAVY = ("textual", "tweepy", "rich", "numpy", "rapidfuzz", "sqlite_utils", "lark", "requests", "anyascii", "calamine",
         "publicsuffixlist", "python_calamine")  # fmt: skip


def loaded(code: str, *arguments: str) -> set[str]:
    """Heavy modules in ``sys.modules`` after some code ran in an interpreter of its own."""
    tail = f"\nimport json, sys\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_workbench_loads_nothing_heavy() -> None:
    assert loaded("import followertui.services.workbench") == set()


FIRST_PAINT = """
import sys
from pathlib import Path
from followertui.domain.clock import FileClock
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
path = Path(sys.argv[1])
bench = Workbench(Session(Store(path), FileClock(path.with_name("clock"))))
view = bench.open_view("everyone")
assert len(view.rows) == view.of > 20, view
assert len(bench.page(view.rows[:64])) == min(64, view.of)
assert bench.header().accounts == view.of
assert any(queue.count for queue in bench.queues())
assert bench.looks.views() == [] and bench.looks.place() == {} and bench.tags()
bench.looks.remember_place({"queue": "everyone"})
assert bench.find("@nobody") is None
bench.close()
"""


@pytest.fixture
def kept(tmp_path: Path, clock: FileClock) -> Path:
    """A store whose caches are fresh."""
    store = new_store(tmp_path / "store.db")
    fill(store, 2, 40)
    session = Session(store, clock)
    header.refresh_header(session)
    queues.counted_queues(session)
    views.open_view(session, "everyone")
    session.close()
    return tmp_path / "store.db"


def test_the_first_paint_from_fresh_caches_loads_nothing_heavy(kept: Path) -> None:
    assert loaded(FIRST_PAINT, str(kept)) == set()


def test_a_filter_loads_the_parser_and_arrays_only(kept: Path) -> None:
    code = FIRST_PAINT.replace("bench.close()", 'bench.open_view("everyone", "is:follower sort:-followers")')
    assert loaded(code, str(kept)) == {"lark", "numpy"}


READING = """
import sys
from followertui.cli.main import run
assert run(["--store", sys.argv[1], "--quiet", "accounts", *sys.argv[2:]]) == 0
"""


def test_a_table_of_all_accounts_needs_no_array_and_nothing_that_judges(kept: Path) -> None:
    code = READING + "assert 'followertui.services.scoring.judging' not in sys.modules\n"
    assert loaded(code, str(kept), "--limit", "20") <= {"rich", "anyascii"}
    assert loaded(code, str(kept), "is:follower", "--limit", "20") <= {"rich", "anyascii", "lark", "numpy"}


@pytest.mark.parametrize("seed", range(4))
def test_everyone_is_the_same_by_table_and_by_arrays(
    tmp_path: Path, clock: FileClock, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path / "store.db")
    session = Session(store, clock)
    assert list(querying.rows_of(session, "")) == []
    fill(store, seed, 60)
    read = querying.rows_of(session, " ")
    assert not session.is_warm
    monkeypatch.setattr(querying, "_MOST_READ", 59)
    assert querying.rows_of(session, " ") == read
    assert session.is_warm
    assert 20 < len(read) < 60
    session.close()
