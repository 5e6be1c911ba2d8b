"""Doctor names what is wrong with its remedy, mends what loses nothing, and cleans up after what was killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Call

from followertui.store.file import backup_folder


def execute(store: Path, *statements: str) -> None:
    con = sqlite3.connect(store, isolation_level=None)
    for statement in statements:
        con.execute(statement)
    con.close()


def test_mending_names_and_counts_each_repair_and_doctor_is_content_then(call: Call, store: Path) -> None:
    execute(
        store,
        "INSERT INTO note VALUES (4711, 'lost', 'mk', 1), (4712, 'lost', 'mk', 1)",
        "INSERT INTO interaction VALUES (4711, 1, 'reply', '', 'archive', NULL)",
        "INSERT INTO interaction SELECT row, 1, 'reply', '', 'archive', 999 FROM account LIMIT 1",
        "UPDATE account SET merged_into = 4711 WHERE handle = 'oldfriend'",
        f"INSERT INTO lease VALUES ('match', {2**22 + 1}, 'nowhere', 'then', 1)",
    )
    store.chmod(0o644)
    found = call("doctor")
    assert found.code == 1
    bad = [line for line in found.out.splitlines() if line.startswith("!")]
    assert len(bad) == 3
    assert all("doctor --mend" in line for line in bad)
    done = call("doctor", "--mend")
    assert done.code == 0, done.out + done.err
    for line in (
        "table note: 2 rows removed, its account does not exist",
        "table interaction: 1 row removed, its account does not exist",
        "table interaction: 1 row kept, its import run emptied",
        "table account: 1 row merged into nothing, shown again",
        "work: 1 row of a process that ended, removed",
        "permissions: only you can read the store now",
    ):
        assert line in done.err, line
    assert call("accounts", "--count").out == "7\n"
    assert "nothing had to be mended" in call("doctor", "--mend").err
    assert backup_folder.kept(store), "one is kept before mending"


def test_what_cannot_be_mended_says_so_and_stays(call: Call, store: Path) -> None:
    execute(store, "UPDATE entry SET list_id = 99 WHERE id = 1")
    assert "put a backup back" in call("doctor").out
    assert call("doctor", "--mend").code == 1
    con = sqlite3.connect(store)
    assert con.execute("SELECT list_id FROM entry WHERE id = 1").fetchone() == (99,)
    con.close()


def test_an_index_that_lost_rows_is_built_again(call: Call, store: Path) -> None:
    execute(
        store,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = sql || ' AND handle > ''f''' WHERE name = 'account_handle'",
    )
    execute(store, "REINDEX account_handle", "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = replace(sql, ' AND handle > ''f''', '') "
            "WHERE name = 'account_handle'")  # fmt: skip
    found = call("doctor")
    assert found.code == 1
    assert "doctor --mend mends it" in found.out
    done = call("doctor", "--mend")
    assert done.code == 0, done.out
    assert "every index built again" in done.err


KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from followertui.store.file import copies
from followertui.store.file.connection import Store
copies.rename_to_new = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
copies.copy_to(Store(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("name", ["own.db.copy", "other.db"])
def test_a_killed_backup_blocks_no_name_and_its_copy_is_named_and_cleaned(
    call: Call, store: Path, tmp_path: Path, name: str
) -> None:
    target = store.with_name(name)
    process = subprocess.run([sys.executable, "-c", KILLED, str(store), str(target)], check=False)
    assert process.returncode == -signal.SIGKILL
    assert not target.exists()
    [left] = tmp_path.glob(f".{name}.*.part")
    cache = store.with_name("own.db.cache")
    cache.mkdir(exist_ok=True)
    (cache / f"match.bin.{2**22 + 1}.part").write_bytes(b"x")
    mine = tmp_path / ".notes.txt.part"
    mine.write_text("x")
    busy = tmp_path / f".own.db.{os.getppid()}-0123abcd.part"
    busy.write_text("x")
    assert call("backup", str(target)).code == 0
    assert str(left) in call("doctor").out
    done = call("doctor", "--mend")
    assert "leftovers: 2 files removed" in done.err
    assert (left.exists(), mine.exists(), busy.exists()) == (False, True, True)
    assert "leftover" not in call("doctor").out


def test_the_first_write_of_a_day_keeps_a_backup_and_reading_keeps_none(call: Call, store: Path) -> None:
    call("accounts", "--count")
    assert backup_folder.kept(store) == []
    call("decide", "oldfriend", "out")
    call("decide", "oldfriend", "keep")
    assert len(backup_folder.kept(store)) == 1
    assert call("restore", "--list").out.count("\n") == 2
    assert call("restore", "LATEST").code == 0
    assert call("show", "oldfriend", "--json").json["decision"] == "none"


def test_backups_can_be_switched_off_and_one_that_fails_stops_nothing(call: Call, store: Path, tmp_path: Path) -> None:
    config = tmp_path / "my.toml"
    config.write_text("backups = false\n", encoding="utf-8")
    assert call("decide", "oldfriend", "out", before=("--config", str(config))).code == 0
    assert backup_folder.kept(store) == []
    config.write_text("backups = 7\n", encoding="utf-8")
    assert call("decide", "oldfriend", "out", before=("--config", str(config))).code == 1
    backup_folder.folder_of(store).write_text("in the way")
    done = call("decide", "oldfriend", "keep")
    assert done.code == 0
    assert "no backup was kept" in done.err


@pytest.mark.parametrize("command", [("restore",), ("restore", "LATEST"), ("restore", "--list")])
def test_restore_without_a_backup_says_what_to_do(call: Call, command: tuple[str, ...]) -> None:
    done = call(*command)
    assert done.code in (1, 2, 4)
    assert "backup" in done.err
