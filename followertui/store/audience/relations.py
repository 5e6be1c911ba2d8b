"""Snapshots of who follows whom, and the spells they add up to.

Owns the tables snapshot, snapshot_part and relation; what spells follow is ``spells``: an older
file after a newer one, an undo, a redo and a later change of completeness are all the same
computation over other snapshots. Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from followertui.store.audience.spells import Flags, Ids, Rows, Snapshot, Spells, alike, spells_of
from followertui.store.file.connection import Store, packed

DIRECTIONS = ("follower", "following")
"""Follower: they follow us. Following: we follow them."""

DOUBTFUL = "doubtful"
"""Completeness of a reading that may be another account's or cut off: no spell follows from it without a word."""

_CHUNK = 20_000
_MEMBERS_LEVEL = 1

Numbers = npt.NDArray[np.int64]


class Recomputed(NamedTuple):
    """The result of a recomputation.

    Attributes:
        changed: rows of ``relation`` written.
        new, left: snapshot id -> spells begun in it as new, spells it ended.
        overlaps: snapshot id -> its rows that earlier snapshots hold too.
        has_earlier: snapshot id -> whether there is an earlier one.
    """

    changed: int
    new: dict[int, int]
    left: dict[int, int]
    overlaps: dict[int, int]
    has_earlier: dict[int, bool]


def start(
    con: sqlite3.Connection, import_id: int, direction: str, as_of: int, expected: int | None, is_main: bool
) -> int:
    """Begin a snapshot that is still being read; it counts for nothing until ``finish``.

    Returns:
        Its id.
    """
    cursor = con.execute(
        "INSERT INTO snapshot(import_id, direction, as_of, expected, completeness, identity, is_main) "
        "VALUES (?, ?, ?, ?, 'unknown', 'both', ?)",
        [import_id, direction, as_of, expected, is_main],
    )
    return int(cursor.lastrowid or 0)


def add_part(con: sqlite3.Connection, snapshot_id: int, part: int, rows: Sequence[int]) -> None:
    """Keep the rows of one chunk, in reading order."""
    con.execute("INSERT INTO snapshot_part VALUES (?, ?, ?)", [snapshot_id, part, packed(rows)])


def finish(con: sqlite3.Connection, snapshot_id: int, completeness: str, identity: str, newest_first: bool) -> int:
    """Join the parts of a snapshot; it counts once its import is done.

    Args:
        con: with an open transaction.
        snapshot_id: as ``start`` gave it.
        completeness: "complete", "partial", "unknown", or ``DOUBTFUL``.
        identity: "ids", "handles" or "both".
        newest_first: whether it begins with the newest.

    Returns:
        How many rows it holds.
    """
    parts = con.execute("SELECT members FROM snapshot_part WHERE snapshot_id = ? ORDER BY part", [snapshot_id])
    members = b"".join(part[0] for part in parts)
    con.execute(
        "UPDATE snapshot SET read = ?, identity = ?, newest_first = ?, members = ? WHERE id = ?",
        [len(members) // 4, identity, newest_first, zlib.compress(members, _MEMBERS_LEVEL), snapshot_id],
    )
    _write_completeness(con, snapshot_id, completeness)
    con.execute("DELETE FROM snapshot_part WHERE snapshot_id = ?", [snapshot_id])
    return len(members) // 4


def forget(con: sqlite3.Connection, import_id: int) -> None:
    """Drop the snapshots of an import that did not finish."""
    con.execute(
        "DELETE FROM snapshot_part WHERE snapshot_id IN (SELECT id FROM snapshot WHERE import_id = ?)", [import_id]
    )
    con.execute("DELETE FROM snapshot WHERE import_id = ?", [import_id])


def set_completeness(store: Store, snapshot_id: int, completeness: str) -> Recomputed:
    """Set the completeness of a snapshot: "complete", "partial", "unknown" or ``DOUBTFUL``."""
    with store.write() as con:
        _write_completeness(con, snapshot_id, completeness)
        direction = con.execute("SELECT direction FROM snapshot WHERE id = ?", [snapshot_id]).fetchone()[0]
        return recompute(store, con, direction)


def _write_completeness(con: sqlite3.Connection, snapshot_id: int, completeness: str) -> None:
    is_doubtful = completeness == DOUBTFUL
    con.execute(
        "UPDATE snapshot SET completeness = ?, is_doubtful = ? WHERE id = ?",
        ["partial" if is_doubtful else completeness, is_doubtful, snapshot_id],
    )


def snapshots_of(store: Store, import_id: int) -> list[tuple[int, str]]:
    """Snapshots an import was itself a list of, as (id, completeness), not those only its flags name."""
    found = store.con.execute(
        "SELECT id, iif(is_doubtful, ?, completeness) FROM snapshot WHERE import_id = ? AND is_main ORDER BY id",
        [DOUBTFUL, import_id],
    )
    return [(line[0], line[1]) for line in found]


def members(blob: bytes) -> Rows:
    """Row numbers of a stored snapshot, in reading order."""
    return np.frombuffer(zlib.decompress(blob), np.dtype("<u4"))


def standing_rows(store: Store, seen: Sequence[int]) -> array[int]:
    """Rows that were seen and are accounts still, ascending.

    Args:
        store: the open store.
        seen: for each row number, whether it was seen.
    """
    found = store.con.execute("SELECT row FROM account WHERE merged_into IS NULL ORDER BY row")
    return array("I", [row for (row,) in found if row < len(seen) and seen[row]])


def known_rows(con: sqlite3.Connection) -> Flags:
    """By row number, whether a snapshot of a done import holds it."""
    held = np.zeros(row_size(con), np.bool_)
    for (blob,) in con.execute(
        "SELECT members FROM snapshot JOIN import_run ON import_run.id = import_id "
        "WHERE state = 'done' AND members IS NOT NULL"
    ):
        held[members(blob)] = True
    return held


def recompute(store: Store, con: sqlite3.Connection, direction: str) -> Recomputed:
    """Bring ``relation`` in line with the snapshots of done imports, inside the caller's transaction.

    Args:
        store: its change counter "relation" is bumped.
        con: the connection of the open transaction.
        direction: one of ``DIRECTIONS``.

    Returns:
        What changed.
    """
    difference, snapshots = _difference(con, direction)
    for sql, parameters in difference.statements(_CHUNK):
        con.execute(sql, parameters)
    spells, changed = difference.spells, difference.rows()
    # A snapshot overrules what we did ourselves, even where no spell changed.
    touched = _own_rows(con, direction)
    touched.frombytes(changed.data.cast("B"))
    store.bump("relation", touched)
    overlaps, has_earlier = _overlaps(snapshots, row_size(con))
    return Recomputed(
        len(changed),
        _counts(spells.first[spells.is_new]),
        _counts(spells.missed[spells.missed > 0]),
        overlaps,
        has_earlier,
    )


def recompute_in_steps(store: Store, direction: str, most: int) -> Iterator[int]:
    """``recompute`` in transactions of their own; what was written stands when it is interrupted.

    Args:
        store: its change counter "relation" is bumped.
        direction: one of ``DIRECTIONS``.
        most: rows of a transaction.

    Yields:
        How many rows were written, after each transaction.
    """
    difference, _ = _difference(store.con, direction)
    with store.write() as con:
        store.bump("relation", _own_rows(con, direction))
    for sql, parameters in difference.statements(most):
        with store.write() as con:
            written = con.execute(sql, parameters).rowcount
            store.bump("relation", json.loads(parameters[-1]))
        yield written


def _own_rows(con: sqlite3.Connection, direction: str) -> array[int]:
    """Rows whose relation our own actions changed."""
    return array("I", (row for (row,) in con.execute("SELECT row FROM own_relation WHERE direction = ?", [direction])))


def _overlaps(snapshots: Sequence[Snapshot], size: int) -> tuple[dict[int, int], dict[int, bool]]:
    """Per snapshot, how many of its rows earlier ones hold, and whether there are earlier ones."""
    seen = np.zeros(size, np.bool_)
    overlaps: dict[int, int] = {}
    has_earlier: dict[int, bool] = {}
    for number, snapshot in enumerate(snapshots):
        overlaps[snapshot.id] = int(np.count_nonzero(seen[snapshot.rows]))
        has_earlier[snapshot.id] = number > 0
        seen[snapshot.rows] = True
    return overlaps, has_earlier


def count_nameless(store: Store, snapshot_id: int) -> int:
    """How many accounts of a snapshot are known by id only."""
    blob = store.con.execute("SELECT members FROM snapshot WHERE id = ?", [snapshot_id]).fetchone()[0]
    size = row_size(store.con)
    return int(np.count_nonzero(~_known_by(store.con, "handle", size)[members(blob)]))


def row_size(con: sqlite3.Connection) -> int:
    """One more than the highest row number."""
    return int(con.execute("SELECT coalesce(max(row), 0) + 1 FROM account").fetchone()[0])


def _counts(snapshot_ids: Ids) -> dict[int, int]:
    # Counted by place: np.unique hashes a million numbers one by one.
    counts = np.bincount(snapshot_ids)
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}


def _load(con: sqlite3.Connection, direction: str, size: int) -> tuple[list[Snapshot], dict[int, int]]:
    survivors = merged_rows(con, size)
    found: list[Snapshot] = []
    moments: dict[int, int] = {}
    for number, as_of, completeness, identity, newest_first, blob in con.execute(
        "SELECT snapshot.id, snapshot.as_of, completeness, identity, newest_first, members FROM snapshot "
        "JOIN import_run ON import_run.id = import_id WHERE direction = ? AND state = 'done' "
        "AND members IS NOT NULL AND NOT is_doubtful ORDER BY snapshot.as_of, snapshot.id",
        [direction],
    ):
        rows = members(blob)
        if survivors is not None:
            rows = survivors[rows]
            _, firsts = np.unique(rows, return_index=True)
            rows = rows[np.sort(firsts)]
        found.append(Snapshot(number, rows, completeness == "complete", identity, bool(newest_first)))
        moments[number] = as_of
    return found, moments


def merged_rows(con: sqlite3.Connection, size: int) -> Rows | None:
    """By row number, the row it was merged into (itself where it was not); None without merges."""
    merged = con.execute("SELECT row, merged_into FROM account WHERE merged_into IS NOT NULL").fetchall()
    if not merged:
        return None
    target = np.arange(size, dtype=np.uint32)
    for row, into in merged:
        target[row] = into
    while not np.array_equal(target, target[target]):
        target = target[target]
    return target


def _known_by(con: sqlite3.Connection, column: str, size: int) -> Flags:
    known = np.ones(size, np.bool_)
    for (rows,) in con.execute(f"SELECT group_concat(row) FROM account WHERE {column} IS NULL"):
        if rows:
            known[_numbers(rows)] = False
    return known


def _numbers(text: str) -> Numbers:
    return np.fromstring(text, np.int64, sep=",")


class _Difference(NamedTuple):
    """What the table has to become: all spells, keys to remove, and spells to write.

    Attributes:
        direction: one of ``DIRECTIONS``.
        spells: all there are.
        removed: row and first snapshot of spells that are no more, packed.
        other: spells that are new or differ.
        moments: snapshot id -> epoch seconds UTC.
    """

    direction: str
    spells: Spells
    removed: Numbers
    other: Spells
    moments: dict[int, int]

    def rows(self) -> Rows:
        """Rows that change, ascending."""
        return _distinct((self.removed >> 24).astype(np.uint32), self.other.row)

    def statements(self, most: int) -> Iterator[tuple[str, list[Any]]]:
        """Statements that write it, each for a limited number of rows; their last parameter is the rows as JSON."""
        for first in _counts(self.removed & 0xFFFFFF):
            rows = self.removed[(self.removed & 0xFFFFFF) == first] >> 24
            for chunk in _chunks(rows, most):
                yield _DELETE, [self.direction, first, chunk]
        if not len(self.other.row):
            return
        # Rows that share all the rest go in one statement, which frees the interpreter.
        for first, last, missed, is_new, rows in alike(self.other):
            begun, seen, ended = self.moments[first], self.moments[last], self.moments.get(missed)
            for chunk in _chunks(np.sort(rows), most):
                yield _INSERT, [self.direction, first, last, missed or None, is_new, begun, seen, ended, chunk]


_DELETE = "DELETE FROM relation WHERE direction = ? AND first_snapshot = ? AND row IN (SELECT value FROM json_each(?))"
_INSERT = "INSERT OR REPLACE INTO relation SELECT value, ?, ?, ?, ?, ?, ?, ?, ? FROM json_each(?)"


def _difference(con: sqlite3.Connection, direction: str) -> tuple[_Difference, list[Snapshot]]:
    """What the readings that stand say against what the table holds, and those readings."""
    size = row_size(con)
    snapshots, moments = _load(con, direction, size)
    spells = spells_of(snapshots, _known_by(con, "x_id", size), _known_by(con, "handle", size))
    old_key, old_value = _stored(con, direction)
    if not len(old_key):
        # A first reading, which may be long: there is nothing to compare it with.
        return _Difference(direction, spells, old_key, spells, moments), snapshots
    key = (spells.row.astype(np.int64) << 24) | spells.first
    value = (spells.last.astype(np.int64) << 25) | (spells.missed.astype(np.int64) << 1) | spells.is_new
    removed = old_key[~np.isin(old_key, key)]
    at = np.minimum(np.searchsorted(old_key, key), len(old_key) - 1)
    is_other = (old_key[at] != key) | (old_value[at] != value)
    other = Spells(*(column[is_other] for column in spells))
    return _Difference(direction, spells, removed, other, moments), snapshots


def _distinct(*rows: Rows) -> Rows:
    """Row numbers without repeats, ascending."""
    is_there = np.zeros(max((int(some.max()) for some in rows if len(some)), default=-1) + 1, np.bool_)
    for some in rows:
        is_there[some] = True
    return np.flatnonzero(is_there).astype(np.uint32)


def _stored(con: sqlite3.Connection, direction: str) -> tuple[Numbers, Numbers]:
    """Keys and values of what the table holds now, keys ascending."""
    keys, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for first, last, missed, is_new, rows in con.execute(
        "SELECT first_snapshot, last_snapshot, ifnull(missed_snapshot, 0), is_new, group_concat(row) "
        "FROM relation WHERE direction = ? GROUP BY 1, 2, 3, 4",
        [direction],
    ):
        numbers = _numbers(rows)
        keys.append((numbers << 24) | first)
        values.append(np.full(len(numbers), (last << 25) | (missed << 1) | is_new, np.int64))
    key, value = np.concatenate(keys), np.concatenate(values)
    order = np.argsort(key)
    return key[order], value[order]


def _chunks(rows: npt.NDArray[np.integer], most: int) -> Iterator[str]:
    return (str(rows[at : at + most].tolist()) for at in range(0, len(rows), most))
