"""Imports: when they ran, what they refused, how they end, and the way back.

Owns import_run and refused_row, and the undo of what an import wrote. A run that did not
end stays "running": it counts for nothing until it is read again or taken back. Only
``services`` imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from followertui.store.audience import account_rows, merging, relations
from followertui.store.audience.pages import TextRenewal
from followertui.store.file.connection import Store
from followertui.store.lists import lists

_RUN = "id, what, source, source_rank, sha256, choices, as_of, started_at, finished_at, state, path, report"
_CHUNK = 20_000
_SWAPPED = 500
_ORIGIN_OF = {name: origin for origin, names in zip(merging.ORIGINS, merging.GROUPS, strict=True) for name in names}
"""Field -> the column that says who spoke of it last."""
_NO_FIELDS = frozenset({"merge", "handle_history", "hidden_by"})
"""What an import keeps beside columns that are put back, and a column that follows from who stands."""


class ImportRun(NamedTuple):
    """One import.

    Attributes:
        id: the store's number.
        what: archive, accounts, list, handles, sync, demo.
        source: file name, or "X API".
        source_rank: higher wins where two sources speak of the same moment.
        sha256, choices: what was read, and how, JSON; both again mean the same import.
        as_of: when the source speaks of, epoch seconds UTC.
        started_at, finished_at: epoch seconds UTC; finished_at None while it is not done.
        state: "running", "done" or "undone".
        path: where the file was.
        report: JSON.
    """

    id: int
    what: str
    source: str
    source_rank: int
    sha256: str
    choices: str
    as_of: int
    started_at: int
    finished_at: int | None
    state: str
    path: str
    report: str


class Refusal(NamedTuple):
    """One row that was not taken: line, column, text, why."""

    line: int
    column: str
    value: str
    reason: str


class TakenBack(NamedTuple):
    """What the undo or redo of an import did.

    Attributes:
        restored: accounts whose earlier values stand again.
        kept: accounts a later source or a person touched since, left as they are.
        hidden: accounts that only this import knew (undo), or that are back (redo).
        entries: entries of lists that changed.
    """

    restored: int
    kept: int
    hidden: int
    entries: int


def start(
    store: Store, what: str, source: str, source_rank: int, sha256: str, choices: str, as_of: int, at: int, path: str
) -> int:
    """Begin an import, or begin again the same one that did not end.

    Returns:
        Its id.
    """
    with store.write() as con:
        found = con.execute(
            "SELECT id FROM import_run WHERE state = 'running' AND sha256 = ? AND choices = ? AND sha256 <> ''",
            [sha256, choices],
        ).fetchone()
        if found is not None:
            relations.forget(con, found[0])
            con.execute("DELETE FROM refused_row WHERE import_id = ?", [found[0]])
            con.execute("UPDATE import_run SET path = ? WHERE id = ?", [path, found[0]])
            return int(found[0])
        cursor = con.execute(
            "INSERT INTO import_run(what, source, source_rank, sha256, choices, as_of, started_at, state, path) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?)",
            [what, source, source_rank, sha256, choices, as_of, at, path],
        )
        return int(cursor.lastrowid or 0)


def finish(con: sqlite3.Connection, import_id: int, at: int) -> None:
    """Let an import count, inside the caller's transaction."""
    con.execute("UPDATE import_run SET state = 'done', finished_at = ? WHERE id = ?", [at, import_id])


def set_report(con: sqlite3.Connection, import_id: int, report: dict[str, Any]) -> None:
    """Keep what an import did, as JSON."""
    con.execute("UPDATE import_run SET report = ? WHERE id = ?", [json.dumps(report, ensure_ascii=False), import_id])


def run(store: Store, import_id: int) -> ImportRun | None:
    """One import, None where there is none of that number."""
    found = store.con.execute(f"SELECT {_RUN} FROM import_run WHERE id = ?", [import_id]).fetchone()
    return ImportRun(*found) if found else None


def runs(store: Store) -> list[ImportRun]:
    """Every import, newest first."""
    return [ImportRun(*line) for line in store.con.execute(f"SELECT {_RUN} FROM import_run ORDER BY id DESC")]


def unfinished(store: Store) -> list[ImportRun]:
    """Imports that did not end: to be read again or taken back."""
    found = store.con.execute(f"SELECT {_RUN} FROM import_run WHERE state = 'running' ORDER BY id")
    return [ImportRun(*line) for line in found]


def done_before(store: Store, sha256: str, choices: str) -> ImportRun | None:
    """The import that read the same bytes in the same way, if it stands."""
    found = store.con.execute(
        f"SELECT {_RUN} FROM import_run WHERE sha256 = ? AND choices = ? AND state = 'done' ORDER BY id DESC LIMIT 1",
        [sha256, choices],
    ).fetchone()
    return ImportRun(*found) if found else None


def refuse(con: sqlite3.Connection, import_id: int, rows: Iterable[Refusal]) -> None:
    """Keep rows that were not taken."""
    con.executemany("INSERT INTO refused_row VALUES (?, ?, ?, ?, ?)", [(import_id, *row) for row in rows])


def refused(store: Store, import_id: int, limit: int = -1) -> list[Refusal]:
    """Rows an import did not take, in file order; all of them unless limited."""
    found = store.con.execute(
        "SELECT line, column_name, value, reason FROM refused_row WHERE import_id = ? ORDER BY rowid LIMIT ?",
        [import_id, limit],
    )
    return [Refusal(*line) for line in found]


def refused_by(store: Store, import_id: int) -> list[tuple[str, int]]:
    """Why rows were refused and how many, most first."""
    found = store.con.execute(
        "SELECT reason, count(*) FROM refused_row WHERE import_id = ? GROUP BY 1 ORDER BY 2 DESC, 1", [import_id]
    )
    return [(line[0], line[1]) for line in found]


def counts(store: Store, import_id: int) -> tuple[int, int]:
    """How many accounts an import added, and how many known ones it changed, a resumed run included."""
    con = store.con
    added = con.execute("SELECT count(*) FROM account WHERE first_import = ?", [import_id]).fetchone()[0]
    changed = con.execute("SELECT count(*) FROM import_change WHERE import_id = ?", [import_id]).fetchone()[0]
    return int(added), int(changed)


def take_back(store: Store, con: sqlite3.Connection, import_id: int) -> Generator[int, None, TakenBack]:
    """Undo an import inside the caller's transaction; what a later source touched stays.

    Args:
        store: its change counters are bumped.
        con: the connection of the open transaction.
        import_id: a running or done import.

    Yields:
        How many accounts were gone through.

    Returns:
        What was restored and what was left alone.
    """
    state = con.execute("SELECT state FROM import_run WHERE id = ?", [import_id]).fetchone()[0]
    if state == "running":
        relations.forget(con, import_id)
    con.execute("UPDATE import_run SET state = 'undone' WHERE id = ?", [import_id])
    merges = _merges(con, import_id)
    apart = [row for row, merge in merges if merging.part(store, con, row, merge)]
    con.execute("DELETE FROM handle_history WHERE import_id = ?", [import_id])
    restored, kept = yield from _swap(store, con, import_id, is_undo=True)
    kept += len(merges) - len(apart)
    entries = lists.take_back(store, con, import_id)
    hidden = _refresh_hidden(store, con, import_id)
    for direction in relations.DIRECTIONS:
        relations.recompute(store, con, direction)
    return TakenBack(restored + len(apart), kept, hidden, entries)


def redo(store: Store, con: sqlite3.Connection, import_id: int) -> Generator[int, None, TakenBack]:
    """Let an import that was taken back count again, inside the caller's transaction; see ``take_back``."""
    con.execute("UPDATE import_run SET state = 'done' WHERE id = ?", [import_id])
    restored, kept = yield from _swap(store, con, import_id, is_undo=False)
    for row, merge in reversed(_merges(con, import_id)):
        if _is_apart(con, row):
            merging.unite(store, con, import_id, merge["survivor"], row)
            restored += 1
    entries = lists.redo(store, con, import_id)
    hidden = _refresh_hidden(store, con, import_id)
    for direction in relations.DIRECTIONS:
        relations.recompute(store, con, direction)
    return TakenBack(restored, kept, hidden, entries)


def _is_apart(con: sqlite3.Connection, row: int) -> bool:
    return bool(con.execute("SELECT merged_into IS NULL FROM account WHERE row = ?", [row]).fetchone()[0])


def _merges(con: sqlite3.Connection, import_id: int) -> list[tuple[int, dict[str, Any]]]:
    """Rows an import merged away, the newest first, each with what ``merging.unite`` kept."""
    found = con.execute(
        "SELECT row, json_extract(before, '$.merge') FROM import_change "
        "WHERE import_id = ? AND json_type(before, '$.merge') IS NOT NULL ORDER BY row DESC",
        [import_id],
    )
    return [(row, json.loads(merge)) for row, merge in found.fetchall()]


def _swap(
    store: Store, con: sqlite3.Connection, import_id: int, is_undo: bool
) -> Generator[int, None, tuple[int, int]]:
    """Put earlier (or, for a redo, later) values back, field by field, where nobody wrote since.

    Yields:
        How many accounts were gone through.

    Returns:
        How many accounts were restored, and how many were not or not wholly.
    """
    renewal = TextRenewal(con)
    restored = kept = last = seen = 0
    while changes := con.execute(
        "SELECT row, before FROM import_change WHERE import_id = ? AND row > ? ORDER BY row LIMIT ?",
        [import_id, last, _SWAPPED],
    ).fetchall():
        last = changes[-1][0]
        rows = [row for row, _ in changes]
        found = con.execute(f"{account_rows.SELECT} WHERE row IN ({account_rows.marks(rows)})", rows)
        accounts = {line[0]: account_rows.known_account(line) for line in found}
        for row, text in changes:
            change = json.loads(text)
            kept += _put_back(accounts[row], change, is_undo)
            if not is_undo and "handle_history" in change:
                _redo_history(con, row, change["handle_history"])
        changed = [known for known in accounts.values() if known.before]
        renewal.expect(con, sum(known.is_searched_anew for known in changed))
        account_rows.update(con, changed)
        store.bump("profile", [known.row for known in changed])
        restored += len(changed)
        seen += len(rows)
        yield seen
    return restored, kept


def _put_back(known: account_rows.KnownAccount, change: dict[str, Any], is_undo: bool) -> bool:
    """Give an account earlier (or later) values back; whether some were left alone.

    A field somebody wrote since stays, and so do the fields its source spoke of with it.
    """
    wanted, expected = (0, 1) if is_undo else (1, 0)
    pairs = {name: pair for name, pair in change.items() if name not in _NO_FIELDS}
    foreign = {name for name, pair in pairs.items() if known.now(name) != pair[expected]}
    free = [name for name in pairs if name not in foreign and _ORIGIN_OF.get(name) not in foreign] if foreign else pairs
    for name in free:
        known.put(name, pairs[name][wanted])
    return len(free) < len(pairs)


def _redo_history(con: sqlite3.Connection, row: int, moments: Sequence[Sequence[object]]) -> None:
    con.executemany("INSERT OR IGNORE INTO handle_history VALUES (?, ?, ?, ?)", [(row, *moment) for moment in moments])


def _refresh_hidden(store: Store, con: sqlite3.Connection, import_id: int) -> int:
    """Hide accounts no standing import knows, show those one knows again.

    Returns:
        How many changed.
    """
    standing = {line[0] for line in con.execute("SELECT id FROM import_run WHERE state <> 'undone'")}
    found = con.execute(
        f"SELECT row, hidden_by, {', '.join(merging.ORIGINS)} FROM account WHERE hidden_by IS NOT NULL "
        "OR first_import IN (SELECT id FROM import_run WHERE state = 'undone')"
    ).fetchall()
    rows = np.array([line[0] for line in found], np.int64)
    is_hidden = np.array([line[1] is not None for line in found], np.bool_)
    is_known = np.array([not standing.isdisjoint(line[2:]) for line in found], np.bool_)
    if len(rows):
        is_known |= relations.known_rows(con)[rows]
        firsts = con.execute(
            "SELECT row FROM account WHERE hidden_by IS NOT NULL "
            "AND first_import IN (SELECT id FROM import_run WHERE state <> 'undone')"
        )
        is_known |= np.isin(rows, np.array([line[0] for line in firsts], np.int64))
    changed = rows[is_hidden == is_known]
    for hidden_by, part in ((import_id, rows[~is_hidden & ~is_known]), (None, rows[is_hidden & is_known])):
        for at in range(0, len(part), _CHUNK):
            con.execute(
                "UPDATE account SET hidden_by = ? WHERE row IN (SELECT value FROM json_each(?))",
                [hidden_by, str(part[at : at + _CHUNK].tolist())],
            )
    store.bump("profile", changed.tolist())
    return len(changed)
