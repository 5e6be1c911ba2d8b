"""Spells as arrays: who followed whom at any moment, and who came and left between two.

Owns what ``at:`` and ``cause:`` mean. A spell counts from the reading that first showed it to the
one that missed it: between two readings the older one holds. Only ``store`` and ``services`` read it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.kind import LossCause
from followertui.store.file.connection import Store
from followertui.store.index import columns as a
from followertui.store.index.arrays import Arrays

Numbers = NDArray[np.int64]


class Spells(NamedTuple):
    """Every spell of one direction, as columns of equal length, in no order.

    Attributes:
        row: row numbers.
        first, last: when first and last seen, epoch seconds UTC.
        missed: when missed, UNKNOWN while it goes on.
        is_new: whether it began after the baseline.
    """

    row: Numbers
    first: Numbers
    last: Numbers
    missed: Numbers
    is_new: NDArray[np.bool_]


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
        self._kept: tuple[object, dict[str, Spells]] = (None, {})

    def spells(self, direction: str) -> Spells:
        """Spells of "follower" or "following"."""
        with self.columns.hold():
            stamp = self.store.lineage()["relation"]
            if self._kept[0] != stamp:
                self._kept = (stamp, {})
            held = self._kept[1]
            if direction not in held:
                held[direction] = self._read(direction)
            return held[direction]

    def _read(self, direction: str) -> Spells:
        parts = [np.zeros((5, 0), np.int64)]
        size, step = self.columns.size(), 50_000
        for start in range(0, size, step):
            found = self.store.con.execute(
                "SELECT group_concat(row), group_concat(first_seen), group_concat(last_seen), "
                "group_concat(ifnull(missed_at, -1)), group_concat(is_new) FROM relation "
                "WHERE direction = ? AND row BETWEEN ? AND ?",
                [direction, start, start + step - 1],
            ).fetchone()
            if found[0] is not None:
                parts.append(np.stack([np.fromstring(text, np.int64, sep=",") for text in found]))
        row, first, last, missed, is_new = np.concatenate(parts, axis=1)
        return Spells(row, first, last, missed, is_new == 1)

    def readings(self, direction: str) -> list[Reading]:
        """Readings of one direction that count, oldest first."""
        found = self.store.con.execute(
            "SELECT s.as_of, s.completeness = 'complete', i.source, s.read, s.expected FROM snapshot s "
            "JOIN import_run i ON i.id = s.import_id WHERE s.direction = ? AND i.state = 'done' "
            "AND s.members IS NOT NULL ORDER BY s.as_of, s.id",
            [direction],
        )
        return [Reading(as_of, bool(complete), *rest) for as_of, complete, *rest in found]

    def relation_at(self, moment: int) -> NDArray[np.uint8]:
        """The ``relation`` array as it was at a moment, epoch seconds UTC."""
        with self.columns.hold():
            bits = np.zeros(self.columns.size(), np.uint8)
            for direction, is_on, was_on in (
                ("follower", a.FOLLOWS_US, a.EVER_FOLLOWED_US),
                ("following", a.WE_FOLLOW, a.EVER_WE_FOLLOWED),
            ):
                spells = self.spells(direction)
                begun = spells.first <= moment
                going = begun & ((spells.missed == a.UNKNOWN) | (spells.missed > moment))
                bits[spells.row[begun]] |= was_on
                bits[spells.row[going]] |= is_on
                if direction == "follower":
                    # The last spell that began says whether someone is new, as in the array of today.
                    bits[spells.row[going & spells.is_new]] |= a.NEW_FOLLOWER
                self._lay_own_actions(bits, direction, is_on, moment)
            return bits

    def _lay_own_actions(self, bits: NDArray[np.uint8], direction: str, bit: int, moment: int) -> None:
        """What we did ourselves up to then, unless a reading up to then says otherwise."""
        seen, complete = self.store.con.execute(
            "SELECT max(s.as_of), max(CASE WHEN s.completeness = 'complete' THEN s.as_of END) FROM snapshot s "
            "JOIN import_run i ON i.id = s.import_id WHERE s.direction = ? AND i.state = 'done' AND s.as_of <= ?",
            [direction, moment],
        ).fetchone()
        own = self.store.con.execute(
            "SELECT o.row, o.is_on, o.at, (SELECT max(min(r.last_seen, ?)) FROM relation r WHERE r.row = o.row "
            "AND r.direction = o.direction AND r.first_seen <= ? AND ifnull(r.missed_at > ?, 1)) "
            "FROM own_relation o WHERE o.direction = ? AND o.at <= ?",
            [seen or 0, moment, moment, direction, moment],
        ).fetchall()
        for row, is_on, at, last_seen in own:
            if not is_on and last_seen is not None and at >= last_seen:
                bits[row] &= 255 - bit
            elif is_on and last_seen is None and at > (complete or 0):
                bits[row] |= bit


_LEFT = (
    "SELECT r.row FROM relation r JOIN account a ON a.row = r.row WHERE r.direction = 'follower' "
    "AND r.missed_at IS NOT NULL AND r.first_seen = (SELECT max(l.first_seen) FROM relation l "
    "WHERE l.row = r.row AND l.direction = 'follower')"
)
_REMOVED = (
    "EXISTS (SELECT 1 FROM own_relation o WHERE o.row = r.row AND o.direction = 'follower' AND NOT o.is_on "
    "AND o.at <= r.missed_at)"
)
_SEEN_SINCE = (
    "(EXISTS (SELECT 1 FROM import_run i WHERE i.id IN (a.identity_from, a.about_from, a.counts_from, a.flags_from) "
    "AND i.as_of >= r.missed_at) OR EXISTS (SELECT 1 FROM relation f WHERE f.row = r.row "
    "AND f.direction = 'following' AND f.last_seen >= r.missed_at))"
)
_CAUSES: dict[LossCause, str] = {
    LossCause.SUSPENDED: "a.status = 2",
    LossCause.GONE: "a.status = 1",
    LossCause.REMOVED: f"a.status = 0 AND {_REMOVED}",
    LossCause.UNFOLLOWED: f"a.status = 0 AND NOT {_REMOVED} AND {_SEEN_SINCE}",
    LossCause.UNKNOWN: f"a.status = 0 AND NOT {_REMOVED} AND NOT {_SEEN_SINCE}",
}


def loss_statement(cause: LossCause) -> str:
    """SQL for the rows whose last spell as a follower ended for a cause.

    Who was seen after it unfollowed; of whom nothing is known since, it may be anything.
    """
    return f"{_LEFT} AND {_CAUSES[cause]}"
