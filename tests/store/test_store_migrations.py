"""A store of the first version opens in this one: copied, migrated once, nothing lost."""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from followertui.domain.errors import StoreError
from followertui.store.decisions.journal import Journal
from followertui.store.decisions.slots import DECISION, KIND, MATCH_WORD, NOTE
from followertui.store.file import backup_folder, copies, migrations, schema, watermarks
from followertui.store.file.connection import Store

DATA = Path(__file__).parent / "data"
FIRST_SCHEMA = (DATA / "schema1.sql").read_text(encoding="utf-8")
ROWS = base64.b64encode(b"\1\0\0\0").decode()
SCORE = ("row", "bot", "harmful", "offtopic", "relevance", "type", "role", "seniority", "kind", "reasons", "top_reason")
KEEP = ["keep", None, "me", 7]
MEMBERS = zlib.compress(b"\1\0\0\0\2\0\0\0")


def packed(body: object) -> bytes:
    return zlib.compress(json.dumps(body).encode())


def merged_lines(basis: str) -> dict[str, list[dict[str, Any]]]:
    """What uniting rows 1 and 3 kept for its undo, as the first version wrote it."""
    match = {"id": 1, "row": 1, "entity_id": 1, "entry_id": 1, "relation": "is", "score": 90, "band": "likely",
             "evidence": "[]", "basis": basis, "is_stale": 0}  # fmt: skip
    word = {"match_id": 1, "state": "confirmed", "basis": basis, "basis_text": "Dana", "reviewer": "me", "at": 7}
    talk = {"row": 1, "kind": "reply", "at": 6, "source": "archive, import 1", "reference": "1"}
    later = {"row": 1, "kind": "mention", "at": 5, "source": "archive, import 1", "reference": "2"}
    gone = {"row": 1, "kind": "undone:mention", "at": 4, "source": "archive, import 3", "reference": "8"}
    handle = {"row": 1, "handle": "dana_old", "until": 5, "import_id": 1}
    empty: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("decision", "kind_word", "note", "score", "tagged", "plan_item", "call")
    }
    release = {"row": 1, "reviewer": "me", "at": 7}
    empty["release"] = [release]
    empty["score"] = [dict(zip(SCORE, (1, 1, 2, 3, 4, 0, 0, 0, 0, 5, "why"), strict=True))]
    return {**empty, "own_relation": [], "match": [match], "match_word": [word], "interaction": [later, talk, gone],
            "handle_history": [handle]}  # fmt: skip


LINES: dict[str, list[tuple[Any, ...]]] = {
    "import_run": [
        (1, "accounts", "a.csv", 1, "aa", "{}", 5, 5, 6, "done", "/a.csv", "{}"),
        (2, "list", "b.csv", 1, "bb", "{}", 6, 6, None, "running", "/b.csv", "{}"),
        (3, "archive", "c.zip", 1, "cc", "{}", 4, 6, 6, "undone", "/c.zip", "{}"),
    ],
    "handle_history": [(1, "dana_old", 5, 1)],
    "import_change": [
        (1, 1, '{"bio": [null, "new"]}'),
        (1, 3, json.dumps({"merge": {"survivor": 1, "accounts": [{"row": 1}, {"row": 3}],
                                     "before": merged_lines("h"), "after": merged_lines("h")}})),
    ],
    "entry_change": [(1, 1, '{"line": [1, 2]}'), (1, -1, '{"basis": ["third-party", "own-records"]}')],
    "refused_row": [(1, 3, "id", "x", "is no number")],
    "snapshot": [(1, 1, "follower", 5, 2, 2, "complete", "ids", 0, 1, MEMBERS),
                 (2, 2, "following", 6, 0, None, "unknown", "ids", 0, 1, None)],
    "snapshot_part": [(2, 1, b"\1\0\0\0")],
    "relation": [(1, "follower", 1, 1, None, 0, 5, 5, None), (2, "follower", 1, 1, None, 1, 5, 5, None)],
    "own_relation": [(1, "following", 1, 9)],
    "list": [(1, "Customers", "customer", "own-records", 1, 5, None)],
    "entity": [(1, "company", "Acme"), (2, "person", "Dana")],
    "entity_key": [("domain:acme.com", 1)],
    "entry": [(1, 1, 1, "id:1", 2, "Acme", "", None, '{"company": "Acme"}', "{}", 1, None)],
    "alias": [(1, 1, "name", "ACME Corp", 1), (2, 1, "domain", "acme.io", None)],
    "match": [(1, 1, 1, 1, "is", 90, "likely", "[]", "h", 0), (7, 2, 1, 1, "works_at", 50, "possible", "[]", "i", 0)],
    "match_word": [(1, "confirmed", "h", "Dana", "me", 7)],
    "compare_pending": [(2,)],
    "score": [(1, 1, 2, 3, 4, 0, 0, 0, 0, 5, "why")],
    "reason_code": [(0, "silent"), (1, "bears-our-name")],
    "wave": [(1, "bio", "gm", b"\1\0\0\0")],
    "judge_pending": [(2,)],
    "kind_word": [(1, "press", "me", 7)],
    "decision": [(1, "keep", None, "me", 7), (2, "later", 99, "me", 8)],
    "note": [(1, "met her", "me", 7)],
    "release": [(1, "me", 7)],
    "tag": [(1, "VIP", "1")],
    "tagged": [(1, 1)],
    "plan_item": [(1, 1, "unfollow", "", "done", "why", None, 7), (4, 2, "mute", "", "planned", "why", None, 8)],
    "call": [(1, 1, 1, "unfollow", "", "api", "done", 0.1, 7, 8, 200, "", "me"),
             (2, 3, 2, "mute", "", "api", "failed", 0.1, 7, 8, 500, "", "me")],
    "interaction": [(1, "reply", 6, "archive, import 1", "1"), (1, "mention", 5, "archive, import 1", "2"),
                    (2, "follow", 7, "own actions", ""), (1, "undone:reply", 6, "archive, import 3", "1"),
                    (1, "undone:mention", 4, "archive, import 3", "8")],
    "journal": [
        (1, 7, "me", "s", "keep", "is:new", "keep: 1 account", 1, packed([["decision", None, KEEP, ROWS]]), None, 2),
        (2, 8, "me", "s", "undo", "", "undo", 1, packed([["decision", KEEP, None, ROWS]]), 1, None),
        (3, 7, "me", "s", "release", "", "released: 1 account", 1, packed([["release", None, ["me", 7], ROWS]]), None,
         None),
    ],
    "saved_view": [("mine", "is:new"), ("posers", "-reason:bears-our-name")],
    "setting": [("theme", '"nord"')],
    "purged": [("00ff",)],
    "lease": [("apply", 1, "elsewhere", 5)],
    "change_log": [("profile", 1, b"\1\0\0\0")],
}  # fmt: skip
ACCOUNTS = [(1, 100, "dana", "Dana Müller", 1, None), (2, 101, "acme", "Acme", 1, None), (3, None, None, None, 1, 1)]


def first_version(path: Path, with_rows: bool) -> None:
    """A file as the first version of the program left it."""
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("BEGIN")
    con.execute(
        "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT)"
    )
    con.execute("CREATE UNIQUE INDEX idx_migrations ON _sqlite_migrations(migration_set, name)")
    con.execute("INSERT INTO _sqlite_migrations VALUES (1, 'followertui', 'm001_first', '2026-01-01')")
    pending = ""
    for line in FIRST_SCHEMA.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            con.execute(pending)
            pending = ""
    con.executemany("INSERT INTO meta VALUES (?, ?)", [("text_upto", "0"), ("store_id", "5ca1ab1e")])
    con.executemany("INSERT INTO change VALUES (?, 0)", [(domain,) for domain in schema.CHANGE_DOMAINS])
    if with_rows:
        con.execute("INSERT INTO meta VALUES ('judged_basis', '3:a:b')")
        con.executemany(
            "INSERT INTO account(row, x_id, handle, name, first_import, merged_into) VALUES (?, ?, ?, ?, ?, ?)",
            ACCOUNTS,
        )
        for table, lines in LINES.items():
            con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(lines[0]))})", lines)
        con.execute("UPDATE change SET counter = 1 WHERE domain = 'profile'")
        con.execute("INSERT INTO account_text(rowid, handle, name) VALUES (1, 'dana', 'Dana Müller')")
        con.execute("UPDATE meta SET value = '1' WHERE name = 'text_upto'")
    con.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    con.execute("PRAGMA user_version = 1")
    con.execute("COMMIT")
    con.close()


def shape(store: Store) -> dict[str, Any]:
    """Every table with its columns, keys, references and indexes, however its CREATE text is written."""
    con = store.con
    found: dict[str, Any] = {}
    for name, kind, without_rowid, strict in con.execute(
        "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' "
        "AND name NOT LIKE 'sqlite%' AND name <> '_sqlite_migrations'"
    ).fetchall():
        columns = {line[1]: line[2:] for line in con.execute(f"PRAGMA table_xinfo('{name}')")}
        keys = sorted(line[2:5] for line in con.execute(f"PRAGMA foreign_key_list('{name}')"))
        indexes = {}
        for _, index, unique, _, partial in con.execute(f"PRAGMA index_list('{name}')").fetchall():
            parts = [line[2:] for line in con.execute(f"PRAGMA index_xinfo('{index}')")]
            indexes[index.replace("new_", "")] = (unique, partial, parts)
        found[name] = (kind, without_rowid, strict, columns, keys, sorted(indexes.values(), key=repr))
    for kind in ("view", "trigger"):
        found[kind] = sorted(con.execute("SELECT name, sql FROM sqlite_master WHERE type = ?", [kind]).fetchall())
    checks = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CHECK%' ORDER BY 1"
    found["checked"] = con.execute(checks).fetchall()
    return found


def test_every_table_of_the_first_version_has_a_row() -> None:
    """A table without one would be migrated without a test."""
    con = sqlite3.connect(":memory:")
    con.executescript(FIRST_SCHEMA)
    tables = {
        line[0] for line in con.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")
    }
    assert tables == {*LINES, "account", "meta", "change"}


@pytest.mark.parametrize("with_rows", [False, True])
def test_a_store_of_the_first_version_becomes_what_a_new_one_is(tmp_path: Path, with_rows: bool) -> None:
    """Fails for every change of schema.sql that no migration makes in an old file."""
    first_version(tmp_path / "old.db", with_rows)
    old, new = Store(tmp_path / "old.db"), Store(tmp_path / "new.db")
    assert shape(old) == shape(new)
    assert copies.integrity(old) == []
    assert old.con.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
    assert old.con.execute("PRAGMA foreign_key_check").fetchall() == []
    old.close()
    new.close()


def told(con: sqlite3.Connection) -> dict[str, list[Any]]:
    """All that SQLite tells of the tables of a file, and their rows; not what sqlite-utils notes for itself."""
    found: dict[str, list[Any]] = {}
    master = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name <> '_sqlite_migrations' ORDER BY 1, 2"
    found["master"] = con.execute(master).fetchall()
    for kind, name, _, _ in found["master"]:
        for pragma in ("table_xinfo", "foreign_key_list", "index_list") if kind == "table" else ():
            found[f"{pragma} {name}"] = con.execute(f"PRAGMA {pragma}('{name}')").fetchall()
        if kind == "table":
            found[f"rows {name}"] = con.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
    for pragma in ("application_id", "user_version"):
        found[pragma] = con.execute(f"PRAGMA {pragma}").fetchall()
    found["rows meta"] = [name for name, _ in found["rows meta"]]
    found["rows change"] = [line[:2] for line in found["rows change"]]
    return found


def test_a_new_file_is_what_all_migrations_make_of_an_empty_one(tmp_path: Path) -> None:
    """Only sqlite-utils notes what was applied; a file without that goes through no step a second time."""
    new = Store(tmp_path / "new.db")
    migrated = sqlite3.connect(":memory:", isolation_level=None)
    migrated.execute("BEGIN")
    migrations.migrate(migrated)
    migrated.execute("COMMIT")
    made = told(new.con)
    assert made["user_version"] == [(schema.SCHEMA_VERSION,)]
    assert len(made["master"]) > 60
    assert told(migrated) == made
    new.con.execute("BEGIN")
    migrations.migrate(new.con)
    new.con.execute("COMMIT")
    assert told(new.con) == made
    new.close()
    migrated.close()


def test_the_old_file_is_copied_first_and_migrated_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_version(path, with_rows=True)
    before = content(path)
    store = Store(path)
    assert store.backup_path is not None
    assert [one.path for one in backup_folder.kept(path)] == [store.backup_path]
    assert store.backup_path.name.endswith("-schema1.db")
    assert content(store.backup_path) == before
    assert store.backup_path.stat().st_mode & 0o077 == 0
    store.close()
    again = Store(path)
    assert again.backup_path is None
    again.close()


def content(path: Path) -> list[str]:
    con = sqlite3.connect(path)
    found = list(con.iterdump())
    con.close()
    return found


def test_a_renamed_reason_is_renamed_where_it_is_stored(tmp_path: Path) -> None:
    first_version(tmp_path / "store.db", with_rows=True)
    store = Store(tmp_path / "store.db")
    assert store.con.execute("SELECT code FROM reason_code WHERE bit = 1").fetchone() == ("impersonates-name",)
    assert ("posers", "-reason:impersonates-name") in store.con.execute("SELECT name, query FROM saved_view").fetchall()
    store.close()


def test_releases_that_named_no_guard_are_dropped_and_counted(tmp_path: Path) -> None:
    first_version(tmp_path / "store.db", with_rows=True)
    store = Store(tmp_path / "store.db")
    assert store.con.execute("SELECT count(*) FROM release").fetchone() == (0,)
    assert watermarks.DROPPED_RELEASES.read(store) == 1
    journal = Journal(store, "me", "s")
    entry = journal.to_undo()
    assert entry is not None
    assert (entry.command, journal.segments(entry.id)) == ("release", [])
    assert journal.reverse(entry, 9).changed == {}
    store.close()


def test_no_word_is_lost(tmp_path: Path) -> None:
    first_version(tmp_path / "store.db", with_rows=True)
    store = Store(tmp_path / "store.db")
    con = store.con
    kept = {
        table: con.execute(f"SELECT * FROM {table}").fetchall()
        for table in ("decision", "kind_word", "note", "tagged", "match_word", "match", "plan_item", "alias")
    }
    expected = {table: LINES[table] for table in kept}
    planned = [(*line, None, None) for line in expected["plan_item"]]
    assert kept == {**expected, "match": [(*line, None) for line in expected["match"]], "plan_item": planned}
    assert [DECISION.read(con, [1])[1], KIND.read(con, [1])[1]] == [("keep", None, "me", 7), ("press", "me", 7)]
    assert NOTE.read(con, [1])[1] == ("met her", "me", 7)
    assert MATCH_WORD.read(con, [1])[1] == ("confirmed", "h", "Dana", "me", 7)
    assert con.execute("SELECT row, handle, until, import_id FROM handle_history").fetchall() == LINES["handle_history"]
    assert con.execute(
        "SELECT row, at, kind, reference, source, import_id FROM interaction ORDER BY 1, 2"
    ).fetchall() == [
        (1, 4, "mention", "8", "archive", 3),
        (1, 5, "mention", "2", "archive", 1),
        (1, 6, "reply", "1", "archive", 1),
        (2, 7, "follow", "", "own actions", None),
    ]
    assert con.execute("SELECT id, item_id FROM call ORDER BY id").fetchall() == [(1, 1), (2, None)]
    assert con.execute("SELECT * FROM list_change").fetchall() == [
        (1, 1, '{"consent_basis": ["third-party", "own-records"]}')
    ]
    assert con.execute("SELECT * FROM entry_change").fetchall() == [(1, 1, '{"line": [1, 2]}')]
    assert [entry.text for entry in Journal(store, "me", "s").entries()][1:] == ["undo", "keep: 1 account"]
    assert con.execute("SELECT rowid FROM account_text WHERE account_text MATCH 'muller'").fetchall() == [(1,)]
    con.execute("UPDATE account SET name = 'Other' WHERE row = 1")
    assert con.execute("SELECT rowid FROM account_text WHERE account_text MATCH 'other'").fetchall() == [(1,)]
    assert con.execute("INSERT INTO match(row, entity_id, entry_id, relation, score, band, evidence, evidence_hash) "
                       "VALUES (2, 1, 1, 'is', 1, 'likely', '', '') RETURNING id").fetchone() == (8,)  # fmt: skip
    store.close()


def test_calls_of_an_earlier_version_belong_to_a_batch_of_their_day(tmp_path: Path) -> None:
    first_version(tmp_path / "store.db", with_rows=True)
    store = Store(tmp_path / "store.db")
    assert store.con.execute("SELECT * FROM batch").fetchall() == [(1, 7, "api", "me")]
    assert store.con.execute("SELECT id, batch_id FROM call ORDER BY id").fetchall() == [(1, 1), (2, 1)]
    assert store.con.execute("SELECT count(*) FROM plan_look").fetchone() == (0,)
    store.close()


def test_what_an_undone_import_told_of_is_kept_and_does_not_count(tmp_path: Path) -> None:
    first_version(tmp_path / "store.db", with_rows=True)
    store = Store(tmp_path / "store.db")
    found = store.con.execute("SELECT row, at, kind FROM interaction_now ORDER BY 1, 2").fetchall()
    assert found == [(1, 5, "mention"), (1, 6, "reply"), (2, 7, "follow")]
    store.close()


def test_what_a_merge_kept_reads_as_the_tables_do_now(tmp_path: Path) -> None:
    first_version(tmp_path / "store.db", with_rows=True)
    store = Store(tmp_path / "store.db")
    [text] = store.con.execute("SELECT before FROM import_change WHERE row = 3").fetchone()
    after = json.loads(text)["merge"]["after"]
    for table, order in (
        ("match", "id"),
        ("match_word", "match_id"),
        ("interaction", "row, at"),
        ("handle_history", "row"),
        ("score", "row"),
        ("interaction_again", "row"),
        ("look", "row"),
        ("blind_look", "row"),
    ):
        cursor = store.con.execute(f"SELECT * FROM {table} ORDER BY {order}")
        names = [column[0] for column in cursor.description]
        lines = [dict(zip(names, line, strict=True)) for line in cursor]
        assert after[table] == [line for line in lines if line.get("row", 1) == 1], table
    store.close()


def test_rows_that_refer_to_nothing_are_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_version(path, with_rows=True)
    con = sqlite3.connect(path)
    con.execute("INSERT INTO note VALUES (77, 'of nobody', 'me', 1)")
    con.commit()
    con.close()
    store = Store(path)
    assert store.con.execute("SELECT text FROM note WHERE row = 77").fetchone() == ("of nobody",)
    assert copies.strays(store) == {"note": 1}
    store.close()


def test_two_programs_that_open_an_old_file_at_once_migrate_it_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_version(path, with_rows=True)
    opened: list[Path | None] = []

    def work() -> None:
        store = Store(path)
        opened.append(store.backup_path)
        store.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3
    assert sum(backup is not None for backup in opened) == 1


def test_a_program_of_the_first_version_refuses_the_file_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    Store(path).close()
    before = path.read_bytes()
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 1)
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert "newer followertui" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_matches_of_an_earlier_version_have_no_probability_until_they_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_version(path, with_rows=True)
    store = Store(path)
    try:
        assert {line[0] for line in store.con.execute("SELECT probability FROM match")} == {None}
        (body,) = store.con.execute("SELECT before FROM import_change WHERE row = 3").fetchone()
        for side in ("before", "after"):
            assert [line["probability"] for line in json.loads(body)["merge"][side]["match"]] == [None]
    finally:
        store.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_version(path, with_rows=True)
    con = sqlite3.connect(path)
    con.execute("CREATE TABLE new_account (x)")
    con.close()
    before = content(path)
    with pytest.raises(StoreError, match="nothing was changed"):
        Store(path)
    assert content(path) == before
