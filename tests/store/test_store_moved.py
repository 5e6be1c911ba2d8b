"""A store that goes away under an open program, a full disk, and names SQLite takes for something else."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from filling import add_accounts, new_store

from followertui.domain.errors import Busy, StoreError
from followertui.store.file import copies, open_file, opening
from followertui.store.file.connection import Store


def removed(path: Path) -> None:
    path.unlink()


def renamed(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced(path: Path) -> None:
    shutil.copyfile(path, path.with_name("other.db"))
    os.replace(path.with_name("other.db"), path)


@pytest.mark.parametrize("change", [removed, renamed, replaced])
def test_a_store_that_is_no_longer_there_takes_no_decision(tmp_path: Path, change: Callable[[Path], None]) -> None:
    store = new_store(tmp_path / "store.db")
    add_accounts(store, {})
    change(store.path)
    for _ in range(2):
        with pytest.raises(StoreError, match="removed, moved or replaced") as caught:
            add_accounts(store, {})
        assert "\n" not in str(caught.value)
    assert store.con.execute("SELECT count(*) FROM account").fetchone() == (1,)
    store.close()


def copied_over(source: Path, target: Path) -> None:
    """What ``cp`` does: the file stays the same one, its content does not."""
    with target.open("r+b") as file:
        file.truncate(0)
        file.write(source.read_bytes())


@pytest.mark.parametrize("what", ["backup", "raw copy", "another store", "a copy that went on", "garbage"])
@pytest.mark.parametrize("is_in_log", [True, False])
def test_a_store_that_is_overwritten_in_place_takes_no_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, is_in_log: bool
) -> None:
    """At once: nothing is waited for."""
    store = new_store(tmp_path / "store.db")
    other = tmp_path / "other.db"
    add_accounts(store, {})
    store.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if what == "another store":
        another = new_store(other)
        add_accounts(another, *({} for _ in range(9)))
        another.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(other, tmp_path / "raw.db")
        another.close()
        other = tmp_path / "raw.db"
    elif what == "garbage":
        other.write_bytes(b"x" * 100_000)
    elif what == "backup":
        copies.copy_to(store, other)
    else:
        shutil.copyfile(store.path, other)
    if what == "a copy that went on":
        gone_on = Store(other)
        add_accounts(gone_on, {}, {}, {})
        gone_on.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(other, tmp_path / "went-on.db")
        gone_on.close()
        other = tmp_path / "went-on.db"
    add_accounts(store, *({} for _ in range(5)))
    if not is_in_log or what == "raw copy":
        store.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    add_accounts(store, {})
    before = other.read_bytes()
    copied_over(other, store.path)
    monkeypatch.setattr(store, "_closing", None)
    for _ in range(2):
        with pytest.raises(StoreError, match="was overwritten by another program") as caught:
            add_accounts(store, {})
        assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert store.path.read_bytes() == before, "nothing of ours reached it"
    store.close()


def page_of_change(store: Store) -> tuple[int, int]:
    """Where the table of change counters is in the file, and how long its page is."""
    [(root,)] = store.con.execute("SELECT rootpage FROM sqlite_master WHERE name = 'change'")
    [(size,)] = store.con.execute("PRAGMA page_size")
    return (root - 1) * size, size


def written_by_another(path: Path, at: int, content: bytes) -> None:
    """Overwrite bytes of a file from another process: here, closing the file would drop SQLite's locks."""
    script = "import sys; f = open(sys.argv[1], 'r+b'); f.seek(int(sys.argv[2])); f.write(sys.stdin.buffer.read())"
    subprocess.run([sys.executable, "-c", script, str(path), str(at)], input=content, check=True)


@pytest.mark.parametrize("is_over", [True, False])
def test_a_file_another_process_is_compacting_is_waited_for_without_holding_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_over: bool
) -> None:
    """While a compacted log is carried over, the page of the counters may hold another table for a moment."""
    store = new_store(tmp_path / "store.db")
    at, size = page_of_change(store)
    store.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    add_accounts(store, {})
    page = store.path.read_bytes()[at : at + size]
    written_by_another(store.path, at, b"\x00" * size)
    waits = []

    class Waiting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            other = sqlite3.connect(store.path, timeout=0, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            if is_over and len(waits) == 3:
                written_by_another(store.path, at, page)
            return False

    monkeypatch.setattr(store, "_closing", Waiting())
    if is_over:
        add_accounts(store, {})
        assert len(waits) == 3
    else:
        with pytest.raises(StoreError, match="was overwritten by another program"):
            add_accounts(store, {})
        with store.without_waiting(), pytest.raises(Busy, match="is being compacted"):
            add_accounts(store, {})
        written_by_another(store.path, at, page)
    store.close()


def test_what_other_programs_write_through_sqlite_is_no_overwriting(tmp_path: Path) -> None:
    """Two programs that write, carry the log over and compact in turn."""
    one = new_store(tmp_path / "store.db")
    two = Store(one.path)
    for turn in range(40):
        writer = (one, two)[turn % 2]
        add_accounts(writer, *({"bio": "x" * 500} for _ in range(turn)))
        if turn % 3 == 0:
            writer.con.execute(f"PRAGMA wal_checkpoint({('PASSIVE', 'FULL', 'TRUNCATE')[turn % 9 // 3]})")
        if turn % 11 == 0:
            writer.con.execute("VACUUM")
        if turn % 7 == 0:
            plain = sqlite3.connect(one.path)
            plain.execute("DELETE FROM setting")
            plain.commit()
    assert one.con.execute("SELECT count(*) FROM account").fetchone() == (sum(range(40)),)
    assert copies.integrity(two) == []
    one.close()
    add_accounts(two, {})
    two.close()


def files_held(found: os.stat_result) -> int:
    """Descriptors of this process on a file; others come and go with other threads."""
    held = 0
    for number in os.listdir("/proc/self/fd") if Path("/proc/self/fd").exists() else ():
        with suppress(OSError):
            one = os.fstat(int(number))
            held += (one.st_dev, one.st_ino) == (found.st_dev, found.st_ino)
    return held


def test_a_file_is_let_go_with_the_last_store_on_it(tmp_path: Path) -> None:
    one = new_store(tmp_path / "store.db")
    two = Store(one.path)
    one.close()
    add_accounts(two, {})
    assert files_held(os.stat(two.path)) > 0 or not Path("/proc/self/fd").exists()
    two.close()
    found = os.stat(tmp_path / "store.db")
    assert (found.st_dev, found.st_ino) not in open_file._descriptors
    assert files_held(found) == 0


def test_a_full_disk_is_called_a_full_disk(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store.db")
    pages = store.con.execute("PRAGMA page_count").fetchone()[0]
    store.con.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="the disk is full") as caught:
        add_accounts(store, *({"bio": "x" * 900} for _ in range(200)))
    assert "make room" in str(caught.value)
    store.con.execute("PRAGMA max_page_count = 1000000")
    add_accounts(store, {})
    assert store.con.execute("SELECT count(*) FROM account").fetchone() == (1,)
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
def test_a_quota_is_called_one(tmp_path: Path) -> None:
    """SQLite calls it an I/O error, as where the disk fails."""
    import resource

    store = new_store(tmp_path / "store.db")
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (store.path.stat().st_size, former[1]))
    try:
        with pytest.raises(StoreError, match=r"the disk refuses.*over a quota"):
            add_accounts(store, *({"bio": "x" * 900} for _ in range(2000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    add_accounts(store, {})
    assert store.con.execute("SELECT count(*) FROM account").fetchone() == (1,)
    store.close()


def test_a_name_that_looks_like_an_address_is_a_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("file:x.db", "file:y.db?mode=memory", ":memory:"):
        Store(Path(name)).close()
        assert Path(name).stat().st_size > 0
        assert Store(Path(name), is_read_only=True).close() is None
    assert sorted(name for name in os.listdir() if not name.endswith(("-wal", "-shm"))) == [
        ":memory:",
        "file:x.db",
        "file:y.db?mode=memory",
    ]


def test_a_pipe_is_no_store(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreError, match="no regular file"):
        Store(tmp_path / "pipe")


def test_changes_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written, after a kill: nothing can read what is only in the log."""
    store = new_store(tmp_path / "store.db")
    store.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    add_accounts(store, {})
    for ending in ("", "-wal"):
        shutil.copyfile(f"{store.path}{ending}", tmp_path / f"copy.db{ending}")
    store.close()
    real = sqlite3.connect

    class Refusing(opening.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:  # type: ignore[override]
            raise sqlite3.OperationalError("unable to open database file")

    def connect(name: str, **more: object) -> sqlite3.Connection:
        return real(name, **more | ({"factory": Refusing} if "mode=ro" in name else {}))  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", connect)
    reader = Store(tmp_path / "copy.db", is_read_only=True)
    assert any("copy.db-wal holds newer changes" in line for line in reader.warnings())
    reader.close()
