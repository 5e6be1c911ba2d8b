"""The spells readings add up to: who was there from when to when, and who is new.

Pure: it knows snapshots and rows, and no file. ``store.relations`` keeps what it finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

_SAME_ORDER = 0.8

Rows = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int32]


class Snapshot(NamedTuple):
    """One finished reading of one direction.

    Attributes:
        id: the store's number, above 0.
        rows: row numbers without repeats, in reading order.
        is_complete: an account it could express and does not contain was absent.
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
        # Nothing to compare it with: the accounts in it are present from then on.
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
        """A column of one value."""
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
        """Rows read before the first one that an earlier newest-first reading of the same direction held.

        Where common rows are in a different order, the order means nothing.
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


def alike(spells: Spells) -> Iterator[tuple[int, int, int, int, Rows]]:
    """First, last, missed, is_new, and the rows that share them."""
    one = tuple(int(column[0]) for column in spells[1:])
    if all(bool((column == value).all()) for column, value in zip(spells[1:], one, strict=True)):
        # A first reading, which may be long: nothing to sort.
        yield one[0], one[1], one[2], one[3], spells.row
        return
    sorts, which = np.unique(np.stack(spells[1:], axis=1), axis=0, return_inverse=True)
    for number, (first, last, missed, is_new) in enumerate(sorts.tolist()):
        yield first, last, missed, is_new, spells.row[which.reshape(-1) == number]
