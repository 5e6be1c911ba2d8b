"""The log beside the store: what an entry holds, and a file nobody else can read or redirect."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from followertui.domain.errors import BadInput, Unforeseen
from followertui.store.file import log
from followertui.store.file.connection import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = log.path_beside(tmp_path / "store.db")
    log.keep_in(log.ErrorLog(path))
    yield path
    log.keep_in(log.ErrorLog())


def fail_inside(secret: str) -> BaseException:
    try:
        # A frame of ours: the clock refuses what is no number.
        from followertui.domain.clock import from_epoch

        from_epoch(secret)  # type: ignore[arg-type]
    except Exception as problem:
        return problem
    raise AssertionError


def test_an_entry_has_types_and_frames_and_no_text(path: Path) -> None:
    error = log.as_error("apply", fail_inside("@secret_handle"))
    assert isinstance(error, Unforeseen)
    [entry] = log.ErrorLog(path).entries()
    assert "apply: builtins." in entry
    assert "domain/clock.py:" in entry
    for text in (entry, str(error)):
        assert "secret_handle" not in text
    assert "doctor --log" in str(error)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_we_foresee_is_not_logged(path: Path) -> None:
    expected = BadInput("the file is empty: choose another")
    assert log.as_error("import", expected) is expected
    assert "import: x.csv: No such file or directory" in str(
        log.as_error("import", FileNotFoundError(2, "No such file or directory", "x.csv"))
    )
    assert not path.exists()


def test_a_disk_that_refuses_is_blamed_and_no_store(path: Path, tmp_path: Path) -> None:
    con = sqlite3.connect(tmp_path / "small.db")
    con.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as caught:
        con.executescript("CREATE TABLE a (b); CREATE TABLE c (d); CREATE TABLE e (f)")
    con.close()
    assert str(log.as_error("import", caught.value)) == (
        "import: the disk refuses (database or disk is full): it may be full, over a quota or failing"
    )
    assert "the store gave up" in str(log.as_error("import", sqlite3.OperationalError("no such table: x")))
    assert not path.exists()


def test_a_broken_rule_of_the_tables_is_our_fault_and_recorded(path: Path, tmp_path: Path) -> None:
    """What of ours broke a foreign key was said to be the store giving up, and nobody could tell where."""
    with pytest.raises(sqlite3.IntegrityError) as caught, Store(tmp_path / "s.db").write() as con:
        con.execute("INSERT INTO tagged VALUES (1, 1)")
    said = str(log.as_error("apply", caught.value))
    assert "something went wrong (IntegrityError at store/file/connection.py" in said
    assert "sqlite3.IntegrityError at store/file/connection.py" in path.read_text(encoding="utf-8")


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("untouched", encoding="utf-8")
    path.symlink_to(target)
    log.as_error("apply", fail_inside("x"))
    assert target.read_text(encoding="utf-8") == "untouched"
    path.unlink()
    os.link(target, path)
    log.as_error("apply", fail_inside("x"))
    assert target.read_text(encoding="utf-8") == "untouched"


def test_the_file_stays_small(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST_BYTES", 2000)
    kept = log.ErrorLog(path)
    for number in range(100):
        assert kept.write(f"{number:03} " + "x" * 100)
    files = sorted(path.parent.glob("store.db.log*"))
    assert [file.name for file in files] == ["store.db.log", "store.db.log.1"]
    assert all(file.stat().st_size < 2200 for file in files)
    entries = list(kept.entries())
    assert entries == sorted(entries)
    assert entries[-1].startswith("099")
