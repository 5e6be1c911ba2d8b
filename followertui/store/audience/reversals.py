"""The undo and redo of an import, in steps of some hundred rows that can be interrupted.

Owns what is restored and in which order. Every step is one short transaction that also moves
on a note of how far it came; while the note is there the undo is not finished, and going on
with it repeats nothing. Holds no transaction while its caller works. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import numpy as np

from followertui.store.audience import account_rows, interactions, merging, relations, reversal_notes
from followertui.store.audience.pages import TextRenewal
from followertui.store.audience.reversal_notes import Reversal
from followertui.store.audience.spells import Rows
from followertui.store.file.connection import Store
from followertui.store.lists import lists

_STEP_ROWS = 500
_STEP_MERGES = 50
_ORIGIN_OF = {name: origin for origin, names in zip(merging.ORIGINS, merging.GROUPS, strict=True) for name in names}
"""Field -> the column with the import that set it last."""
_NO_FIELDS = frozenset({"merge", "handle_history", "hidden_by"})
"""What an import keeps beside columns that are restored, and a column that follows from who stands."""


def begin(store: Store, import_id: int, entry_id: int, is_redo: bool) -> Reversal:
    """Let an import count no longer (or again); what it wrote is then restored by ``steps``.

    Args:
        store: the open store.
        import_id: a running or done import to undo, or one undone to redo.
        entry_id: its journal entry, 0 where it has none.
        is_redo: let it count again.
    """
    begun = Reversal(import_id, entry_id, is_redo)
    with store.write() as con:
        if con.execute("SELECT state FROM import_run WHERE id = ?", [import_id]).fetchone()[0] == "running":
            relations.forget(con, import_id)
        con.execute("UPDATE import_run SET state = ? WHERE id = ?", ["done" if is_redo else "undone", import_id])
        reversal_notes.write(store, begun)
    return begun


def steps(store: Store, now: Reversal) -> Generator[int, None, Reversal]:
    """Restore what an import changed, from where it stands; what a later source touched stays.

    Args:
        store: the open store; its change counters are bumped.
        now: from ``begin`` or ``reversal_notes.unfinished``.

    Yields:
        How many accounts and entries were gone through so far, after every transaction.

    Returns:
        What was restored and what was left alone; ``reversal_notes.remove`` ends it.
    """
    seen = 0
    stages = _REDO if now.is_redo else _UNDO
    while now.stage < len(stages):
        work = stages[now.stage](store, now)
        while True:
            try:
                now = next(work)
            except StopIteration:
                break
            seen += _STEP_ROWS
            yield seen
        with store.write():
            now = now._replace(stage=now.stage + 1, reached=0)
            reversal_notes.write(store, now)
    return now


_Work = Generator[Reversal, None, None]


def _parted(store: Store, now: Reversal) -> _Work:
    """Make two of accounts the import united, the newest first."""
    while merges := _merges(store.con, now, "row < ? ORDER BY row DESC", now.reached or 1 << 62):
        with store.write() as con:
            apart = sum(merging.part(store, con, row, merge) for row, merge in merges)
            now = now._replace(
                reached=merges[-1][0], restored=now.restored + apart, kept=now.kept + len(merges) - apart
            )
            reversal_notes.write(store, now)
        yield now


def _united(store: Store, now: Reversal) -> _Work:
    """Make one again of accounts the import united, the oldest first."""
    while merges := _merges(store.con, now, "row > ? ORDER BY row", now.reached):
        with store.write() as con:
            apart = [(row, merge) for row, merge in merges if _is_apart(con, row)]
            for row, merge in apart:
                merging.unite(store, con, now.import_id, merge["survivor"], row)
            now = now._replace(reached=merges[-1][0], restored=now.restored + len(apart))
            reversal_notes.write(store, now)
        yield now


def _merges(con: sqlite3.Connection, now: Reversal, where: str, reached: int) -> list[tuple[int, dict[str, Any]]]:
    """Rows an import merged away, each with what ``merging.unite`` kept."""
    found = con.execute(
        "SELECT row, json_extract(before, '$.merge') FROM import_change "
        f"WHERE import_id = ? AND json_type(before, '$.merge') IS NOT NULL AND {where} LIMIT {_STEP_MERGES}",
        [now.import_id, reached],
    )
    return [(row, json.loads(merge)) for row, merge in found.fetchall()]


def _is_apart(con: sqlite3.Connection, row: int) -> bool:
    return bool(con.execute("SELECT merged_into IS NULL FROM account WHERE row = ?", [row]).fetchone()[0])


def _accounts(store: Store, now: Reversal) -> _Work:
    """Restore earlier (or, for a redo, later) values, field by field, where no later import wrote."""
    renewal = TextRenewal(store)
    while changes := store.con.execute(
        "SELECT row, before FROM import_change WHERE import_id = ? AND row > ? ORDER BY row LIMIT ?",
        [now.import_id, now.reached, _STEP_ROWS],
    ).fetchall():
        with store.write() as con:
            restored, kept = _swap(store, con, now, changes, renewal)
            now = now._replace(reached=changes[-1][0], restored=now.restored + restored, kept=now.kept + kept)
            reversal_notes.write(store, now)
        yield now
    if not now.is_redo:
        with store.write() as con:
            con.execute("DELETE FROM handle_history WHERE import_id = ?", [now.import_id])


def _swap(
    store: Store, con: sqlite3.Connection, now: Reversal, changes: Sequence[tuple[int, str]], renewal: TextRenewal
) -> tuple[int, int]:
    """How many accounts were restored, and how many were not or not wholly."""
    rows = [row for row, _ in changes]
    found = con.execute(f"{account_rows.SELECT} WHERE row IN ({account_rows.marks(rows)})", rows)
    accounts = {line[0]: account_rows.known_account(line) for line in found}
    kept = 0
    for row, text in changes:
        change = json.loads(text)
        kept += _restore(accounts[row], change, now.is_redo)
        if now.is_redo and "handle_history" in change:
            _redo_history(con, row, change["handle_history"])
    renamed = [row for row, text in changes if "handle_history" in json.loads(text)]
    con.executemany("INSERT OR IGNORE INTO compare_pending VALUES (?)", [(row,) for row in renamed])
    store.bump("profile", renamed)
    if not now.is_redo:
        con.execute(
            f"DELETE FROM handle_history WHERE import_id = ? AND row IN ({account_rows.marks(rows)})",
            [now.import_id, *rows],
        )
    changed = [known for known in accounts.values() if known.before]
    renewal.expect(con, sum(known.changes_search_text for known in changed))
    account_rows.update(con, changed)
    store.bump("profile", [known.row for known in changed])
    return len(changed), kept


def _restore(known: account_rows.KnownAccount, change: dict[str, Any], is_redo: bool) -> bool:
    """Give an account earlier (or later) values; whether some were left alone.

    A field written since stays, and so do the fields of the same group.
    """
    wanted, expected = (1, 0) if is_redo else (0, 1)
    pairs = {name: pair for name, pair in change.items() if name not in _NO_FIELDS}
    foreign = {name for name, pair in pairs.items() if known.now(name) != pair[expected]}
    free = [name for name in pairs if name not in foreign and _ORIGIN_OF.get(name) not in foreign] if foreign else pairs
    for name in free:
        known.put(name, pairs[name][wanted])
    return len(free) < len(pairs)


def _redo_history(con: sqlite3.Connection, row: int, moments: Sequence[Sequence[object]]) -> None:
    con.executemany(
        "INSERT OR IGNORE INTO handle_history(row, handle, until, import_id) VALUES (?, ?, ?, ?)",
        [(row, *moment) for moment in moments],
    )


def _entries(store: Store, now: Reversal) -> _Work:
    """Restore entries of lists."""
    while (last := lists.last_of_step(store.con, now.import_id, now.reached, _STEP_ROWS)) is not None:
        with store.write() as con:
            count = lists.reverse(con, now.import_id, now.is_redo, now.reached, last)
            now = now._replace(reached=last, entries=now.entries + count)
            reversal_notes.write(store, now)
        yield now
    with store.write() as con:
        lists.reverse_list(store, con, now.import_id, now.is_redo, has_changed=now.entries > 0)


def _contacts(store: Store, now: Reversal) -> _Work:
    """Let conversations and outcomes count no longer, or again; those of a discarded import go."""
    if now.entry_id:
        # The state of the import says already whether they count: one step.
        if not now.reached:
            with store.write():
                now = now._replace(reached=1, contacts=interactions.reverse(store, now.import_id))
                reversal_notes.write(store, now)
            yield now
        return
    while (last := interactions.last_of_step(store.con, now.import_id, now.reached, _STEP_ROWS)) is not None:
        with store.write() as con:
            count = interactions.delete(con, now.import_id, now.reached, last)
            now = now._replace(reached=last, contacts=now.contacts + count)
            reversal_notes.write(store, now)
        yield now


def _hidden(store: Store, now: Reversal) -> _Work:
    """Hide accounts no standing import knows, show those one knows again."""
    for hidden_by, rows in _to_hide(store.con, now.import_id):
        for at in range(0, len(rows), _STEP_ROWS):
            some = rows[at : at + _STEP_ROWS].tolist()
            with store.write() as con:
                con.execute(
                    f"UPDATE account SET hidden_by = ? WHERE row IN ({account_rows.marks(some)})", [hidden_by, *some]
                )
                store.bump("profile", some)
                now = now._replace(hidden=now.hidden + len(some))
                reversal_notes.write(store, now)
            yield now


def _to_hide(con: sqlite3.Connection, import_id: int) -> Iterator[tuple[int | None, Rows]]:
    """What ``hidden_by`` has to become, and of which rows."""
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
    yield import_id, rows[~is_hidden & ~is_known].astype(np.uint32)
    yield None, rows[is_hidden & is_known].astype(np.uint32)


def _relations(store: Store, now: Reversal) -> _Work:
    """Bring spells in line with the readings that stand."""
    for direction in relations.DIRECTIONS:
        for _ in relations.recompute_in_steps(store, direction, _STEP_ROWS):
            yield now


_Stage = Callable[[Store, Reversal], _Work]
_UNDO: tuple[_Stage, ...] = (_parted, _accounts, _entries, _contacts, _hidden, _relations)
_REDO: tuple[_Stage, ...] = (_accounts, _united, _entries, _contacts, _hidden, _relations)
