"""Leases: one process at a time, whoever it is; nobody waits for a process that has ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filling import NOW, new_store

from followertui.domain.errors import Busy
from followertui.store.file import leases, processes
from followertui.store.file.connection import Store

HOLDING = """
import sys
from pathlib import Path
from followertui.store.file.connection import Store
with Store(Path(sys.argv[1])).leases.take("apply"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store.db")
    yield made
    made.close()


@pytest.fixture
def holding(store: Store) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lease "apply"."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def put(store: Store, pid: int, host: str, started: str, heartbeat: int) -> None:
    with store.write() as con:
        con.execute(
            "INSERT OR REPLACE INTO lease(name, pid, host, started, heartbeat) VALUES ('apply', ?, ?, ?, ?)",
            [pid, host, started, heartbeat],
        )


def take(store: Store) -> tuple[int, str]:
    """Hold the lease for a moment; returns who had it then."""
    with store.leases.take("apply"):
        found: tuple[int, str] = store.con.execute("SELECT pid, host FROM lease").fetchone()
    return found


ME = (os.getpid(), socket.gethostname())


def test_a_living_process_is_not_robbed(store: Store, holding: subprocess.Popen[str]) -> None:
    assert store.leases.is_held("apply")
    with pytest.raises(Busy, match=f"process {holding.pid}"):
        take(store)
    with store.leases.take("import"):
        pass
    assert [holder.name for holder in store.leases.holders()] == ["apply"]


def test_after_a_kill_the_lease_is_free_at_once(store: Store, holding: subprocess.Popen[str]) -> None:
    holding.send_signal(signal.SIGKILL)
    holding.wait()
    assert not store.leases.is_held("apply")
    assert take(store) == ME


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombies")
def test_a_zombie_holds_nothing(store: Store, holding: subprocess.Popen[str]) -> None:
    holding.kill()
    os.waitid(os.P_PID, holding.pid, os.WEXITED | os.WNOWAIT)
    assert not store.leases.is_held("apply")
    assert take(store) == ME


def test_a_number_that_another_process_has_now_blocks_nobody(store: Store, holding: subprocess.Popen[str]) -> None:
    [holder] = store.leases.holders()
    put(store, holder.pid, holder.host, f"{holder.started}0", NOW)
    assert not store.leases.is_held("apply")
    assert take(store) == ME


def test_a_lease_of_another_machine_is_free_when_its_heart_stands_still(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases.time, "time", lambda: NOW)
    put(store, 1, "elsewhere", "", NOW - 30)
    with pytest.raises(Busy, match="elsewhere"):
        take(store)
    put(store, 1, "elsewhere", "", NOW - leases.LEASE_SECONDS)
    assert take(store) == ME


def test_a_container_of_the_same_name_is_another_machine(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases.time, "time", lambda: NOW)
    put(store, 1, socket.gethostname(), "boot/pid:[1] 5", NOW - 30)
    assert store.leases.is_held("apply")
    put(store, 1, socket.gethostname(), "boot/pid:[1] 5", NOW - leases.LEASE_SECONDS)
    assert not store.leases.is_held("apply")


def test_a_lease_ends_with_its_block_whatever_happens(store: Store) -> None:
    with pytest.raises(KeyError), store.leases.take("apply"):
        raise KeyError
    assert store.leases.holders() == []


def test_the_heart_beats_where_long_work_writes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "_BEAT_SECONDS", 0.01)
    beaten = threading.Event()
    with store.leases.take("apply"):
        store.con.execute("UPDATE lease SET heartbeat = 0")
        for _ in range(500):
            if store.leases.holders()[0].heartbeat:
                beaten.set()
                break
            beaten.wait(0.01)
    assert beaten.is_set()


def test_what_was_written_after_the_lease_was_lost_does_not_stand(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.leases.take("apply"):
        put(store, 1, "elsewhere", "", NOW)
        monkeypatch.setattr(leases, "_BEAT_SECONDS", 0)
        with pytest.raises(Busy, match="taken over"), store.write() as con:
            con.execute("INSERT INTO tag(name) VALUES ('late')")
    assert store.con.execute("SELECT count(*) FROM tag").fetchone() == (0,)


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("ps"), reason="asks ps")
def test_every_way_of_asking_tells_the_living_from_the_dead() -> None:
    asked: list[Callable[[int], str | None]] = [processes.beginning, processes._beginning_by_ps]
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    for ask in asked:
        assert ask(process.pid)
        assert ask(process.pid) == ask(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert [ask(process.pid) for ask in asked] == [None, None]
    process.communicate()
    assert [ask(process.pid) for ask in asked] == [None, None]
