"""Work shared over processes: in order, the same as alone, and nothing is left behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from followertui.domain.errors import Cancelled
from followertui.domain.progress import Progress, drained
from followertui.services import worker_processes
from followertui.services.worker_processes import computed_apart, parts_of, shared_out
from followertui.store.file import watermarks
from followertui.store.file.connection import Store

ROWS = range(1, 2001)
PARTS = [list(part) for part in parts_of(ROWS, 300)]


def doubling(store: Store, factor: int) -> Callable[[Sequence[int]], list[int]]:
    """Answers from the store it was given, so that a helper must have opened it."""
    kept = watermarks.JUDGED_UPTO.read(store)
    return lambda rows: [factor * row + kept for row in rows]


def dying(store: Store, only_in: int) -> Callable[[Sequence[int]], list[int]]:
    """Ends every process but one."""
    if os.getpid() != only_in:
        os._exit(1)
    return list


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "some.db")
    watermarks.JUDGED_UPTO.write(made, 7)
    return made


@pytest.fixture(autouse=True)
def helpers_find_this_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.mark.parametrize("helpers", [0, 1, 3])
def test_answers_come_in_order_from_any_number_of_helpers(store: Store, helpers: int) -> None:
    found = list(shared_out(store, doubling, (2,), PARTS, helpers))
    assert [list(rows) for rows, _ in found] == PARTS
    assert [n for _, answer in found for n in answer] == [2 * row + 7 for row in ROWS]


def test_what_a_dead_helper_leaves_is_worked_out_here(store: Store) -> None:
    found = list(shared_out(store, dying, (os.getpid(),), PARTS, 2))
    assert [answer for _, answer in found] == PARTS


def test_no_helper_is_started_for_little_work(store: Store) -> None:
    assert worker_processes.helpers_for(worker_processes.SHARED_FROM, store) == 0


VIEWING = """
import sys
from pathlib import Path
from followertui.store.file.connection import Store
Store(Path(sys.argv[1])).leases.register_viewer()
print("registered", flush=True)
sys.stdin.read()
"""


def test_a_processor_is_left_to_an_open_review(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_processes.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert worker_processes.helpers_for(1_000_000, store) == 2
    store.leases.register_viewer()
    assert worker_processes.helpers_for(1_000_000, store) == 2
    reader = subprocess.Popen(
        [sys.executable, "-c", VIEWING, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reader.stdout is not None
    assert reader.stdout.readline().strip() == b"registered"
    assert worker_processes.helpers_for(1_000_000, store) == 0
    reader.kill()
    reader.communicate()
    assert worker_processes.helpers_for(1_000_000, store) == 2


def test_sitting_down_waits_for_nobody(store: Store) -> None:
    writer = Store(store.path)
    with writer.write():
        store.leases.register_viewer()
        assert store.con.execute("SELECT count(*) FROM lease").fetchone() == (0,)
    store.leases.register_viewer()
    assert store.con.execute("SELECT count(*) FROM lease").fetchone() == (1,)
    assert store.con.execute("PRAGMA busy_timeout").fetchone() == (30_000,)
    writer.close()


def test_a_review_that_is_closed_leaves_no_trace(store: Store) -> None:
    store.leases.register_viewer()
    store.close()
    assert Store(store.path).con.execute("SELECT count(*) FROM lease").fetchone() == (0,)


def processes_noted(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The helpers started from now on."""
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def noted(*given: object, **named: object) -> subprocess.Popen[bytes]:
        started.append(start(*given, **named))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(worker_processes.subprocess, "Popen", noted)
    return started


def test_helpers_end_when_the_work_is_left(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    started = processes_noted(monkeypatch)
    work = shared_out(store, doubling, (2,), PARTS, 2)
    next(work)
    work.close()
    assert [process.poll() is not None for process in started] == [True, True]


def never_done(store: Store, only_in: int) -> Callable[[Sequence[int]], list[int]]:
    """Waits for ever in every process but one."""
    return lambda rows: list(rows) if os.getpid() == only_in else [signal.sigwait([signal.SIGUSR1])]


@pytest.mark.parametrize("helpers", [0, 1, 3])
def test_one_long_answer_is_the_same_wherever_it_is_computed(store: Store, helpers: int) -> None:
    assert drained(apart(store, doubling, (2,), ROWS, helpers)) == [2 * row + 7 for row in ROWS]


def test_a_long_answer_of_a_dead_helper_is_computed_here(store: Store) -> None:
    assert drained(apart(store, dying, (os.getpid(),), [3, 5], 1)) == [3, 5]


@pytest.mark.skipif(sys.platform == "win32", reason="waits for a signal")
def test_a_long_answer_nobody_waits_for_ends_its_helper(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    started = processes_noted(monkeypatch)
    work = apart(store, never_done, (os.getpid(),), [1], 1)
    next(work)
    next(work)
    assert [process.poll() for process in started] == [None]
    work.close()
    assert [process.poll() for process in started] == [-signal.SIGKILL]


@pytest.mark.skipif(sys.platform == "win32", reason="waits for a signal")
def test_a_long_answer_that_is_stopped_ends_its_helper(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    started, stop = processes_noted(monkeypatch), Event()
    work = apart(store, never_done, (os.getpid(),), [1], 1, stop)
    next(work)
    next(work)
    stop.set()
    with pytest.raises(Cancelled, match="looking: stopped"):
        drained(work)
    assert [process.poll() for process in started] == [-signal.SIGKILL]


def apart(
    store: Store, prepare: Any, values: tuple[int, ...], rows: Sequence[int], helpers: int, stop: Event | None = None
) -> Generator[Progress, None, list[int]]:
    looking = Progress(0, None, "looking")
    return computed_apart(store, prepare, values, rows, helpers, stop or Event(), looking)


PARENT = """
import sys
from pathlib import Path
from followertui.services.worker_processes import shared_out
from followertui.store.file.connection import Store
from test_services_sharing import signing, PARTS
for _ in shared_out(Store(Path(sys.argv[1])), signing, (sys.argv[2],), PARTS, 2):
    sys.stdin.read()
"""


def signing(store: Store, pipe: str) -> Callable[[Sequence[int]], list[int]]:
    """Holds a pipe open for as long as the process lives."""
    os.write(os.open(pipe, os.O_WRONLY), b"x")
    return list


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of Unix")
def test_no_helper_outlives_a_killed_parent(store: Store, tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    watched = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(store.path), str(pipe)], stdin=subprocess.PIPE)
    signed = b""
    while len(signed) < 2:
        assert select.select([watched], [], [], 60)[0]
        signed += os.read(watched, 2)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert select.select([watched], [], [], 60)[0]
    assert os.read(watched, 1) == b"", "closed by the last helper's end"
    os.close(watched)
    assert parent.stdin is not None
    parent.stdin.close()
