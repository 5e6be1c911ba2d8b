"""One direction while it is read: who was seen, by what they are known, and in which order.

Owns what decides afterwards how far a reading can be trusted. Writes nothing. Only
``services.intake`` imports it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from operator import lt

from followertui.domain.account import RecordColumns

_SORTABLE = ("handle", "name", "x_id", "followers", "created_at")


class Order:
    """Tells a list sorted by some column from one in the order X shows."""

    def __init__(self) -> None:
        self._ascending = dict.fromkeys(_SORTABLE, 0)
        self._descending = dict.fromkeys(_SORTABLE, 0)
        self._pairs = dict.fromkeys(_SORTABLE, 0)

    def look(self, records: RecordColumns) -> None:
        """Count ascending and descending neighbours, by column."""
        for name in _SORTABLE:
            values = records.column(name)
            known = [value.casefold() if isinstance(value, str) else value for value in values if value is not None]
            self._pairs[name] += max(0, len(known) - 1)
            self._ascending[name] += sum(map(lt, known, known[1:]))
            self._descending[name] += sum(map(lt, known[1:], known))

    def is_sorted(self) -> bool:
        """Whether some column ascends or descends nearly throughout, or there is too little to tell."""
        if not any(self._pairs.values()):
            return True
        return any(
            pairs and max(self._ascending[name], self._descending[name]) > 0.9 * pairs
            for name, pairs in self._pairs.items()
        )


class Reading:
    """One direction being read."""

    def __init__(self, snapshot_id: int, is_main: bool) -> None:
        self.snapshot_id = snapshot_id
        self.is_main = is_main
        self.parts = 0
        self.read = 0
        self.with_id = 0
        self.with_handle = 0
        self.is_damaged = False
        self.seen = bytearray()
        self.last = 0
        self.order = Order()

    def fresh(self, rows: Sequence[int]) -> array[int]:
        """Rows not read before, in order; 0 means no account."""
        last = max(rows, default=0)
        if last >= len(self.seen):
            self.seen.extend(bytes(last + 65_536 - len(self.seen)))
        if isinstance(rows, array) and rows and rows[0] > self.last and rows == array("I", range(rows[0], last + 1)):
            # Nothing but new accounts, as in a first load.
            self.seen[rows[0] : last + 1] = b"\1" * len(rows)
            self.last = last
            return rows
        found = array("I")
        for row in rows:
            if row and not self.seen[row]:
                self.seen[row] = 1
                found.append(row)
        self.last = max(self.last, last)
        return found

    def look(self, records: RecordColumns, rows: Sequence[int]) -> array[int]:
        """Count records by what they are known by; returns those of their rows that were not read before, in order."""
        self.read += len(records)
        self.with_id += len(records) - records.column("x_id").count(None)
        self.with_handle += sum(map(bool, records.column("handle")))
        return self.fresh(rows)

    def go_on(self, rows: Sequence[int]) -> None:
        """Count a part that was written before the reading was interrupted."""
        self.fresh(rows)
        self.parts += 1
        self.read += len(rows)
        self.with_id += len(rows)
        self.with_handle += len(rows)

    @property
    def identity(self) -> str:
        """The identity every account of this snapshot has ("ids", "handles"), "" where mixed."""
        if self.with_id == self.with_handle == self.read:
            return "both"
        if self.with_handle == self.read:
            return "handles"
        return "ids" if self.with_id == self.read else ""
