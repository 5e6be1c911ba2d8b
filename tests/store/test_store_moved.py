"""A store that goes away under an open program, a full disk, and names SQLite takes for something else."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filling import add_accounts, new_store

from followertui.domain.errors import StoreError
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

    class Refusing(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:  # type: ignore[override]
            raise sqlite3.OperationalError("unable to open database file")

    def connect(name: str, **more: object) -> sqlite3.Connection:
        return real(name, factory=Refusing if "mode=ro" in name else sqlite3.Connection, **more)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", connect)
    reader = Store(tmp_path / "copy.db", is_read_only=True)
    assert any("copy.db-wal holds newer changes" in line for line in reader.warnings())
    reader.close()
