"""Marked rows as one byte per row, so that a million marks cost a megabyte and milliseconds.

Owns the set of marks. Knows no screen; only ``ui`` uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import compress


def plain_rows(rows: Sequence[int]) -> Sequence[int]:
    """Rows as Python ints: arrays answer ``tolist`` at C speed, and their items may be numpy's."""
    to_list = getattr(rows, "tolist", None)
    return to_list() if to_list is not None else rows


class Marks:
    """A set of small whole numbers (row numbers or plan items) that counts itself.

    Attributes:
        version: another number after every change, so that two looks at the marks can be told apart.
    """

    def __init__(self) -> None:
        self.version = 0
        self._bits = bytearray()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, row: int) -> bool:
        return row < len(self._bits) and self._bits[row] == 1

    def _reach(self, row: int) -> None:
        if row >= len(self._bits):
            self._bits.extend(bytes(row + 1 - len(self._bits)))

    def toggle(self, row: int) -> bool:
        """Turn one mark over.

        Returns:
            Whether the row is marked now.
        """
        self.version += 1
        self._reach(row)
        self._bits[row] ^= 1
        self._count += 1 if self._bits[row] else -1
        return self._bits[row] == 1

    def add(self, rows: Sequence[int]) -> None:
        """Mark all of ``rows``."""
        numbers = plain_rows(rows)
        if not numbers:
            return
        self.version += 1
        self._reach(max(numbers))
        bits = self._bits
        for row in numbers:
            bits[row] = 1
        self._count = bits.count(1)

    def remove(self, rows: Iterable[int]) -> None:
        """Take the marks of ``rows`` away."""
        self.version += 1
        bits, size = self._bits, len(self._bits)
        for row in rows:
            if row < size:
                bits[row] = 0
        self._count = bits.count(1)

    def unite(self, other: Marks) -> None:
        """Mark all that ``other`` marks."""
        self._combine(other, lambda mine, theirs: mine | theirs)

    def turn_over(self, other: Marks) -> None:
        """Turn the mark of everything ``other`` marks over; the rest stays."""
        self._combine(other, lambda mine, theirs: mine ^ theirs)

    def _combine(self, other: Marks, join: Callable[[int, int], int]) -> None:
        self.version += 1
        size = max(len(self._bits), len(other._bits))
        joined = join(int.from_bytes(self._bits, "little"), int.from_bytes(other._bits, "little"))
        self._bits = bytearray(joined.to_bytes(size, "little"))
        self._count = self._bits.count(1)

    def clear(self) -> None:
        """Take all marks away."""
        self.version += 1
        self._bits = bytearray()
        self._count = 0

    def rows(self) -> list[int]:
        """Marked rows, ascending."""
        return list(compress(range(len(self._bits)), self._bits))

    def among(self, other: Marks) -> int:
        """How many marks ``other`` has too."""
        if not self._count or not other._count:
            return 0
        return (int.from_bytes(self._bits, "little") & int.from_bytes(other._bits, "little")).bit_count()
