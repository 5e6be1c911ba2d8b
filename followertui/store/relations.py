"""Snapshots of who follows whom, and the spells they add up to.

Owns the tables snapshot, snapshot_part and relation. ``spells_of`` is pure: an older file
after a newer one, an undo, a redo and a later word on completeness are all the same
computation over other snapshots. Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from followertui.store.connection import Store, packed

DIRECTIONS = ("follower", "following")
"""Follower: they follow us. Following: we follow them."""

_SAME_ORDER = 0.8
_CHUNK = 20_000
_MEMBERS_LEVEL = 1

Rows = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int32]


class Snapshot(NamedTuple):
    """One finished reading of one direction.

    Attributes:
        id: the store's number, above 0.
        rows: row numbers without repeats, in reading order.
        is_complete: whoever it could express and does not hold was not there.
        identity: "ids", "handles" or "both": by what it knows accounts.
        newest_first: the reading starts at the newest follower and goes back in time.
    """

    id: int
    rows: Rows
    is_complete: bool
    identity: str
    newest_first: bool


class Spells(NamedTuple):
    """Spells as columns of equal length.

    Attributes:
        row: row numbers, any order.
        first, last, missed: snapshot ids; missed is 0 while the spell goes on.
        is_new: whether it began after the baseline.
    """

    row: Rows
    first: Ids
    last: Ids
    missed: Ids
    is_new: Flags


class Recomputed(NamedTuple):
    """What a recomputation found.

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


def spells_of(snapshots: Sequence[Snapshot], has_id: Flags, has_handle: Flags) -> Spells:
    """The spells that follow from all readings of one direction.

    A partial reading extends and never ends. A complete one ends the spell of a row it
    could express and does not hold. Who was seen up to the first complete reading is the
    baseline: never new; who was seen before it and is not in it has no spell at all, unless
    a newest-first reading showed that the spell was new.

    Args:
        snapshots: oldest first.
        has_id: by row number, whether the account is known by id.
        has_handle: by row number, whether the account is known by handle.

    Returns:
        Every spell.
    """
    if len(snapshots) == 1:
        # Nothing to compare it with: whoever it holds is there since then.
        return _alone(snapshots[0])
    state = _Spelling(len(has_id))
    for snapshot in snapshots:
        held = np.zeros(len(has_id), np.bool_)
        held[snapshot.rows] = True
        state.extend(snapshot, held)
        if snapshot.is_complete:
            state.end(snapshot, ~held & _expressible(snapshot.identity, has_id, has_handle))
        elif snapshot.newest_first:
            state.keep_top(snapshot)
    return state.result()


def _alone(snapshot: Snapshot) -> Spells:
    """The spells of the only reading there is; columns of one value take no room."""

    def same(value: np.generic) -> npt.NDArray[Any]:
        return np.broadcast_to(value, len(snapshot.rows))

    number = same(np.int32(snapshot.id))
    return Spells(snapshot.rows, number, number, same(np.int32(0)), same(np.False_))


def _expressible(identity: str, has_id: Flags, has_handle: Flags) -> Flags:
    return {"ids": has_id, "handles": has_handle}.get(identity, has_id | has_handle)


def _rises(places: Ids) -> bool:
    return len(places) < 2 or float(np.mean(np.diff(places) > 0)) >= _SAME_ORDER


class _Spelling:
    """Open and ended spells while the readings go by, one position per row number."""

    def __init__(self, size: int) -> None:
        self.first = np.zeros(size, np.int32)
        self.last = np.zeros(size, np.int32)
        self.new = np.zeros(size, np.bool_)
        self.seen = np.zeros(size, np.bool_)
        self.baseline = np.zeros(size, np.bool_)
        self.lacked = np.zeros(size, np.bool_)
        self.tops: dict[str, Ids] = {}
        self.has_baseline = False
        self.ended: list[tuple[Rows, Ids, Ids, int, Flags]] = []

    def extend(self, snapshot: Snapshot, held: Flags) -> None:
        """Begin and prolong the spells of the rows a reading holds."""
        begins = snapshot.rows[self.first[snapshot.rows] == 0]
        self.new[begins] = self.lacked[begins] & ~self.baseline[begins]
        if not snapshot.is_complete and snapshot.newest_first:
            above = self._above_overlap(snapshot)
            self.new[above[~self.seen[above]]] = True
        self.first[begins] = snapshot.id
        self.last[held] = snapshot.id
        self.seen |= held

    def _above_overlap(self, snapshot: Snapshot) -> Rows:
        """Rows read before the first one that an earlier newest-first reading of the same sort held.

        Where the rows both hold stand in another order, the order means nothing.
        """
        for identity, places in self.tops.items():
            if identity in (snapshot.identity, "both") or snapshot.identity == "both":
                place = places[snapshot.rows]
                overlap = np.flatnonzero(place)
                if len(overlap) and _rises(place[overlap]):
                    return snapshot.rows[: overlap[0]]
        return snapshot.rows[:0]

    def keep_top(self, snapshot: Snapshot) -> None:
        """Remember the order of a newest-first reading, above what was known before."""
        places = self.tops.setdefault(snapshot.identity, np.zeros(len(self.first), np.int32))
        places[places > 0] += len(snapshot.rows)
        places[snapshot.rows] = np.arange(1, len(snapshot.rows) + 1)

    def end(self, snapshot: Snapshot, absent: Flags) -> None:
        """End what a complete reading does not hold; the first one also fixes the baseline."""
        gone = np.flatnonzero(absent & (self.first != 0)).astype(np.uint32)
        if not self.has_baseline:
            self.has_baseline = True
            self.baseline = self.seen & ~self.new
            silent = gone[~self.new[gone]]
            self.first[silent] = 0
            gone = gone[self.new[gone]]
        self.ended.append((gone, self.first[gone], self.last[gone], snapshot.id, self.new[gone]))
        self.first[gone] = 0
        self.lacked |= absent

    def result(self) -> Spells:
        """Ended spells, then those that go on."""
        going = np.flatnonzero(self.first).astype(np.uint32)
        parts = [*self.ended, (going, self.first[going], self.last[going], 0, self.new[going])]
        return Spells(
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            np.concatenate([part[2] for part in parts]),
            np.concatenate([np.full(len(part[0]), part[3], np.int32) for part in parts]),
            np.concatenate([part[4] for part in parts]),
        )


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

    Returns:
        How many rows it holds.
    """
    parts = con.execute("SELECT members FROM snapshot_part WHERE snapshot_id = ? ORDER BY part", [snapshot_id])
    members = b"".join(part[0] for part in parts)
    con.execute(
        "UPDATE snapshot SET read = ?, completeness = ?, identity = ?, newest_first = ?, members = ? WHERE id = ?",
        [len(members) // 4, completeness, identity, newest_first, zlib.compress(members, _MEMBERS_LEVEL), snapshot_id],
    )
    con.execute("DELETE FROM snapshot_part WHERE snapshot_id = ?", [snapshot_id])
    return len(members) // 4


def forget(con: sqlite3.Connection, import_id: int) -> None:
    """Drop the snapshots of an import that did not finish."""
    con.execute(
        "DELETE FROM snapshot_part WHERE snapshot_id IN (SELECT id FROM snapshot WHERE import_id = ?)", [import_id]
    )
    con.execute("DELETE FROM snapshot WHERE import_id = ?", [import_id])


def set_completeness(store: Store, snapshot_id: int, completeness: str) -> Recomputed:
    """Take a person's later word on a reading: "complete", "partial" or "unknown"."""
    with store.write() as con:
        con.execute("UPDATE snapshot SET completeness = ? WHERE id = ?", [completeness, snapshot_id])
        direction = con.execute("SELECT direction FROM snapshot WHERE id = ?", [snapshot_id]).fetchone()[0]
        return recompute(store, con, direction)


def snapshots_of(store: Store, import_id: int) -> list[tuple[int, str]]:
    """Snapshots an import was itself a list of, as (id, completeness), not those its flags told of."""
    found = store.con.execute(
        "SELECT id, completeness FROM snapshot WHERE import_id = ? AND is_main ORDER BY id", [import_id]
    )
    return [(line[0], line[1]) for line in found]


def members(blob: bytes) -> Rows:
    """Row numbers of a stored snapshot, in reading order."""
    return np.frombuffer(zlib.decompress(blob), np.dtype("<u4"))


def known_rows(con: sqlite3.Connection) -> Flags:
    """By row number, whether a snapshot of a done import holds it."""
    held = np.zeros(_size(con), np.bool_)
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
    size = _size(con)
    snapshots, moments = _load(con, direction, size)
    spells = spells_of(snapshots, _known_by(con, "x_id", size), _known_by(con, "handle", size))
    changed = _write_differences(con, direction, spells, moments)
    # A reading decides anew about what we did ourselves, even where no spell changed.
    own = con.execute("SELECT row FROM own_relation WHERE direction = ?", [direction])
    touched = array("I", (row for (row,) in own))
    touched.frombytes(changed.data.cast("B"))
    store.bump("relation", touched)
    overlaps, has_earlier = _overlaps(snapshots, size)
    return Recomputed(
        len(changed),
        _counts(spells.first[spells.is_new]),
        _counts(spells.missed[spells.missed > 0]),
        overlaps,
        has_earlier,
    )


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
    size = _size(store.con)
    return int(np.count_nonzero(~_known_by(store.con, "handle", size)[members(blob)]))


def _size(con: sqlite3.Connection) -> int:
    """One more than the highest row number."""
    return int(con.execute("SELECT coalesce(max(row), 0) + 1 FROM account").fetchone()[0])


def _counts(snapshot_ids: Ids) -> dict[int, int]:
    # Counted by place: np.unique hashes a million numbers one by one.
    counts = np.bincount(snapshot_ids)
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}


def _load(con: sqlite3.Connection, direction: str, size: int) -> tuple[list[Snapshot], dict[int, int]]:
    survivors = _survivors(con, size)
    found: list[Snapshot] = []
    moments: dict[int, int] = {}
    for number, as_of, completeness, identity, newest_first, blob in con.execute(
        "SELECT snapshot.id, snapshot.as_of, completeness, identity, newest_first, members FROM snapshot "
        "JOIN import_run ON import_run.id = import_id WHERE direction = ? AND state = 'done' "
        "AND members IS NOT NULL ORDER BY snapshot.as_of, snapshot.id",
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


def _survivors(con: sqlite3.Connection, size: int) -> Rows | None:
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


def _write_differences(con: sqlite3.Connection, direction: str, spells: Spells, moments: dict[int, int]) -> Rows:
    """Bring the table in line with the spells; returns the rows that changed, rising."""
    old_key, old_value = _stored(con, direction)
    if not len(old_key):
        # A first reading, which may be long: there is nothing to compare it with.
        _insert(con, direction, spells, moments)
        return _distinct(spells.row)
    key = (spells.row.astype(np.int64) << 24) | spells.first
    value = (spells.last.astype(np.int64) << 25) | (spells.missed.astype(np.int64) << 1) | spells.is_new
    removed = old_key[~np.isin(old_key, key)]
    for first in np.unique(removed & 0xFFFFFF).tolist():
        rows = removed[(removed & 0xFFFFFF) == first] >> 24
        for chunk in _chunks(rows):
            con.execute(
                "DELETE FROM relation WHERE direction = ? AND first_snapshot = ? "
                "AND row IN (SELECT value FROM json_each(?))",
                [direction, first, chunk],
            )
    at = np.minimum(np.searchsorted(old_key, key), len(old_key) - 1)
    is_other = (old_key[at] != key) | (old_value[at] != value)
    _insert(con, direction, Spells(*(column[is_other] for column in spells)), moments)
    return _distinct((removed >> 24).astype(np.uint32), spells.row[is_other])


def _distinct(*rows: Rows) -> Rows:
    """Row numbers without repeats, rising."""
    is_there = np.zeros(max((int(some.max()) for some in rows if len(some)), default=-1) + 1, np.bool_)
    for some in rows:
        is_there[some] = True
    return np.flatnonzero(is_there).astype(np.uint32)


def _stored(con: sqlite3.Connection, direction: str) -> tuple[Numbers, Numbers]:
    """Keys and values of what the table holds now, keys rising."""
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


def _insert(con: sqlite3.Connection, direction: str, spells: Spells, moments: dict[int, int]) -> None:
    """Write spells; rows that share all the rest go in one statement, which frees the interpreter."""
    if not len(spells.row):
        return
    for first, last, missed, is_new, rows in _alike(spells):
        for chunk in _chunks(np.sort(rows)):
            con.execute(
                "INSERT OR REPLACE INTO relation SELECT value, ?, ?, ?, ?, ?, ?, ?, ? FROM json_each(?)",
                [direction, first, last, missed or None, is_new, moments[first], moments[last],
                 moments.get(missed), chunk],
            )  # fmt: skip


def _alike(spells: Spells) -> Iterator[tuple[int, int, int, int, Rows]]:
    """First, last, missed, is_new, and the rows that share them."""
    one = tuple(int(column[0]) for column in spells[1:])
    if all(bool((column == value).all()) for column, value in zip(spells[1:], one, strict=True)):
        # A first reading, which may be long: nothing to sort.
        yield one[0], one[1], one[2], one[3], spells.row
        return
    sorts, which = np.unique(np.stack(spells[1:], axis=1), axis=0, return_inverse=True)
    for number, (first, last, missed, is_new) in enumerate(sorts.tolist()):
        yield first, last, missed, is_new, spells.row[which.reshape(-1) == number]


def _chunks(rows: npt.NDArray[np.integer]) -> Iterator[str]:
    return (str(rows[at : at + _CHUNK].tolist()) for at in range(0, len(rows), _CHUNK))
