"""Spells as arrays: who followed whom at any moment, and who came and left between two.

Owns what ``at:`` and ``cause:`` mean. A spell counts from the reading that first showed it to the
one that missed it: between two readings the older one holds. Only ``store`` and ``services`` read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.kind import LossCause
from followertui.store.audience import live_events
from followertui.store.file.connection import Store
from followertui.store.index import columns as a
from followertui.store.index.arrays import Arrays
from followertui.store.index.columns import Spells

Numbers = NDArray[np.int64]

CAUSE_ORDER: tuple[LossCause, ...] = tuple(LossCause)
"""Every cause of a loss, in the order of the codes in ``SpellArrays.causes``."""

_FOR_EVER = 1 << 62

_ENDED_BY_US = (
    "SELECT r.row FROM relation r JOIN own_relation o ON o.row = r.row AND o.direction = r.direction "
    "WHERE r.direction = 'follower' AND r.missed_at IS NULL AND NOT o.is_on AND o.at >= r.last_seen"
)
"""Followers we removed, as long as no reading confirmed it."""


class Reading(NamedTuple):
    """One finished reading that counts.

    Attributes:
        as_of: epoch seconds UTC.
        is_complete: whether who is not in it was absent.
        source: what brought it: a file's name, or the API.
        read: accounts it holds.
        expected: the profile's own count, None where not known.
    """

    as_of: int
    is_complete: bool
    source: str
    read: int
    expected: int | None


class SpellArrays:
    """The spells of one store, kept until relations change.

    Args:
        store: the open store.
        columns: its derived arrays; what they hold is one moment with this.
    """

    def __init__(self, store: Store, columns: Arrays) -> None:
        self.store = store
        self.columns = columns
        self._causes: tuple[object, NDArray[np.uint8]] | None = None
        self._then: tuple[object, NDArray[np.uint8]] | None = None

    def spells(self, direction: str) -> Spells:
        """Spells of "follower" or "following"."""
        return self.columns.spells()[direction]

    def readings(self, direction: str) -> list[Reading]:
        """Readings of one direction that count, oldest first."""
        found = self.store.con.execute(
            "SELECT s.as_of, s.completeness = 'complete', i.source, s.read, s.expected FROM snapshot s "
            "JOIN import_run i ON i.id = s.import_id WHERE s.direction = ? AND i.state = 'done' "
            "AND NOT s.is_doubtful ORDER BY s.as_of, s.id",
            [direction],
        )
        return [Reading(as_of, bool(complete), *rest) for as_of, complete, *rest in found]

    def relation_at(self, moment: int) -> NDArray[np.uint8]:
        """The ``relation`` array as it was at a moment, epoch seconds UTC, as far as is known today; not to be changed.

        The last moment is kept: a report asks for the same one again and again.
        """
        with self.columns.hold():
            stamp = (self.store.lineage()["relation"], self.columns.size(), moment)
            if self._then is None or self._then[0] != stamp:
                self._then = (stamp, self._relation_at(moment))
            return self._then[1]

    def _relation_at(self, moment: int) -> NDArray[np.uint8]:
        with self.columns.hold():
            bits = np.zeros(self.columns.size(), np.uint8)
            for direction, is_on, was_on in (
                ("follower", a.FOLLOWS_US, a.EVER_FOLLOWED_US),
                ("following", a.WE_FOLLOW, a.EVER_WE_FOLLOWED),
            ):
                spells = self.spells(direction)
                begun = spells.first <= moment
                bits[spells.row[begun]] |= was_on
                if direction == "follower":
                    going = begun & ((spells.missed == a.UNKNOWN) | (spells.missed > moment))
                    bits[spells.row[going & spells.is_new]] |= a.NEW_FOLLOWER
                believed = self.believed(direction)
                going = (believed.first <= moment) & ((believed.missed == a.UNKNOWN) | (believed.missed > moment))
                bits[believed.row[going]] |= is_on
            bits.setflags(write=False)
            return bits

    def believed(self, direction: str) -> Spells:
        """The spells, with what we did ourselves where no reading has overruled it; agrees with ``relation_now``.

        A spell we ended is missed from our action on; one we began lasts until a complete reading
        or a spell that was read.
        """
        spells = self.spells(direction)
        own = self.store.con.execute("SELECT row, is_on, at FROM own_relation WHERE direction = ?", [direction])
        lines = own.fetchall()
        if not lines:
            return spells
        missed = spells.missed.copy()
        completes = np.array([one.as_of for one in self.readings(direction) if one.is_complete], np.int64)
        made: list[tuple[int, int, int, int, bool]] = []
        order = np.argsort(spells.row, kind="stable")
        for row, is_on, at in lines:
            low, high = np.searchsorted(spells.row, [row, row + 1], sorter=order)
            some = order[low:high]
            if not is_on:
                ends = some[(missed[some] == a.UNKNOWN) | (missed[some] > at)]
                missed[ends[spells.last[ends] <= at]] = at
                continue
            limit = int(completes[completes >= at][0]) if (completes >= at).any() else _FOR_EVER
            read = sorted(zip(spells.first[some].tolist(), missed[some].tolist(), strict=True))
            for begins, ends in _gaps(read, at, limit):
                made.append((row, begins, begins, a.UNKNOWN if ends == _FOR_EVER else ends, False))
        if not made:
            return spells._replace(missed=missed)
        row, first, last, until, is_new = (np.array(column) for column in zip(*made, strict=True))
        return Spells(
            np.concatenate([spells.row, row]),
            np.concatenate([spells.first, first]),
            np.concatenate([spells.last, last]),
            np.concatenate([missed, until]),
            np.concatenate([spells.is_new, is_new]),
        )

    def counts(
        self, direction: str, groups: NDArray[np.integer], number: int, moments: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """How many accounts of each group were related at each of some moments.

        Args:
            direction: "follower" or "following".
            groups: by row number, the group of each account, 0 to ``number`` - 1; others count nowhere.
            number: how many groups there are.
            moments: epoch seconds UTC, ascending.

        Returns:
            Counts by group and moment.
        """
        spells = self.believed(direction)
        group = groups[spells.row].astype(np.int64)
        counted = (group >= 0) & (group < number)
        start = np.searchsorted(moments, spells.first)
        end = np.where(spells.missed == a.UNKNOWN, len(moments), np.searchsorted(moments, spells.missed))
        changes = np.zeros((number, len(moments) + 1), np.int64)
        width = len(moments) + 1
        flat = changes.reshape(-1)
        # A spell that ends before it is seen in any of the moments adds and takes at the same place.
        flat += np.bincount((group * width + start)[counted], minlength=len(flat))
        flat -= np.bincount((group * width + np.maximum(end, start))[counted], minlength=len(flat))
        found: NDArray[np.int64] = np.cumsum(changes, axis=1)[:, :-1]
        return found

    def causes(self) -> NDArray[np.uint8]:
        """Why each account follows us no longer: 1 more than its place in ``CAUSE_ORDER``, 0 for all others.

        Who was seen after it unfollowed; of whom nothing is known since, it may be anything.
        """
        with self.columns.hold():
            lineage = self.store.lineage()
            stamp = (lineage["relation"], lineage["profile"], self.columns.size())
            if self._causes is None or self._causes[0] != stamp:
                self._causes = (stamp, self._read_causes())
            return self._causes[1]

    def _read_causes(self) -> NDArray[np.uint8]:
        found = np.zeros(self.columns.size(), np.uint8)
        for (row,) in self.store.con.execute(_ENDED_BY_US):
            found[row] = 1 + CAUSE_ORDER.index(LossCause.REMOVED)
        missed = self.columns.get("left")
        rows = np.flatnonzero(missed != a.UNKNOWN)
        if not len(rows):
            return found
        missed, status = missed[rows], self.columns.get("status")[rows]
        cause = np.full(len(rows), CAUSE_ORDER.index(LossCause.UNKNOWN))
        cause[self._last_told(rows) >= missed] = CAUSE_ORDER.index(LossCause.UNFOLLOWED)
        live = live_events.unfollowed_since(self.store, 0)
        for row, at in self.store.con.execute(
            "SELECT row, at FROM own_relation WHERE direction = 'follower' AND NOT is_on"
        ):
            place = int(np.searchsorted(rows, row))
            if place < len(rows) and rows[place] == row and at <= missed[place]:
                told = live.get(row) == at
                cause[place] = CAUSE_ORDER.index(LossCause.UNFOLLOWED if told else LossCause.REMOVED)
        cause[status == 1] = CAUSE_ORDER.index(LossCause.GONE)
        cause[status == 2] = CAUSE_ORDER.index(LossCause.SUSPENDED)
        cause[status == 3] = CAUSE_ORDER.index(LossCause.RENAMED)
        found[rows] = cause + 1
        return found

    def _last_told(self, rows: NDArray[np.intp]) -> Numbers:
        """When each of some ascending rows was last told of: in a profile that was read, or as one we follow."""
        told = self.columns.get("told").copy()
        for row, at in self.store.con.execute("SELECT row, at FROM x_seen"):
            if row < len(told):
                told[row] = max(int(told[row]), at)
        following = self.spells("following")
        np.maximum.at(told, following.row, following.last)
        return told[rows]


def _gaps(read: Sequence[tuple[int, int]], start: int, limit: int) -> Iterator[tuple[int, int]]:
    """What spells (first, missed; ascending) leave open from ``start`` to ``limit``, as (begins, ends)."""
    for first, missed in read:
        end = _FOR_EVER if missed == a.UNKNOWN else missed
        if end > start:
            if first > start and start < limit:
                yield start, min(first, limit)
            start = end
    if start < limit:
        yield start, limit
