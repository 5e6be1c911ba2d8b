"""What replaces a store is checked first, replaces it in one step, and is never destroyed by what was there."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filling import add_accounts, new_store
from test_store_migrations import first_version

from followertui.cli.main import run
from followertui.services.care import restoring
from followertui.store.file import checked_copies, copies, migrations, structure
from followertui.store.file.connection import Store

NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person who runs the tests is read or written."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three accounts, one of them kept."""
    path = tmp_path_factory.mktemp("good") / "good.db"
    store = new_store(path)
    add_accounts(store, {}, {}, {})
    with store.write() as con:
        con.execute("INSERT INTO decision(row, decision, reviewer, at) VALUES (1, 'keep', 'me', 1)")
        con.execute("INSERT INTO setting VALUES ('theme', '\"nord\"')")
    store.close()
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The store that is there, with one account."""
    path = tmp_path / "store.db"
    there = new_store(path)
    add_accounts(there, {"handle": "there"})
    there.close()
    return path


def restore(source: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = run(["--store", str(store), "restore", str(source)])
    return code, capsys.readouterr().err


def accounts(path: Path) -> int:
    con = sqlite3.connect(path)
    found = con.execute("SELECT count(*) FROM account").fetchone()[0]
    con.close()
    return int(found)


def changed(good: Path, target: Path, *statements: str) -> Path:
    shutil.copyfile(good, target)
    con = sqlite3.connect(target, isolation_level=None)
    for statement in statements:
        con.execute(statement)
    con.close()
    return target


HANGS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS row, 'a' AS direction FROM n"

CHANGES = {
    "trigger": ("CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM decision; END",),
    "view dropped": ("DROP VIEW relation_now",),
    "view hangs": ("DROP VIEW relation_now", f"CREATE VIEW relation_now AS {HANGS}"),
    "table is a view that hangs": ("DROP TABLE purged", f"CREATE VIEW purged AS {HANGS}"),
    "trigger dropped": ("DROP TRIGGER account_text_update",),
    "table dropped": ("DROP TABLE note",),
    "table added": ("CREATE TABLE extra(a)",),
    "index dropped": ("DROP INDEX plan_item_open",),
    "column added": ("ALTER TABLE note ADD COLUMN extra TEXT",),
    "check added": (
        "DROP TABLE note",
        "CREATE TABLE note (row INTEGER PRIMARY KEY REFERENCES account(row), text TEXT NOT NULL CHECK (text = ''), "
        "reviewer TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    ),
    "setting is no JSON": ("UPDATE setting SET value = '{'",),
    "no store id": ("DELETE FROM meta WHERE name = 'store_id'",),
    "no counters": ("DELETE FROM change WHERE domain = 'match'",),
    "newer": ("PRAGMA user_version = 99",),
    "version 0": ("PRAGMA user_version = 0",),
    "negative version": ("PRAGMA user_version = -5",),
    "claims to be older": ("PRAGMA user_version = 1",),
    "other program": ("PRAGMA application_id = 7",),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_is_not_built_as_a_store_replaces_nothing(
    name: str, good: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = changed(good, tmp_path / "backup.db", *CHANGES[name])
    before = store.read_bytes()
    code, said = restore(backup, store, capsys)
    assert (code, said.count("\n"), accounts(store)) == (1, 1, 1), said
    assert "went wrong" not in said
    assert store.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "store.db"]


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def _fifo(path: Path, good: bytes) -> None:
    os.mkfifo(path)


def _folder(path: Path, good: bytes) -> None:
    path.mkdir()


def _lying(path: Path, good: bytes) -> None:
    _zip(path, store_db=good)
    content = bytearray(path.read_bytes())
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = (100).to_bytes(4, "little")
    path.write_bytes(content)


def _encrypted(path: Path, good: bytes) -> None:
    _zip(path, store_db=good)
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    path.write_bytes(content)


def _other_method(path: Path, good: bytes) -> None:
    _zip(path, store_db=good)
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(mark) + at] = 99
    path.write_bytes(content)


FILES: dict[str, Callable[[Path, bytes], object]] = {
    "pipe": _fifo,
    "folder": _folder,
    "empty": lambda path, good: path.write_bytes(b""),
    "text": lambda path, good: path.write_text("hello"),
    "half": lambda path, good: path.write_bytes(good[: len(good) // 2]),
    "header only": lambda path, good: path.write_bytes(good[:100]),
    "zeroed body": lambda path, good: path.write_bytes(good[:4096] + bytes(len(good) - 4096)),
    "no store in the zip": lambda path, good: _zip(path, other_db=good),
    "settings are no JSON": lambda path, good: _zip(path, store_db=good, settings_json=b"{"),
    "settings nest deeply": lambda path, good: _zip(path, store_db=good, settings_json=b"[" * 200_000),
    "settings are a list": lambda path, good: _zip(path, store_db=good, settings_json=b"[1]"),
    "settings hold half a character": lambda path, good: _zip(
        path, store_db=good, settings_json=b'{"reviewer": "\\ud800"}'
    ),
    "bomb": lambda path, good: _zip(path, store_db=bytes(64 << 20)),
    "half a zip": lambda path, good: (_zip(path, store_db=good), path.write_bytes(path.read_bytes()[:-40])),
    "zip that lies about its size": _lying,
    "encrypted zip": _encrypted,
    "zip of another method": _other_method,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_backup_replaces_nothing(
    name: str, good: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = tmp_path / "backup"
    FILES[name](backup, good.read_bytes())
    code, said = restore(backup, store, capsys)
    assert (code, said.count("\n"), accounts(store)) == (1, 1, 1), said
    assert "went wrong" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "store.db"]


@pytest.mark.parametrize("form", ["bare", "zip"])
def test_damaged_backups_cost_one_line_and_nothing_else(
    form: str, good: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(form)
    whole = good.read_bytes() if form == "bare" else _zip(tmp_path / "z", store_db=good.read_bytes()).read_bytes()
    (tmp_path / "z").unlink(missing_ok=True)
    for _ in range(25):
        content = bytearray(whole[: dice.randrange(len(whole) // 2, len(whole))] if dice.random() < 0.3 else whole)
        for _ in range(dice.choice((1, 5, 200))):
            content[dice.randrange(len(content) if dice.random() < 0.5 else 200)] = dice.randrange(256)
        backup = tmp_path / "backup"
        backup.write_bytes(content)
        code, said = restore(backup, store, capsys)
        assert (code in (0, 1), said.count("\n")) == (True, 1), said
        assert "went wrong" not in said
        if code == 0:
            restored = Store(store)
            assert copies.integrity(restored) == []
            restored.close()
            os.replace(next(tmp_path.glob("store.db.replaced-*")), store)
        assert accounts(store) == 1


def test_a_backup_that_takes_too_long_is_given_up(
    good: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checked_copies, "_LEAST_SECONDS", -1)
    monkeypatch.setattr(checked_copies, "_STEPS", 10)
    code, said = restore(good, store, capsys)
    assert (code, accounts(store)) == (1, 1)
    assert "takes too long" in said


def test_an_old_backup_that_takes_too_long_to_migrate_is_given_up(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first_version(tmp_path / "old.db", with_rows=True)
    migrate = migrations.migrate

    def slowly(con: sqlite3.Connection) -> None:
        """The work a file can be built to need."""
        con.execute(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 30000000) SELECT max(x) FROM n"
        )
        migrate(con)

    structure.our_programs()
    monkeypatch.setattr(migrations, "migrate", slowly)
    monkeypatch.setattr(checked_copies, "_LEAST_SECONDS", 0.5)
    code, said = restore(tmp_path / "old.db", store, capsys)
    assert (code, accounts(store)) == (1, 1)
    assert "takes too long" in said


def test_what_has_no_room_is_refused_before_it_is_copied(
    good: Path, store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    code, said = restore(good, store, capsys)
    assert (code, accounts(store)) == (1, 1)
    assert "has no room" in said


def test_the_log_of_a_backup_comes_along(good: Path, store: Path, tmp_path: Path) -> None:
    shutil.copyfile(good, tmp_path / "live.db")
    live = Store(tmp_path / "live.db")
    live.con.execute("PRAGMA wal_autocheckpoint = 0")
    add_accounts(live, {})
    for ending in ("", "-wal"):
        shutil.copyfile(tmp_path / f"live.db{ending}", tmp_path / f"copy.db{ending}")
    live.close()
    restoring.restore(tmp_path / "copy.db", store, NOW)
    assert accounts(store) == 4


@pytest.mark.parametrize("is_there", [True, False])
def test_a_log_of_the_replaced_store_never_reaches_the_restored_one(
    is_there: bool, good: Path, store: Path, tmp_path: Path
) -> None:
    broken = Store(store)
    broken.con.execute("PRAGMA wal_autocheckpoint = 0")
    add_accounts(broken, *({} for _ in range(50)))
    log = Path(f"{store}-wal").read_bytes()
    broken.close()
    if is_there:
        store.write_bytes(b"\xff" * 8192)
    else:
        store.unlink()
    Path(f"{store}-wal").write_bytes(log)
    restoring.restore(good, store, NOW)
    assert not Path(f"{store}-wal").exists()
    assert accounts(store) == 3
    restored = Store(store)
    assert copies.integrity(restored) == []
    restored.close()
    assert [path.read_bytes() for path in tmp_path.glob("store.db.replaced-*-wal")] == [log]


def test_there_is_a_store_at_every_moment(good: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = []
    for name in ("link", "replace", "rename", "unlink"):
        real = getattr(os, name)

        def watched(*given: object, real: Callable[..., object] = real, **more: object) -> object:
            moments.append(store.exists())
            done = real(*given, **more)
            moments.append(store.exists())
            return done

        monkeypatch.setattr(os, name, watched)
    restoring.restore(good, store, NOW)
    assert len(moments) > 4
    assert all(moments)


def test_nobody_can_open_the_store_while_it_is_replaced(
    good: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = os.replace, []

    def replace(one: object, other: object) -> None:
        con = sqlite3.connect(store, timeout=0)
        try:
            con.execute("SELECT * FROM account").fetchall()
        except sqlite3.OperationalError as error:
            tried.append(str(error))
        con.close()
        real(one, other)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", replace)
    restoring.restore(good, store, NOW)
    assert "locked" in tried[-1]


def test_a_store_of_the_first_version_is_restored_and_brought_up_to_date(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first_version(tmp_path / "old.db", with_rows=True)
    before = (tmp_path / "old.db").read_bytes()
    assert restore(tmp_path / "old.db", store, capsys)[0] == 0
    assert (tmp_path / "old.db").read_bytes() == before
    assert not list(tmp_path.glob("*.backup"))
    restored = Store(store)
    assert restored.backup_path is None
    assert restored.con.execute("SELECT count(*) FROM decision").fetchone()[0] > 0
    restored.close()


def test_leases_of_the_backup_hold_nothing(good: Path, store: Path, tmp_path: Path) -> None:
    backup = changed(
        good, tmp_path / "b.db", f"INSERT INTO lease VALUES ('import', {os.getpid()}, 'elsewhere', 'x', {10**12})"
    )
    restoring.restore(backup, store, NOW)
    restored = Store(store)
    assert restored.leases.holders() == []
    restored.close()


def test_settings_come_along_only_where_there_are_none(good: Path, store: Path, tmp_path: Path) -> None:
    kept = {"reviewer": 'Dana "\U0001f600"', "keys": {"keep": "a"}, "token": "s3cret"}
    backup = _zip(tmp_path / "b.zip", store_db=good.read_bytes(), settings_json=json.dumps(kept).encode())
    config = tmp_path / "config.toml"
    assert str(config) in restoring.restore(backup, store, NOW, config)
    assert config.stat().st_mode & 0o777 == 0o600
    assert "s3cret" not in config.read_text(encoding="utf-8")
    assert "\U0001f600" in config.read_text(encoding="utf-8")
    config.unlink()
    config.symlink_to(tmp_path / "nowhere")
    restoring.restore(backup, store, NOW + 1, config)
    assert not (tmp_path / "nowhere").exists()


def full_store(path: Path) -> dict[str, int]:
    """Make a store with a row in every table; returns how many each holds."""
    first_version(path, with_rows=True)
    made = Store(path)
    with made.write() as con:
        con.execute("INSERT INTO wave(trait, text, members) SELECT 'x', 'y', x'01000000' WHERE NOT EXISTS "
                    "(SELECT 1 FROM wave)")  # fmt: skip
        con.execute("INSERT INTO interaction_again VALUES (1, 5, 'mention', '2', 3, 'archive')")
        con.execute("INSERT INTO handed_out SELECT id, 'screen', 'me', 1 FROM plan_item")
        con.execute("INSERT INTO release VALUES (1, 'talked', 'h', 'me', 1)")
        con.execute("INSERT INTO draw VALUES (1, 1, 'me', 50, 9, NULL)")
        con.execute("INSERT INTO account_day VALUES (86400, 1, 3, 1, 9, 90, 1)")
        con.execute("INSERT INTO look VALUES (1, 1, 'me', 2)")
        con.execute("INSERT INTO difference VALUES (1, 'kind', 'bot', 'me', 'press', 'kim', 2)")
        con.execute("INSERT INTO blind_look VALUES (1, 'kind', 'me', 2)")
        con.execute("INSERT INTO plan_look VALUES (1, 2, 'me', '{}', x'789c030000000001')")
        con.execute(
            "INSERT INTO x_request(at, endpoint, expected, expected_usd, state) VALUES (1, 'me', 1, 0, 'asking')"
        )
        con.execute("INSERT INTO x_billed VALUES (5, 20000)")
        con.execute("INSERT INTO x_seen VALUES (1, 5)")
        con.execute("INSERT INTO own_mark VALUES (1, 'listed', 'Press', 5)")
        con.execute("INSERT INTO live_event VALUES ('77', 5, 'follow.follow', 100, 0.01)")
        con.execute("INSERT INTO live_gap VALUES (5, 6)")
        con.execute("INSERT INTO shelf VALUES (1, 'https://a.example/', 'A', '', '[]', '[]', '', 1, 2, '', 5, NULL)")
        con.execute("INSERT INTO sent VALUES (1, 5, 'offer', 'text', 'key', 1, '', 'mine', 'me')")
        con.execute("INSERT INTO due VALUES (1, 1, 'mine', 'offer', 'offer', '', 50, 5, 'done', NULL, 'me', 5)")
        con.execute("INSERT INTO no_contact VALUES (1, 'me', 5)")
        con.execute("INSERT INTO shelf_result VALUES (1, 'customer', 'visit', 5, 1, 2)")
        con.execute("INSERT INTO lease VALUES ('work', 1, 'elsewhere', 'then', 1)")
        con.execute("INSERT OR IGNORE INTO change_log VALUES ('match', 1, x'00', x'00000000')")
        con.execute("UPDATE import_run SET state = 'done', finished_at = 7")
        con.execute("UPDATE snapshot SET members = x''  WHERE members IS NULL")
    strict = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict"
    tables = [line[0] for line in made.con.execute(strict).fetchall()]
    sizes = {name: made.con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    made.close()
    assert [name for name, count in sizes.items() if not count] == [], "put a row into it here"
    return sizes


def test_a_row_in_every_table_survives_doctor_backup_restore_and_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "store.db"
    sizes = full_store(path)
    tables = list(sizes)
    common = ["--store", str(path), "--quiet"]
    assert run([*common, "doctor"]) == 0, capsys.readouterr().out
    assert run([*common, "backup", str(tmp_path / "copy.db")]) == 0
    assert run([*common, "backup", str(tmp_path / "copy.zip"), "--all"]) == 0
    for name in ("copy.db", "copy.zip"):
        assert run(["--store", str(tmp_path / f"new-{name}.db"), "--quiet", "restore", str(tmp_path / name)]) == 0
        restored = Store(tmp_path / f"new-{name}.db")
        found = {name: restored.con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
        restored.close()
        assert {**found, "lease": 1, "setting": sizes["setting"]} == sizes
    assert run([*common, "export", str(tmp_path / "all.json")]) == 0
