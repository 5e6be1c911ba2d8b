"""Removing a person permanently: every text about an account, wherever the store keeps it.

Owns what a purge deletes and the salted hashes it leaves, so that a later import does not
bring the person back. It cannot be undone. The row number stays as an empty tombstone:
numbers are never reused. Only ``services`` imports it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import sqlite3
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from followertui.domain.account import PROFILE_FIELDS, RecordColumns
from followertui.store.audience import merging, waves
from followertui.store.audience.purged_words import telling_words
from followertui.store.audience.relations import members
from followertui.store.file import settings, watermarks
from followertui.store.file.connection import Store
from followertui.store.file.watermarks import PURGED
from followertui.store.lists import listings

GONE = 1
"""``account.status`` of an account that no longer exists."""

_TOMBSTONE = 0
BY_ROW = (
    "handle_history", "import_change", "relation", "own_relation", "score", "compare_pending", "judge_pending",
    "kind_word", "decision", "note", "release", "tagged", "plan_item", "interaction",
    "interaction_again", "look", "blind_look", "x_seen", "own_mark", "difference",
    "due", "sent", "no_contact",
)  # fmt: skip


class Person(NamedTuple):
    """Who is to be removed: every row that was ever this account, all handles and ids it had."""

    rows: tuple[int, ...]
    handles: tuple[str, ...]
    ids: tuple[int, ...]


def person(store: Store, row: int) -> Person:
    """Everything one account ever was in the store."""
    return people(store, [row])[0]


def people(store: Store, rows: Sequence[int]) -> list[Person]:
    """Everything each of some accounts ever was in the store, in their order."""
    con = store.con
    former: dict[int, list[int]] = {}
    for gone, survivor in con.execute("SELECT row, merged_into FROM account WHERE merged_into > 0"):
        former.setdefault(survivor, []).append(gone)
    groups = [_with_former(row, former) for row in rows]
    asked = json.dumps([row for group in groups for row in group])
    handles: dict[int, list[str]] = {}
    ids: dict[int, list[int]] = {}
    for row, x_id, handle in con.execute(
        "SELECT row, x_id, handle FROM account WHERE row IN (SELECT value FROM json_each(?1)) UNION ALL "
        "SELECT row, NULL, handle FROM handle_history WHERE row IN (SELECT value FROM json_each(?1))",
        [asked],
    ):
        handles.setdefault(row, []).append(handle or "")
        ids.setdefault(row, []).extend([] if x_id is None else [x_id])
    for row, text in con.execute(
        "SELECT row, before FROM import_change WHERE row IN (SELECT value FROM json_each(?)) "
        "AND json_type(before, '$.merge') IS NOT NULL",
        [asked],
    ).fetchall():
        for account in json.loads(text)["merge"].get("accounts", ()):
            handles.setdefault(row, []).append(account.get("handle") or "")
            ids.setdefault(row, []).extend([] if account.get("x_id") is None else [account["x_id"]])
    return [
        Person(
            tuple(group),
            tuple(dict.fromkeys(name.lower() for row in group for name in handles.get(row, ()) if name)),
            tuple(dict.fromkeys(x_id for row in group for x_id in ids.get(row, ()))),
        )
        for group in groups
    ]


def _with_former(row: int, former: dict[int, list[int]]) -> list[int]:
    """A row and every row that was merged into it, however long ago."""
    found = [row]
    for one in found:
        found += former.get(one, ())
    return found


def gone_rows(store: Store) -> list[int]:
    """Accounts that no longer exist on X, ascending."""
    found = store.con.execute("SELECT row FROM account WHERE status = ? AND merged_into IS NULL ORDER BY row", [GONE])
    return [line[0] for line in found]


def purge(store: Store, people: Sequence[Person], *, is_marked: bool = True) -> None:
    """Remove people in one transaction, then the traces that deleting leaves in the file.

    Args:
        store: the open store.
        people: who.
        is_marked: whether a salted hash stays, so that later imports leave them out.
    """
    rows = sorted({row for who in people for row in who.rows})
    if not rows:
        return
    # Deleted pages are overwritten with zeros, or the text would stay readable in the file.
    store.con.execute("PRAGMA secure_delete = ON")
    asked = json.dumps(rows)
    with store.write() as con:
        names = _pattern(people, telling_words(con, rows))
        marks = [(mark,) for who in people if is_marked for mark in _marks(store, who)]
        con.executemany("INSERT OR IGNORE INTO purged VALUES (?)", marks)
        if _remove_matches(con, asked):
            watermarks.lists_changed(store)
        for table in BY_ROW:
            con.execute(f"DELETE FROM {table} WHERE row IN (SELECT value FROM json_each(?))", [asked])
        con.execute(
            "UPDATE call SET item_id = NULL, text = '', object = '' WHERE row IN (SELECT value FROM json_each(?))",
            [asked],
        )
        ids = [(x_id,) for who in people for x_id in who.ids]
        con.executemany("DELETE FROM x_billed WHERE x_id = ?", ids)
        # Its uuid stays: X may tell the same event again.
        con.executemany("UPDATE live_event SET x_id = NULL WHERE x_id = ?", ids)
        _clear_accounts(con, asked)
        _remove_members(con, rows)
        waves.remove_members(con, rows)
        _clear_journal(con, rows, names)
        _clear_reports(con, _pattern(people))
        _clear_settings(store, names)
        watermarks.forget_aliases(store)
        for domain in ("profile", "relation", "decision", "match", "score"):
            store.bump(domain, rows)
        con.execute("INSERT INTO account_text(account_text) VALUES ('optimize')")
    # What was overwritten earlier, without secure_delete, may lie in pages nothing uses.
    with store.exclusively():
        store.con.execute("VACUUM")
    store.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.con.execute("PRAGMA secure_delete = OFF")
    forget_derived(store)


def forget_derived(store: Store) -> None:
    """Delete the cache folder beside the store; it is computed again when needed."""
    shutil.rmtree(store.path.with_name(store.path.name + ".cache"), ignore_errors=True)


def _clear_accounts(con: sqlite3.Connection, asked: str) -> None:
    emptied = (*PROFILE_FIELDS, "domain", *merging.ORIGINS)
    con.execute(
        f"UPDATE account SET {', '.join(f'{name} = NULL' for name in emptied)}, status = 0, merged_into = {_TOMBSTONE} "
        "WHERE row IN (SELECT value FROM json_each(?))",
        [asked],
    )


def _remove_matches(con: sqlite3.Connection, asked: str) -> bool:
    """Remove matches, decisions on them and what these taught; whether they had taught anything."""
    before = con.execute("SELECT count(*) FROM alias").fetchone()
    chosen = "(SELECT id FROM match WHERE row IN (SELECT value FROM json_each(?)))"
    con.execute(f"DELETE FROM match_word WHERE match_id IN {chosen}", [asked])
    listings.forget_unconfirmed(con)
    con.execute("DELETE FROM match WHERE row IN (SELECT value FROM json_each(?))", [asked])
    return bool(con.execute("SELECT count(*) FROM alias").fetchone() != before)


def _remove_members(con: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Remove row numbers from every snapshot, so that no relation is computed for them again."""
    wanted = np.array(rows, np.uint32)
    for number, blob in con.execute("SELECT id, members FROM snapshot WHERE members IS NOT NULL").fetchall():
        there = members(blob)
        is_gone = np.isin(there, wanted)
        if is_gone.any():
            left = zlib.compress(there[~is_gone].astype("<u4").tobytes())
            con.execute("UPDATE snapshot SET members = ? WHERE id = ?", [left, number])


def _clear_journal(con: sqlite3.Connection, rows: Sequence[int], names: re.Pattern[str]) -> None:
    """Remove the people's rows from every undo record, and what names them from its text."""
    gone = set(rows)
    # Words on matches and what is due are keyed by their numbers; those of purged accounts are in no table any more.
    known = {
        name: {line[0] for line in con.execute(f"SELECT id FROM {table}")}
        for name, table in (("match", "match"), ("due", "due"))
    }
    for number, payload, text, query in con.execute("SELECT id, payload, text, query FROM journal").fetchall():
        body = json.loads(zlib.decompress(payload))
        fresh = _without(body, gone, known) if isinstance(body, list) else _scrubbed(body, names)
        clean = (names.sub(PURGED, text), names.sub(PURGED, query))
        if fresh != body or clean != (text, query):
            packed = zlib.compress(json.dumps(fresh, separators=(",", ":")).encode(), 1)
            con.execute("UPDATE journal SET payload = ?, text = ?, query = ? WHERE id = ?", [packed, *clean, number])


def _without(body: list[list[Any]], gone: set[int], known: dict[str, set[int]]) -> list[list[Any]]:
    kept = []
    for name, before, after, text in body:
        keys = np.frombuffer(base64.b64decode(text), np.uint32).tolist()
        if name == "shelf":
            left = keys
        else:
            left = [key for key in keys if (key in known[name] if name in known else key not in gone)]
        if left:
            packed = base64.b64encode(np.array(left, np.uint32).tobytes()).decode()
            kept.append([name, before, after, text if len(left) == len(keys) else packed])
    return kept


def _clear_reports(con: sqlite3.Connection, names: re.Pattern[str]) -> None:
    """Remove the people's handles and ids from refused rows and import reports."""
    for table, column in (("refused_row", "value"), ("import_run", "report")):
        lines = [
            (names.sub(PURGED, text), rowid)
            for rowid, text in con.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
            if names.search(text)
        ]
        con.executemany(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", lines)


def _clear_settings(store: Store, names: re.Pattern[str]) -> None:
    """Take what names the people out of saved views, and out of where reviewers left off."""
    for name, query in store.con.execute("SELECT name, query FROM saved_view").fetchall():
        store.con.execute("UPDATE saved_view SET query = ? WHERE name = ?", [names.sub(PURGED, query), name])
        store.con.execute("UPDATE OR REPLACE saved_view SET name = ? WHERE name = ?", [names.sub(PURGED, name), name])

    settings.PLACE.rewrite_all(store, lambda value: _scrubbed(value, names))
    checks = settings.HOUSE_CHECKS.read(store)
    left = [line for line in checks if not names.search(json.dumps(line))]
    if left != checks:
        settings.HOUSE_CHECKS.write(store, left)


def _scrubbed(value: Any, names: re.Pattern[str]) -> Any:
    """A stored value without the names, at any depth."""
    if isinstance(value, dict):
        return {key: _scrubbed(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_scrubbed(part, names) for part in value]
    return names.sub(PURGED, value) if isinstance(value, str) else value


def _pattern(people: Sequence[Person], words: Sequence[str] = ()) -> re.Pattern[str]:
    """Finds handles after an @ or alone, ids and more words, as whole words."""
    names = [*(name for who in people for name in (*who.handles, *map(str, who.ids))), *words]
    choice = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{choice})(?![A-Za-z0-9_])" if choice else r"(?!)", re.IGNORECASE)


# --- what a later import asks ---------------------------------------------------------------


def screen(store: Store, records: RecordColumns) -> tuple[RecordColumns, int]:
    """Records without the people who were purged, and how many were left out."""
    if store.con.execute("SELECT 1 FROM purged LIMIT 1").fetchone() is None:
        return records, 0
    salt = _salt(store)
    marks = [[_mark(salt, f"id:{r.x_id}")] * (r.x_id is not None) for r in records]
    for found, record in zip(marks, records, strict=True):
        if record.handle:
            found.append(_mark(salt, f"handle:{record.handle.lower()}"))
    asked = json.dumps([mark for found in marks for mark in found])
    hits = {
        line[0]
        for line in store.con.execute("SELECT hash FROM purged WHERE hash IN (SELECT value FROM json_each(?))", [asked])
    }
    kept = [at for at, found in enumerate(marks) if hits.isdisjoint(found)]
    return records.only(kept), len(records) - len(kept)


def count(store: Store) -> int:
    """How many marks of purged people there are."""
    return int(store.con.execute("SELECT count(*) FROM purged").fetchone()[0])


def _marks(store: Store, who: Person) -> list[str]:
    salt = _salt(store)
    return [_mark(salt, f"id:{x_id}") for x_id in who.ids] + [_mark(salt, f"handle:{name}") for name in who.handles]


def _salt(store: Store) -> str:
    return watermarks.STORE_ID.read(store)


def _mark(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()
